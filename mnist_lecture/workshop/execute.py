"""Execute the notebooks from the first cell to the last, as "Run all" does."""

import os
import re
import time
from pathlib import Path

from mnist_lecture import LectureError, progress
from mnist_lecture.data import REPOSITORY
from mnist_lecture.workshop import atomic, capture, hosting

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

NOTEBOOKS = REPOSITORY / "notebooks"
CELL_SECONDS = 900  # a cell that takes longer hangs


class RunError(LectureError):
    """A notebook could not be run; the message names the notebook, the cell and the error."""


def choose(numbers=()):
    """Return the paths of the notebooks with these numbers ("3", "03"), or of all, in order.

    Raises `RunError` for a number that no notebook has, or if there are no notebooks.
    """
    paths = {path.name[:2]: path for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))}
    if not paths:
        raise RunError(
            f"There are no notebooks in {NOTEBOOKS}. They come with a clone of the repository, in "
            "which the package is installed by `pip install --editable .`"
        )
    wanted = [number.zfill(2) for number in numbers] or list(paths)
    if unknown := [number for number in wanted if number not in paths]:
        raise RunError(f"There is no notebook {', '.join(unknown)}; there are {', '.join(paths)}.")
    return [paths[number] for number in wanted]


def expected_seconds(path, quick=False):
    """Return the run time on two cores that the notebook's metadata states, in seconds, or 0."""
    about = nbformat.read(path, as_version=4).metadata.get("mnist_lecture", {})
    return about.get("seconds", {}).get("quick" if quick else "full", 0)


def execute(path, *, quick=False, source="auto", figures=None, store=False, show=True):
    """Return the notebook at `path`, executed in a kernel of its own, and the seconds it took.

    `quick` and `source` are as for `load_mnist`. The kernel runs in the notebook's folder;
    `figures` names a folder into which its figures are written; with `store` the values that they
    are drawn from are stored, too (see the module `capture`), and where the repository has an
    address, a cell to install from it comes first; with `show` a progress bar counts the cells.

    Raises `RunError` if a cell fails, takes longer than `CELL_SECONDS` or kills the kernel, or if
    values cannot be stored; its attribute `notebook` holds what was executed until then.
    """
    path = Path(path)
    notebook = nbformat.read(path, as_version=4)
    if store:
        hosting.set_install(notebook)
    environment = os.environ | {
        "MNIST_LECTURE_QUICK": "1" if quick else "0",
        "MNIST_LECTURE_SOURCE": source,
    }
    if figures:
        environment["MNIST_LECTURE_FIGURES"] = str(Path(figures).resolve())
    arguments = ["--log-level=ERROR"]  # the kernel warns that it is not encrypted
    if store:
        arguments.append(f"--IPKernelApp.exec_lines={capture.START.format(path=path.name)}")
    start = time.monotonic()
    at = 0  # the cell that runs
    with progress.bar(
        total=len(notebook.cells), desc=path.stem, unit="cell", disable=not show
    ) as bar:

        def begin(cell, cell_index):
            nonlocal at
            at = cell_index
            bar.update(cell_index - bar.n)

        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            extra_arguments=arguments,
            resources={"metadata": {"path": str(path.parent)}},
            coalesce_streams=True,  # drops what a progress bar has overwritten
            on_cell_start=begin,
            shutdown_kernel="immediate",  # the notebook is over, and a farewell takes a second
        )
        try:
            try:
                client.execute(env=environment)
            except RuntimeError as error:
                if at or isinstance(error, DeadKernelError):
                    raise
                client.execute(env=environment)  # another kernel had taken its port meanwhile
        except (CellExecutionError, CellTimeoutError, RuntimeError, AssertionError) as error:
            raise _error(notebook, _message(path, notebook.cells[at], at, error)) from error
    seconds = time.monotonic() - start
    figures = [name for cell in notebook.cells for name in capture.figures_in(cell.source)]
    if store and (problems := [p for name in figures for p in capture.problems(name)]):
        raise _error(notebook, f"{path.name}: {' '.join(problems)}")
    return clean(notebook), seconds


def _error(notebook, message):
    """Return a `RunError` that holds the notebook as far as it was executed."""
    error = RunError(message)
    error.notebook = clean(notebook)
    return error


def _message(path, cell, number, error):
    if isinstance(error, CellExecutionError):
        what = f"{error.ename}: {error.evalue}"
    elif isinstance(error, CellTimeoutError):
        what = f"it did not end within {CELL_SECONDS} s"
    else:
        what = "the kernel died, most often for lack of memory, or did not start"
    source = "\n".join(f"    {line}" for line in cell.source.splitlines())
    return f"{path.name}, cell {number + 1}, failed:\n\n{source}\n\n{what}"


def clean(notebook):
    """Strip `notebook`, in place, of what differs from run to run, and return it.

    That is: times, the version of Python, the blank line that a progress bar leaves behind, and
    views of widgets, which show only in a live kernel.
    """
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _stays(output)]
            for output in cell.outputs:
                if output.output_type == "stream":
                    output.text = re.sub(r"\A( *[\r\n])+", "", output.text)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    return notebook


def _stays(output):
    if output.output_type == "stream":
        return bool(output.text.strip())
    return "application/vnd.jupyter.widget-view+json" not in output.get("data", {})


def save(notebook, path):
    """Write `notebook` to `path` whole or not at all."""
    atomic.write(Path(path), nbformat.writes(notebook) + "\n")
