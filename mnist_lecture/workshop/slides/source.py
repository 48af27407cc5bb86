"""The source of the slides, docs/slides.md: what is on each slide, and what to say.

It is Markdown. `#` begins a section, `##` a slide; what else there is:

    Notebooks 04 and 05             where a section comes from
    ![](04-accuracy)                a figure; a live one: ![](live-slope), ![](live-06/training)
    ```code 04/cell-04            of this cell the statements with these words,
    net.compile                     and without the lines with those behind "- ";
    - steps_per_execution           so also `output`, `formula`, `question` and `table`
    ```
    . . .                           what follows comes with the next step
    <!-- statement 9 -->            of the lecture's thirty statements, the one that is told here
    Notes (2 min): …                what to say, to the end of the slide
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from mnist_lecture import LectureError

FIGURE = re.compile(r"!\[\]\((live-)?([\w/-]+)\)")
FENCE = re.compile(r"```(\S+) (\S+)")
NOTES = re.compile(r"Notes \(([\d.]+) min\):\s*(.*)")
NOTEBOOKS = re.compile(r"Notebooks? \d\d")
STATEMENT = re.compile(r"<!-- statement (\d+) -->")
PAUSE = ". . ."


class SlideError(LectureError):
    """The slides' source has a mistake; the message says in which line."""


@dataclass
class Block:
    """A part of a slide: a text, or what its `pointer` and its `words` point at.

    A text has its lines as `words`. `step` counts the pauses before it, `line` is its place in the
    source.
    """

    kind: str
    pointer: str
    words: list
    line: int
    step: int

    @property
    def piece(self):
        """What it points at: equal for equal pieces."""
        return self.kind, self.pointer, *self.words


@dataclass
class Slide:
    """A slide: what is on it, which statements of the lecture it tells, and what to say."""

    title: str
    blocks: list = field(default_factory=list)
    statements: list = field(default_factory=list)
    notes: str = ""
    minutes: float = 0


@dataclass
class Section:
    """A part of the lecture: its slides, the first of which opens it, and its notebooks."""

    title: str
    notebooks: list = field(default_factory=list)
    slides: list = field(default_factory=list)

    @property
    def minutes(self):
        """How long it takes."""
        return sum(slide.minutes for slide in self.slides)


def read(path):
    """Return the sections of the slides that the file at `path` describes.

    Raises `SlideError` if there is no such file, or for a line that cannot be understood.
    """
    if not Path(path).exists():
        raise SlideError(f"There is no {path}; it comes with a clone of the repository.")
    sections, lines = [], iter(enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        if heading := re.fullmatch(r"(##?) (.+)", line):
            slide, step = Slide(heading[2]), 0
            if heading[1] == "#":
                sections.append(Section(heading[2]))
            if not sections:
                raise SlideError(f"line {number}: a slide before the first section")
            sections[-1].slides.append(slide)
        elif not sections:
            continue  # remarks on top
        elif match := STATEMENT.fullmatch(line):
            slide.statements.append(int(match[1]))
        elif match := NOTES.fullmatch(line):
            slide.minutes, slide.notes = float(match[1]), match[2]
        elif slide.notes:
            slide.notes += f"\n{line}"
        elif NOTEBOOKS.match(line):
            sections[-1].notebooks += re.findall(r"\d\d", line)
        elif line == PAUSE:
            step += 1
        elif match := FIGURE.fullmatch(line):
            kind = "live" if match[1] else "figure"
            slide.blocks.append(Block(kind, match[2], [], number, step))
        elif line.startswith("```"):
            slide.blocks.append(_fenced(line, lines, number, step))
        elif slide.blocks and slide.blocks[-1].kind == "text" and slide.blocks[-1].step == step:
            slide.blocks[-1].words.append(line)
        elif line.strip():
            slide.blocks.append(Block("text", "", [line], number, step))
    return sections


def _fenced(line, lines, number, step):
    """Return the block that begins with this `line`; take the rest of it from `lines`."""
    match = FENCE.fullmatch(line)
    if not match:
        raise SlideError(f"line {number}: a block begins as ```code 04/cell-09, not as {line}")
    words = []
    for _, inner in lines:
        if inner == "```":
            return Block(match[1], match[2], words, number, step)
        words.append(inner)
    raise SlideError(f"line {number}: this block never ends (```)")
