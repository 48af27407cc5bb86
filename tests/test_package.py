"""The walls of the house: what may import what, and what must not cost seconds."""

import ast
import importlib.util
import subprocess
import sys

import mnist_lecture
from mnist_lecture.data import REPOSITORY

import pytest

# Arrows that may be drawn between the modules: each imports these, and no others.
ARROWS = {
    "__init__": {"quiet"},
    "__main__": {
        "data",
        "experiments",
        "figures",
        "files",
        "kept",
        "pages",
        "plots",
        "progress",
        "records",
        "runner",
        "scoreboard",
    },
    "augmentation": set(),
    "batches": set(),
    "data": {"download", "files", "handwriting", "progress"},
    "download": {"progress"},
    "exercises": set(),
    "experiments": {
        "augmentation",
        "batches",
        "data",
        "handwriting",
        "models",
        "progress",
        "records",
    },
    "figures": {"data", "kept", "plots", "records", "runner"},
    "files": set(),
    "handwriting": set(),
    "kept": {"records"},
    "models": set(),
    "pages": set(),
    "plots": set(),
    "progress": set(),
    "quiet": set(),
    "records": {"data", "files"},
    "runner": {"data", "progress", "records"},
    "scoreboard": {"data", "records"},
}
PACKAGE = REPOSITORY / "mnist_lecture"


def imported(path):
    """Return the names of our modules that the source at `path` imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "mnist_lecture":
            names |= {alias.name for alias in node.names if not alias.name.startswith("__")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mnist_lecture."):
            names.add(node.module.split(".")[1])
    return names


def test_every_module_has_its_place():
    assert {path.stem for path in PACKAGE.glob("*.py")} == set(ARROWS)


@pytest.mark.parametrize("module", ARROWS)
def test_arrows_go_one_way(module):
    assert imported(PACKAGE / f"{module}.py") <= ARROWS[module]


@pytest.mark.parametrize("module", sorted(set(ARROWS) - {"batches", "experiments", "models"}))
def test_light_modules_do_not_import_tensorflow(module):
    heavy = "{'tensorflow', 'keras', 'torch', 'jax'}"
    code = f"import sys, mnist_lecture.{module}; print(*{heavy} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == ""


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_tensorflow_loads_in_silence():
    result = run("import mnist_lecture, tensorflow, sys; print('news', file=sys.stderr)")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "news\n")


def test_in_silence_errors_are_heard(tmp_path):
    (tmp_path / "broken.py").write_text("import os, sys\nos.write(2, b'noise')\n1 / 0")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from mnist_lecture import quiet;"
    result = run(code + "sys.meta_path.insert(0, quiet.Import('broken')); import broken")
    assert "ZeroDivisionError" in result.stderr
    assert "noise" not in result.stderr
    code = (
        "import sys; from mnist_lecture import quiet; sys.meta_path.insert(0, quiet.Import('x1'))"
    )
    assert "No module named 'x1'" in run(code + "; import x1").stderr


def test_data_needs_nothing_but_numpy_until_it_downloads():
    code = "import sys, mnist_lecture.data; print('requests' in sys.modules, 'tqdm' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "benchmarks").glob("*.py")), ids=lambda p: p.stem
)
def test_benchmarks_start(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def test_version_is_that_of_the_installed_package():
    from importlib.metadata import version

    assert mnist_lecture.__version__ == version("mnist-lecture")
