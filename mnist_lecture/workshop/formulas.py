"""Formulas as MathML, spaced and broken as print sets them; browsers typeset it themselves.

latex2mathml says what a formula consists of. What it leaves to the browser, and what browsers do
differently from TeX, is mended here: the space after ln, a minus that is a sign, strokes that are
brackets, limits of sums, upright capitals of Greek. `style` brings the letters, for a page that
must look the same everywhere: few systems have a font that can stretch a bracket.
"""

import base64
import io
import re
from importlib.metadata import distribution
from pathlib import Path
from xml.etree import ElementTree

from latex2mathml.converter import convert

THIN, LETTER = "0.167em", "0.7em"  # a space; the height of a capital
ROWS = {"math", "mrow", "msqrt", "mtd", "mstyle", "menclose"}
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
OPENING, CLOSING, STROKES = "([{⟨", ")]}⟩", "|‖"
SIGNS, SUMS = "−+±", "∑∏∫"
NO_OPERATORS = "∞∂"  # but letters, as far as their spacing goes
BOX = "border: 1px solid; border-radius: .2em; padding: .35em .5em"
# Always in the font: a root is drawn, not written; brackets and braces have parts.
ALWAYS = "√()[]{}|‖⟨⟩⏟⏞ˆ^′0123456789"


def formula(latex, display="inline"):
    """Return a LaTeX formula as MathML; `display` is "inline" or "block"."""
    latex = re.sub(r"\\\\\[[\w.]+\]", r"\\\\", latex)  # an additional distance between two rows
    text = convert(latex, display=display).replace(
        ' xmlns="http://www.w3.org/1998/Math/MathML"', ""
    )
    math = ElementTree.fromstring(text)
    for element in list(math.iter()):
        _mend(element)
    for row in list(math.iter()):
        if row.tag in ROWS:
            _space(row)
    return ElementTree.tostring(math, encoding="unicode").replace("\n", " ")


def parts(latex):
    r"""Return the parts of a formula between which a line may be broken: those that \qquad parts.

    What stands within braces or an environment stays together.
    """
    found, start, depth = [], 0, 0
    for token in re.finditer(r"\\begin|\\end|\\left|\\right(?!arrow)|\\.|[{}]|\\qquad", latex):
        word = token[0]
        depth += (word in ("{", r"\begin", r"\left")) - (word in ("}", r"\end", r"\right"))
        if depth == 0 and latex.startswith(r"\qquad", token.start()):
            found.append(latex[start : token.start()])
            start = token.start() + len(r"\qquad")
    return [part for part in (*found, latex[start:]) if part.strip()]


def style(text):
    """Return the style sheet for the formulas in `text`, HTML, with the font in it."""
    sheet = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    letters = base64.b64encode(font(text)).decode()
    source = f"url(data:font/woff;base64,{letters})"
    return f'{sheet}\n@font-face {{ font-family: "Lecture Math"; src: {source} }}\n'


def font(text):
    """Return as bytes of a WOFF the font STIX Two Math, with what the formulas in `text` need.

    `text` is HTML or anything else with all their characters. The same text gives the same bytes.
    """
    from fontTools import subset, ttLib  # here: only pages need it

    # found without an import of ziamath, which is slow
    path = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = ttLib.TTFont(path, recalcTimestamp=False)
    _keep_roots_low(font["MATH"].table.MathVariants, font.getBestCmap()[ord("√")])
    options = subset.Options(layout_features=["*"])
    subsetter = subset.Subsetter(options)
    needed = {*ALWAYS, *"".join(re.findall(r"<math.*?</math>", text, re.S))}
    subsetter.populate(text="".join(needed | {_italic(letter) for letter in needed}))
    subsetter.subset(font)
    font.flavor = "woff"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _keep_roots_low(variants, root):
    """Take the taller roots out of the font: Chromium leaves room for the widest behind each."""
    place = variants.VertGlyphCoverage.glyphs.index(root)
    variants.VertGlyphConstruction[place].GlyphAssembly = None
    taller = variants.VertGlyphConstruction[place].MathGlyphVariantRecord
    del taller[1:]
    variants.VertGlyphConstruction[place].VariantCount = len(taller)


