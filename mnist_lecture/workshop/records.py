"""Write the records in results/, which `mnist_lecture.results` reads."""

import hashlib
import io
import json
import platform
import re
import textwrap
from importlib.metadata import version

from mnist_lecture.mnist_files import ARRAYS
from mnist_lecture.results import NETWORKS, RESULTS
from mnist_lecture.workshop import atomic

import numpy as np

DATA = {array: digest for array, (_, digest) in ARRAYS.items()}  # of MNIST's four arrays


def save(name, record, folder=RESULTS):
    """Write the dict `record` to `name`.json in `folder`, whole or not at all; return the path."""
    text = json.dumps(record, indent=2, ensure_ascii=False)
    text = re.sub(r"\[[^][{}\"]*\]", _wrapped, text)
    return atomic.write(folder / f"{name}.json", text + "\n")


def packed(net):
    """Return a trained network as bytes, which `results.network` reads: layers, and weights.

    The weights are rounded to float16, half the size, which changes a probability by some 1e-4.
    """
    file = io.BytesIO()
    weights = {f"w{k}": w.astype(np.float16) for k, w in enumerate(net.get_weights())}
    np.savez_compressed(file, net=np.array(net.to_json()), **weights)
    return file.getvalue()


def keep(name, network, folder=RESULTS):
    """Write the bytes of a packed `network` beside the record `name`; return their SHA-256."""
    atomic.write(folder / NETWORKS / f"{name}.npz", network)
    return hashlib.sha256(network).hexdigest()


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
