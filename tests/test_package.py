"""The structure of the package: what may import what, and what must not cost seconds."""

import ast
import graphlib
import importlib.util
import os
import shutil
import subprocess
import sys

import mnist_lecture
from mnist_lecture import startup
from mnist_lecture.data import REPOSITORY

import pytest

PACKAGE = REPOSITORY / "mnist_lecture"
TENSORFLOW = {"batches", "models", "workshop.experiments", "workshop.recipes"}  # may import it


def modules(package):
    """Return the path of each module, by its name within the package ("data", "plots.axes")."""
    paths = sorted(package.rglob("*.py"))
    names = (".".join(path.relative_to(package).with_suffix("").parts) for path in paths)
    return {
        name.removesuffix("__init__").rstrip("."): p for name, p in zip(names, paths, strict=True)
    }


def imports(path, known):
    """Return which of the `known` modules of ours the source at `path` imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if _within(name) in known else node.module or "" for name in names}
    return {_within(name) for name in found if name.startswith("mnist_lecture")} & known


def _within(name):
    return name.removeprefix("mnist_lecture").lstrip(".")


def violations(package):
    """Return what is wrong with the imports within a package, a list of sentences."""
    paths = modules(package)
    arrows = {name: imports(path, set(paths)) - {""} for name, path in paths.items() if name}
    found = [
        f"{name} imports {other}"
        for name, others in arrows.items()
        for other in others
        if other.startswith("workshop") and not name.startswith("workshop")
    ]
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as error:
        found.append(f"a circle of imports: {' → '.join(error.args[1])}")
    return found


def test_nothing_imports_the_workshop_and_imports_go_one_way():
    assert violations(PACKAGE) == []
    assert {"data", "plots.lines", "exercises.notebook_01", "workshop.redraw"} < set(
        modules(PACKAGE)
    )


@pytest.mark.parametrize(
    ("module", "planted", "found"),
    [
        ("data", "from mnist_lecture.workshop import capture", "data imports workshop.capture"),
        ("plots/lines", "import mnist_lecture.workshop.pages", "plots.lines imports workshop"),
        (
            "progress",
            "def f():\n    from mnist_lecture import workshop",
            "progress imports workshop",
        ),
        ("mnist_files", "from mnist_lecture import data", "a circle of imports: "),
        ("workshop/atomic", "from mnist_lecture.workshop import pages, redraw", "a circle of"),
    ],
)
def test_a_planted_violation_is_found(module, planted, found, tmp_path):
    package = shutil.copytree(PACKAGE, tmp_path / "mnist_lecture")
    path = package / f"{module}.py"
    path.write_text(f"{planted}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert any(found in violation for violation in violations(package))


def test_modules_stay_small():
    texts = {name: path.read_text(encoding="utf-8") for name, path in modules(PACKAGE).items()}
    assert [name for name, text in texts.items() if len(text.splitlines()) > 400] == []


LIGHT = sorted(set(modules(PACKAGE)) - TENSORFLOW - {""})


def imported(*modules):
    """Return what is heavy of all that is loaded in a new process that imports these modules."""
    heavy = "{'tensorflow', 'keras', 'torch', 'jax'}"
    names = ", ".join(f"mnist_lecture.{module}" for module in modules)
    return run(f"import sys, {names}; print(*{heavy} & set(sys.modules))").stdout.strip()


@pytest.fixture(scope="module")
def together():
    return imported(*LIGHT)


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_do_not_import_tensorflow(module, together):
    if together:  # if all of them in one process load nothing heavy, none of them does
        assert imported(module) == ""


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )


# ------------------------------------------------------------------------------------- startup
def test_tensorflow_loads_without_greetings():
    result = run("import mnist_lecture, tensorflow, sys; print('news', file=sys.stderr)")
    assert (result.stdout, result.stderr) == ("", "news\n")


@pytest.fixture
def noisy(tmp_path, monkeypatch):
    """Make a module that prints, from C or so, one greeting of TensorFlow and one other line."""
    lines = "oneDNN custom operations are on.\nThe battery is low.\n"
    (tmp_path / "noisy.py").write_text(f"import os\nos.write(2, {lines.encode()!r})\n")
    (tmp_path / "broken.py").write_text("import noisy\n1 / 0")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    quiet = "import sys; from mnist_lecture import startup; "
    return quiet + "sys.meta_path.insert(0, startup._QuietImport('{0}')); import {0}"


def test_greetings_are_held_back_and_can_be_had(noisy):
    result = run(noisy.format("noisy") + "; print(startup.held_back)")
    assert result.stderr == "The battery is low.\n"  # no greeting, so it comes through
    assert result.stdout == "['oneDNN custom operations are on.']\n"


def test_errors_come_through(noisy):
    code = f"""
