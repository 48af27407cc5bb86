"""The exercises of the notebooks: `check` says whether an answer is right, or gives a hint.

A notebook leaves three dots where the answer goes and calls `check("02.1", answer)`. The check
itself is the function `exercise_1` in `notebook_02.py` beside this file, found by these names: it
returns None if the answer is right, and otherwise a hint. No answer stops "Run all".
"""

import importlib
import pkgutil


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
        print(f"Exercise {number} is waiting for your answer.")
        return None
    except Exception as error:  # a student's answer may be anything; "Run all" must get past it
        hint = f"it stopped with {type(error).__name__}: {error}"
    print(f"Exercise {number}: " + (f"not yet. Hint: {hint}" if hint else "right!"))
    return not hint


def numbers():
    """Return the numbers of all exercises, sorted: "01.1", "01.2", ..."""
    return sorted(
        f"{notebook}.{name.removeprefix('exercise_')}"
        for notebook in _notebooks()
        for name in vars(_checks(notebook))
        if name.startswith("exercise_")
    )


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
