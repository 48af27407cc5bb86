"""Trainings on an existing Dask cluster, each in a process of its own."""

import contextlib
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from mnist_lecture.results import RecordError

import joblib

# What such a process does. It ends when its standard input does, that is, with its worker.
CHILD = """
import os, pickle, sys, threading
function, arguments, file = pickle.load(sys.stdin.buffer)
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
result = pickle.dumps(function(*arguments))
with open(file, "wb") as written:
    written.write(result)
"""


@contextlib.contextmanager
def use(address):
    """Let joblib compute on the Dask cluster whose scheduler has this `address`.

    Raises `RecordError` if Dask is not installed or there is no scheduler.
    """
    try:
        from distributed import Client  # here: few need it, and it is an extra of the package

        client = Client(address)
    except ImportError as error:
        raise RecordError('--cluster needs Dask: pip install "mnist-lecture[cluster]"') from error
    except (OSError, ValueError) as error:
        raise RecordError(f"There is no Dask scheduler at {address}: {error}") from error
    with client, joblib.parallel_config(backend="dask"):
        yield


def apart(function, *arguments):
    """Return `function(*arguments)`, computed in a process of its own.

    Keras draws first weights from Python's random numbers, and so do, for other purposes, the
    threads of a Dask worker: beside them a training would not be the same for the same seed.
    Raises `subprocess.CalledProcessError` if the process fails; its message is in the worker's log.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "result")
        command = [sys.executable, "-c", CHILD]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            pickle.dump((function, arguments, str(file)), process.stdin)
            process.stdin.flush()
            if process.wait():
                raise subprocess.CalledProcessError(process.returncode, command)
        return pickle.loads(file.read_bytes())
