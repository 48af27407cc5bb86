"""The download: from bad servers, by many at once, interrupted; always a whole file or none.

Every server here is a local one, which serves the toy MNIST of `conftest.py`, well or badly.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mnist_lecture import data, download, files
from mnist_lecture.data import DataError

import pytest

IDX_NAMES = tuple(files.IDX_FILES.values())
NPZ = (files.NPZ_FILE,)
PAGE = b"<!DOCTYPE html>\n<html><body>Please log in to the network.</body></html>"
POSIX = sys.platform != "win32"


# --------------------------------------------------------------------- a server with many manners
def answer(request, content, **headers):
    request.send_response(200)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), str(value))
    request.end_headers()
    request.wfile.write(content)


def well(request, content):
    answer(request, content, Content_Length=len(content), Content_Type="application/octet-stream")


def without_length(request, content):
    answer(request, content)


def in_chunks(request, content):
    request.protocol_version = "HTTP/1.1"
    half = len(content) // 2
    chunks = b"".join(
        f"{len(part):x}\r\n".encode() + part + b"\r\n"
        for part in (content[:half], content[half:], b"")
    )
    answer(request, chunks, Transfer_Encoding="chunked", Connection="close")


def elsewhere(request, content):
    request.send_response(302)
    request.send_header("Location", f"/well/{Path(request.path).name}")
    request.end_headers()


def calling_it_encoded(request, content):
    """Serve a .gz as some do: as a page that the browser is to unpack; what is sent is the .gz."""
    encoding = {"Content_Encoding": "gzip"} if request.path.endswith(".gz") else {}
    answer(request, content, Content_Length=len(content), **encoding)


GOOD = (well, without_length, in_chunks, elsewhere, calling_it_encoded)


def drops(request, content):
    answer(request, content[: len(content) // 2], Content_Length=len(content))


def drops_without_length(request, content):
    answer(request, content[: len(content) // 2])


def drops_a_chunk(request, content):
    request.protocol_version = "HTTP/1.1"
    answer(request, b"fff\r\n" + content[:9], Transfer_Encoding="chunked", Connection="close")


def resets(request, content):
    answer(request, content[: len(content) // 2], Content_Length=len(content))
    request.connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii" if POSIX else "hh", 1, 0)
    )
    request.wfile.close()
    request.connection.close()


def hangs_up(request, content):
    pass


def talks_nonsense(request, content):
    request.wfile.write(b"220 mail server ready\r\n" * 3)


def promises_more(request, content):
    answer(request, content, Content_Length=len(content) + 100)


def promises_less(request, content):
    answer(request, content, Content_Length=len(content) - 100 if len(content) > 100 else 1)


def promises_nonsense(request, content):
    answer(request, content, Content_Length="plenty")


def sends_nothing(request, content):
    answer(request, b"", Content_Length=0)


def sends_other_bytes(request, content):
    half = len(content) // 2
    well(request, content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])


def sends_zeros(request, content):
    well(request, bytes(len(content)))


def sends_a_web_page(request, content):
    answer(request, PAGE, Content_Length=len(PAGE), Content_Type="text/html; charset=utf-8")


def sends_a_web_page_as_the_file(request, content):
    well(request, PAGE)


def has_moved(request, content):
    request.send_error(404)


def is_broken(request, content):
    request.send_error(503)


def sends_round_in_circles(request, content):
    request.send_response(302)
    request.send_header("Location", request.path)
    request.end_headers()


def never_ends(request, content):
    answer(request, b"")
    while not request.server.over.is_set():
        request.wfile.write(bytes(1 << 16))


def says_nothing(request, content):
    request.server.over.wait(20)


def stalls(request, content):
    answer(request, content[: len(content) // 2], Content_Length=len(content))
    request.server.stalled.set()
    request.server.over.wait(20)


def dribble(request, content):
    for byte in content:
        if request.server.over.wait(0.01):
            return
        request.wfile.write(bytes([byte]))


def dribbles(request, content):
    answer(request, b"", Content_Length=len(content))
    dribble(request, content)


def dribbles_its_header(request, content):
    dribble(request, b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n" + b"X-Header: more\r\n" * 99)


def drops_the_last_file(request, content):
    (drops if IDX_NAMES[-1] in request.path else well)(request, content)


def serves_all_at_once(request, content):
    """Begin to answer only when thirty wait for the same file."""
    if request.path.endswith((IDX_NAMES[0], *NPZ)):
        request.server.thirty.wait(60)
    well(request, content)


QUICKLY_BAD = {  # and what the message says of it
    drops: "dropped",
    drops_without_length: "not the data set",
    drops_a_chunk: "dropped",
    resets: "dropped",
    hangs_up: "dropped",
    talks_nonsense: "dropped",
    promises_more: "dropped",
    promises_less: "not the data set",
    promises_nonsense: "",
    sends_nothing: "not the data set",
    sends_other_bytes: "not the data set",
    sends_zeros: "not the data set",
    sends_a_web_page: "log in",
    sends_a_web_page_as_the_file: "not the data set",
    has_moved: "404",
    is_broken: "503",
    sends_round_in_circles: "redirects",
    never_ends: "more than any",
}
SLOWLY_BAD = {
    says_nothing: "no answer",
    stalls: "stopped sending",
    dribbles: "bytes in",
    dribbles_its_header: "no answer",
}
BAD = QUICKLY_BAD | SLOWLY_BAD


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        _, manner, name = self.path.split("/")
        self.server.requests.append((manner, name))
        self.server.encodings.add(self.headers["Accept-Encoding"])
        # the client gives up on purpose, and a killed one has no choice
        with contextlib.suppress(ConnectionError, ValueError):
            globals()[manner](self, self.server.files[name])

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Serves `files`; the first part of the path of a request says in which manner."""

    request_queue_size = 64
    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.requests = []
        self.encodings = set()
        self.over, self.stalled = threading.Event(), threading.Event()
        self.thirty = threading.Barrier(30)

    def source(self, manner, names=NPZ):
        """Return an entry for `data.SOURCES`."""
        return f"http://127.0.0.1:{self.server_port}/{manner.__name__}/", names

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture
def server(toy):
    server = Server(toy.files)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def refusing():
    """A source at an address where nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but does not listen
        yield f"http://127.0.0.1:{nobody.getsockname()[1]}/", NPZ


@pytest.fixture
def sources(world, monkeypatch):
    """A function that replaces `data.SOURCES`; `impatient` has time-outs a test can wait for."""
    monkeypatch.setattr(download, "LARGEST", 1 << 20)

    def replace(*new, impatient=False):
        monkeypatch.setattr(data, "SOURCES", new)
        if impatient:
            monkeypatch.setattr(download, "ANSWER", 0.4)
            monkeypatch.setattr(download, "SILENCE", 0.6)

    return replace


def get(folder=None):
    """Find or else download, as `load_mnist` does."""
    return data.find(folder)[1] or data.download(folder)


def names_in(folder):
    return sorted(path.name for path in folder.rglob("*"))


# ------------------------------------------------------------------------------------- one source
@pytest.mark.parametrize("names", [NPZ, IDX_NAMES], ids=["npz", "idx"])
@pytest.mark.parametrize("manner", GOOD)
def test_a_good_server(world, server, sources, toy, manner, names):
    sources(server.source(manner, names))
    assert toy.is_in(get())
    assert names_in(world.clone) == sorted(names)
    assert all((world.clone / name).read_bytes() == toy.files[name] for name in names)
    assert server.encodings == {"identity"}  # a .gz is to arrive as it is
    asked = len(server.requests)
    assert toy.is_in(get())  # from the disk
    assert len(server.requests) == asked


@pytest.mark.parametrize("manner", BAD)
def test_after_a_bad_source_the_next_is_used(world, server, sources, toy, manner):
    sources(server.source(manner), server.source(well, IDX_NAMES), impatient=manner in SLOWLY_BAD)
    assert toy.is_in(get())
    assert names_in(world.clone) == sorted(IDX_NAMES)
    assert server.requests[0] == (manner.__name__, files.NPZ_FILE)


@pytest.mark.parametrize("manner", BAD)
def test_a_bad_source_leaves_nothing_and_is_told(world, server, sources, manner):
    sources(server.source(manner, IDX_NAMES), impatient=manner in SLOWLY_BAD)
    world.named.mkdir()
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        get(world.named)
    assert time.monotonic() - start < 10  # to wait for the last dribble would take 40 s
    assert names_in(world.named) == []
    address, _ = server.source(manner)
    [told] = [line for line in str(caught.value).splitlines() if address in line]
    assert BAD[manner] in told
    assert ".download-" not in str(caught.value)  # a folder that is gone by now
    assert "connect to the network" in str(caught.value)


def test_one_bad_file_of_four_leaves_none(world, server, sources):
    sources(server.source(drops_the_last_file, IDX_NAMES))
    with pytest.raises(DataError, match="dropped"):
        get()
    assert [name for _, name in server.requests] == list(IDX_NAMES)
    assert names_in(world.clone) == []


def test_when_all_sources_are_down_one_error_tells_of_each(world, server, sources, refusing):
    bad = refusing, server.source(has_moved, IDX_NAMES), server.source(drops), ("nonsense", NPZ)
    sources(*bad)
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        data.load_mnist()
    assert time.monotonic() - start < 5
    message = str(caught.value)
    lines = message.splitlines()
    for address, _ in bad:
        assert sum(line.startswith(f"  {address}: ") for line in lines) == 1
    for place in data.places():
        assert str(place) in message
    for name in (*IDX_NAMES, *NPZ):
        assert name in message
    assert names_in(world.clone) == []


def test_a_name_that_is_looked_up_for_ever_is_given_up(world, sources, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20))
    sources(("http://mnist.invalid/", NPZ), impatient=True)
    start = time.monotonic()
    with pytest.raises(DataError, match="no answer within"):
        get()
    over.set()
    assert time.monotonic() - start < 5


def test_an_interrupt_leaves_nothing(world, server, toy):
    def interrupted(folder):
        assert toy.is_in(files.read(folder))
        raise KeyboardInterrupt

    world.named.mkdir()
    with pytest.raises(KeyboardInterrupt):
        download.download(world.named, [server.source(well)], interrupted)
    assert names_in(world.named) == []


def test_the_progress_bar_is_gone_at_the_end(world, server, sources, capsys):
    sources(server.source(well))
    get()
    out, err = capsys.readouterr()
    assert files.NPZ_FILE in out
    assert "%" in out
    assert "\n" not in out
    assert out.split("\r")[-1].strip() == ""
    assert out.split("\r")[-2].strip() == ""  # the spaces that wipe it out
    assert err == ""


# ---------------------------------------------------------------------------------- where it goes
def test_it_goes_into_the_named_folder(world, server, sources):
    world.named.mkdir()
    sources(server.source(well))
    get(world.named)
    assert names_in(world.named) == list(NPZ)
    assert not world.clone.exists()


@pytest.mark.parametrize("names", [NPZ, IDX_NAMES], ids=["npz", "idx"])
@pytest.mark.parametrize("there", [IDX_NAMES[:1], IDX_NAMES[1:]], ids=["one", "three"])
def test_a_partial_set_is_completed_and_not_touched(
    world, server, sources, toy, snapshot, there, names
):
    toy.save(world.named, *there)
    (world.named / "notes.txt").write_text("mine")
    before = snapshot(world.named)
    sources(server.source(well, names))
    assert toy.is_in(get(world.named))
    after = snapshot(world.named)
    assert {str(path) for path in after} - {"."} == {*there, *names, "notes.txt"}
    for path in [*map(Path, there), Path("notes.txt")]:
        assert after[path] == before[path]
    asked = len(server.requests)
    assert toy.is_in(get(world.named))
    assert len(server.requests) == asked


def test_a_damaged_file_in_a_partial_set_is_not_overwritten(world, server, sources, toy):
    world.named.mkdir()
    (world.named / IDX_NAMES[0]).write_bytes(PAGE)
    sources(server.source(well, IDX_NAMES))
    assert toy.is_in(get(world.named))
    assert (world.named / IDX_NAMES[0]).read_bytes() == PAGE
    with pytest.raises(DataError, match="Move it away"):  # from now on the set is complete
        get(world.named)


def test_kerass_cache_is_never_filled(world, server, sources, toy):
    toy.save(world.keras)
    sources(server.source(well))
    for place in (world.clone, world.home):
        place.touch()  # a file where the folder should be
    with pytest.raises(DataError, match="cannot be written to"):
        get()
    assert names_in(world.keras) == []
    assert server.requests == []


@pytest.mark.parametrize("blocked", ["file", "forbidden", "full"])
def test_a_place_that_cannot_be_written_to_is_passed_over(
    world, server, sources, toy, monkeypatch, blocked
):
    if blocked == "file":
        world.clone.touch()
    else:
        error = PermissionError(13, "no") if blocked == "forbidden" else OSError(28, "full")
        make = download.tempfile.TemporaryDirectory

        def refuse(*arguments, dir, **settings):
            if Path(dir) == world.clone:
                raise error
            return make(*arguments, dir=dir, **settings)

        monkeypatch.setattr(download.tempfile, "TemporaryDirectory", refuse)
    sources(server.source(well))
    assert toy.is_in(get())
    assert names_in(world.home) == list(NPZ)


def test_if_no_place_can_be_written_to_each_is_told(world, server, sources):
    for place in (world.clone, world.home):
        place.touch()
    sources(server.source(well))
    with pytest.raises(DataError) as caught:
        get()
    for place in (world.clone, world.home):
        assert f"{place} cannot be written to" in str(caught.value)


# -------------------------------------------------------------------------------- other processes
CHILD = """
import json, sys
import numpy as np
from pathlib import Path
from mnist_lecture import data, download, files

