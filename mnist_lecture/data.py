"""MNIST: found, verified, if need be downloaded, and split as in the lecture.

The split is the lecture's own (slide "How to honestly assess the quality during training"): of
the 60,000 official training images the first 50,000 are used, 45,000 of them to train and the
last 5,000 to validate; the 10,000 official test images test. The 10,000 training images that the
lecture leaves aside are the reserve, which stays unopened until the last notebook.

Data set: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits"
(CC BY-SA 3.0); Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Proc. IEEE 86, 2278 (1998).
"""

import contextlib
import os
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mnist_lecture import files
from mnist_lecture.files import DataError

import numpy as np

SOURCES = (
    ("https://storage.googleapis.com/tensorflow/tf-keras-datasets/", (files.NPZ_FILE,)),
    ("https://storage.googleapis.com/cvdf-datasets/mnist/", tuple(files.IDX_FILES.values())),
    ("https://ossci-datasets.s3.amazonaws.com/mnist/", tuple(files.IDX_FILES.values())),
)

GENERATED = "generated digits"  # the source of `Mnist` where it is not MNIST
REMEMBERED = 600  # seconds for which a failed download is not tried again
REPOSITORY = Path(__file__).resolve().parents[1]


# ------------------------------------------------------------------------------ the lecture's sets
@dataclass(frozen=True, eq=False)
class Digits:
    """Some digits and what they mean; every array is read-only, so that a cell can be run twice.

    `pixels` is uint8 (N, 28, 28), 0 for paper and 255 for ink; `labels` is int64 (N,), 0 to 9.
    """

    pixels: np.ndarray
    labels: np.ndarray

    def __len__(self):
        """Return N, the number of images."""
        return len(self.labels)

    @cached_property
    def images(self):
        """The images as a Conv2D layer takes them: float32 (N, 28, 28, 1) in [0, 1]."""
        images = self.pixels[..., np.newaxis].astype(np.float32)
        images /= 255
        return _read_only(images)

    @cached_property
    def inputs(self):
        """The slides' `training_inputs`, as a Dense layer takes them: float32 (N, 784), 0 to 1."""
        return self.images.reshape(len(self), -1)

    @cached_property
    def one_hot(self):
        """The slides' `training_results`: float32 (N, 10), one 1 in each row."""
        return _read_only(one_hot(self.labels))


@dataclass(frozen=True, eq=False)
class Mnist:
    """The lecture's data set in its four parts, and where it comes from.

    `source` is "MNIST" or "generated digits"; `quick` tells whether every part is cut to a tenth.
    """

    train: Digits
    validation: Digits
    test: Digits
    reserve: Digits
    source: str = "MNIST"
    quick: bool = False

    @property
    def full_scale(self):
        """Whether this is all of the real MNIST, so that numbers measured on it must come back."""
        return self.source == "MNIST" and not self.quick

    def __repr__(self):
        """Say in one line what there is."""
        scale = " (one tenth of it: quick mode)" if self.quick else ""
        return (
            f"{self.source}{scale}: {len(self.train):,} images to train, "
            f"{len(self.validation):,} to validate, {len(self.test):,} to test, "
            f"{len(self.reserve):,} in reserve"
        )


def load_mnist(folder=None, *, source=None, quick=None):
    """Return the lecture's data set, `Mnist`.

    `source` (default: MNIST_LECTURE_SOURCE, or else "auto") says what will do:

    * "mnist": the real one, from the first place that has it. The places, in order: `folder`, or
      else what MNIST_LECTURE_DATA names (it may be read-only); the repository's `data/`;
      `~/.mnist_lecture`; Keras's own cache. In each, the four IDX files (`.gz` or not) or
      `mnist.npz` will do. Failing all, MNIST is downloaded into the first of the former three
      that can be written to.
    * "generated": digits written by `handwriting`, of the same number and kind. Nothing is looked
      for, nothing is downloaded.
    * "auto": MNIST, or generated digits where it cannot be had, which is said aloud.

    `quick` (default: whether MNIST_LECTURE_QUICK is 1) keeps the first tenth of every part.

    Raises `DataError` if "mnist" is found nowhere and no source gives it, if a file is damaged, or
    if a setting is misspelt.
    """
    # first of all: these may be misspelt, and what follows may take time
    source = _setting("MNIST_LECTURE_SOURCE", ("auto", "mnist", "generated"), source)
    if quick is None:
        quick = _setting("MNIST_LECTURE_QUICK", ("0", "1")) == "1"
    if source == "generated":
        return split(generate(), source=GENERATED, quick=quick)
    arrays = find(folder)[1]
    if arrays is None:
        try:
            arrays = download(folder)
        except DataError as error:
            if source == "mnist":
                raise
            print(f"MNIST cannot be had here: {str(error).splitlines()[0]}")
            print("These are digits drawn by a program instead. What is measured on them is NOT")
            print("what is measured on MNIST. (`mnist-lecture data` says more, and tries again.)")
            return split(generate(), source=GENERATED, quick=quick)
    return split(arrays, quick=quick)


def generate():
    """Return generated digits as if they were MNIST: a dict with the keys of `files.ARRAYS`."""
    from mnist_lecture import handwriting, progress

    arrays, step = {}, 5_000
    with progress.bar(total=70_000, desc="writing digits", unit="digit", unit_scale=True) as bar:
        for seed, (name, n) in enumerate((("train", 60_000), ("test", 10_000))):
            arrays[f"x_{name}"] = np.empty((n, 28, 28), np.uint8)
            arrays[f"y_{name}"] = np.empty(n, np.uint8)
            for start in range(0, n, step):
                images, labels = handwriting.generate(step, seed, "classroom", start=start)
                arrays[f"x_{name}"][start : start + step] = np.rint(images[..., 0] * 255)
                arrays[f"y_{name}"][start : start + step] = labels
                bar.update(step)
    return arrays


