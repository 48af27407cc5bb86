"""The files of MNIST: read in each of their usual forms, and verified by SHA-256.

A damaged or a different file is never taken for MNIST.
"""

import gzip
import hashlib
import math
import os
import zipfile
from pathlib import Path

from mnist_lecture import LectureError

import numpy as np

IDX_FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
NPZ_FILE = "mnist.npz"

# Shape of each array, and SHA-256 of its bytes (uint8, C order).
ARRAYS = {
    "x_train": (
        (60000, 28, 28),
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}

# Path.is_file and Path.is_dir raise PermissionError inside a forbidden folder; these return False.
is_file, is_folder = os.path.isfile, os.path.isdir


class DataError(LectureError):
    """MNIST is not available; the message says what was found, where, and what to do."""


def missing(folder):
    """Return the names of the IDX files that `folder` lacks (`.gz` or not), a list of strings."""
    return [name for name in IDX_FILES.values() if _idx_path(folder, name) is None]


def read(folder):
    """Return the verified arrays in `folder`, or None if it holds no complete set.

    The IDX files come first, then `mnist.npz`. Raises `DataError` if what is complete is not MNIST.
    """
    damage = None
    for reader in (_read_idx_files, _read_npz):
        try:
            if (arrays := reader(Path(folder))) is not None:
                return arrays
        except DataError as error:  # the other form may still be good
            damage = damage or error
    if damage:
        raise damage
    return None


def _read_idx_files(folder):
    if missing(folder):
        return None
    return {key: read_idx(_idx_path(folder, name), key) for key, name in IDX_FILES.items()}


def read_idx(path, key):
    """Return array `key` of `ARRAYS` from an IDX file, gzipped if its name ends in .gz.

    The format: two zero bytes, the type (8 for uint8), the number of axes, their lengths as
    big-endian 32-bit numbers, the values. Raises `DataError` if the array is not MNIST's.
    """
    shape, _ = ARRAYS[key]
    header = bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            # One byte more than expected reveals a longer file, and makes gzip check its checksum.
            content = file.read(len(header) + math.prod(shape) + 1)
    except Exception as error:  # damaged gzip data raises many different classes
        raise _damaged(path, f"it cannot be read ({error})") from error
    if content[: len(header)] != header:
        raise _damaged(path, f"its header is not that of {_text(shape)} bytes")
    values = np.frombuffer(content, np.uint8, offset=len(header))
    if values.size != math.prod(shape):
        raise _damaged(path, f"it is too {'short' if values.size < math.prod(shape) else 'long'}")
    return _verified(values.reshape(shape), key, path)


def _read_npz(folder):
    path, arrays = folder / NPZ_FILE, {}
    if not is_file(path):
        return None
    try:
        # Not np.load: it takes everything but a zip archive for a pickle, and advises to load that.
        with zipfile.ZipFile(path) as archive:
            for key in ARRAYS:
                with archive.open(f"{key}.npy") as file:
                    arrays[key] = np.lib.format.read_array(file, allow_pickle=False)
    except Exception as error:  # as for gzip, there are many classes
        raise _damaged(path, f"it cannot be read ({error})") from error
    return {key: _verified(array, key, path) for key, array in arrays.items()}


def _verified(array, key, path):
    shape, digest = ARRAYS[key]
    if array.dtype != np.uint8 or array.shape != shape:
        found = f"{array.dtype} {_text(array.shape)}"
        raise _damaged(path, f"its {key} is {found} instead of uint8 {_text(shape)}")
    array = np.ascontiguousarray(array)  # an npz may hold it in Fortran order
    if hashlib.sha256(array).hexdigest() != digest:
        raise _damaged(path, f"the SHA-256 of its {key} differs from that of MNIST")
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
    """Return in words what of MNIST is in the folder `place`."""
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
    paths = Path(folder, name), Path(folder, name.removesuffix(".gz"))
    return next(filter(is_file, paths), None)


def _text(shape):
    return " × ".join(f"{n:,}" for n in shape)
