"""Executed notebooks as HTML pages, with formulas and alternative texts, and an index of them.

The pages need no network: formulas are MathML, which browsers typeset themselves.
"""

import copy
import re
from html import escape, unescape
from pathlib import Path

import nbformat
from latex2mathml.converter import convert
from nbconvert import HTMLExporter

# Code is left alone, whatever it holds; $$...$$ stands apart, $...$ in the line.
FORMULA = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)|\$\$(?P<apart>.+?)\$\$|\$(?P<inline>.+?)\$", re.S
)
LINK = re.compile(r"(\]\([\w/.]+)\.ipynb\)")
NO_TEXT = 'alt="No description has been provided for this image"'
# The browsers' own font for formulas is small, and some of them cannot stretch a bracket.
LARGER = """<style>
math { font-size: 1.15em; font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", math }
</style>"""
SCRIPT = re.compile(r'<script[^>]*\bsrc="https?:.*?</script>', re.S)
FRAME = re.compile(r'<iframe[^>]*srcdoc="([^"]*)"')


def save(notebook, path):
    """Write the executed `notebook` as a page; links to other notebooks lead to their pages."""
    page = copy.deepcopy(notebook)  # the notebook itself stays as it is
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = FORMULA.sub(_typeset, LINK.sub(r"\1.html)", cell.source))
    html, _ = HTMLExporter().from_notebook_node(page, {"metadata": {"name": Path(path).stem}})
    texts = (alt for _, alt in _pictures(notebook))
    html = re.sub(NO_TEXT, lambda _: f'alt="{escape(next(texts, ""))}"', html)
    html = SCRIPT.sub("", html).replace("</head>", f"{LARGER}</head>")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")


def save_drawing(notebook, path):
    """Write "draw a digit", if the executed `notebook` shows it, as a page of its own.

    It is the document within the cell's output, weights and all: nothing is computed again.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            about = output.get("metadata", {}).get("text/html", {})
            if about.get("name") == "draw-a-digit":
                frame = FRAME.search(output.data["text/html"])
                Path(path).write_text(unescape(frame[1]), encoding="utf-8")


def _typeset(match):
    """Return the formula as MathML, without characters that have a meaning in Markdown."""
    if match["code"]:
        return match["code"]
    display = "block" if match["apart"] else "inline"
    formula = convert(match["apart"] or match["inline"], display=display)
    return formula.replace("*", "&#42;").replace("_", "&#95;").replace("\n", " ")


def _pictures(notebook):
    """Return the PNG pictures of an executed notebook, base64, each with its alternative text."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    return [
        (o.data["image/png"], o.metadata.get("image/png", {}).get("alt", ""))
        for o in outputs
        if "image/png" in o.get("data", {})
    ]


def save_index(folder):
    """Write index.html into `folder`: for each notebook there its title, question and a picture.

    The picture is the one in the middle of the notebook. Above all stands "draw a digit", if its
    page is there. Returns the path of the index.
    """
    entries = []
    for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        lines = [line for line in notebook.cells[0].source.splitlines() if line.strip()]
        title, question = lines[0].lstrip("# "), lines[1].strip("*") if len(lines) > 1 else ""
        pictures = _pictures(notebook)
        picture, alt = pictures[len(pictures) // 2] if pictures else ("", "")
        shown = (
            f'<img src="data:image/png;base64,{picture}" alt="{escape(alt)}">' if picture else ""
        )
        link = f'<a href="{path.stem}.html">{shown}<b>{escape(title)}</b></a>'
        entries.append(f"<li>{link}{escape(question)}</li>")
    index = Path(folder, "index.html")
    drawing = DRAWING if Path(folder, DRAW).exists() else ""
    page = INDEX.replace("ENTRIES", "\n".join(entries)).replace("DRAWING", drawing)
    index.write_text(page, encoding="utf-8")
    return index


DRAW = "draw.html"
DRAWING = f"""<p><a href="{DRAW}"><b>Draw a digit</b></a> and see two networks read it:</p>
<iframe src="{DRAW}" title="Draw a digit" height="620"></iframe>
"""
INDEX = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Handwriting recognition with Keras</title>
<style>
body { font: 16px/1.45 system-ui, sans-serif; color: #222; max-width: 72em; margin: 2em auto }
ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(19em, 1fr)); gap: 2em }
ul { padding: 0 1em; list-style: none }
img { display: block; width: 100%; height: 12em; object-fit: contain; margin-bottom: .5em }
a { color: #0072B2; text-decoration: none }
a b { display: block }
h1, p { padding: 0 1rem }
iframe { width: 100%; border: 0 }
</style>
<h1>Handwriting recognition with Keras</h1>
DRAWING<ul>
ENTRIES
</ul>
</html>
"""
