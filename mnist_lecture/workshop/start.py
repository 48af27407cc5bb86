"""A folder of notebooks for a student: clean ones come in, and nothing that is there is touched.

What was delivered is recorded in a small hidden file in the folder, so that a notebook that was
corrected since can be told from one that the student has changed. Needs no extra: a plain install
of the wheel, which carries the notebooks, is enough.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from mnist_lecture import LectureError, __version__, data
from mnist_lecture.workshop import atomic, handout

FOLDER = "mnist_notebooks"  # not "mnist_lecture": Python would take it for the package
RECORD = ".mnist_lecture.json"  # for each notebook the digest of what was delivered


class StartError(LectureError):
    """Notebooks cannot be put where they should go."""


def default():
    """Return the folder for whoever names none: this one, if it is such a folder, or `FOLDER`."""
    return Path() if Path(RECORD).is_file() else Path(FOLDER)


def start(folder):
    """Put into `folder` what it lacks of the notebooks and their solutions; return what was done.

    The result is a list of sentences, one for each thing done, and none if nothing was new. A file
    that exists is never written to. A notebook that was corrected since it was delivered gets a new
    name, which says the version.

    Raises `StartError` if `folder` is not for this, and `OSError` if it cannot be written to.
    """
    folder = Path(folder)
    for place in handout.FOLDERS:
        _refuse(folder / place)
    delivered, done = _read_record(folder / RECORD)
    before = dict(delivered)
    try:
        for place in handout.FOLDERS:
            for path in sorted((data.REPOSITORY / "notebooks" / place).glob(handout.NOTEBOOKS)):
                name = f"{place}/{path.name}".lstrip("/")
                notebook = handout.clean(path)
                if sentence := _deliver(notebook, folder / name, name, delivered.get(name)):
                    done.append(sentence)
                delivered[name] = handout.digest(notebook)
    finally:  # what is there is recorded, even if the disk is full now
        if delivered != before:
            record = {"version": __version__, "delivered": delivered}
            atomic.write(folder / RECORD, json.dumps(record, indent=1) + "\n")
    return done


def _refuse(folder):
    """Raise `StartError` if notebooks must not go into `folder`."""
    if folder.exists() and not folder.is_dir():
        raise StartError(f"{folder} is a file. Name a folder, or a new one.")
    own = data.REPOSITORY / "notebooks"
    if folder.resolve().is_relative_to(own.resolve()):
        raise StartError(
            f"{folder} belongs to the lecture itself; your notes would get lost among changes to "
            f"it. Name a folder of your own, such as {FOLDER}."
        )
    if not own.is_dir():
        raise StartError(
            f"There are no notebooks in {own}. Install the package again, from its wheel or from "
            "a clone of the repository."
        )


def _read_record(path):
    """Return the digests that the file at `path` records, by name, and what is to be said of it."""
    if not os.path.lexists(path):
        return {}, []
    try:
        delivered = json.loads(path.read_bytes())["delivered"]
        if all(isinstance(digest, str) for digest in delivered.values()):
            return delivered, []
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError):
        pass
    kept = _free(path.with_name(f"{path.stem}.damaged.json"))
    path.rename(kept)
    return {}, [f"{path.name} is damaged. It is now {kept.name}; there is a new {path.name}."]


def _deliver(notebook, path, name, delivered):
    """Write the clean `notebook` if it is wanted; return a sentence about it, or None.

    `path` is where it belongs, and `delivered` the digest of what was put there before, or None.
    """
    digest = handout.digest(notebook)
    if not os.path.lexists(path):
        atomic.write(path, handout.text(notebook))
        return f"{name}: new" if delivered is None else f"{name}: was gone, here it is again"
    beside = path.with_name(f"{path.stem}.new-{__version__}.ipynb")
    if digest == delivered or digest in ((yours := _digest_of(path)), _digest_of(beside)):
        return None
    beside = _free(beside)
    atomic.write(beside, handout.text(notebook))
    if delivered is None:
        return f"{name}: yours differs from the lecture's and stays; that one is {beside.name}"
    changed = "you have not changed yours" if yours == delivered else "yours stays as it is"
    return f"{name}: was corrected; the corrected one is {beside.name}, and {changed}"


def _digest_of(path):
    """Return the digest of the notebook at `path`, or None if it is not one that can be read."""
    try:
        return handout.digest(json.loads(path.read_bytes()))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError):
        return None


def _free(path):
    """Return `path` or, if there is something already, a path like it with a number."""
    tries = (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in range(2, 1_000))
    return next(p for p in (path, *tries) if not os.path.lexists(p))


def make_sure_there_is_a_lab():
    """Raise `StartError` if JupyterLab is not installed."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise StartError(
            'JupyterLab is not installed; it comes with: pip install "mnist-lecture[lab]"'
        )


def lab(folder, arguments=()):
    """Open JupyterLab in `folder`, with more `arguments` for it, and return its exit status."""
    server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *arguments], cwd=folder)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # which JupyterLab gets, too: it asks, and stops its kernels
            pass