def _italic(letter):
    """Return the slanted letter that browsers set for a variable of one letter."""
    if letter == "h":
        return "ℎ"
    for first, last, slanted in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return chr(slanted + ord(letter) - ord(first))
    return {"∂": "𝜕", "ϵ": "𝜖", "ϑ": "𝜗", "ϕ": "𝜙"}.get(letter, letter)


def _mend(element):
    """Give an element the tag and the attributes that it has in print."""
    text = (element.text or "").strip()
    if element.tag == "mo" and (text in NO_OPERATORS or len(text) > 1):
        element.tag = "mi"
    if element.tag == "mi" and text and text in OPENING + CLOSING:
        element.tag = "mo"  # \langle
        element.set("stretchy", "false")
    if element.tag == "mi" and len(text) == 1 and "Α" <= text <= "Ω":
        element.set("mathvariant", "normal")
    if element.tag == "mo" and text in STROKES and element.get("fence") != "true":
        element.attrib.update(stretchy="false", lspace="0", rspace="0")
    if element.tag == "mo" and text in ("/", "."):
        element.attrib.update(lspace="0", rspace="0")
    if element.tag == "menclose":
        element.tag = "mrow"
        element.attrib = {"style": BOX}
    if element.tag in ("msub", "msubsup") and element[0].text in tuple("∑∏"):
        element.tag = {"msub": "munder", "msubsup": "munderover"}[element.tag]  # aside, in a line
    if element.tag in ("msup", "msubsup") and element[-1].text == "′":
        _prime(element)
    if element.tag in ("msup", "msubsup") and element[0].tag == "mover":
        lower = ElementTree.Element("mpadded", height=LETTER)  # else the exponent flies off
        lower.append(element[0])
        element[0] = lower
    letters = [child for child in element if child.get("mathvariant") == "normal"]
    if len(letters) == len(element) > 1 and {child.tag for child in letters} == {"mi"}:
        word = ElementTree.Element("mi")  # \rm out: one word
        word.text = "".join(child.text for child in letters)
        element[:] = [word]


def _prime(element):
    """Put the prime beside the letter: its glyph is a raised one already."""
    prime = ElementTree.Element("mo", lspace="0", rspace="0")
    prime.text = "′"
    if element.tag == "msup":
        element.tag = "mrow"
        element[:] = [element[0], prime]
    else:
        base = ElementTree.Element("mrow")
        base[:] = [element[0], prime]
        element.tag = "msub"
        element[:] = [base, element[1]]


def _space(row):
    """Set the space between the children of a row, as TeX does."""
    spaced, before, depth = [], None, 0  # before: the kind of the last child that is no space
    children = list(row)
    kinds = [_kind(child) for child in children]
    for child, kind, after in zip(children, kinds, [*kinds[1:], None], strict=True):
        if kind == "stroke":
            kind = "close" if depth and before in ("letter", "close") else "open"
            depth += 1 if kind == "open" else -1
        if kind == "sign" and before not in ("letter", "close", "dots"):
            child.set("form", "prefix")
        if kind in ("dots", "sum") and before not in ("letter", "close", "name"):
            _core(child).set("lspace", "0")
        if kind == "dots" and after != "letter":
            child.set("rspace", "0")
        if kind == "name" and len(children) > 1:
            if before in ("letter", "close", "name") and spaced[-1].tag != "mspace":
                spaced.append(ElementTree.Element("mspace", width=THIN))
            spaced.append(child)
            if after in ("letter", "stroke"):
                spaced.append(ElementTree.Element("mspace", width=THIN))
            before = "name"
            continue
        spaced.append(child)
        before = kind if kind != "space" else before
    row[:] = spaced


def _kind(element):
    """Return what an element is to its neighbours."""
    element = _core(element)
    text = (element.text or "").strip()
    if element.tag == "mspace":
        return "space"
    if element.tag == "mi" and len(text) > 1 and text.isalpha():
        return "name"
    if element.tag != "mo" or text == "′":
        return "letter"
    if text in OPENING or element.get("form") == "prefix":
        return "open"
    if text in CLOSING or element.get("form") == "postfix":
        return "close"
    kinds = {STROKES: "stroke", SIGNS: "sign", SUMS: "sum", "…⋯": "dots"}
    return next((kind for signs, kind in kinds.items() if text in signs), "operator")


def _core(element):
    """Return the element without what stands above and below it."""
    while element.tag in SCRIPTS:
        element = element[0]
    return element