try:
    exec({noisy.format("broken")!r})
except ZeroDivisionError:
    print("raised")
try:
    exec({noisy.format("absent_module")!r})
except ModuleNotFoundError as error:
    print(error)
"""
    assert run(code).stdout == "raised\nNo module named 'absent_module'\n"


@pytest.mark.parametrize("before", ["enable", "disable"])
@pytest.mark.parametrize("last_line", ["", "1 / 0"])
def test_the_garbage_collector_waits_only_while_tensorflow_loads(
    before, last_line, tmp_path, monkeypatch
):
    (tmp_path / "large.py").write_text(f"import gc\nprint(gc.isenabled())\n{last_line}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = run(f"""
import contextlib, gc, sys
from mnist_lecture import startup
gc.{before}()
sys.meta_path.insert(0, startup._QuietImport("large"))
with contextlib.suppress(ZeroDivisionError):
    import large
print(gc.isenabled())
""")
    assert result.stdout.split() == ["False", str(before == "enable")]


def test_startup_can_be_switched_off():
    settings = [*startup.SETTINGS]
    code = f"""
import os, sys
for name in {settings}:
    os.environ.pop(name, None)
import mnist_lecture
quiet = any("Quiet" in type(finder).__name__ for finder in sys.meta_path)
print(*[name in os.environ for name in {settings}], quiet)
"""
    assert run(code).stdout.split() == ["True"] * (len(settings) + 1)
    assert run(code, MNIST_LECTURE_STARTUP="0").stdout.split() == ["False"] * (len(settings) + 1)


def test_settings_of_ones_own_stay():
    code = "import os, mnist_lecture; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    assert run(code, TF_CPP_MIN_LOG_LEVEL="0").stdout == "0\n"


# --------------------------------------------------------------------------------- dependencies
def test_data_needs_nothing_but_numpy_until_it_downloads():
    code = "import sys, mnist_lecture.data; print('requests' in sys.modules, 'tqdm' in sys.modules)"
    assert run(code).stdout.split() == ["False", "False"]


def test_the_lesson_needs_no_package_of_the_workshop():
    absent = (
        "nbformat",
        "nbclient",
        "nbconvert",
        "latex2mathml",
        "joblib",
        "ipykernel",
        "jupyterlab",
    )
    lesson = [name for name in modules(PACKAGE) if name and not name.startswith("workshop")]
    code = f"""
import importlib, sys
sys.modules.update(dict.fromkeys({absent}))  # None: an import of it fails
for name in {lesson}:
    importlib.import_module("mnist_lecture." + name)
"""
    run(code)


@pytest.mark.parametrize(
    ("command", "module", "extra"),
    [
        (["run", "01"], "nbclient", "workshop"),
        (["pages"], "jinja2", "workshop"),
        (["experiments"], "tensorflow", "tensorflow"),
    ],
)
def test_a_missing_extra_is_named(command, module, extra):
    code = f"""
import sys
from mnist_lecture.workshop.__main__ import main
sys.modules[{module!r}] = None  # an import of it fails
print(main({command}))
"""
    result = run(code)
    assert result.stdout == "1\n"
    assert result.stderr.count("\n") == 1
    assert f'pip install "mnist-lecture[{extra}]"' in result.stderr


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "benchmarks").glob("*.py")), ids=lambda p: p.stem
)
def test_benchmarks_start(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def test_version_is_that_of_the_installed_package():
    from importlib.metadata import version

    assert mnist_lecture.__version__ == version("mnist-lecture")
