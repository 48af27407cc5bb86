"""Every figure of the series by name, redrawn in seconds: no training, any style, any format.

A figure is drawn by a cell of a notebook, from values that the cells before have computed. While a
notebook runs to be stored, `keep` writes these values down, in results/figures/; `draw` runs that
one cell again with them. What is not stored, the images themselves, is taken from MNIST.
"""

import ast
import builtins
import contextlib
import fnmatch
import io
import json
import re
from functools import cache, cached_property
from inspect import getclosurevars
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace

from mnist_lecture import plots, records
from mnist_lecture.data import REPOSITORY, DataError, load_mnist

import nbformat
import numpy as np

NOTEBOOKS = REPOSITORY / "notebooks"
KEPT = records.RESULTS / "figures"
SHOWN = re.compile(r'plots\.show\(\s*\w+,\s*"([^"]+)"')
LARGEST = 400_000  # characters of a value that is kept
IMAGES = "images like those of MNIST"
DIGITS = 9  # of a float: all that a 32-bit one has


class FigureError(Exception):
    """A figure cannot be drawn; the message says why, and what to do."""


class NotKeptError(FigureError):
    """A value that a figure needs was not kept when its notebook was stored."""


# ------------------------------------------------------------------------------- what a cell needs
def names_used(source):
    """Return the names that code with this `source` takes from what ran before it, a set."""
    used, made = set(), set()
    for statement in ast.parse(source).body:
        nodes = list(ast.walk(statement))
        names = [node for node in nodes if isinstance(node, ast.Name)]
        loops = [node.target for node in nodes if isinstance(node, ast.comprehension)]
        own = {node.arg for node in nodes if isinstance(node, ast.arg)}
        own |= {name.id for name in names if any(name in ast.walk(loop) for loop in loops)}
        loaded = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        if not isinstance(statement, ast.Assign | ast.AugAssign):
            loaded -= stored  # the variable of a loop is its own; but x = f(x) needs x
        used |= loaded - own - made
        made |= stored | {getattr(statement, "name", None)}
    return used


# ----------------------------------------------------------------------------------- keep and read
def keep(shell, folder=KEPT):
    """Have the IPython `shell` write down, before each cell with a figure, the values it needs."""
    ran = []  # the cells so far

    def before(cell):
        for name in SHOWN.findall(cell.raw_cell):
            records.save(name, _needed(cell.raw_cell, shell.user_ns, ran), folder)
        ran.append(cell.raw_cell)

    shell.events.register("pre_run_cell", before)


def _needed(source, namespace, ran):
    """Return what a cell and the functions that it calls need: values by name, as `plain` says.

    Instead of MNIST's images and labels, and of what is large, the assignment is kept that made it
    in one of the cells that `ran`.
    """
    parts = vars(namespace.get("mnist", SimpleNamespace())).values()
    labels = [part.labels for part in parts if hasattr(part, "labels")]
    kept, waiting, seen = {}, names_used(source), set()
    while waiting := (waiting & namespace.keys()) - seen:
        name = waiting.pop()
        seen.add(name)
        value = namespace[name]
        if isinstance(value, FunctionType) and value.__module__ == "__main__":
            waiting |= getclosurevars(value).globals.keys()
        code = _assignment(name, ran)
        if isinstance(value, ModuleType | FunctionType | type) or type(value).__name__ == "Mnist":
            if not code or name == "mnist":
                continue  # a definition or an import of the notebook, or what every figure has
            again = True
        else:
            kept[name] = plain(value)
            text = json.dumps(kept[name])
            again = IMAGES in text or len(text) > LARGEST or _one_of(value, labels)
        if again:
            kept[name] = {"again": code} if code else {"unknown": "images or many numbers"}
            waiting |= names_used(code)
    return dict(sorted(kept.items()))


def _one_of(value, arrays):
    return isinstance(value, np.ndarray) and any(np.shares_memory(value, a) for a in arrays)


def _assignment(name, ran):
    """Return the last assignment to `name` in the cells that `ran`, or nothing."""
    for source in reversed(ran):
        for statement in reversed(ast.parse(source).body):
            names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
            if isinstance(statement, ast.Assign) and name in stored:
                return ast.unparse(statement)
    return ""


