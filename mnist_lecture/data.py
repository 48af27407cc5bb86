"""MNIST: found, verified, if need be downloaded, and split as in the lecture.

The split is the lecture's own (slide "How to honestly assess the quality during training"): of
the 60,000 official training images the first 50,000 are used, 45,000 of them to train and the
last 5,000 to validate; the 10,000 official test images test. The 10,000 training images that the
lecture leaves aside are the reserve, which stays unopened until the last notebook.

Data set: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits"
(CC BY-SA 3.0); Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Proc. IEEE 86, 2278 (1998).
"""

import gzip
import hashlib
import math
import os
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

IDX_FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
NPZ_FILE = "mnist.npz"
SOURCES = (
    ("https://storage.googleapis.com/tensorflow/tf-keras-datasets/", (NPZ_FILE,)),
    ("https://storage.googleapis.com/cvdf-datasets/mnist/", tuple(IDX_FILES.values())),
    ("https://ossci-datasets.s3.amazonaws.com/mnist/", tuple(IDX_FILES.values())),
)

# Shape and SHA-256 of the bytes (uint8, C order) of each array, whatever file it came in.
ARRAYS = {
    "x_train": (
        (60000, 28, 28),
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": (
        (10000, 28, 28),
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}

REPOSITORY = Path(__file__).resolve().parents[1]


class DataError(Exception):
    """MNIST could not be had; the message says what was found, where, and what to do."""


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

    `source` is "MNIST"; `quick` tells whether every part is cut to a tenth of its size.
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


def load_mnist(folder=None, *, quick=None):
    """Return the lecture's data set, `Mnist`, from the first place that has it.

    The places, in order: `folder`, or else the environment variable MNIST_LECTURE_DATA (it may be
    read-only); the repository's `data/`; `~/.mnist_lecture`; Keras's own cache. In each, the four
    IDX files (`.gz` or not) or `mnist.npz` will do. Failing all, MNIST is downloaded into the
    first of the former three that can be written to.

    `quick` (default: whether MNIST_LECTURE_QUICK is 1) keeps the first tenth of every part.

    Raises `DataError` if no place has MNIST and no source gives it, or if a file is damaged.
    """
    quick = _quick_from_environment() if quick is None else quick  # first: it may be misspelt
    arrays = find(folder)[1] or download(folder)
    return split(arrays, quick=quick)


def split(arrays, *, source="MNIST", quick=False):
    """Split the four official arrays (keys as in `ARRAYS`) into the lecture's parts, a `Mnist`."""

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

    `arrays` is a dict with the keys of `ARRAYS`, uint8, verified. Raises `DataError` if a file is
    damaged, except in Keras's cache, which is not ours to judge: it is passed over.
    """
    *own, cache = places(folder)
    for place in (*own, cache):
        try:
            arrays = read(place)
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
    if not _is_folder(named):
        whose = "The argument" if folder else "MNIST_LECTURE_DATA"
        raise DataError(
            f"{whose} names {named}, which is not a folder. Give the folder that holds the four "
            f"MNIST files or {NPZ_FILE}; an empty folder is filled by a download."
        )
    return [named, *_own_places(), _keras_cache()]


def missing(folder):
    """Return the names of the IDX files that `folder` lacks (`.gz` or not), a list of strings."""
    return [name for name in IDX_FILES.values() if _idx_path(folder, name) is None]


def read(folder):
    """Return the verified arrays that `folder` holds, or None if it holds no complete set.

    The four IDX files come first, then `mnist.npz`. Raises `DataError` if what is complete there
    is not MNIST to the last bit.
    """
    folder = Path(folder)
    damage = None
    for complete, reader in (
        (not missing(folder), _read_idx_files),
        (_is_file(folder / NPZ_FILE), _read_npz),
    ):
        if complete:
            try:
                return reader(folder)
            except DataError as error:  # the other container beside it may still be good
                damage = damage or error
    if damage:
        raise damage
    return None


def _read_idx_files(folder):
    return {key: read_idx(_idx_path(folder, name), key) for key, name in IDX_FILES.items()}


def read_idx(path, key):
    """Return array `key` of `ARRAYS` from an IDX file, gzipped if its name ends in .gz.

    The format: two zero bytes, the type (8 for uint8), the number of axes, each axis as a
    big-endian 32-bit number, then the values. Raises `DataError` unless the array is MNIST's.
    """
    shape, _ = ARRAYS[key]
    header = bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            # one byte more than there should be: tells a longer file, and makes gzip check its sum
            content = file.read(len(header) + math.prod(shape) + 1)
    except Exception as error:  # a damaged gzip stream raises half a dozen different classes
        raise _damaged(path, f"it cannot be read ({error})") from error
    if content[: len(header)] != header:
        raise _damaged(path, f"it does not begin as an IDX file of {_text(shape)} bytes does")
    values = np.frombuffer(content, np.uint8, offset=len(header))
    if values.size != math.prod(shape):
        raise _damaged(path, f"it is too {'short' if values.size < math.prod(shape) else 'long'}")
    return _verified(values.reshape(shape), key, path)


def _read_npz(folder):
    path, arrays = folder / NPZ_FILE, {}
    try:
        # not np.load, which takes whatever is no zip archive for a pickle, and says so
        with zipfile.ZipFile(path) as archive:
            for key in ARRAYS:
                with archive.open(f"{key}.npy") as file:
                    arrays[key] = np.lib.format.read_array(file, allow_pickle=False)
    except Exception as error:  # as for gzip: zip, zlib and npy have a dozen classes between them
        raise _damaged(path, f"it cannot be read ({error})") from error
    return {key: _verified(array, key, path) for key, array in arrays.items()}


def _verified(array, key, path):
    shape, digest = ARRAYS[key]
    if array.dtype != np.uint8 or array.shape != shape:
        found = f"{array.dtype} {_text(array.shape)}"
        raise _damaged(path, f"its {key} is {found} instead of uint8 {_text(shape)}")
    array = np.ascontiguousarray(array)  # an npz may hold it in Fortran's order
    if hashlib.sha256(array).hexdigest() != digest:
        raise _damaged(path, f"its {key} is not MNIST's: the SHA-256 of the values differs")
    return array


def _damaged(path, what):
    try:
        with path.open("rb") as file:
            page = file.read(256).lstrip().startswith(b"<")
    except OSError:
        page = False
    looks = " It looks like a web page that was saved under this name." if page else ""
    return DataError(
        f"{path} is not the MNIST file of that name: {what}.{looks} "
        "Move it away and run `mnist-lecture data`, which downloads a good one."
    )


# ---------------------------------------------------------------------------------------- download
def download(folder=None):
    """Download MNIST into `folder`, or else the first place of `places()` that can be written to.

    Returns the verified arrays, as `find` does. No file is overwritten, and a file appears under
    its name only when it is whole and verified. Raises `DataError` if no source gives MNIST.
    """
    from mnist_lecture import download as fetching  # here: it imports requests, which takes time

    failures = []
    for place in places(folder)[:-1]:  # Keras's cache, the last, is Keras's to fill
        try:
            place.mkdir(parents=True, exist_ok=True)
            return fetching.download(place, SOURCES, read)
        except OSError as error:
            failures.append(f"{place} cannot be written to ({error.strerror or error})")
        except fetching.DownloadError as error:
            failures.append(str(error))
            break
    raise DataError(_not_found(folder, failures))


def _not_found(folder, failures):
    looked = "\n".join(f"  {place}: {state(place)}" for place in places(folder))
    tried = "\n".join(f"  {line}" for failure in failures for line in failure.splitlines())
    return (
        f"MNIST was found nowhere and could not be downloaded.\nLooked in\n{looked}\n"
        f"Tried\n{tried}\nWhat to do: connect to the network and try again, or copy the four "
        f"files {', '.join(IDX_FILES.values())} (or {NPZ_FILE}) into {places(folder)[0]}."
    )


def state(place):
    """Return what of MNIST is in the folder `place`, in words."""
    if not _is_folder(place):
        return "no such folder"
    try:
        if read(place) is not None:
            return "MNIST, verified by SHA-256"
    except DataError as error:
        return f"damaged: {error}"
    absent = missing(place)
    return "no MNIST" if len(absent) == len(IDX_FILES) else f"lacks {', '.join(absent)}"


# ----------------------------------------------------------------------------------------- details
def _own_places():
    places = [Path.home() / ".mnist_lecture"]
    if _is_folder(REPOSITORY / "notebooks"):  # a clone; beside an installed wheel is no data/
        places.insert(0, REPOSITORY / "data")
    return places


def _keras_cache():
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"


def _idx_path(folder, name):
    for candidate in (Path(folder) / name, Path(folder) / name.removesuffix(".gz")):
        if _is_file(candidate):
            return candidate
    return None


# Path.is_file and Path.is_dir raise PermissionError where one may not look; these say no.
def _is_file(path):
    return os.path.isfile(path)  # noqa: PTH113


def _is_folder(path):
    return os.path.isdir(path)  # noqa: PTH112


def _quick_from_environment():
    value = os.environ.get("MNIST_LECTURE_QUICK", "")
    if value not in ("", "0", "1"):
        raise DataError(f"MNIST_LECTURE_QUICK is {value!r}: set it to 1 for quick mode, or to 0")
    return value == "1"


def _read_only(array):
    array = array.view()
    array.flags.writeable = False
    return array


def _text(shape):
    return " × ".join(f"{n:,}" for n in shape)