folder, clone, facts, data.SOURCES = json.loads(sys.argv[1])
files.ARRAYS = {key: (tuple(shape), digest) for key, (shape, digest) in facts.items()}
data.REPOSITORY = Path(clone)
download.ANSWER = download.SILENCE = 60
sys.stdout = sys.stderr  # the progress bars
arrays = data.find(folder)[1] or data.download(folder)
print(len(arrays), "arrays", file=sys.__stdout__)
"""


def start(folder, source, **settings):
    """Start a process that loads the toy MNIST from `folder`, or else from one source into it."""
    arguments = json.dumps([str(folder), str(data.REPOSITORY), files.ARRAYS, [source]])
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # thirty would each start one per core
        **settings,
    )


def test_thirty_processes_at_once_on_one_empty_folder(world, server, toy):
    """Half of them have a source that serves the npz, the other half one with the IDX files."""
    world.named.mkdir()
    umask = {"umask": 0o022} if POSIX else {}
    processes = [
        start(world.named, server.source(serves_all_at_once, names), **umask)
        for names in (NPZ, IDX_NAMES) * 15
    ]
    for process in processes:
        out, err = process.communicate(timeout=90)
        assert (process.returncode, out) == (0, "4 arrays\n"), err
    assert len(server.requests) == 15 * (1 + 4)  # they really were all at it
    assert names_in(world.named) == sorted(toy.files)
    for name, content in toy.files.items():
        assert (world.named / name).read_bytes() == content
        if POSIX:
            assert (world.named / name).stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(not POSIX, reason="only POSIX has kill -9")
def test_kill_9_in_the_middle_of_a_download(world, server, sources, toy):
    world.named.mkdir()
    process = start(world.named, server.source(stalls))
    assert server.stalled.wait(30)
    deadline = time.monotonic() + 30
    while not any(world.named.glob(f".download-*/{files.NPZ_FILE}")):  # it has begun to write
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert files.read(world.named) is None
    assert not (world.named / files.NPZ_FILE).exists()
    sources(server.source(well))
    assert toy.is_in(get(world.named))
    assert (world.named / files.NPZ_FILE).read_bytes() == toy.files[files.NPZ_FILE]