def plain(value):
    """Return `value` as JSON can hold it; `back` is the inverse. What neither knows is described.

    Arrays, dicts, tuples and random generators become a dict each. Floats are rounded.
    """
    if _are_images(value):
        return {"unknown": IMAGES}
    if isinstance(value, np.ndarray):
        numbers = [_rounded(x) for x in value.ravel().tolist()]
        return {"array": numbers, "dtype": value.dtype.name, "shape": list(value.shape)}
    if isinstance(value, np.random.Generator):
        return {"generator": value.bit_generator.state}
    if isinstance(value, np.generic):
        return plain(np.array(value)) | {"scalar": True}
    if isinstance(value, range):
        return {"range": [value.start, value.stop, value.step]}
    if isinstance(value, tuple):
        return {"tuple": [plain(x) for x in value]}
    if isinstance(value, list):
        return [plain(x) for x in value]
    if isinstance(value, dict):
        return {"dict": [[plain(key), plain(x)] for key, x in value.items()]}
    if value is None or isinstance(value, str | bool | int | float):
        return _rounded(value)
    return {"unknown": f"a {type(value).__name__}"}


def _are_images(value):
    """Tell whether these are pictures like MNIST's, which are not ours to keep."""
    shape = getattr(value, "shape", ())
    pictures = shape[-1:] == (784,) or (28, 28) in (shape[-2:], shape[-3:-1])
    return pictures or type(value).__name__ == "Digits"


def back(kept):
    """Return the value of which `plain` made this."""
    match kept:
        case list():
            return [back(x) for x in kept]
        case {"array": numbers, "dtype": dtype, "shape": shape, **rest}:
            array = np.array(numbers, dtype).reshape(shape)
            return array[()] if rest else array
        case {"range": numbers}:
            return range(*numbers)
        case {"tuple": values}:
            return tuple(back(x) for x in values)
        case {"dict": pairs}:
            return {back(key): back(x) for key, x in pairs}
        case {"generator": state}:
            generator = np.random.default_rng()
            generator.bit_generator.state = state
            return generator
        case {"unknown": what}:
            raise NotKeptError(f"it takes {what} from the cells before, which cannot be kept")
    return kept


def _rounded(value):
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


# --------------------------------------------------------------------------------------------- draw
class _Notebook:
    """The code of a notebook, taken apart: cells by figure, imports and functions by name."""

    def __init__(self, path):
        self.number = path.name[:2]
        cells = nbformat.read(path, as_version=4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        self.cells = {name: source for source in code for name in SHOWN.findall(source)}
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
    return [_Notebook(path) for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))]


_MNIST = _Mnist()


def choose(patterns=()):
    """Return the names of the figures that match one of the `patterns` ("05-*"), or of all.

    Raises `FigureError` for a pattern that nothing matches, or if there are no notebooks.
    """
    names = [name for notebook in _notebooks() for name in notebook.cells]
    if not names:
        raise FigureError(
            f"There are no notebooks in {NOTEBOOKS}, whose cells draw the figures. They come with "
            "a clone of the repository, in which the package is installed by "
            "`pip install --editable .`"
        )
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise FigureError(f"There is no figure {pattern}; there are {', '.join(names)}.")
    return [n for n in names if not patterns or any(fnmatch.fnmatch(n, p) for p in patterns)]


def notebook_of(name):
    """Return the number of the notebook that shows the figure `name`, such as "05"."""
    return next(notebook.number for notebook in _notebooks() if name in notebook.cells)


def draw(name, folder, formats=plots.FORMATS, mnist=_MNIST):
    """Draw the figure `name` into `folder`, in each of the `formats`, in the style in force.

    Raises `NotKeptError` if a value that it needs is not kept, `DataError` if it shows images of
    MNIST, which cannot be had, and `FigureError` if anything else stands in the way.
    """
    (notebook,) = (notebook for notebook in _notebooks() if name in notebook.cells)
    kept = records.load(name, KEPT) if (KEPT / f"{name}.json").exists() else {}

    def write(figure, name, source="MNIST", alt=None):
        plots.save(figure, name, folder, formats, alt)

    namespace = {"mnist": mnist, "plots": SimpleNamespace(**{**vars(plots), "show": write})}
    source = notebook.cells[name]
    try:
        _fill(namespace, names_used(source), notebook, kept)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(source, namespace)
    except DataError:
        raise
    except NotKeptError as error:
        raise NotKeptError(f"{name}: {error}") from error
    except Exception as error:
        raise FigureError(f"{name}: {type(error).__name__}: {error}") from error


def _fill(namespace, names, notebook, kept):
    """Put `names` into the `namespace`: values that are kept, or else pieces of code that run."""
    for name in sorted(names - namespace.keys()):
        value = kept.get(name)
        if isinstance(value, dict) and "again" in value:
            piece = value["again"]
        elif name in kept:
            namespace[name] = back(value)
            continue
        elif name in notebook.defined:
            piece = notebook.defined[name]
        elif hasattr(builtins, name):
            continue
        else:
            raise NotKeptError(f"{name} is not kept")
        _fill(namespace, names_used(piece), notebook, kept)
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
    except (DataError, FigureError) as error:
        return name, error
