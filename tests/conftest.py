"""What several tests need: a toy MNIST, empty places to find it in, and, if given, the real MNIST.

The toy MNIST is 60 + 10 random images. It shares with MNIST only the keys, the two forms of files
and the size of an image; `mnist_files.ARRAYS` is replaced by its shapes and digests.
"""

import gzip
import hashlib
import io
import os
from pathlib import Path
from types import SimpleNamespace

from mnist_lecture import data, mnist_files

import numpy as np
import pytest

TOGETHER = ("test_convolution.py", "test_data.py", "test_handwriting.py", "test_package.py")
TOGETHER += ("test_wheel.py",)
REAL = os.environ.get("MNIST_LECTURE_DATA")  # read now: the tests take it out of the environment


class Toy:
    """The toy MNIST: its `arrays`, their `facts` as in `mnist_files.ARRAYS`, and its `files`."""

    def __init__(self):
        random = np.random.default_rng(5)
        self.arrays = {
            "x_train": (random.random((60, 28, 28)) < 0.05).astype(np.uint8) * np.uint8(255),
            "y_train": random.integers(0, 10, 60).astype(np.uint8),
            "x_test": (random.random((10, 28, 28)) < 0.05).astype(np.uint8) * np.uint8(255),
            "y_test": random.integers(0, 10, 10).astype(np.uint8),
        }
        self.facts = {
            key: (array.shape, hashlib.sha256(array).hexdigest())
            for key, array in self.arrays.items()
        }
        self.idx_files = {
            name: gzip.compress(self.idx(self.arrays[key]))
            for key, name in mnist_files.IDX_FILES.items()
        }
        self.files = {**self.idx_files, mnist_files.NPZ_FILE: self.npz(self.arrays)}

    @staticmethod
    def idx(array):
        """Return the bytes of an IDX file that holds a uint8 array."""
        axes = b"".join(n.to_bytes(4, "big") for n in array.shape)
        return bytes([0, 0, 8, array.ndim]) + axes + array.tobytes()

    @staticmethod
    def npz(arrays):
        """Return the bytes of an npz file that holds these arrays."""
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    def save(self, folder, *names):
        """Write the files `names` into `folder`, which is created if necessary."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            Path(folder, name).write_bytes(self.files[name])

    def is_in(self, arrays):
        """Return whether `arrays` equals the toy's arrays: the same keys, values and type."""
        return arrays.keys() == self.arrays.keys() and all(
            arrays[key].dtype == np.uint8 and np.array_equal(arrays[key], self.arrays[key])
            for key in self.arrays
        )


@pytest.fixture(scope="session")
def toy():
    return Toy()


@pytest.fixture
def world(toy, tmp_path, monkeypatch):
    """The places in which MNIST is looked for, none created yet; no settings, no sources."""
    for name in [*os.environ]:
        if name.startswith("MNIST_LECTURE_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))  # what Windows calls it
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("MNIST_LECTURE_SOURCE", "mnist")  # no generated digits
    monkeypatch.setattr(data, "REPOSITORY", tmp_path / "clone")
    monkeypatch.setattr(mnist_files, "ARRAYS", toy.facts)
    monkeypatch.setattr(data, "SOURCES", ())
    (tmp_path / "clone" / "notebooks").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    return SimpleNamespace(
        named=tmp_path / "named",
        clone=tmp_path / "clone" / "data",
        home=tmp_path / "home" / ".mnist_lecture",
        keras=tmp_path / "home" / ".keras" / "datasets",
    )


@pytest.fixture(scope="session")
def real_mnist():
    """The real MNIST, all of it."""
    if not REAL:
        pytest.skip("needs the real MNIST: set MNIST_LECTURE_DATA to the folder that holds it")
    arrays = mnist_files.read(REAL)
    assert arrays is not None, f"MNIST_LECTURE_DATA names {REAL}, which holds no MNIST"
    return data.split(arrays)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the marks
def pytest_collection_modifyitems(items):
    """Let one process run the tests that share what takes seconds to make."""
    for item in items:
        if item.path.name in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture
def snapshot():
    """A function that returns all that is in a folder: names, modification times, contents."""

    def look(folder):
        return {
            path.relative_to(folder): (
                path.stat().st_mtime_ns,
                path.read_bytes() if path.is_file() else None,
            )
            for path in [folder, *folder.rglob("*")]
        }

    return look
