"""MNIST: found, verified, downloaded if necessary, and split as in the lecture.

The split (slide "How to honestly assess the quality during training"): of the 60,000 official
training images the first 45,000 train and the next 5,000 validate; the 10,000 official test images
test. The lecture does not use the last 10,000 training images: they are the reserve.

Data set: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits"
(CC BY-SA 3.0); Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Proc. IEEE 86, 2278 (1998).
"""

import contextlib
import os
import time
import weakref
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mnist_lecture import mnist_files
from mnist_lecture.mnist_files import DataError

import numpy as np

SOURCES = (
    ("https://storage.googleapis.com/tensorflow/tf-keras-datasets/", (mnist_files.NPZ_FILE,)),
    ("https://storage.googleapis.com/cvdf-datasets/mnist/", tuple(mnist_files.IDX_FILES.values())),
    ("https://ossci-datasets.s3.amazonaws.com/mnist/", tuple(mnist_files.IDX_FILES.values())),
)

PARTS = {  # of the lecture's split: the official set, and where in it each begins and ends
    "train": ("train", 0, 45_000),
    "validation": ("train", 45_000, 50_000),
    "test": ("test", 0, 10_000),
    "reserve": ("train", 50_000, 60_000),
}
GENERATED = "generated digits"  # the source of `Mnist` if it is not MNIST
REMEMBERED = 600  # seconds after a failed download before the next attempt


CARRIED = Path(__file__).resolve().parent / "carried"  # in a wheel only; setup.py fills it


def _repository():
    """Return the clone that holds this package, or else the notebook; or what the wheel carries.

    A folder of notebooks that a student has made is no clone.
    """
    here = Path(__file__).resolve().parents[1]
    signs = ("pyproject.toml", "notebooks/02_softmax.ipynb")
    places = (here, Path(), Path(".."))
    clones = (place for place in places if all((place / sign).is_file() for sign in signs))
    return next(clones, CARRIED).resolve()


REPOSITORY = _repository()  # its notebooks/ and results/; only a clone has data/


@dataclass(frozen=True, eq=False)
class Digits:
    """Images of digits and their labels. All arrays are read-only, so that a cell can be run twice.

    `pixels` is uint8 (N, 28, 28), 0 for paper and 255 for ink; `labels` is int64 (N,), 0 to 9.
    """

    pixels: np.ndarray
    labels: np.ndarray

    def __len__(self):
        """Return N, the number of images."""
        return len(self.labels)

    def __getitem__(self, chosen):
        """Return some of these digits: `chosen` is a slice, or an array of indices or of booleans.

        Raises `TypeError` for a single index: that would be an image, and no longer digits.
        """
        labels = self.labels[chosen]
        if labels.ndim != 1:
            raise TypeError(
                f"choose digits by a slice or an array, such as [{chosen}:], not by one"
            )
        return Digits(_read_only(self.pixels[chosen]), _read_only(labels))

    @property
    def images(self):
        """The images for a Conv2D layer, float32 (N, 28, 28, 1) in [0, 1].

        They take four times the memory of `pixels`. So they are kept as long as anyone uses them,
        and made again for whoever asks later.
        """
        images = self.__dict__.get("_images", lambda: None)()
        if images is None:
            images = floats(self.pixels[..., np.newaxis])
            images.flags.writeable = False
            self.__dict__["_images"] = weakref.ref(images)
        return images

    @property
    def inputs(self):
        """The slides' `training_inputs`, for a Dense layer: float32 (N, 784) in [0, 1]."""
        return self.images.reshape(len(self), -1)

    @cached_property
    def one_hot(self):
        """The slides' `training_results`: float32 (N, 10), one 1 in each row."""
        return _read_only(one_hot(self.labels))


@dataclass(frozen=True, eq=False)
class Mnist:
    """The lecture's data set in its four parts; if `quick`, there is only a tenth of each."""

    train: Digits
    validation: Digits
    test: Digits
    reserve: Digits
    source: str = "MNIST"  # or GENERATED
    quick: bool = False

    @property
    def full_scale(self):
        """Whether this is all of the real MNIST, so that results must agree with recorded ones."""
        return self.source == "MNIST" and not self.quick

    def __repr__(self):
        """Return the source and the sizes of the parts in one line."""
        scale = " (one tenth of it: quick mode)" if self.quick else ""
        return (
            f"{self.source}{scale}: {len(self.train):,} images to train, "
            f"{len(self.validation):,} to validate, {len(self.test):,} to test, "
            f"{len(self.reserve):,} in reserve"
        )


