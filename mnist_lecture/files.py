"""The files of MNIST: read in each of their usual forms, and verified to the last bit.

What is decoded is compared with the published data set by SHA-256, whatever file it came in, so
that a damaged or a different file is never taken for MNIST.
"""

import gzip
import hashlib
import math
import os
import zipfile
from pathlib import Path

import numpy as np

IDX_FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
NPZ_FILE = "mnist.npz"

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


class DataError(Exception):
    """MNIST could not be had; the message says what was found, where, and what to do."""


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
        (is_file(folder / NPZ_FILE), _read_npz),
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


def state(place):
    """Return what of MNIST is in the folder `place`, in words."""
    if not is_folder(place):
        return "no such folder"
    try:
        if read(place) is not None:
            return "MNIST, verified by SHA-256"
    except DataError as error:
        return f"damaged: {error}"
    absent = missing(place)
    return "no MNIST" if len(absent) == len(IDX_FILES) else f"lacks {', '.join(absent)}"


def _idx_path(folder, name):
    for candidate in (Path(folder) / name, Path(folder) / name.removesuffix(".gz")):
        if is_file(candidate):
            return candidate
    return None


# Path.is_file and Path.is_dir raise PermissionError where one may not look; these say no.
def is_file(path):
    """Return whether `path` is a file that one may look at."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path):
    """Return whether `path` is a folder that one may look into."""
    return os.path.isdir(path)  # noqa: PTH112


def _text(shape):
    return " × ".join(f"{n:,}" for n in shape)
