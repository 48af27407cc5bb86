"""Every figure of the series by name, redrawn in seconds: no training, any style, any format.

A figure is drawn by a cell of a notebook. `draw` runs that one cell again, with the values that
were kept when the notebook was stored (see `kept`). The images of MNIST are taken from MNIST.
"""

import ast
import builtins
import contextlib
import fnmatch
import io
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace

from mnist_lecture import kept, plots, records, runner
from mnist_lecture.data import DataError, load_mnist

import nbformat


class FigureError(Exception):
    """A figure cannot be drawn; the message says why, and what to do."""


class _Notebook:
    """The code of a notebook, taken apart: cells by figure, imports and functions by name."""

    def __init__(self, path):
        self.number = path.name[:2]
        cells = nbformat.read(path, as_version=4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        self.cells = {name: source for source in code for name in kept.SHOWN.findall(source)}
        self.defined = {}
        for statement in (node for source in code for node in ast.parse(source).body):
            if isinstance(statement, ast.FunctionDef):
                self.defined[statement.name] = ast.unparse(statement)
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                for alias in statement.names:
                    one = type(statement)(**{**vars(statement), "names": [alias]})
                    name = alias.asname or alias.name.partition(".")[0]
                    self.defined[name] = ast.unparse(one)


class _Mnist:
    """Stands for the real MNIST of a notebook, and loads it when an image is asked for."""

    source, quick, full_scale = "MNIST", False, True

    def __getattr__(self, part):
        return getattr(self._whole, part)

    @cached_property
    def _whole(self):
        return load_mnist(source="mnist", quick=False)


@cache
def _notebooks():
    return [_Notebook(path) for path in runner.choose()]


def _that_shows(name):
    return next(notebook for notebook in _notebooks() if name in notebook.cells)


_MNIST = _Mnist()


def choose(patterns=()):
    """Return the names of the figures that match one of the `patterns` ("05-*"), or of all.

    Raises `FigureError` for a pattern that nothing matches, and `runner.RunError` if there are no
    notebooks.
    """
    names = [name for notebook in _notebooks() for name in notebook.cells]
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise FigureError(f"There is no figure {pattern}; there are {', '.join(names)}.")
    return [n for n in names if not patterns or any(fnmatch.fnmatch(n, p) for p in patterns)]


def notebook_of(name):
    """Return the number of the notebook that shows the figure `name`, such as "05"."""
    return _that_shows(name).number


def draw(name, folder, formats=plots.FORMATS, mnist=_MNIST):
    """Draw the figure `name` into `folder`, in each of the `formats`, in the style in force.

    Raises `kept.NotKeptError` if a value that it needs is not kept, `DataError` if it shows images
    of MNIST, which cannot be had, and `FigureError` if anything else stands in the way.
    """
    notebook = _that_shows(name)
    there = (kept.KEPT / f"{name}.json").exists()
    values = records.load(name, kept.KEPT) if there else {}

    def write(figure, name, source="MNIST", alt=None):
        plots.save(figure, name, folder, formats, alt)

    namespace = {"mnist": mnist, "plots": SimpleNamespace(**{**vars(plots), "show": write})}
    source = notebook.cells[name]
    try:
        _fill(namespace, kept.names_used(source), notebook, values)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(source, namespace)
    except DataError:
        raise
    except kept.NotKeptError as error:
        raise kept.NotKeptError(f"{name}: {error}") from error
    except Exception as error:
        raise FigureError(f"{name}: {type(error).__name__}: {error}") from error


def _fill(namespace, names, notebook, values):
    """Put `names` into the `namespace`: values that are kept, or else pieces of code that run."""
    for name in sorted(names - namespace.keys()):
        value = values.get(name)
        if isinstance(value, dict) and "again" in value:
            piece = value["again"]
        elif name in values:
            namespace[name] = kept.back(value)
            continue
        elif name in notebook.defined:
            piece = notebook.defined[name]
        elif hasattr(builtins, name):
            continue
        else:
            raise kept.NotKeptError(f"{name} is not kept")
        _fill(namespace, kept.names_used(piece), notebook, values)
        exec(piece, namespace)


def draw_all(names, folder, formats=plots.FORMATS, style=None, jobs=-1):
    """Draw the figures `names`, several at once, and yield the name of each and why it failed.

    The reason is None if it did not fail, or an exception as of `draw`. `style` is a Matplotlib
    style file that is put on top of the lecture's. `jobs` is as for joblib: -1 means all cores.

    Raises `FigureError` if there is something wrong with the style.
    """
    import joblib  # here: a single figure needs no processes

    try:
        plots.use_style(style)
    except (OSError, ValueError) as error:
        raise FigureError(f"The style file cannot be used: {error}") from error
    Path(folder).mkdir(parents=True, exist_ok=True)
    tasks = (joblib.delayed(_task)(name, folder, formats, style) for name in names)
    jobs = 1 if len(names) < 4 else jobs
    yield from joblib.Parallel(jobs, return_as="generator_unordered", batch_size=4)(tasks)


def _task(name, folder, formats, style):
    plots.use_style(style)
    try:
        return name, draw(name, folder, formats)
    except (DataError, FigureError, kept.NotKeptError) as error:
        return name, error
