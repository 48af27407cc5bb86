"""Store the values that figures are drawn from, while a notebook runs.

A figure is drawn by a cell, from values that the cells before it have computed. `start` makes a
kernel store these values, a file per figure in results/figures/, and `redraw` draws from them.

Two kinds of values are not stored: MNIST's own images and labels, and what is too large. The cell
that makes such a value declares it by the tag `redraw`, and is run again when the figure is drawn.
So it should be quick, and take from other cells only what can be stored or is declared, too.
"""

import ast
import json
import re
import symtable
from pathlib import Path

from mnist_lecture import LectureError
from mnist_lecture.data import Digits, Mnist
from mnist_lecture.results import RESULTS
from mnist_lecture.workshop import records

import nbformat
import numpy as np

STORED = RESULTS / "figures"
TAG = "redraw"
START = "from mnist_lecture.workshop import capture; capture.start(get_ipython(), {path!r})"
SHOWN = re.compile(r'plots\.show\(\s*\w+,\s*"([^"]+)"')
LARGEST = 400_000  # characters of a value that is stored
PRECISION = 9  # decimal digits of a float: as many as a 32-bit one has


def figures_in(source):
    """Return the names of the figures that a cell with this `source` shows, a list."""
    return SHOWN.findall(source)


# -------------------------------------------------------------------------------- a notebook's code
class Code:
    """The code of a notebook, by what each cell is for.

    `shown` maps the name of a figure to the place and the source of the cell that shows it;
    `defined` maps a name to the function, the class or the import that defines it, as source.
    """

    def __init__(self, path):
        """Read the notebook at `path`."""
        self.number = path.name[:2]
        self.shown, self.defined, self._declared = {}, {}, []
        for place, cell in enumerate(nbformat.read(path, as_version=4).cells):
            if cell.cell_type != "code":
                continue
            self.shown |= dict.fromkeys(figures_in(cell.source), (place, cell.source))
            if TAG in cell.metadata.get("tags", []):
                self._declared.append((place, cell.source, names_made(cell.source)))
            for statement in ast.parse(cell.source).body:
                self.defined |= _definitions(statement)

    def declared(self, name, before):
        """Return the last declared cell that makes `name` in front of the place `before`.

        The result is its place and its source, or None if there is no such cell.
        """
        for place, source, names in reversed(self._declared):
            if place < before and name in names:
                return place, source
        return None


def _definitions(statement):
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name: ast.unparse(statement)}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {
            alias.asname or alias.name.partition(".")[0]: ast.unparse(
                type(statement)(**{**vars(statement), "names": [alias]})
            )
            for alias in statement.names
        }
    return {}


def names_used(source):
    """Return the names that code with this `source` takes from what ran before it, a set."""
    return _used(ast.parse(source).body, set())


def names_made(source):
    """Return the names that code with this `source` assigns, imports or defines, a set."""
    _used(ast.parse(source).body, made := set())
    return made


def _used(statements, made):
    """Return the names that `statements` take from before; add those that they make to `made`."""
    used = set()
    for statement in statements:
        blocks = []
        if isinstance(statement, ast.For | ast.While | ast.If | ast.With):
            blocks = [statement.body, getattr(statement, "orelse", [])]
            statement.body, statement.orelse = [ast.Pass()], []  # what is left is its head
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            used |= {statement.target.id} - made  # which `symtable` counts as assigned only
        scope = _scope(statement)
        used |= _referenced(scope) - made
        made |= {s.get_name() for s in scope.get_symbols() if s.is_assigned() or s.is_imported()}
        for block in blocks:
            used |= _used(block, made)
    return used


def _scope(statement):
    """Return the symbol table of a single `statement`, in which comprehensions are scopes."""
    statement = _Generators().visit(statement)
    return symtable.symtable(ast.unparse(ast.fix_missing_locations(statement)), "cell", "exec")


class _Generators(ast.NodeTransformer):
    """Turn comprehensions into generators: from Python 3.12 on, only these have a scope."""

    def visit_ListComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def _referenced(scope):
    """Return the global names to which a scope, or a scope within it, refers."""
    top = scope.get_type() == "module"
    symbols = (s for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global()))
    return {s.get_name() for s in symbols}.union(*map(_referenced, scope.get_children()))


