"""The lecture as slides: one HTML file, which opens from anywhere and asks nothing of a network.

`docs/slides.md` says what is on each slide. Figures, code, printed numbers, formulas and questions
are not in it: it points into the notebooks (see `source`), and a changed notebook changes the deck.
What turns the slides and shows the presenter's notes is reveal.js, which lies in the PyPI package
sphinx-revealjs.
"""

import importlib.metadata
from pathlib import Path

from mnist_lecture.data import REPOSITORY
from mnist_lecture.workshop import atomic
from mnist_lecture.workshop.slides import excerpts, figures, page, source

SOURCE = REPOSITORY / "docs" / "slides.md"
FOLDER = "sphinx_revealjs/_static/revealjs"
ENGINE = {
    "style": ["dist/reset.css", "dist/reveal.css"],
    "script": ["dist/reveal.js", "plugin/notes/notes.js"],
}


def path():
    """Return the lecture's 90 minutes: a list of (section, minutes, its notebooks' numbers).

    Raises `SlideError` as `source.read` does.
    """
    return [(part.title, part.minutes, part.notebooks) for part in source.read(SOURCE)]


def path_table():
    """Return these ninety minutes as a table in Markdown, with the minute each part begins at."""
    lines, minute = ["| minute | part | minutes | notebooks |", "|---|---|---|---|"], 0
    for title, minutes, notebooks in path():
        lines.append(f"| {minute:g} | {title} | {minutes:g} | {', '.join(notebooks)} |")
        minute += minutes
    return "\n".join(lines)


def save(out, style=None, dark=False):
    """Write the deck into the file `out`; return how many slides it has, and remarks.

    Figures are drawn in the Matplotlib style file `style`; with `dark` the slides are dark. The
    remarks, a list of lines, name the figures that could not be drawn anew.

    Raises `SlideError` if a slide points at nothing, `FigureError` if a figure cannot be drawn, and
    `PackageNotFoundError`, which is a `ModuleNotFoundError`, if reveal.js is not installed.
    """
    engine = {kind: [_engine(file) for file in files] for kind, files in ENGINE.items()}
    sections, series = source.read(SOURCE), excerpts.Series()
    blocks = [block for part in sections for slide in part.slides for block in slide.blocks]
    pieces = page.pieces(blocks, series)
    names = dict.fromkeys(block.pointer for block in blocks if block.kind == "figure")
    drawn, remarks = figures.draw(list(names), series, style, dark)
    atomic.write(out, page.document(sections, pieces | drawn, engine, dark))
    return sum(len(part.slides) for part in sections), remarks


def _engine(file):
    """Return a file of reveal.js; Sphinx itself is not imported."""
    package = importlib.metadata.distribution("sphinx-revealjs")
    return Path(package.locate_file(f"{FOLDER}/{file}")).read_text(encoding="utf-8")
