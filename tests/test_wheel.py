"""The wheel carries what a student needs: clean notebooks, and what they read. About 15 seconds."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile

from mnist_lecture import exercises
from mnist_lecture.data import REPOSITORY

import pytest

LARGEST = 600_000  # bytes of all notebooks in it
BUILD = "from setuptools import build_meta; build_meta.build_{}({!r})"
CARRIED = "mnist_lecture/carried/"


def build(what, source, folder):
    """Build the "wheel" or the "sdist" of the clone in `source`; return the path of the file."""
    command = [sys.executable, "-c", BUILD.format(what, str(folder))]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Build both from a copy of what belongs to the repository; return their paths."""
    setuptools = pytest.importorskip("setuptools", "77", reason="needs the extra test")
    assert setuptools
    folder = tmp_path_factory.mktemp("built")
    unwanted = ("build", "data", ".*", "*.egg-info", "tests", "__pycache__")
    clone = shutil.copytree(REPOSITORY, folder / "clone", ignore=shutil.ignore_patterns(*unwanted))
    (clone / "notebooks" / "Untitled.ipynb").write_text("{}")
    (clone / "build" / "lib" / CARRIED / "notebooks").mkdir(parents=True)  # of an earlier build
    (clone / "build" / "lib" / CARRIED / "notebooks" / "13_old.ipynb").write_text("{}")
    for name in ("wheel", "sdist", "again"):
        (folder / name).mkdir()
    sdist = build("sdist", clone, folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    return build("wheel", clone, folder / "wheel"), build("wheel", unpacked, folder / "again")


@pytest.fixture(scope="session")
def wheel(built):
    return zipfile.ZipFile(io.BytesIO(built[0].read_bytes()))


def test_it_carries_notebooks_and_records_and_no_more(wheel):
    carried = {name for name in wheel.namelist() if name.startswith(CARRIED)}
    patterns = ("notebooks/[0-9]*.ipynb", "notebooks/solutions/[0-9]*.ipynb")
    patterns += ("results/*.json", "results/networks/*.npz")
    wanted = [path for pattern in patterns for path in REPOSITORY.glob(pattern)]
    assert carried == {CARRIED + path.relative_to(REPOSITORY).as_posix() for path in wanted}


def test_the_notebooks_are_clean_and_small(wheel):
    notebooks = [file for file in wheel.infolist() if file.filename.endswith(".ipynb")]
    assert sum(file.file_size for file in notebooks) < LARGEST
    for file in notebooks:
        content = wheel.read(file).decode()
        assert '"outputs":[]' in content
        for trace in ("image/png", '"output_type"', exercises.TRACE):
            assert trace not in content


def test_the_records_are_the_same_to_the_byte(wheel):
    for name in wheel.namelist():
        if name.startswith(f"{CARRIED}results/"):
            assert wheel.read(name) == (REPOSITORY / name.removeprefix(CARRIED)).read_bytes()


def test_the_source_distribution_gives_the_same_wheel(wheel, built):
    again = zipfile.ZipFile(built[1])
    assert again.namelist() == wheel.namelist()
    assert all(again.read(name) == wheel.read(name) for name in wheel.namelist())


def test_without_a_clone_the_notebooks_come_from_it(wheel, tmp_path):
    wheel.extractall(tmp_path / "site")
    code = f"""
from mnist_lecture import data, results
from mnist_lecture.workshop.__main__ import main
assert data.REPOSITORY == data.CARRIED
assert len(results.errors("slide")) == 5
assert len(list(results.RESULTS.glob("*.json"))) == {len([*REPOSITORY.glob("results/*.json")])}
assert not any("carried" in str(place) for place in data.places())
assert main(["start"]) == 0
assert main(["start"]) == 0
assert main(["figures"]) == 1
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("mnist_notebooks: nothing new\n")
    assert "needs a clone of the repository" in result.stderr
    assert len([*(tmp_path / "mnist_notebooks").rglob("*.ipynb")]) == 24
