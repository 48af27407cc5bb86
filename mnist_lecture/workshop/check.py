"""A look at each answer of a class: find the submitted notebooks, read them, tell what they say.

`answers` reads one notebook. Nothing is executed, and nothing that was handed in is written to.
"""

import csv
import io
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mnist_lecture import LectureError, exercises, progress
from mnist_lecture.exercises import NOT_YET, RIGHT
from mnist_lecture.workshop import answers, atomic, start

DEEPEST = 8  # folders within a student's that are looked into
SKIPPED = {"solutions", "__MACOSX"}  # and what begins with a dot, and our own tables
# What Moodle puts in front of what a student hands in: "Müller Anna_123_assignsubmission_file_".
MOODLE = re.compile(r"(?P<student>.+?)_\d+_assignsubmission_file_?")
SIGNS = dict(zip(answers.VERDICTS, "+x~.-?", strict=True))
NUMBER = re.compile(r"[-−+]?\d[\d.,]*(?:e[-+]?\d+)?")
MOST = 5  # exercises whose hints are shown
HINTS = 3  # of each of them


class CheckError(LectureError):
    """There is nothing to look at, or no place for the result."""


@dataclass
class Submission:
    """What one student handed in: an answer for each number, and what could not be read."""

    student: str
    files: list[Path] = field(default_factory=list)
    answered: dict[str, answers.Answer] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


# --------------------------------------------------------------------------------- finding, reading
def find(places):
    """Return what was handed in, a list of `Submission` sorted by student, not read yet.

    In a folder each file is a student's, and so is each folder in it with all that it holds; a
    folder that `mnist-lecture start` has made is one student's. What Moodle has named after one
    student belongs together. Raises `CheckError` if there is nothing.
    """
    found = {}
    for place in map(Path, places):
        if not os.path.lexists(place):
            raise CheckError(f"There is no {place}.")
        if not place.is_dir():
            paths = [place]
        elif (place / start.RECORD).exists():
            paths = [place.resolve()]  # "." has no name
        else:
            paths = sorted(path for path in place.iterdir() if not _is_skipped(path))
        for path in paths:
            is_folder = path.is_dir() and not path.is_symlink()
            name = path.name if is_folder else path.stem
            moodle = MOODLE.match(name)
            key = path.with_name(moodle[0].rstrip("_")) if moodle else path
            student = moodle["student"] if moodle else name
            one = found.setdefault(key, Submission(_name(student)))
            if is_folder:
                one.files += _notebooks_in(path, one.problems)
            elif path == place or path.suffix.lower() == ".ipynb" or path.is_symlink():
                one.files.append(path)
    if not found:
        raise CheckError(f"There are no notebooks in {', '.join(map(str, places))}.")
    for one in found.values():
        if not one.files and not one.problems:
            one.problems.append("no notebook")
    return sorted(found.values(), key=lambda one: one.student.casefold())


def _is_skipped(path):
    return path.name.startswith(".") or path.name in SKIPPED or path.suffix.lower() == ".csv"


def _name(text):
    """Return a name as it can be shown: accents in one piece, whatever system it comes from."""
    text = os.fsencode(text).decode(errors="replace")
    return answers.printable(unicodedata.normalize("NFC", text))


def _notebooks_in(folder, problems):
    """Return the notebooks anywhere in a student's `folder`; add to `problems` what prevents it."""
    found, failed = [], []
    for place, folders, names in os.walk(folder, onerror=failed.append):
        deep = len(Path(place).relative_to(folder).parts) >= DEEPEST
        if deep and folders:
            problems.append(f"folders more than {DEEPEST} deep")
        folders[:] = [] if deep else sorted(f for f in folders if not _is_skipped(Path(f)))
        paths = [Path(place, name) for name in sorted(names) if name.lower().endswith(".ipynb")]
        found += [path for path in paths if not _is_skipped(path)]
    problems += [f"a folder cannot be read: {error.strerror}" for error in failed]
    return found


def read(submissions):
    """Read the files of all `submissions`, with a progress bar, and fill in what they say."""
    files = [(one, path) for one in submissions for path in one.files]
    for one, path in progress.bar(files, desc="reading", unit="file"):
        try:
            for number, answer in answers.read(path).items():
                one.answered[number] = answers.better(answer, one.answered.get(number))
        except answers.SubmissionError as error:
            name = "" if len(one.files) == 1 else f"{_name(path.name)}: "
            one.problems.append(f"{name}{error}")
    return submissions


def asked(submissions):
    """Return the numbers of the exercises of all notebooks that somebody handed in, in order."""
    answered = {number for one in submissions for number in one.answered}
    return [number for number in exercises.numbers() if number in answered]


