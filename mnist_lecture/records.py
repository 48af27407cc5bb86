"""Recorded runs: results/*.json, written by `experiments` and read by notebooks and README.

A record holds the settings of a training and, for each seed, what came of it: the errors of each
epoch, and which images of each part the finished network read wrongly.
"""

import json
import os
import platform
import re
import textwrap
from importlib.metadata import version

from mnist_lecture.data import REPOSITORY
from mnist_lecture.files import ARRAYS

import numpy as np

RESULTS = REPOSITORY / "results"
IMAGES = {"validation": 5_000, "test": 10_000, "reserve": 10_000}  # the parts that are read
SEEDS = 5  # that are compared; a record may hold more
DATA = {array: digest for array, (_, digest) in ARRAYS.items()}  # of MNIST's four arrays


class RecordError(Exception):
    """A record is missing or of no use; the message says how to make it."""


def versions():
    """Return what a training depends on besides its settings, in one line."""
    libraries = (f"{name} {version(name)}" for name in ("keras", "numpy"))
    import tensorflow as tf  # here: it takes seconds, and its package has more than one name

    return (
        f"python {platform.python_version()}, tensorflow {tf.__version__}, {', '.join(libraries)}"
    )


def save(name, record, folder=RESULTS):
    """Write the dict `record` to `name`.json in `folder`, whole or not at all; return the path."""
    text = re.sub(r"\[[^][{}\"]*\]", _in_lines, json.dumps(record, indent=2, ensure_ascii=False))
    return write(folder / f"{name}.json", text + "\n")


def write(path, text):
    """Write `text` to `path`, whole or not at all, in the same bytes everywhere; return `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".unfinished-{os.getpid()}")  # others may write it, too
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    unfinished.replace(path)
    return path


def _in_lines(numbers):
    """Return a list of numbers, which JSON writes one to a line, in lines of 100 characters."""
    return textwrap.fill(" ".join(numbers[0].split()), 100, subsequent_indent=" " * 10)


def load(name, folder=RESULTS):
    """Return the record `name`, a dict; raises `RecordError` if there is none, or no whole one."""
    path = folder / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem = f"There is no record of {name}; to make it"
    except ValueError:
        problem = f"{path} is damaged; to make it anew"
    raise RecordError(f"{problem}: `mnist-lecture experiments {name}`.")


def wrong(name, part="test"):
    """Return which images were read wrongly from the first five seeds, bool (5, images).

    `name` is that of the record, `part` is "validation", "test" or "reserve". Raises `RecordError`
    if there are fewer seeds.
    """
    runs = load(name)["runs"][:SEEDS]
    if len(runs) < SEEDS:
        raise RecordError(
            f"{name} was recorded from {len(runs)} seeds, not {SEEDS}; "
            f"`mnist-lecture experiments {name}` adds the others."
        )
    answers = np.zeros((SEEDS, IMAGES[part]), bool)
    for row, run in zip(answers, runs, strict=True):
        row[run["wrong"][part]] = True
    return answers


def errors(name, part="test"):
    """Return the error of each of these seeds on a `part` of the data, as a fraction: (5,)."""
    return wrong(name, part).mean(axis=1)
