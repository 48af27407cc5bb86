"""What figures are drawn from: values that are written down while a notebook runs to be stored.

A figure is drawn by a cell, from values that the cells before have computed. `keep` writes down
those that the cell needs, in results/figures/; the module `figures` draws from them. What is not
kept, MNIST's images themselves, is remembered as the code that takes it from the data set.
"""

import ast
import json
import re
from inspect import getclosurevars
from types import FunctionType, ModuleType, SimpleNamespace

from mnist_lecture import records

import numpy as np

KEPT = records.RESULTS / "figures"
SHOWN = re.compile(r'plots\.show\(\s*\w+,\s*"([^"]+)"')
LARGEST = 400_000  # characters of a value that is kept
IMAGES = "images like those of MNIST"
DIGITS = 9  # of a float: all that a 32-bit one has


class NotKeptError(Exception):
    """A value that a figure needs was not kept when its notebook was stored."""


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
