"""What the pages need to know of a notebook: title, question, times, sections, solutions."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from mnist_lecture.workshop import answers, capture

KINDS = {" · core": "core", " · deep dive": "deep-dive"}  # how the heading of a section ends
TIMES = re.compile(
    r"\*\*Class time\*\* (?:core (?P<core>\d+), )?whole (?P<whole>\d+) minutes"
    r"(?: · \*\*Run time\*\* (?P<run>.+))?"
)
NEIGHBOURS = re.compile(r"\[(← .*|.* →)\]\(.*\)")

# The figure that stands for a notebook on the opening page; without one, the notebook's middle one.
COVERS = {
    "01": "01-pixels",
    "02": "02-temperatures",
    "03": "03-saturation",
    "04": "04-mistakes",
    "05": "05-double-descent",
    "06": "06-early-stopping",
    "07": "07-copies",
    "08": "08-dropped",
    "09": "09-filters",
    "10": "10-pond",
    "11": "11-occlusion",
    "12": "12-no-digits",
}


@dataclass
class Section:
    """A heading of the second level and the cells up to the next one.

    `title` is Markdown without its last part, which tells the `kind`: "core", "deep-dive" or "".
    The cells before the first such heading form a section without a title.
    """

    title: str
    kind: str
    cells: list = field(default_factory=list)


class Lesson:
    """A notebook of the series, as nbformat reads it, and its solutions, if there are any.

    `stem` is the name of its file without the ending: "02_softmax".
    """

    def __init__(self, stem, notebook, solutions=None):
        """Read what the first cell tells: title, question, times."""
        self.stem, self.notebook, self.solutions = stem, notebook, solutions
        self.number = stem[:2]
        first = notebook.cells[0].source if notebook.cells else ""
        blocks = [block.strip() for block in re.split(r"\n\s*\n", first)]
        heading, _, rest = blocks[0].partition("\n")
        self.title = heading.lstrip("# ").strip() or stem
        self.name = re.sub(r"^\d+ · ", "", self.title)
        blocks[0] = rest
        self.question = ""
        if len(blocks) > 1 and re.fullmatch(r"\*[^*].*\*", blocks[1], re.S):
            self.question = blocks.pop(1).strip("*")
        times = next(filter(None, map(TIMES.match, blocks)), None)
        self.core, self.whole, self.run = times.group("core", "whole", "run") if times else [""] * 3
        self.opening = "\n\n".join(
            b for b in blocks if b and not TIMES.match(b) and not NEIGHBOURS.fullmatch(b)
        )

    @property
    def page(self):
        """The place of its page within the site."""
        return PurePosixPath(f"{self.stem}.html")

    @cached_property
    def sections(self):
        """Its sections, a list; the first cell, which is not text of any, is left out."""
        sections = [Section("", "")]
        for cell in self.notebook.cells[1:]:
            # a cell of text may end one section and begin the next
            text = cell.cell_type == "markdown"
            for piece in re.split(r"^(?=## )", cell.source, flags=re.M) if text else [cell.source]:
                if text and piece.startswith("## "):
                    heading, _, piece = piece.removeprefix("## ").partition("\n")
                    sections.append(Section(*split_kind(heading.strip())))
                sections[-1].cells.append(type(cell)(cell, source=piece))
        return sections

    @cached_property
    def cover(self):
        """A picture, base64, and its alternative text; None if the notebook shows none."""
        pictures = {}
        for cell in self.notebook.cells:
            names = capture.figures_in(cell.source)
            for output in cell.get("outputs", ()):
                if picture := output.get("data", {}).get("image/png"):
                    alt = output.metadata.get("image/png", {}).get("alt", "")
                    pictures[names[0] if names else len(pictures)] = (picture, alt)
        shown = list(pictures.values())
        return pictures.get(COVERS.get(self.number)) or (shown[len(shown) // 2] if shown else None)

    @cached_property
    def solved(self):
        """The cells that solve an exercise, by its number: {"02.1": [text, code], …}."""
        found, waiting = {}, []
        for cell in self.solutions.cells if self.solutions else ():
            if cell.cell_type == "markdown" and re.match(r"\*\*\d+\.", cell.source):
                waiting = []
            waiting.append(cell)
            if number := exercise(cell):
                found[number] = waiting
                waiting = []
        return found


def split_kind(heading):
    """Return the text of a heading without its kind, and the kind."""
    for ending, kind in KINDS.items():
        if heading.endswith(ending):
            return heading.removesuffix(ending), kind
    return heading, ""


def exercise(cell):
    """Return the number of the exercise that a code cell checks, such as "02.1", or None."""
    check = answers.CALL.search(cell.source) if cell.cell_type == "code" else None
    return check and check[1]


def slug(heading):
    """Return the anchor of a heading: "One-hot encoding · core" becomes "one-hot-encoding"."""
    text, _ = split_kind(heading)
    return re.sub(r"\W+", "-", re.sub(r"['’`“”]", "", text.lower())).strip("-")
