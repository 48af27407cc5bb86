"""Write the records in results/, which `mnist_lecture.results` reads."""

import json
import platform
import re
import textwrap
from importlib.metadata import version

from mnist_lecture.mnist_files import ARRAYS
from mnist_lecture.results import RESULTS
from mnist_lecture.workshop import atomic

DATA = {array: digest for array, (_, digest) in ARRAYS.items()}  # of MNIST's four arrays


def save(name, record, folder=RESULTS):
    """Write the dict `record` to `name`.json in `folder`, whole or not at all; return the path."""
    text = json.dumps(record, indent=2, ensure_ascii=False)
    text = re.sub(r"\[[^][{}\"]*\]", _wrapped, text)
    return atomic.write(folder / f"{name}.json", text + "\n")


def _wrapped(numbers):
    """Return a list of numbers, which JSON writes one to a line, in lines of 100 characters."""
    return textwrap.fill(" ".join(numbers[0].split()), 100, subsequent_indent=" " * 10)


def versions():
    """Return the versions of what a training depends on besides its settings, in one line."""
    libraries = (f"{name} {version(name)}" for name in ("keras", "numpy"))
    import tensorflow as tf  # here: it takes seconds, and its package has more than one name

    return (
        f"python {platform.python_version()}, tensorflow {tf.__version__}, {', '.join(libraries)}"
    )