def load_mnist(folder=None, *, source=None, quick=None):
    """Return the lecture's data set, `Mnist`.

    `source` (default: MNIST_LECTURE_SOURCE, or else "auto") is one of these:

    * "mnist": the real data set, as the four IDX files (`.gz` or not) or `mnist.npz`, from the
      first of these places that holds it: `folder`, or else the folder that MNIST_LECTURE_DATA
      names; `data/` in the repository; `~/.mnist_lecture`; Keras's cache. If none does, MNIST is
      downloaded into the first of them that can be written to, except Keras's cache.
    * "generated": as many digits drawn by `handwriting`, without looking for MNIST.
    * "auto": MNIST if it is found or can be downloaded, else, with a message, generated digits.

    `quick` (default: whether MNIST_LECTURE_QUICK is 1) keeps the first tenth of each part.

    Raises `DataError` if a file is damaged or a setting invalid, or if there is no "mnist".
    """
    source = _setting("MNIST_LECTURE_SOURCE", ("auto", "mnist", "generated"), source)
    if quick is None:
        quick = _setting("MNIST_LECTURE_QUICK", ("0", "1")) == "1"
    if source != "generated":
        arrays = find(folder)[1]
        try:
            return split(arrays or download(folder), quick=quick)
        except DataError as error:
            if source == "mnist":
                raise
            print(str(error).splitlines()[0])
            print("Digits drawn by a program are used instead. Results on them are NOT results on")
            print("MNIST. (For details, and to try again at once: `mnist-lecture data`.)")
    return split(generate(quick), source=GENERATED, quick=quick)


def generate(quick=False):
    """Return generated digits in the shapes and with the keys of `mnist_files.ARRAYS`, uint8.

    If `quick`, only those are drawn that `split` then keeps; the others stay blank.
    """
    from mnist_lecture import handwriting, progress

    sizes, step = {"train": 60_000, "test": 10_000}, 5_000
    arrays = {f"x_{name}": np.zeros((n, 28, 28), np.uint8) for name, n in sizes.items()}
    arrays |= {f"y_{name}": np.zeros(n, np.uint8) for name, n in sizes.items()}
    kept = [(name, _kept(start, stop, quick)) for name, start, stop in PARTS.values()]
    total = sum(k.stop - k.start for _, k in kept)
    with progress.bar(total=total, desc="drawing digits", unit="digit", unit_scale=True) as bar:
        for name, where in kept:
            for start in range(where.start, where.stop, step):
                n = min(step, where.stop - start)
                drawn = handwriting.generate(n, list(sizes).index(name), "classroom", start=start)
                arrays[f"x_{name}"][start : start + n] = np.rint(drawn[0][..., 0] * 255)
                arrays[f"y_{name}"][start : start + n] = drawn[1]
                bar.update(n)
    return arrays


def split(arrays, *, source="MNIST", quick=False):
    """Split the official `arrays`, with the keys of `mnist_files.ARRAYS`, into an `Mnist`."""
    parts = {}
    for part, (name, start, stop) in PARTS.items():
        kept = _kept(start, stop, quick)
        labels = arrays[f"y_{name}"][kept].astype(np.int64)
        parts[part] = Digits(_read_only(arrays[f"x_{name}"][kept]), _read_only(labels))
    return Mnist(**parts, source=source, quick=quick)


