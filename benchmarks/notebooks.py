"""Where the time and the memory of the notebooks go.

    python benchmarks/notebooks.py [NN ...] [--quick] [--cells 5]

Runs the notebooks, one after the other, each in a kernel of its own, and prints for each how long
it took, from the start of the kernel on; the seconds of processor time; and the memory of the
kernel at its peak: all of it (the resident set), and what is its own, without the pages of
TensorFlow's libraries, which the kernels of a machine share. With `--cells` also the slowest cells,
and those in which the memory grew most.
"""

import argparse
import os
import threading
import time

from mnist_lecture.workshop import execute

import nbformat
import psutil
from nbclient import NotebookClient

EVERY = 0.02  # seconds between two looks at the memory


class Watched(NotebookClient):
    """Executes a notebook; notes seconds and memory (MB, at its peak) of each cell."""

    def run(self, environment):
        self.cells, self.at, self.over, self.processor = {}, None, False, 0
        self.on_cell_start = self.begin
        watch = threading.Thread(target=self.watch, daemon=True)
        start = time.monotonic()
        watch.start()
        self.execute(env=environment)
        seconds = time.monotonic() - start
        self.over = True
        watch.join()
        return seconds

    def begin(self, cell, cell_index):
        self.at = cell_index
        blank = {"peak": 0, "own": 0}
        self.cells[cell_index] = blank | {"source": cell.source, "begin": time.monotonic()}

    def watch(self):
        kernel = None
        while not self.over:
            time.sleep(EVERY)
            if self.at is None:
                continue
            try:
                kernel = kernel or psutil.Process(self.km.provisioner.pid)
                cell = self.cells[self.at]
                memory = kernel.memory_info()
                cell["peak"] = max(cell["peak"], memory.rss / 1e6)
                cell["own"] = max(cell["own"], (memory.rss - getattr(memory, "shared", 0)) / 1e6)
                cell["end"] = time.monotonic()
                self.processor = sum(kernel.cpu_times()[:2])
            except psutil.NoSuchProcess:
                return


def measure(path, quick):
    """Return seconds, seconds of the processors, both peaks of the memory in MB, and the cells."""
    notebook = nbformat.read(path, as_version=4)
    environment = os.environ | {"MNIST_LECTURE_QUICK": "1" if quick else "0"}
    client = Watched(
        notebook,
        timeout=execute.CELL_SECONDS,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent)}},
    )
    seconds = client.run(environment)
    cells = [cell for cell in client.cells.values() if "end" in cell]
    peaks = (max((cell[key] for cell in cells), default=0) for key in ("peak", "own"))
    return seconds, client.processor, *peaks, cells


def line(cell, before):
    first = next((text for text in cell["source"].splitlines() if text.strip()), "")
    seconds = cell["end"] - cell["begin"]
    return (
        f"    {seconds:6.1f} s {cell['peak']:6.0f} MB ({cell['peak'] - before:+.0f})  {first[:60]}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", metavar="NN", help="default: all")
    parser.add_argument("--quick", action="store_true", help="on a tenth of the data")
    parser.add_argument("--cells", type=int, default=0, metavar="N", help="show the N worst cells")
    asked = parser.parse_args()
    print(f"{'notebook':<34} seconds   CPU   peak, MB   of its own")
    for path in execute.choose(asked.numbers):
        seconds, processor, peak, own, cells = measure(path, asked.quick)
        numbers = f"{seconds:>7.1f} {processor:>5.0f} {peak:>10.0f} {own:>11.0f}"
        print(f"{path.stem:<34} {numbers}", flush=True)
        peaks = [0] + [cell["peak"] for cell in cells]
        lines = [
            (cell["end"] - cell["begin"], cell["peak"] - before, line(cell, before))
            for cell, before in zip(cells, peaks, strict=False)
        ]
        for key, what in ((0, "slowest"), (1, "memory grew most")):
            if asked.cells:
                print(f"  {what}")
                for entry in sorted(lines, key=lambda e: -e[key])[: asked.cells]:
                    print(entry[2])


if __name__ == "__main__":
    main()
