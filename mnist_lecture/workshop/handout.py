"""Notebooks as they are handed out: without outputs, since stored outputs give the answers away.

The build of the wheel uses this, too, so it needs nothing but Python itself.
"""

import hashlib
import json

from mnist_lecture import exercises

NOTEBOOKS = "[0-9][0-9]_*.ipynb"  # the names of the lessons, and of their solutions
FOLDERS = ("", "solutions")  # where they are, within notebooks/
INSTALL = "install"  # the tag of a cell that installs the package, where it is missing
KEPT = ("kernelspec", "language_info", "mnist_lecture")  # of a notebook's metadata


def clean(path):
    """Return the notebook at `path` without outputs, a dict as in its JSON.

    Tags, the names of cells and what the lecture knows of the notebook stay. A cell that installs
    the package goes, since whoever gets the copy has it.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    notebook["cells"] = [c for c in cells if INSTALL not in c["metadata"].get("tags", ())]
    notebook["metadata"] = {k: v for k, v in notebook["metadata"].items() if k in KEPT}
    for cell in notebook["cells"]:
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k == "tags"}
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    return notebook


def text(notebook, small=False):
    """Return a notebook as JSON: as Jupyter writes it or, if `small`, as short as it can be."""
    how = {"separators": (",", ":")} if small else {"indent": 1}
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True, **how) + "\n"


def digest(notebook):
    """Return the SHA-256 of what stands in the cells: two notebooks that read the same share it."""
    cells = [[cell["cell_type"], exercises.digest(_source(cell))] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _source(cell):
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