def _kept(start, stop, quick):
    return slice(start, start + (stop - start) // 10 if quick else stop)


def floats(images):
    """Return `images` in [0, 1]: gray values, uint8 up to 255, as float32; floats as they are.

    What uses a portion of the images at a time calls this for the portion alone, since all of MNIST
    as floats takes four times the memory of its gray values.
    """
    images = np.asarray(images)
    return np.divide(images, 255, dtype=np.float32) if images.dtype == np.uint8 else images


def one_hot(labels, categories=10):
    """Return float32 (N, categories): row n is 1 at `labels[n]` and 0 elsewhere.

    Raises `ValueError` unless `labels` holds N integers from 0 to categories − 1.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels must be integers (N,), not {labels.dtype} {labels.shape}")
    if labels.size and not 0 <= labels.min() <= labels.max() < categories:
        raise ValueError(f"labels must be 0 to {categories - 1}, not {np.unique(labels)}")
    return np.eye(categories, dtype=np.float32)[labels]


def find(folder=None):
    """Return (place, arrays) of the first place that holds MNIST, or (None, None).

    `arrays` are as from `mnist_files.read`. Raises `DataError` for a damaged file of one's own.
    """
    every = places(folder)
    for place in every:
        try:
            if (arrays := mnist_files.read(place)) is not None:
                return place, arrays
        except DataError:
            if place is not every[-1]:  # by identity: `folder` may name the cache, too
                raise
    return None, None


def places(folder=None):
    """Return the folders in which MNIST is looked for, in order, as a list of `Path`.

    Raises `DataError` if `folder`, or else MNIST_LECTURE_DATA, does not name a folder.
    """
    keras_home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    found = [Path.home() / ".mnist_lecture", keras_home / "datasets"]
    if REPOSITORY != CARRIED:  # a clone
        found.insert(0, REPOSITORY / "data")
    if named := folder or os.environ.get("MNIST_LECTURE_DATA"):
        found.insert(0, Path(named).expanduser())
        if not mnist_files.is_folder(found[0]):
            whose = "The argument" if folder else "MNIST_LECTURE_DATA"
            raise DataError(
                f"{whose} names {found[0]}, which is not a folder. Name the folder that holds the "
                f"four MNIST files or {mnist_files.NPZ_FILE}, or an empty one for a download."
            )
    return found


def download(folder=None, *, again=False):
    """Download MNIST into the first of `places(folder)` that can be written to; return its arrays.

    No file is overwritten, and a file appears under its name only when it is complete and verified.
    Raises `DataError` if no source delivers MNIST. After that there is no other attempt for ten
    minutes, unless `again`: a class without a network waits once and not in every notebook.
    """
    failed = Path.home() / ".mnist_lecture" / "no-download"
    with contextlib.suppress(OSError):  # no failure is recorded
        if not again and time.time() - failed.stat().st_mtime < REMEMBERED:
            raise DataError(
                "A download of MNIST failed a few minutes ago. "
                "To try again at once, run `mnist-lecture data`."
            )
    from mnist_lecture import download as fetching  # here: it imports requests, which takes time

    failures = []
    for place in places(folder)[:-1]:
        try:
            place.mkdir(parents=True, exist_ok=True)
            return fetching.download(place, SOURCES, mnist_files.read)
        except OSError as error:
            failures.append(f"{place} cannot be written to ({error.strerror or error})")
        except fetching.DownloadError as error:
            failures.append(str(error))
            with contextlib.suppress(OSError):  # in a read-only home it is not recorded
                failed.parent.mkdir(exist_ok=True)
                failed.touch()
            break
    raise DataError(_not_found(folder, failures))


def _not_found(folder, failures):
    looked = "\n".join(f"  {place}: {mnist_files.state(place)}" for place in places(folder))
    tried = "\n".join(f"  {line}" for failure in failures for line in failure.splitlines())
    return (
        f"MNIST was found nowhere and could not be downloaded.\nLooked in\n{looked}\n"
        f"Tried\n{tried}\nWhat to do: connect to the network and try again, or copy the four "
        f"files {', '.join(mnist_files.IDX_FILES.values())} (or {mnist_files.NPZ_FILE}) into "
        f"{places(folder)[0]}, or set MNIST_LECTURE_SOURCE=generated."
    )


def _setting(variable, allowed, value=None):
    value = value or os.environ.get(variable) or allowed[0]
    if value not in allowed:
        raise DataError(f"{variable} is {value!r}; it must be one of {', '.join(allowed)}")
    return value


def _read_only(array):
    array = array.view()
    array.flags.writeable = False
    return array
