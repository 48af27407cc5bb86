"""What pyproject.toml cannot say: the wheel carries the notebooks, clean, and what they read.

`mnist_lecture.data.REPOSITORY` names the folder `carried` in it where there is no clone.
"""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
RECORDS = ("*.json", "networks/*.npz")  # not results/figures/, which only the workshop reads


def carry(folder):
    """Fill the new `folder` with the clean notebooks, and with the records and trained networks."""
    sys.path.insert(0, str(HERE))
    from mnist_lecture.workshop import handout

    shutil.rmtree(folder, ignore_errors=True)  # of an earlier build
    for place in handout.FOLDERS:
        for path in sorted(Path(HERE, "notebooks", place).glob(handout.NOTEBOOKS)):
            target = folder / path.relative_to(HERE)
            target.parent.mkdir(parents=True, exist_ok=True)
            # Without the indentation, which `mnist-lecture start` brings back: a seventh less.
            target.write_bytes(handout.text(handout.clean(path), small=True).encode())
    for pattern in RECORDS:
        for path in sorted(HERE.glob(f"results/{pattern}")):
            target = folder / path.relative_to(HERE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


class Build(build_py):
    """Build the package and what it carries; an editable install reads the clone instead."""

    def run(self):
        """Do so."""
        super().run()
        if not self.editable_mode:
            carry(Path(self.build_lib, "mnist_lecture", "carried"))


setup(cmdclass={"build_py": Build})
