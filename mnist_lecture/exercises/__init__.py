"""The exercises of the notebooks: `check` says whether an answer is right, or gives a hint.

A notebook leaves three dots where the answer goes and calls `check("02.1", answer)`. The check
itself is the function `exercise_1` in `notebook_02.py` beside this file, found by these names: it
returns None if the answer is right, and otherwise a hint. No answer stops "Run all".

In a notebook, the line that `check` prints carries the same for programs, a *trace*, in the output
of the cell, under the MIME type `TRACE`: a dict with the `exercise`, the `verdict`, the `hint`
(None unless the verdict is "not yet"), the `version` of this package and, in `source`, the `digest`
of the cell that called it.
"""

import hashlib
import importlib
import pkgutil
import sys

from mnist_lecture import __version__

TRACE = "application/vnd.mnist-lecture.check+json"
VERDICTS = RIGHT, NOT_YET, OPEN = "right", "not yet", "open"


class _Open(Exception):
    """The three dots are still there."""


def check(number, answer):
    """Print whether `answer` to exercise `number` (such as "02.1") is right, or else a hint.

    Returns True if it is right, False if not, None if it is still open: the three dots, also
    within a tuple or list, or a function that returns them. Raises `KeyError` if there is no such
    exercise; an exception in the answer becomes a hint.
    """
    notebook, _, exercise = str(number).partition(".")
    # Of the files, only this one is imported: a mistake in another does no harm.
    checks = _checks(notebook) if notebook in _notebooks() else None
    test = getattr(checks, f"exercise_{exercise}", None)
    if test is None:
        raise KeyError(f"there is no exercise {number}; there are {', '.join(numbers())}")
    try:
        _refuse_dots(answer)
        hint = test(_watched(answer) if callable(answer) else answer)
    except _Open:
        _say(f"Exercise {number} is waiting for your answer.", number, OPEN)
        return None
    except Exception as error:  # a student's answer may be anything; "Run all" must get past it
        hint = f"it stopped with {type(error).__name__}: {error}"
    if hint:
        _say(f"Exercise {number}: not yet. Hint: {hint}", number, NOT_YET, hint)
    else:
        _say(f"Exercise {number}: right!", number, RIGHT)
    return not hint


def digest(source):
    """Return the SHA-256 of a cell's `source`; blanks at the ends of its lines do not count."""
    lines = "\n".join(line.rstrip() for line in source.rstrip().splitlines())
    return hashlib.sha256(lines.encode(errors="replace")).hexdigest()


def numbers():
    """Return the numbers of all exercises, sorted: "01.1", "01.2", ..."""
    return sorted(
        f"{notebook}.{name.removeprefix('exercise_')}"
        for notebook in _notebooks()
        for name in vars(_checks(notebook))
        if name.startswith("exercise_")
    )


def _say(line, number, verdict, hint=None):
    """Print `line`; in a notebook, show it together with the trace."""
    # If IPython is not imported, this is no notebook, and importing it would take time.
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        print(line)
        return
    from IPython.display import display

    trace = {"exercise": str(number), "verdict": verdict, "hint": hint, "version": __version__}
    trace["source"] = digest(_source(shell))
    display({"text/plain": line, TRACE: trace}, raw=True)


def _source(shell):
    """Return the source of the cell that runs in an IPython `shell`."""
    # A kernel knows what it was asked to run, also if it was asked not to keep a history of it.
    message = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return message.get("content", {}).get("code") or shell.history_manager.input_hist_raw[-1]


def _notebooks():
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return [name.removeprefix("notebook_") for name in names]


def _checks(notebook):
    return importlib.import_module(f"{__name__}.notebook_{notebook}")


def _refuse_dots(value):
    if any(part is ... for part in (value if isinstance(value, tuple | list) else [value])):
        raise _Open


def _watched(function):
    def call(*arguments):
        value = function(*arguments)
        _refuse_dots(value)
        return value

    return call
