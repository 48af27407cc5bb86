"""Links that open a notebook on Colab and Binder, once the repository has an address.

The address is the line `Repository = "https://github.com/…"` under [project.urls] in
pyproject.toml, as the installed package knows it. Without one there are no links, and nothing is
added anywhere.
"""

import re
from importlib import metadata
from urllib.parse import quote

from mnist_lecture.workshop.handout import INSTALL as TAG

BRANCH = "main"
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
CELL = """\
# Where mnist_lecture is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util

if not importlib.util.find_spec("mnist_lecture"):
    get_ipython().run_line_magic("pip", "install --quiet git+https://github.com/{}")"""


def repository():
    """Return "owner/name" of the repository on GitHub, or None without such an address."""
    try:
        lines = metadata.metadata("mnist-lecture").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return None
    addresses = dict(line.split(", ", 1) for line in lines if ", " in line)
    address = GITHUB.fullmatch(addresses.get("Repository", "").strip())
    return address and address[1]


def links(path):
    """Return the addresses that open a notebook in the browser, by the name of the service.

    `path` is the notebook's in the repository, such as "notebooks/02_softmax.ipynb". Without an
    address of the repository the result is empty.
    """
    if (where := repository()) is None:
        return {}
    in_lab = quote(f"lab/tree/{path}", safe="")
    return {
        "Colab": f"https://colab.research.google.com/github/{where}/blob/{BRANCH}/{quote(path)}",
        "Binder": f"https://mybinder.org/v2/gh/{where}/{BRANCH}?urlpath={in_lab}",
    }


def set_install(notebook):
    """Make the first code cell of `notebook`, in place, install the package where it is missing.

    Without an address of the repository, there will be no such cell.
    """
    import nbformat  # here: a plain install has links, too

    def installs(cell):
        return TAG in cell.metadata.get("tags", ())

    notebook.cells = [cell for cell in notebook.cells if not installs(cell)]
    if where := repository():
        cell = nbformat.v4.new_code_cell(CELL.format(where), id=TAG, metadata={"tags": [TAG]})
        first = next(k for k, c in enumerate(notebook.cells) if c.cell_type == "code")
        notebook.cells.insert(first, cell)
