"""Download files from the first of several public sources that delivers them intact.

Pooch is not used because it makes files readable by their owner alone, which is wrong in a shared
folder, and because a server that sends one byte at a time keeps it waiting forever.
"""

import contextlib
import queue
import shutil
import stat
import tempfile
import threading
import time
from pathlib import Path

from mnist_lecture import LectureError, progress

import requests
import urllib3

ANSWER = 8  # seconds within which a source must begin to answer
SILENCE = 10  # seconds without a byte after which a transfer is given up
SLOWEST = 10_000  # bytes per second, on average over more than SILENCE seconds
LARGEST = 16 * 2**20  # bytes: no file of MNIST is larger

ABANDONED = 3600  # seconds: no temporary folder in use is as old, even at the SLOWEST rate


class DownloadError(LectureError):
    """No source delivered the files; the message has a line for each source."""


def download(folder, sources, read):
    """Put the files of the first of `sources` that delivers them intact into `folder`.

    `sources` holds pairs: an address and the names of files. They are fetched into a temporary
    folder inside `folder` and read there by `read`, whose result is returned; only then is each
    moved into place, in one atomic step, unless it exists. Any number of processes may do this at
    once. Raises `DownloadError` if no source succeeds, `OSError` if `folder` is not writable.
    """
    _remove_abandoned(folder)
    failures = []
    for address, names in sources:
        with tempfile.TemporaryDirectory(
            prefix=".download-", dir=folder, ignore_cleanup_errors=True
        ) as temporary:
            try:
                for name in names:
                    _fetch(address + name, Path(temporary, name))
                arrays = _read(read, temporary)
            except Exception as error:  # whatever it is, the next source may succeed
                failures.append(f"{address}: {_reason(error)}")
                continue
            for name in names:
                _move(Path(temporary, name), Path(folder, name))
            return arrays
    raise DownloadError("\n".join(failures))


def _remove_abandoned(folder):
    """Remove temporary folders that killed processes left in `folder`, as far as possible."""
    with contextlib.suppress(OSError):
        for path in Path(folder).glob(".download-*"):
            found = path.lstat()  # not stat: a link to a folder is no folder
            if stat.S_ISDIR(found.st_mode) and time.time() - found.st_mtime > ABANDONED:
                shutil.rmtree(path, ignore_errors=True)


def _read(read, temporary):
    try:
        return read(temporary)
    except Exception as error:  # its message names a file in a folder that will soon be gone
        raise DownloadError("what it sent is not the data set") from error


def _fetch(url, path):
    """Write what `url` serves to the new file `path`, with a progress bar."""
    headers = {"Accept-Encoding": "identity"}
    response = _within(
        ANSWER, lambda: requests.get(url, stream=True, timeout=SILENCE, headers=headers)
    )
    with response, path.open("xb") as file:
        response.raise_for_status()
        if "text/html" in response.headers.get("Content-Type", ""):
            raise DownloadError("it sent a web page; does this network require a login?")
        size = int(response.headers.get("Content-Length", 0)) or None
        start, received = time.monotonic(), 0
        with progress.bar(total=size, desc=path.name, unit="B", unit_scale=True) as bar:
            # read1 returns what has arrived; read would wait for a full block, however slow
            while block := response.raw.read1(1 << 16):
                file.write(block)
                bar.update(len(block))
                received += len(block)
                seconds = time.monotonic() - start
                if received > LARGEST:
                    raise OSError("it sent more than any MNIST file holds")
                if seconds > SILENCE and received < SLOWEST * seconds:
                    raise TimeoutError(f"it sent only {received:,} bytes in {seconds:.0f} s")


def _move(source, target):
    try:
        if not target.exists():
            source.replace(target)
    except PermissionError:
        # Windows: another process has just put the same file there and has it open
        if not target.exists():
            raise


def _within(seconds, work):
    """Return `work()`, or raise TimeoutError and leave it behind if it takes longer than `seconds`.

    The time-out of requests does not cover the look-up of names, nor attempts at several addresses.
    """
    answers = queue.SimpleQueue()

    def run():
        try:
            answers.put((work(), None))
        except Exception as error:
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"no answer within {seconds} s") from None
    if error:
        raise error
    return answer


def _reason(error):
    match error:
        case requests.HTTPError():
            return f"it answered {error.response.status_code} {error.response.reason}"
        case requests.Timeout() | urllib3.exceptions.TimeoutError():
            return "it stopped sending"
        case requests.ConnectionError() | urllib3.exceptions.ProtocolError():
            return "the connection failed or was dropped"
        case _:
            return str(error)
