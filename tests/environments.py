"""Fresh virtual environments: the plain install, and the lowest and the newest versions.

These need a package index, so they are not part of `make test`; `make environments` runs them, and
so does CI. The Python is the one that runs them.
"""

import json
import os
import re
import subprocess
import sys
import tomllib

from mnist_lecture.data import REPOSITORY
from mnist_lecture.workshop import execute

import pytest

SHORT = ("01", "04")  # notebooks: one without and one with a training


def uv(*arguments):
    subprocess.run([sys.executable, "-m", "uv", "--quiet", *map(str, arguments)], check=True)


def environment(folder, *wanted, **options):
    """Install what is `wanted` into a new virtual environment; return the path of its Python."""
    uv("venv", "--python", sys.executable, folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    options = [f"--{name}={value}" for name, value in options.items()]
    uv("pip", "install", "--python", python, *options, *wanted)
    return python


def installed(python):
    """Return the versions of the packages of an environment, by name."""
    command = [sys.executable, "-m", "uv", "pip", "list", "--format=json", "--python", str(python)]
    packages = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {package["name"].lower(): package["version"] for package in packages}


def test_the_plain_install_runs_notebooks(tmp_path, monkeypatch):
    python = environment(tmp_path / "plain", f"{REPOSITORY}[tensorflow]", "ipykernel")
    found = installed(python)
    assert not {"nbconvert", "nbclient", "nbformat", "latex2mathml", "joblib"} & found.keys()
    kernel = tmp_path / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": command, "display_name": "plain", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for path in execute.choose(SHORT):
        notebook, _ = execute.execute(path, quick=True, source="generated", show=False)
        assert notebook.cells[-1].source
    run = [python, "-m", "mnist_lecture.workshop", "run", "01"]
    failed = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path)
    assert failed.returncode == 1
    assert 'pip install "mnist-lecture[workshop]"' in failed.stderr


def test_a_student_needs_the_wheel_and_no_clone(tmp_path):
    uv("build", "--out-dir", tmp_path / "dist", REPOSITORY)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    python = environment(tmp_path / "venv", f"{wheel}[tensorflow]", "nbclient", "ipykernel")
    home = {name: str(tmp_path / "home") for name in ("HOME", "USERPROFILE")}
    quick = {"MNIST_LECTURE_SOURCE": "generated", "MNIST_LECTURE_QUICK": "1"}
    alone = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MNIST_LECTURE_DATA")}
    (tmp_path / "home").mkdir()

    def run(command, *arguments):
        command = [python.with_name(command), *arguments]
        settings = {"cwd": tmp_path, "env": alone | home | quick, "text": True}
        return subprocess.run(command, check=True, capture_output=True, **settings).stdout

    run("mnist-lecture", "start")
    for number in ("01", "09"):  # the second reads a network that is carried
        (path,) = (tmp_path / "mnist_notebooks").glob(f"{number}_*.ipynb")
        run("jupyter-execute", "--inplace", str(path))
    assert "mnist_notebooks  ...  ----" in run("mnist-lecture", "check", "mnist_notebooks")
    assert "nothing new" in run("mnist-lecture", "start")


@pytest.mark.parametrize("resolution", ["lowest-direct", "highest"])
def test_both_ends_of_the_versions(resolution, tmp_path):
    extras = f"{REPOSITORY}[tensorflow,workshop,test]"
    python = environment(tmp_path / "end", "--editable", extras, resolution=resolution)
    if resolution == "lowest-direct":
        check_that_the_lowest_are_installed(installed(python))
    # Among the tests are some that run whole notebooks. What a lost worker does is no matter of
    # versions, and takes half a minute.
    wanted = ["-k", "not worker_is_killed", "tests"]
    subprocess.run(
        [python, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", *wanted],
        cwd=REPOSITORY,
        env=os.environ | {"MNIST_LECTURE_QUICK": "1"},
        check=True,
    )


def check_that_the_lowest_are_installed(found):
    """Make sure that the environment has the lower bounds that pyproject.toml declares."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workshop = project["optional-dependencies"]["workshop"]
    for requirement in (*project["dependencies"], *workshop):
        name, lowest = re.match(r"([\w-]+)>=([\d.]+)", requirement).groups()
        assert f"{found[name]}.0.0".startswith(f"{lowest}."), requirement
