"""Links to Colab and Binder, and the cell that installs: only with an address of the repository."""

import json
from email.message import Message
from importlib import metadata

from mnist_lecture.workshop import execute, handout, hosting

import nbformat
import pytest


@pytest.fixture
def declare(monkeypatch):
    """A function that makes the installed package declare these project URLs."""

    def declare(*lines):
        about = Message()
        for line in lines:
            about["Project-URL"] = line
        monkeypatch.setattr(metadata, "metadata", lambda name: about)

    return declare


@pytest.mark.parametrize("end", ["", "/", ".git"])
def test_an_address_gives_links(declare, end):
    declare("Issues, https://example.org", f"Repository, https://github.com/some-one/mnist.x{end}")
    assert hosting.links("notebooks/02_softmax.ipynb") == {
        "Colab": "https://colab.research.google.com/github/some-one/mnist.x/blob/main/"
        "notebooks/02_softmax.ipynb",
        "Binder": "https://mybinder.org/v2/gh/some-one/mnist.x/main"
        "?urlpath=lab%2Ftree%2Fnotebooks%2F02_softmax.ipynb",
    }


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Homepage, https://github.com/a/b"],
        ["Repository, https://example.org/a/b"],
        ["Repository, https://github.com/a"],
        ["Repository, https://github.com.evil.org/a/b"],
        ["Repository"],
    ],
)
def test_without_an_address_there_are_no_dead_links(declare, lines):
    declare(*lines)
    assert hosting.links("notebooks/02_softmax.ipynb") == {}


def test_a_package_that_is_not_installed_has_no_address(monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "metadata", absent)
    assert hosting.links("notebooks/02_softmax.ipynb") == {}


def test_stored_notebooks_follow_the_address(declare, tmp_path):
    new = nbformat.v4
    cells = [new.new_markdown_cell("# One"), new.new_code_cell("import mnist_lecture")]
    path = tmp_path / "01_one.ipynb"
    nbformat.write(new.new_notebook(cells=cells), path)
    declare("Repository, https://github.com/a/b")
    stored, _ = execute.execute(path, quick=True, store=True, show=False)
    install = stored.cells[1]
    assert install.source.endswith('"install --quiet git+https://github.com/a/b")')
    assert install.outputs == []  # the package is there
    assert [cell.get("execution_count") for cell in stored.cells] == [None, 1, 2]
    execute.save(stored, path)
    assert [cell["source"] for cell in handout.clean(path)["cells"]] == [
        ["# One"],
        [cells[1].source],
    ]
    again, _ = execute.execute(path, quick=True, store=True, show=False)
    assert again == stored
    declare()
    without, _ = execute.execute(path, quick=True, store=True, show=False)
    assert [cell.source for cell in without.cells] == [cell.source for cell in cells]


def test_a_copy_for_students_does_not_change_with_the_address(declare, tmp_path):
    cells = [nbformat.v4.new_code_cell("x = 1")]
    digests = set()
    for address in ([], ["Repository, https://github.com/a/b"]):
        declare(*address)
        notebook = nbformat.v4.new_notebook(cells=cells)
        hosting.set_install(notebook)
        nbformat.write(notebook, tmp_path / "01_one.ipynb")
        digests.add(handout.digest(handout.clean(tmp_path / "01_one.ipynb")))
    assert len(digests) == 1
    assert len(json.loads((tmp_path / "01_one.ipynb").read_text(encoding="utf-8"))["cells"]) == 2
