"""Read the recorded runs in results/: the settings of a training and what it gave, seed by seed.

A record is a dict: `about` and `settings` say what was trained; each of its `runs` has a `seed`,
the `errors` after each epoch and, in `wrong`, the indices of the images of each part of the data
that the trained network got wrong. `mnist-lecture experiments` writes the records.
"""

import json

from mnist_lecture import LectureError
from mnist_lecture.data import REPOSITORY

import numpy as np

RESULTS = REPOSITORY / "results"
IMAGES = {"validation": 5_000, "test": 10_000, "reserve": 10_000}  # the size of each part
SEEDS = 5  # that are compared; a record may have more


class RecordError(LectureError):
    """A record is missing or cannot be used."""


def load(name, folder=RESULTS):
    """Return the record `name`, a dict. Raises `RecordError` if it is missing or damaged."""
    path = folder / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem = f"There is no record of {name}; to make it"
    except ValueError:
        problem = f"{path} is damaged; to make it anew"
    raise RecordError(f"{problem}: `mnist-lecture experiments {name}`.")


def wrong(name, part="test"):
    """Return which images the networks of the first five seeds got wrong, bool (5, images).

    `part` is "validation", "test" or "reserve". Raises `RecordError` if there are fewer seeds.
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