def split(arrays, *, source="MNIST", quick=False):
    """Split the official arrays (keys as in `files.ARRAYS`) into the lecture's parts, a `Mnist`."""

    def part(name, start, stop):
        length = (stop - start) // 10 if quick else stop - start
        chosen = slice(start, start + length)
        labels = arrays[f"y_{name}"][chosen].astype(np.int64)
        return Digits(_read_only(arrays[f"x_{name}"][chosen]), _read_only(labels))

    return Mnist(
        train=part("train", 0, 45_000),
        validation=part("train", 45_000, 50_000),
        test=part("test", 0, 10_000),
        reserve=part("train", 50_000, 60_000),
        source=source,
        quick=quick,
    )


def one_hot(labels, categories=10):
    """Return float32 (N, categories): row n is 1 at `labels[n]` and 0 elsewhere.

    `labels` is an array of N integers from 0 to categories − 1; anything else is a ValueError.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels are one integer per sample, not {labels.dtype} {labels.shape}")
    if labels.size and not 0 <= labels.min() <= labels.max() < categories:
        raise ValueError(
            f"labels run from 0 to {categories - 1}; these go from {labels.min()} to {labels.max()}"
        )
    return np.eye(categories, dtype=np.float32)[labels]


# --------------------------------------------------------------------------------- find and verify
def find(folder=None):
    """Return (place, arrays) of the first place that holds MNIST, or (None, None).

    `arrays` is a dict with the keys of `files.ARRAYS`, uint8, verified. Raises `DataError` if a
    file is damaged, except in Keras's cache, which is not ours to judge: it is passed over.
    """
    *own, cache = places(folder)
    for place in (*own, cache):
        try:
            arrays = files.read(place)
        except DataError:
            if place is cache:  # not ==: who names this folder as the argument wants to know
                continue
            raise
        if arrays is not None:
            return place, arrays
    return None, None


def places(folder=None):
    """Return the folders in which MNIST is looked for, in order, as a list of `Path`.

    Raises `DataError` if `folder`, or MNIST_LECTURE_DATA, names something that is no folder.
    """
    named = folder or os.environ.get("MNIST_LECTURE_DATA")
    if not named:
        return [*_own_places(), _keras_cache()]
    named = Path(named).expanduser()
    if not files.is_folder(named):
        whose = "The argument" if folder else "MNIST_LECTURE_DATA"
        raise DataError(
            f"{whose} names {named}, which is not a folder. Give the folder that holds the four "
            f"MNIST files or {files.NPZ_FILE}; an empty folder is filled by a download."
        )
    return [named, *_own_places(), _keras_cache()]


# ---------------------------------------------------------------------------------------- download
def download(folder=None, *, again=False):
    """Download MNIST into `folder`, or else the first place of `places()` that can be written to.

    Returns the verified arrays, as `find` does. No file is overwritten, and a file appears under
    its name only when it is whole and verified. Raises `DataError` if no source gives MNIST.

    That none did is remembered for ten minutes, so that a class without a network waits for it
    once and not in every notebook; with `again` it is tried all the same.
    """
    failed = Path.home() / ".mnist_lecture" / "no-download"
    if not again and time.time() - _modified(failed) < REMEMBERED:
        raise DataError(
            "a download failed a few minutes ago, so none is tried again just yet. "
            "To try at once: `mnist-lecture data`."
        )
    from mnist_lecture import download as fetching  # here: it imports requests, which takes time

    failures = []
    for place in places(folder)[:-1]:  # Keras's cache, the last, is Keras's to fill
        try:
            place.mkdir(parents=True, exist_ok=True)
            return fetching.download(place, SOURCES, files.read)
        except OSError as error:
            failures.append(f"{place} cannot be written to ({error.strerror or error})")
        except fetching.DownloadError as error:
            failures.append(str(error))
            with contextlib.suppress(OSError):  # a home that cannot be written to forgets it
                failed.parent.mkdir(exist_ok=True)
                failed.touch()
            break
    raise DataError(_not_found(folder, failures))


def _not_found(folder, failures):
    looked = "\n".join(f"  {place}: {files.state(place)}" for place in places(folder))
    tried = "\n".join(f"  {line}" for failure in failures for line in failure.splitlines())
    return (
        f"MNIST was found nowhere and could not be downloaded.\nLooked in\n{looked}\n"
        f"Tried\n{tried}\nWhat to do: connect to the network and try again, or copy the four "
        f"files {', '.join(files.IDX_FILES.values())} (or {files.NPZ_FILE}) into "
        f"{places(folder)[0]}, or set MNIST_LECTURE_SOURCE=generated."
    )


# ----------------------------------------------------------------------------------------- details
def _own_places():
    places = [Path.home() / ".mnist_lecture"]
    if files.is_folder(REPOSITORY / "notebooks"):  # a clone; beside an installed wheel is no data/
        places.insert(0, REPOSITORY / "data")
    return places


def _keras_cache():
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"


def _setting(variable, allowed, value=None):
    value = value or os.environ.get(variable) or allowed[0]
    if value not in allowed:
        raise DataError(f"{variable} is {value!r}; it may be {', '.join(allowed)}")
    return value


def _modified(path):
    try:
        return path.stat().st_mtime
    except OSError:
        return 0


def _read_only(array):
    array = array.view()
    array.flags.writeable = False
    return array
