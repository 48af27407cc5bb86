"""Recorded runs: results/*.json, written by `experiments` and read by notebooks and README.

A record holds the settings of a training and, for each seed, what came of it: the errors of each
epoch, and which images of each part the finished network read wrongly.
"""

import json
import platform
import re
import textwrap
from importlib.metadata import version

from mnist_lecture.data import REPOSITORY
from mnist_lecture.files import ARRAYS

import numpy as np

RESULTS = REPOSITORY / "results"
IMAGES = {"validation": 5_000, "test": 10_000, "reserve": 10_000}  # the parts that are read
DATA = {array: digest for array, (_, digest) in ARRAYS.items()}  # of MNIST's four arrays


class RecordError(Exception):
    """A record is missing; the message says how to make it."""


def versions():
    """Return what a training depends on besides its settings, in one line."""
    libraries = (f"{name} {version(name)}" for name in ("keras", "numpy"))
    import tensorflow as tf  # here: it takes seconds, and its package has more than one name

    return (
        f"python {platform.python_version()}, tensorflow {tf.__version__}, {', '.join(libraries)}"
    )


def save(name, record, folder=RESULTS):
    """Write the dict `record` to `name`.json in `folder`, whole or not at all; return the path."""
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    text = re.sub(r"\[[^][{}\"]*\]", _in_lines, json.dumps(record, indent=2, ensure_ascii=False))
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def _in_lines(numbers):
    """Return a list of numbers, which JSON writes one to a line, in lines of 100 characters."""
    return textwrap.fill(" ".join(numbers[0].split()), 100, subsequent_indent=" " * 10)


def load(name, folder=RESULTS):
    """Return the record `name` as a dict; raises `RecordError` if there is none."""
    path = folder / f"{name}.json"
    if not path.exists():
        raise RecordError(f"There is no record of {name}; `mnist-lecture experiments {name}`.")
    return json.loads(path.read_text(encoding="utf-8"))


def wrong(name, part="test"):
    """Return which images were read wrongly: bool (seeds, images), for the record `name`.

    `part` is "validation", "test" or "reserve".
    """
    runs = load(name)["runs"]
    answers = np.zeros((len(runs), IMAGES[part]), bool)
    for row, run in zip(answers, runs, strict=True):
        row[run["wrong"][part]] = True
    return answers


def errors(name, part="test"):
    """Return the error of each seed on a `part` of the data, as a fraction: (seeds,)."""
    return wrong(name, part).mean(axis=1)
