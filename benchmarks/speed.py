"""README's tables of speed and memory: how long a class waits, and what a hub has to pay for.

    python benchmarks/speed.py              some 25 minutes; nothing else should run beside it

Beside each number stands its ratio to a unit that was measured in the same run, since seconds and
megabytes of another machine are other ones. Of what takes less than half a minute, the median of
five is shown, and the unit takes turns with it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import notebooks
from mnist_lecture.workshop import execute

import nbformat

ROUNDS = 5
BARE = "import mnist_lecture, keras"  # a kernel that has loaded TensorFlow and Keras, and no more


def seconds(command):
    """Return how long a command takes; raise `CalledProcessError` if it fails."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def side_by_side(*functions):
    """Return for each of the functions the median of what it returns; they take turns."""
    measured = [[function() for function in functions] for _ in range(ROUNDS)]
    return [statistics.median(values) for values in zip(*measured, strict=True)]


def seconds_and_memory(path):
    """Return how long the notebook takes at full scale, and the MB of its kernel at the peak."""
    longer, _, peak, *_ = notebooks.measure(path, quick=False)
    return longer, peak


def kernel(folder, name, cells):
    """Return a function that runs these code cells in a new kernel: seconds, and MB at the peak."""
    path = Path(folder, name)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return lambda: seconds_and_memory(path)


def until_the_first_figure(path):
    """Return the cells of the notebook up to its first figure."""
    cells = nbformat.read(path, as_version=4).cells
    last = next(k for k, cell in enumerate(cells) if "plots.show(" in cell.source)
    return [cell for cell in cells[: last + 1] if cell.cell_type == "code"]


def starts(folder):
    """Yield what is shown of the commands and of the first figure: what, seconds, ratio, unit."""
    python, command = (
        [sys.executable, "-c", "pass"],
        [sys.executable, "-m", "mnist_lecture.workshop"],
    )
    for words in ("--help", "data"):
        took, unit = side_by_side(
            lambda words=words: seconds([*command, words]), lambda: seconds(python)
        )
        yield f"`mnist-lecture {words}`", took, took / unit, "`python -c pass`"
    first = kernel(folder, "first.ipynb", until_the_first_figure(execute.choose(["1"])[0]))
    empty = kernel(folder, "empty.ipynb", [nbformat.v4.new_code_cell("pass")])
    took, unit = side_by_side(lambda: first()[0], lambda: empty()[0])
    yield "the first figure of notebook 01", took, took / unit, "a kernel that does nothing"


def main():
    with tempfile.TemporaryDirectory() as folder:
        print("| what | seconds | ratio | to |\n|---|---|---|---|")
        for what, took, ratio, unit in starts(folder):
            print(f"| {what} | {took:.2f} | {ratio:.1f} | {unit} |", flush=True)
        bare = kernel(folder, "bare.ipynb", [nbformat.v4.new_code_cell(BARE)])
        (took, memory), rows, alone = bare(), [], 0
        rows.append(f"| TensorFlow and Keras, nothing else | {took:.0f} | 1 | {memory:.0f} | 1 |")
        for path in execute.choose([]):
            longer, more = seconds_and_memory(path)
            alone += longer
            numbers = f"{longer:.0f} | {longer / took:.1f} | {more:.0f} | {more / memory:.2f}"
            rows.append(f"| {path.stem[:2]} | {numbers} |")
        run = [
            sys.executable,
            "-m",
            "mnist_lecture.workshop",
            "run",
            "--jobs",
            "2",
            "--out",
            folder,
        ]
        for what, words in {"the series": [], "the series, quick": ["--quick"]}.items():
            together = seconds([*run, *words])
            ratio = f"{together / alone:.2f} | all notebooks alone, one after the other"
            print(f"| {what}, two notebooks at a time | {together:.0f} | {ratio} |", flush=True)
        print("\n| kernel | seconds | ratio | MB at the peak | ratio |\n|---|---|---|---|---|")
        print("\n".join(rows))
    for name in ("fit_speed.py", "augmentation.py"):
        print(flush=True)
        subprocess.run([sys.executable, Path(__file__).with_name(name)], check=True)


if __name__ == "__main__":
    os.environ["MNIST_LECTURE_SOURCE"] = "mnist"
    main()
