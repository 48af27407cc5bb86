"""Pieces of the notebooks for slides: code, printed output, formulas, questions, tables, pictures.

A piece is found by a pointer, the notebook's number and the cell's id, such as "04/cell-09", and by
words: the parts of the cell that contain one of them. So nothing is told twice, and a pointer that
points at nothing is an error.
"""

import ast
import difflib
import re
import textwrap
from functools import cached_property
from html import unescape

from mnist_lecture import LectureError
from mnist_lecture.workshop import capture, execute

import nbformat

POINTER = re.compile(r"(\d\d)/([\w-]+)")
FORMULA = re.compile(r"\$\$(.+?)\$\$", re.S)
END = re.compile(r"(?<!\\)(?<!\\right)[\s.,]+\Z")  # of the sentence in which a formula stands
QUESTION = re.compile(r"\*\*Predict\.\*\* (.+?)(?=\n\n|\Z)", re.S)
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z$“(])")
FRAME = re.compile(r'<img[^>]*base64,([^"]*)".*?<iframe[^>]*srcdoc="([^"]*)"', re.S)


class ExcerptError(LectureError):
    """A pointer points at nothing; the message says what there is instead."""


class Series:
    """The notebooks of the series, with their stored outputs; each is read once."""

    @cached_property
    def _notebooks(self):
        paths = execute.choose()
        return {path.name[:2]: nbformat.read(path, as_version=4) for path in paths}

    def code(self, pointer, words):
        """Return those statements of a cell that contain one of the `words`, or all of them.

        Of nested statements the innermost one counts. The words of a line that begins with "- "
        leave lines out: "- verbose" the argument of a call, for instance. What is left must be
        Python.
        """
        source = self._cell(pointer, "code").source
        left_out = [word[2:] for word in words if word.startswith("- ")]
        wanted = [word for word in words if not word.startswith("- ")]
        lines = source.splitlines()
        chosen = _statements(source, wanted) if wanted else [(1, len(lines))]
        self._make_sure(
            pointer, "statement", wanted, ["\n".join(lines[a - 1 : b]) for a, b in chosen]
        )
        self._make_sure(pointer, "line", left_out, lines)
        pieces = [textwrap.dedent("\n".join(lines[a - 1 : b])) for a, b in chosen]
        kept = [
            line
            for line in "\n".join(pieces).splitlines()
            if not any(word in line for word in left_out)
        ]
        try:
            ast.parse("\n".join(kept))
        except SyntaxError as error:
            raise ExcerptError(f"{pointer}: what is left is no Python: {error.msg}") from error
        return "\n".join(kept)

    def output(self, pointer, words):
        """Return those lines that a cell has printed that contain one of the `words`, or all."""
        outputs = self._cell(pointer, "code").outputs
        printed = "".join(o.text for o in outputs if o.output_type == "stream")
        lines = printed.rstrip().splitlines()
        self._make_sure(pointer, "printed line", words or [""], lines)
        return "\n".join(_containing(words, lines))

    def formulas(self, pointer, words):
        """Return those formulas that stand apart in a text cell that contain one of the `words`."""
        found = FORMULA.findall(self._cell(pointer, "markdown").source)
        self._make_sure(pointer, "formula", words or [""], found)
        return [END.sub("", formula.strip()) for formula in _containing(words, found)]

    def question(self, pointer, words):
        """Return the text cell's “Predict”, or its sentences that contain one of the `words`."""
        found = QUESTION.findall(self._cell(pointer, "markdown").source)
        sentences = [sentence for text in found for sentence in SENTENCE.split(text)]
        self._make_sure(pointer, "question", words or [""], sentences)
        return " ".join(_containing(words, sentences))

    def table(self, pointer, words):
        """Return the table of a text cell, Markdown; with `words`, only the rows with one of them.

        Its first two lines, the head, always belong to it.
        """
        source = self._cell(pointer, "markdown").source
        rows = [line for line in source.splitlines() if line.startswith("|")]
        self._make_sure(pointer, "row of a table", words or [""], rows[2:])
        return "\n".join(rows[:2] + _containing(words, rows[2:]))

    def picture(self, name):
        """Return the stored picture of the figure `name`: the base64 of a PNG."""
        for cell in self._cells("code"):
            if name in capture.figures_in(cell.source):
                for output in cell.outputs:
                    if "image/png" in output.get("data", {}):
                        return output.data["image/png"].replace("\n", "")
        raise ExcerptError(f"no notebook has stored a picture of the figure {name}")

    def live(self, name):
        """Return a live figure: its page, and the picture where scripts do not run, as base64.

        `name` is that of its script or, where several notebooks show it, "06/training".
        """
        number, _, script = name.rpartition("/")
        for cell in self._cells("code", number):
            for output in cell.outputs:
                about = output.get("metadata", {}).get("text/html", {})
                if about.get("name") == script:
                    picture, document = FRAME.search(output.data["text/html"]).groups()
                    return unescape(document), picture
        raise ExcerptError(f"no notebook has stored a live figure {name}")

    def _cells(self, kind, number=""):
        for n, notebook in self._notebooks.items():
            if n.startswith(number):
                yield from (cell for cell in notebook.cells if cell.cell_type == kind)

    def _cell(self, pointer, kind):
        match = POINTER.fullmatch(pointer)
        if not match:
            raise ExcerptError(f"“{pointer}” is no pointer; one looks like 04/cell-09")
        number, name = match.groups()
        if number not in self._notebooks:
            raise ExcerptError(f"{pointer}: there is no notebook {number}")
        cells = {cell.id: cell for cell in self._notebooks[number].cells}
        if name not in cells:
            near = difflib.get_close_matches(name, cells, n=3, cutoff=0) or sorted(cells)
            raise ExcerptError(f"{pointer}: there is no such cell; there is {', '.join(near)}")
        if cells[name].cell_type != kind:
            raise ExcerptError(
                f"{pointer}: this is no {'text' if kind == 'markdown' else kind} cell"
            )
        return cells[name]

    def _make_sure(self, pointer, what, words, parts):
        for word in words:
            if not any(word in part for part in parts):
                about = f" with “{word}”" if word else ""
                raise ExcerptError(f"{pointer}: there is no {what}{about}")


def _containing(words, parts):
    return [part for part in parts if not words or any(word in part for word in words)]


def _statements(source, words):
    """Return the first and the last line of each innermost statement with one of the `words`."""
    lines = source.splitlines()
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    places = {(_first(node), node.end_lineno) for node in nodes}
    chosen = set()
    for word in words:
        having = {(a, b) for a, b in places if word in "\n".join(lines[a - 1 : b])}
        chosen |= {p for p in having if not any(q != p and _within(q, p) for q in having)}
    return sorted(p for p in chosen if not any(q != p and _within(p, q) for q in chosen))


def _first(node):
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])


def _within(inner, outer):
    return outer[0] <= inner[0] and inner[1] <= outer[1]
