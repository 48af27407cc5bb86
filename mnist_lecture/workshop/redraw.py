"""Draw every figure of the series again, by name: no training, any style, any format.

A figure is drawn by a cell of a notebook. `draw` runs that one cell again, with the values that
were stored when the notebook was run (see `capture`). The images of MNIST are taken from MNIST.
"""

import builtins
import contextlib
import fnmatch
import io
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace

from mnist_lecture import LectureError, plots
from mnist_lecture.data import DataError, load_mnist
from mnist_lecture.workshop import capture, execute

import joblib


class FigureError(LectureError):
    """A figure cannot be drawn."""


class _Mnist:
    """Stands for the real MNIST of a notebook, and loads it when an image is asked for."""

    source, quick, full_scale = "MNIST", False, True

    def __getattr__(self, part):
        return getattr(self._whole, part)

    @cached_property
    def _whole(self):
        return load_mnist(source="mnist", quick=False)


_MNIST = _Mnist()


@cache
def _notebooks():
    return [capture.Code(path) for path in execute.choose()]


def _that_shows(name):
    return next(code for code in _notebooks() if name in code.shown)


def choose(patterns=()):
    """Return the names of the figures that match one of the `patterns` ("05-*"), or of all.

    Raises `FigureError` for a pattern that nothing matches, and `execute.RunError` if there are no
    notebooks.
    """
    names = [name for code in _notebooks() for name in code.shown]
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise FigureError(f"There is no figure {pattern}; there are {', '.join(names)}.")
    return [n for n in names if not patterns or any(fnmatch.fnmatch(n, p) for p in patterns)]


def notebook_of(name):
    """Return the number of the notebook that shows the figure `name`, such as "05"."""
    return _that_shows(name).number


def draw(name, folder, formats=plots.FORMATS, mnist=_MNIST):
    """Draw the figure `name` into `folder`, in each of the `formats`, in the style in force.

    Raises `capture.NotStoredError` if a value that it needs is not stored, `DataError` if it shows
    images of MNIST and there is no MNIST, and `FigureError` if it fails for another reason.
    """
    code = _that_shows(name)
    place, source = code.shown[name]
    values = capture.stored(name)

    def save(figure, name, source="MNIST", alt=None):
        plots.save(figure, name, folder, formats, alt)

    namespace = {"mnist": mnist, "plots": SimpleNamespace(**{**vars(plots), "show": save})}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _provide(namespace, source, place, code, values)
            exec(source, namespace)
    except DataError:
        raise
    except capture.NotStoredError as error:
        raise capture.NotStoredError(f"{name}: {error}") from error
    except Exception as error:
        raise FigureError(f"{name}: {type(error).__name__}: {error}") from error


def _provide(namespace, source, place, code, values):
    """Put into the `namespace` what the `source` of a cell at this `place` uses.

    That is, for each name, a declared cell, which is run; or else a value that is stored; or else a
    definition or an import of the notebook.
    """
    for name in sorted(capture.names_used(source)):
        if name in namespace:
            continue
        if declared := code.declared(name, place):
            where, piece = declared
        elif name in values:
            namespace[name] = capture.restored(values[name])
            continue
        elif name in code.defined:
            where, piece = place, code.defined[name]
        elif hasattr(builtins, name):
            continue
        else:
            raise capture.NotStoredError(f"{name} is not stored")
        _provide(namespace, piece, where, code, values)
        exec(piece, namespace)


def draw_all(names, folder, formats=plots.FORMATS, style=None, jobs=-1):
    """Draw the figures `names`, several at once; yield the name of each and why it failed.

    The reason is None if it did not fail, or else one of the exceptions that `draw` raises. `style`
    is a Matplotlib style file, applied after the lecture's. `jobs` is as for joblib: -1 means all
    cores.

    Raises `FigureError` if the style cannot be used.
    """
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
    except (DataError, FigureError, capture.NotStoredError) as error:
        return name, error
