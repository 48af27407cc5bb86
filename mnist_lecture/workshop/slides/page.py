"""Slides as HTML for reveal.js: each block, each slide, the whole document."""

import json
import re
from html import escape, unescape
from pathlib import Path
from string import Template

from mnist_lecture import LectureError, plots
from mnist_lecture.workshop import formulas, markdown
from mnist_lecture.workshop.slides.source import SlideError

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

HERE = Path(__file__).parent
COLUMNS, ROWS = 84, 14  # of code, at most: more would be too small for the last row of a hall
UPRIGHT = 1.6  # a figure that is wider than this stands below the text, and not beside it


# ----------------------------------------------------------------------------------------- blocks
def pieces(blocks, series):
    """Return the HTML of what the `blocks` point at in the notebooks, a dict by `Block.piece`.

    `series` is an `excerpts.Series`. Texts and figures are not in it. Raises `SlideError`, with the
    line, if a block points at nothing or is too large for a slide.
    """
    found, known = {}, {*KINDS, "text", "figure"}
    for block in blocks:
        try:
            if block.kind not in known:
                raise SlideError(f"no {block.kind}; there is {', '.join(sorted(known))}")
            if block.kind == "figure" and block.pointer not in plots.alternative_texts():
                raise SlideError(f"there is no figure {block.pointer}")
            if block.kind in KINDS:
                found[block.piece] = KINDS[block.kind](series, block.pointer, block.words)
        except LectureError as error:
            raise SlideError(f"docs/slides.md, line {block.line}: {error}") from error
    return found


def _code(series, pointer, words):
    source = series.code(pointer, words)
    tokens = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip()
    return f'<pre style="--columns: {_columns(source)}"><code>{tokens}</code></pre>'


def _output(series, pointer, words):
    text = series.output(pointer, words)
    return f'<pre style="--columns: {_columns(text)}"><samp>{escape(text)}</samp></pre>'


def _columns(text):
    """Return how many letters the longest line has; raises `SlideError` if it does not fit."""
    lines = text.splitlines()
    if len(lines) > ROWS:
        raise SlideError(f"{len(lines)} lines are too many for a slide (at most {ROWS})")
    longest = max(lines, key=len)
    if len(longest) > COLUMNS:
        raise SlideError(f"a line is too long for a slide (at most {COLUMNS} letters): {longest}")
    return len(longest)


def _formula(series, pointer, words):
    typeset = [formulas.formula(f, "block") for f in series.formulas(pointer, words)]
    letters = max(len(re.sub(r"<.*?>|\s", "", unescape(formula))) for formula in typeset)
    return f'<div style="--letters: {letters}">{"".join(typeset)}</div>'


def _question(series, pointer, words):
    return markdown.render(f"**Predict.** {series.question(pointer, words)}")


def _table(series, pointer, words):
    return markdown.render(series.table(pointer, words))


def _live(series, name, words):
    document, picture = series.live(name)
    alt = escape(plots.alternative_texts()[f"live-{name.rpartition('/')[2]}"])
    return (
        f'<img alt="{alt}" src="data:image/png;base64,{picture}">'
        f'<iframe title="{alt}" data-document="{escape(document)}"></iframe>'
    )


KINDS = {
    "code": _code,
    "output": _output,
    "formula": _formula,
    "question": _question,
    "table": _table,
    "live": _live,
}


def _block(block, pieces):
    if block.kind == "text":
        inner, kind = markdown.render("\n".join(block.words)), "text"
    elif block.kind == "figure":
        picture, alt = pieces[block.pointer], escape(plots.alternative_texts()[block.pointer])
        inner = f'<img alt="{alt}" src="{picture.uri}">'
        kind = "figure card" if picture.card else "figure"
    else:
        inner, kind = pieces[block.piece], "play" if block.kind == "live" else block.kind
    step = f' fragment" data-fragment-index="{block.step}' if block.step else ""
    return f'<div class="block {kind}{step}">{inner}</div>'


# ----------------------------------------------------------------------------------------- slides
def document(sections, pieces, engine, dark=False):
    """Return the deck as HTML.

    `pieces` are those of the blocks and, by their names, the figures, each a `figures.Picture`;
    `engine` has the "style" and the "script" of reveal.js, each a list of texts.
    """
    minute, parts = 0, []
    for part in sections:
        slides = []
        for slide in part.slides:
            slides.append(_slide(slide, part, sections, pieces, minute))
            minute += slide.minutes
        parts.append("<section>\n{}\n</section>".format("\n".join(slides)))
    slides = "\n".join(parts)
    scripts = [*engine["script"], _file("deck.js")]
    # what looks like the end of a script would be one
    safe = [script.replace("</script", "<\\/script") for script in scripts]
    return Template(_file("page.html")).substitute(
        look="dark" if dark else "light",
        light=json.dumps(not dark),
        title=escape(sections[0].title),
        style="\n".join([*engine["style"], formulas.style(slides), _file("deck.css")]),
        slides=slides,
        scripts="\n".join(f"<script>\n{script}\n</script>" for script in safe),
    )


def _slide(slide, part, sections, pieces, minute):
    """Return a slide as HTML; when it begins, `minute` minutes have passed."""
    kinds = {block.kind for block in slide.blocks}
    blocks = [_block(block, pieces) for block in slide.blocks]
    kind, level = "live" if "live" in kinds else "plain", "h2"
    if slide is part.slides[0]:
        kind, level = ("title", "h1") if part is sections[0] else ("opening", "h1")
    layout = "" if kinds & {"figure", "live"} else " words"
    if kind == "opening":
        blocks += [_from(part), _way(part, sections)]
        layout = ""
    if len(blocks) > 1 and any(_upright(block, pieces) for block in slide.blocks):
        layout, blocks = " beside", _side(slide, pieces)
    told = " ".join(map(str, slide.statements))
    return (
        f'<section data-timing="{60 * slide.minutes:.0f}" data-statements="{told}">\n'
        f'<div class="slide {kind}">\n<{level}>{_title(slide)}</{level}>\n'
        f'<div class="body{layout}">\n' + "\n".join(blocks) + "\n</div>\n"
        f"<footer>{escape(part.title)}</footer>\n</div>\n"
        f'<aside class="notes">{_notes(slide, minute)}</aside>\n</section>'
    )


def _side(slide, pieces):
    """Return the blocks for a slide whose figure stands beside all others."""
    words = [_block(block, pieces) for block in slide.blocks if block.kind != "figure"]
    figures = [_block(block, pieces) for block in slide.blocks if block.kind == "figure"]
    return ['<div class="side">', *words, "</div>", *figures]


def _title(slide):
    """Return the title as HTML: it may have code and formulas in it."""
    return markdown.render(slide.title).strip().removeprefix("<p>").removesuffix("</p>")


def _upright(block, pieces):
    return block.kind == "figure" and pieces[block.pointer].ratio < UPRIGHT


def _from(part):
    several = "s" if len(part.notebooks) > 1 else ""
    return f'<div class="block from">Notebook{several} {", ".join(part.notebooks)}</div>'


def _way(here, sections):
    """Return the sections as a list in which this one is marked."""
    parts = []
    for part in sections[1:]:
        mark = ' class="here" aria-current="step"' if part is here else ""
        parts.append(f"<li{mark}>{escape(part.title)}</li>")
    return f'<ol class="block way">{"".join(parts)}</ol>'


def _notes(slide, minute):
    end = minute + slide.minutes
    return f"<p><b>Minute {minute:g} to {end:g}.</b></p>\n{markdown.render(slide.notes)}"


def _file(name):
    return (HERE / name).read_text(encoding="utf-8")