# ------------------------------------------------------------------------------------- in a kernel
def start(shell, path, folder=None):
    """Make the IPython `shell` that runs the notebook at `path` store what its figures need."""
    code = Code(Path(path))

    def store(cell):
        for name in figures_in(cell.raw_cell):
            records.save(name, values_for(name, code, shell.user_ns), folder or STORED)

    shell.events.register("pre_run_cell", store)


def values_for(figure, code, namespace):
    """Return the values from the `namespace` that a figure needs, by name, as `plain` gives them.

    They are those that its cell uses, and the functions and declared cells on which it depends.
    """
    place, source = code.shown[figure]
    waiting = [(name, place) for name in names_used(source)]
    values, seen = {}, {"mnist"}
    while waiting:
        name, before = waiting.pop()
        if name in seen or name not in namespace:
            continue
        seen.add(name)
        if cell := code.declared(name, before):
            waiting += [(used, cell[0]) for used in names_used(cell[1])]
        elif name in code.defined:
            waiting += [(used, before) for used in names_used(code.defined[name])]
        else:
            values[name] = _stored(namespace[name], namespace.get("mnist"))
    return dict(sorted(values.items()))


def _stored(value, mnist):
    """Return `value` as it is stored, or a description of why it cannot be."""
    parts = [part for part in vars(mnist).values() if isinstance(part, Digits)] if mnist else []
    if isinstance(value, np.ndarray) and any(np.shares_memory(value, p.labels) for p in parts):
        return {"unknown": "labels of MNIST"}
    result = plain(value)
    return result if len(json.dumps(result)) <= LARGEST else {"unknown": "many numbers"}


def stored(figure, folder=None):
    """Return the values that are stored for a figure, as `plain` gives them, by name."""
    try:
        return json.loads(((folder or STORED) / f"{figure}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # the latter, if it is damaged
        return {}


def problems(figure, folder=None):
    """Return which of the values that a figure needs cannot be stored, a list of sentences."""
    return [
        f"{figure} needs `{name}`, but {what} cannot be stored: make `{name}` in the figure's cell "
        f'or, without a network, in a quick cell of its own with the tag "{TAG}".'
        for name, value in stored(figure, folder).items()
        for what in _unknown(value)
    ]


def _unknown(value):
    """Yield what could not be stored within a stored `value`."""
    if isinstance(value, dict) and "unknown" in value:
        yield value["unknown"]
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _unknown(part)


# ------------------------------------------------------------------------------- values and JSON
class NotStoredError(LectureError):
    """A value that a figure needs was not stored when its notebook was run."""


def plain(value):
    """Return `value` as JSON can hold it; `restored` is the inverse.

    Arrays, dicts, tuples and random generators become a dict each, floats are rounded. What cannot
    be stored becomes a dict that describes it.
    """
    if _are_images(value):
        return {"unknown": "images like those of MNIST"}
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
    return {"unknown": f"an object of type {type(value).__name__}"}


def _are_images(value):
    """Return whether these are pictures like MNIST's, which must not be published here."""
    shape = getattr(value, "shape", ())
    pictures = shape[-1:] == (784,) or (28, 28) in (shape[-2:], shape[-3:-1])
    return pictures or isinstance(value, Digits | Mnist)


def restored(value):
    """Return the value of which `plain` made this; raises `NotStoredError` if it could not."""
    match value:
        case list():
            return [restored(x) for x in value]
        case {"array": numbers, "dtype": dtype, "shape": shape, **rest}:
            array = np.array(numbers, dtype).reshape(shape)
            return array[()] if rest else array
        case {"range": numbers}:
            return range(*numbers)
        case {"tuple": values}:
            return tuple(restored(x) for x in values)
        case {"dict": pairs}:
            return {restored(key): restored(x) for key, x in pairs}
        case {"generator": state}:
            generator = np.random.default_rng()
            generator.bit_generator.state = state
            return generator
        case {"unknown": what}:
            raise NotStoredError(f"it takes {what} from the cells before, which cannot be stored")
    return value


def _rounded(value):
    return float(f"{value:.{PRECISION}g}") if isinstance(value, float) else value
