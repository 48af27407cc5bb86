"""Read from a submitted notebook how far its exercises are. Nothing in it is executed.

What is read was written by others: it may be damaged, no notebook at all, or made to annoy. Outputs
can be written by hand, so this is a look at a class and no examination.
"""

import json
import re
import stat
from collections import Counter
from dataclasses import dataclass

from mnist_lecture import LectureError, exercises
from mnist_lecture.exercises import NOT_YET, OPEN, RIGHT, TRACE

CHANGED = "changed since it ran"  # the cell is no longer what was checked
NOT_RUN = "not run"
MISSING = "missing"  # the notebook is there, this exercise is not
VERDICTS = (RIGHT, NOT_YET, CHANGED, OPEN, NOT_RUN, MISSING)  # of several answers the first counts

LARGEST = 20_000_000  # bytes of a notebook that is read
LONGEST = 300  # characters of a hint

CALL = re.compile(r"""\bcheck\(\s*["'](\d\d\.\d+)["']""")
COMMENT = re.compile(r"#.*")
# What `exercises.check` has always printed, for outputs without a trace.
PRINTED = re.compile(
    r"^Exercise (?P<number>\d\d\.\d+)(?:: (?P<right>right!)|: not yet\. Hint: (?P<hint>.*)"
    r"| is waiting for your answer\.)\s*$",
    re.M,
)


class SubmissionError(LectureError):
    """A file is no notebook with exercises of this lecture; the message is a short reason."""


@dataclass(frozen=True)
class Answer:
    """How far one exercise is.

    `verdict` is one of `VERDICTS`. Without `traced` it comes from a printed line, of an older
    version of the package, and whether the cell was changed since cannot be told.
    """

    verdict: str
    hint: str = ""
    traced: bool = True


def read(path):
    """Return the answers in the notebook at `path`, an `Answer` for each number such as "02.1".

    Which notebook of the lecture it is shows in the numbers of its exercises, whatever its name; if
    one of them is not there, it is `MISSING`. Raises `SubmissionError` with a reason.
    """
    found = {}
    for cell in _cells(path):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            for number, answer in _answers_of(cell).items():
                found[number] = better(answer, found.get(number))
    numbers = exercises.numbers()
    found = {number: found[number] for number in numbers if number in found}
    if not found:
        raise SubmissionError("no exercise of this lecture in it")
    (notebook, _), *_ = Counter(number[:2] for number in found).most_common(1)
    of_notebook = (number for number in numbers if number.startswith(notebook))
    return dict.fromkeys(of_notebook, Answer(MISSING)) | found


def better(one, other):
    """Return which of two answers to an exercise counts; the second may be None."""
    return min(filter(None, (one, other)), key=lambda answer: VERDICTS.index(answer.verdict))


def _cells(path):
    """Return the cells of the notebook at `path`, whatever they are."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise SubmissionError("a link, which is not followed")
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError("not a file")
        if status.st_size > LARGEST:
            size, limit = (f"{n / 1e6:.0f} MB" for n in (status.st_size, LARGEST))
            raise SubmissionError(f"{size}, more than the {limit} that are read")
        text = path.read_bytes().decode("utf-8-sig")
        if not text.strip():
            raise SubmissionError("empty")
        notebook = json.loads(text)
    except UnicodeDecodeError as error:
        raise SubmissionError("damaged: not UTF-8") from error
    except ValueError as error:
        raise SubmissionError("damaged: not JSON") from error
    except (RecursionError, MemoryError) as error:
        raise SubmissionError("nested too deeply") from error
    except OSError as error:
        raise SubmissionError(f"cannot be read: {error.strerror}") from error
    if isinstance(notebook, dict) and "worksheets" in notebook:
        raise SubmissionError("an old format: open it in JupyterLab and save it again")
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise SubmissionError("JSON, but no notebook")
    return notebook["cells"]


def _answers_of(cell):
    """Return the answers in a code cell, by number; of several to one number the last."""
    source = _text(cell.get("source"))
    now, found, error = exercises.digest(source), {}, ""
    for output in _list(cell.get("outputs")):
        if not isinstance(output, dict):
            continue
        data = output.get("data") if isinstance(output.get("data"), dict) else {}
        if traced := _traced(data.get(TRACE), now):
            found |= traced
        else:
            found |= _printed(_text(output.get("text")))
            found |= _printed(_text(data.get("text/plain")))
        if output.get("output_type") == "error":
            error = f"its cell stopped with {_line(output.get('ename'))}"
    without = Answer(NOT_YET, error) if error else Answer(NOT_RUN)
    return dict.fromkeys(CALL.findall(COMMENT.sub("", source)), without) | found


def _traced(trace, now):
    """Return the answer that `check` has left in an output; `now` is the digest of its cell."""
    match trace:
        case {"exercise": str(number), "verdict": verdict} if verdict in exercises.VERDICTS:
            source = trace.get("source")
            if source != now and isinstance(source, str):
                return {number: Answer(CHANGED)}
            hint = _line(trace.get("hint")) if verdict == NOT_YET else ""
            return {number: Answer(verdict, hint, traced=source == now)}
    return {}


def _printed(text):
    """Return the answers in the lines that `check` prints, by number."""
    found = {}
    for line in PRINTED.finditer(text):
        verdict = RIGHT if line["right"] else OPEN if line["hint"] is None else NOT_YET
        found[line["number"]] = Answer(verdict, _line(line["hint"]), traced=False)
    return found


def _line(value):
    """Return a text of others as a short line that a terminal can show."""
    text = value if isinstance(value, str) else ""
    return printable(" ".join(text[: 2 * LONGEST].split()))[:LONGEST]


def printable(text):
    """Return `text` without what could steer a terminal, and without halves of characters."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _list(value):
    return value if isinstance(value, list) else []


def _text(value):
    """Return a text as notebooks hold it, in one piece or as a list of lines."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
