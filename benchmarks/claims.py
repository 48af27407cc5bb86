"""Run notebooks from other seeds, to see whether their claims hold for each.

python benchmarks/claims.py [NN ...] [--seeds 5]

The line `seed = 1` of a notebook becomes `seed = 2` and so on; every `assert` of it must hold.
"""

import argparse
import re
import tempfile
from pathlib import Path

from mnist_lecture.workshop import execute

import nbformat

LINE = re.compile(r"^seed = 1$", re.MULTILINE)


def with_seed(path, seed, folder):
    """Write the notebook at `path` with another seed into `folder`; return the new path."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = LINE.sub(f"seed = {seed}", cell.source)
    copy = Path(folder, f"{path.stem}_seed_{seed}.ipynb")
    nbformat.write(notebook, copy)
    return copy


def has_seed(path):
    cells = nbformat.read(path, as_version=4).cells
    return any(LINE.search(cell.source) for cell in cells if cell.cell_type == "code")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="numbers of notebooks; all that have a seed")
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    paths = execute.choose(asked.numbers)
    if asked.numbers and not all(map(has_seed, paths)):
        raise SystemExit("Each of these notebooks needs the line `seed = 1`, or nothing is tested.")
    failures = []
    for path in filter(has_seed, paths):
        for seed in range(1, asked.seeds + 1):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    seconds = execute.execute(with_seed(path, seed, folder), source="mnist")[1]
                    print(
                        f"{path.stem}, seed {seed}: every claim holds ({seconds:.0f} s)", flush=True
                    )
                except execute.RunError as error:
                    failures.append(path.stem)
                    print(error, flush=True)
    if failures:
        raise SystemExit(f"Claims that a seed refutes, in: {', '.join(sorted(set(failures)))}")


if __name__ == "__main__":
    main()
