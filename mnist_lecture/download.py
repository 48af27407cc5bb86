"""Fetch files from the first of several public sources that serves them well.

Why not pooch: its files come out readable by their owner alone, which is wrong on a shared
folder, and a server that dribbles one byte at a time holds it for ever.
"""

import queue
import tempfile
import threading
import time
from pathlib import Path

from mnist_lecture import progress

import requests
import urllib3

ANSWER = 8  # seconds until a source must have begun to answer
SILENCE = 10  # seconds without a byte after which a transfer is given up
SLOWEST = 10_000  # bytes per second, on average over more than SILENCE seconds
LARGEST = 16 * 2**20  # bytes: no file of MNIST is larger


class DownloadError(Exception):
    """No source gave the files; the message has a line for each source."""


def download(folder, sources, read):
    """Put the files of the first of `sources` that serves them well into `folder`.

    `sources` holds pairs: an address, and the names of the files to fetch from it. They are
    fetched into a temporary folder inside `folder`, read by `read` there (which raises an
    exception if they are not what they should be), and only then moved into place, each by one
    atomic step. A file that is there already is left as it is. Any number of processes may do
    this at once. Returns what `read` returned. Raises `DownloadError`, or `OSError` if `folder`
    cannot be written to.
    """
    failures = []
    for address, names in sources:
        with tempfile.TemporaryDirectory(
            prefix=".download-", dir=folder, ignore_cleanup_errors=True
        ) as temporary:
            try:
                for name in names:
                    _fetch(address + name, Path(temporary, name))
                arrays = _read(read, temporary)
            except Exception as error:  # whatever it was, the next source may do better
                failures.append(f"{address}: {_reason(error)}")
                continue
            for name in names:
                _move(Path(temporary, name), Path(folder, name))
            return arrays
    raise DownloadError("\n".join(failures))


def _read(read, temporary):
    try:
        return read(temporary)
    except Exception as error:  # its message is about a file in a folder that is soon gone
        raise DownloadError("what it sent is not the data set") from error


def _fetch(url, path):
    """Write what `url` serves to the new file `path`, with a progress bar."""
    response = _within(
        ANSWER,
        lambda: requests.get(
            url, stream=True, timeout=SILENCE, headers={"Accept-Encoding": "identity"}
        ),
    )
    with response, path.open("xb") as file:
        response.raise_for_status()
        if "text/html" in response.headers.get("Content-Type", ""):
            raise DownloadError("it sent a web page; does this network want you to log in first?")
        size = int(response.headers.get("Content-Length", 0)) or None
        start, received = time.monotonic(), 0
        with progress.bar(total=size, desc=path.name, unit="B", unit_scale=True) as bar:
            # read1 gives what has arrived; read would wait for a full block, dribbled or not
            while block := response.raw.read1(1 << 16):
                file.write(block)
                bar.update(len(block))
                received += len(block)
                seconds = time.monotonic() - start
                if received > LARGEST:
                    raise OSError("it sends more than any MNIST file holds")
                if seconds > SILENCE and received < SLOWEST * seconds:
                    raise TimeoutError(f"it sent only {received:,} bytes in {seconds:.0f} s")


def _move(source, target):
    if target.exists():
        return
    try:
        source.replace(target)
    except PermissionError:
        # Windows: another process put the same file there a moment ago and has it open
        if not target.exists():
            raise


def _within(seconds, work):
    """Return `work()`, or raise TimeoutError when it takes longer.

    Looking up a name, or trying address after address behind a firewall that swallows packets,
    heeds no time-out of requests; a thread that nobody waits for does.
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