# ------------------------------------------------------------------------------------------ telling
def report(submissions):
    """Return what is to be told of the class, as lines: what most got wrong, and then each one."""
    numbers = asked(submissions)
    readable = [one for one in submissions if one.answered]
    unreadable = len(submissions) - len(readable)
    lines = [f"{len(submissions)} handed in" + f", {unreadable} unreadable" * (unreadable > 0)]
    lines += _most_got_wrong(readable, numbers)
    if readable:
        lines += _counts(readable, numbers)
        lines += _each(readable, numbers)
    if troubled := [one for one in submissions if one.problems]:
        lines += ["", "What could not be read"]
        lines += [f"  {one.student}: {problem}" for one in troubled for problem in one.problems]
    if any(not answer.traced for one in readable for answer in one.answered.values()):
        lines += [
            "",
            "* from printed lines, of an older version of mnist_lecture: they do not tell",
        ]
        lines += ["  whether the cell was changed since it ran"]
    return lines


def _most_got_wrong(submissions, numbers):
    wrong = {n: [one.answered[n].hint for one in submissions if _is_wrong(one, n)] for n in numbers}
    most = sorted((n for n in numbers if wrong[n]), key=lambda n: -len(wrong[n]))[:MOST]
    lines = ["", "What most got wrong"] if most else []
    for number in most:
        lines.append(f"  {number}: {len(wrong[number])} not yet")
        alike = {}  # hints that differ only in their numbers
        for hint in wrong[number]:
            alike.setdefault(NUMBER.sub("0", hint), []).append(hint)
        for hints in sorted(alike.values(), key=lambda hints: (-len(hints), hints))[:HINTS]:
            lines.append(f"{len(hints):7} × {Counter(hints).most_common(1)[0][0]}")
    return lines


def _is_wrong(one, number):
    return number in one.answered and one.answered[number].verdict == NOT_YET


def _counts(submissions, numbers):
    rows = [["exercise", *(f"{SIGNS[verdict]} {verdict}" for verdict in answers.VERDICTS)]]
    for number in numbers:
        count = Counter(
            one.answered[number].verdict for one in submissions if number in one.answered
        )
        rows.append([number, *(str(count[verdict] or "") for verdict in answers.VERDICTS)])
    return ["", *_table(rows, "right")]


def _each(submissions, numbers):
    notebooks = sorted({number[:2] for number in numbers})
    rows = [["student", *notebooks]]
    for one in submissions:
        of = {notebook: [] for notebook in notebooks}
        for number in filter(one.answered.get, numbers):
            of[number[:2]].append(one.answered[number])
        rows.append([one.student, *map(_signs, of.values())])
    return ["", *_table(rows, "left")]


def _signs(found):
    """Return the answers to the exercises of one notebook in as many letters."""
    star = "" if all(answer.traced for answer in found) else "*"
    return "".join(SIGNS[answer.verdict] for answer in found) + star


def _table(rows, side):
    """Return `rows` of texts as lines with columns of equal width; the first is on the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = (
        [row[0].ljust(widths[0]), *(t.rjust(w) if side == "right" else t.ljust(w) for t, w in rest)]
        for row in rows
        for rest in [list(zip(row[1:], widths[1:], strict=True))]
    )
    return ["  ".join(cells).rstrip() for cells in padded]


# ---------------------------------------------------------------------------------------------- CSV
def save(submissions, path):
    """Write a row for each of the `submissions` to `path`, as CSV.

    With a byte order mark, without which Excel takes UTF-8 for something else; in Python it is the
    encoding "utf-8-sig". No text can be taken for a formula.

    Raises `CheckError` if `path` could be somebody's notebook.
    """
    if path.suffix.lower() == ".ipynb":
        raise CheckError(f"{path} could be somebody's notebook; name a file that ends in .csv.")
    numbers = asked(submissions)
    table = io.StringIO(newline="")
    rows = csv.writer(table)
    rows.writerow(["student", "right", "of", *numbers, "problems", "files"])
    for one in submissions:
        right = sum(answer.verdict == RIGHT for answer in one.answered.values())
        verdicts = (_cell(one.answered[n]) if n in one.answered else "" for n in numbers)
        files = "; ".join(_name(str(path)) for path in one.files)
        texts = (_harmless(text) for text in (one.student, "; ".join(one.problems), files))
        student, problems, files = texts
        rows.writerow([student, right, len(one.answered), *verdicts, problems, files])
    atomic.write(path, "\ufeff" + table.getvalue())


def _cell(answer):
    return answer.verdict if answer.traced else f"{answer.verdict} (printed)"


def _harmless(text):
    """Return `text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
