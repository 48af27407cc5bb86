"""The download: from bad servers, by many processes at once, interrupted; a whole file or none.

All servers are local; they serve the toy MNIST of `conftest.py`, correctly or not.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mnist_lecture import data, download, mnist_files
from mnist_lecture.data import DataError

import pytest

IDX_NAMES = tuple(mnist_files.IDX_FILES.values())
NPZ = (mnist_files.NPZ_FILE,)
PAGE = b"<!DOCTYPE html>\n<html><body>Please log in to the network.</body></html>"
POSIX = sys.platform != "win32"


# ------------------------------------------------------------ how a server may answer a request
def answer(request, content, **headers):
    request.send_response(200)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), str(value))
    request.end_headers()
    request.wfile.write(content)


def serves(request, content):
    answer(request, content, Content_Length=len(content), Content_Type="application/octet-stream")


def serves_without_length(request, content):
    answer(request, content)


def serves_in_chunks(request, content):
    request.protocol_version = "HTTP/1.1"
    half = len(content) // 2
    chunks = b"".join(
        f"{len(part):x}\r\n".encode() + part + b"\r\n"
        for part in (content[:half], content[half:], b"")
    )
    answer(request, chunks, Transfer_Encoding="chunked", Connection="close")


def redirects(request, content):
    request.send_response(302)
    request.send_header("Location", f"/serves/{Path(request.path).name}")
    request.end_headers()


def serves_as_an_encoding(request, content):
    """Declare a .gz as the encoding of the file, as some servers do; what is sent is the .gz."""
    encoding = {"Content_Encoding": "gzip"} if request.path.endswith(".gz") else {}
    answer(request, content, Content_Length=len(content), **encoding)


GOOD = (serves, serves_without_length, serves_in_chunks, redirects, serves_as_an_encoding)


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


def sends_no_answer(request, content):
    pass


def sends_no_http(request, content):
    request.wfile.write(b"220 mail server ready\r\n" * 3)


def announces_more(request, content):
    answer(request, content, Content_Length=len(content) + 100)


def announces_less(request, content):
    answer(request, content, Content_Length=len(content) - 100 if len(content) > 100 else 1)


def announces_nonsense(request, content):
    answer(request, content, Content_Length="plenty")


def sends_an_empty_file(request, content):
    answer(request, b"", Content_Length=0)


def sends_other_bytes(request, content):
    half = len(content) // 2
    serves(request, content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])


def sends_zeros(request, content):
    serves(request, bytes(len(content)))


def sends_a_web_page(request, content):
    answer(request, PAGE, Content_Length=len(PAGE), Content_Type="text/html; charset=utf-8")


def sends_a_web_page_as_the_file(request, content):
    serves(request, PAGE)


def sends_404(request, content):
    request.send_error(404)


def sends_503(request, content):
    request.send_error(503)


def redirects_forever(request, content):
    request.send_response(302)
    request.send_header("Location", request.path)
    request.end_headers()


def sends_forever(request, content):
    answer(request, b"")
    while not request.server.over.is_set():
        request.wfile.write(bytes(1 << 16))


def never_answers(request, content):
    request.server.over.wait(20)


def stalls(request, content):
    answer(request, content[: len(content) // 2], Content_Length=len(content))
    request.server.stalled.set()
    request.server.over.wait(20)


def send_slowly(request, content):
    for byte in content:
        if request.server.over.wait(0.01):
            return
        request.wfile.write(bytes([byte]))


def sends_slowly(request, content):
    answer(request, b"", Content_Length=len(content))
    send_slowly(request, content)


def sends_its_header_slowly(request, content):
    send_slowly(request, b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n" + b"X-Header: more\r\n" * 99)


def drops_the_last_file(request, content):
    (drops if IDX_NAMES[-1] in request.path else serves)(request, content)


def serves_thirty_at_once(request, content):
    """Answer only when thirty requests wait for the first file of their source."""
    if request.path.endswith((IDX_NAMES[0], *NPZ)):
        request.server.thirty.wait(60)
    serves(request, content)


QUICKLY_BAD = {  # with a part of the message
    drops: "dropped",
    drops_without_length: "not the data set",
    drops_a_chunk: "dropped",
    resets: "dropped",
    sends_no_answer: "dropped",
    sends_no_http: "dropped",
    announces_more: "dropped",
    announces_less: "not the data set",
    announces_nonsense: "",
    sends_an_empty_file: "not the data set",
    sends_other_bytes: "not the data set",
    sends_zeros: "not the data set",
    sends_a_web_page: "login",
    sends_a_web_page_as_the_file: "not the data set",
    sends_404: "404",
    sends_503: "503",
    redirects_forever: "redirects",
    sends_forever: "more than any",
}
SLOWLY_BAD = {
    never_answers: "no answer",
    stalls: "stopped sending",
    sends_slowly: "bytes in",
    sends_its_header_slowly: "no answer",
}
BAD = QUICKLY_BAD | SLOWLY_BAD


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        _, behaviour, name = self.path.split("/")
        self.server.requests.append((behaviour, name))
        self.server.encodings.add(self.headers["Accept-Encoding"])
        # the client closes the connection when it gives up or is killed
        with contextlib.suppress(ConnectionError, ValueError):
            globals()[behaviour](self, self.server.files[name])

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Serves `files`; the first part of a request's path names the function that answers it."""

    request_queue_size = 64
    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.requests = []
        self.encodings = set()
        self.over, self.stalled = threading.Event(), threading.Event()
        self.thirty = threading.Barrier(30)

    def source(self, behaviour, names=NPZ):
        """Return an entry for `data.SOURCES`."""
        return f"http://127.0.0.1:{self.server_port}/{behaviour.__name__}/", names

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
    """A source at an address that refuses connections."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but does not listen
        yield f"http://127.0.0.1:{nobody.getsockname()[1]}/", NPZ


@pytest.fixture
def sources(world, monkeypatch):
    """A function that replaces `data.SOURCES`; `impatient` shortens the time-outs."""
    monkeypatch.setattr(download, "LARGEST", 1 << 20)

    def replace(*new, impatient=False):
        monkeypatch.setattr(data, "SOURCES", new)
        if impatient:
            monkeypatch.setattr(download, "ANSWER", 0.4)
            monkeypatch.setattr(download, "SILENCE", 0.6)

    return replace


def get(folder=None):
    """Find or download MNIST, as `load_mnist` does."""
    return data.find(folder)[1] or data.download(folder)


def names_in(folder):
    return sorted(path.name for path in folder.rglob("*"))


# ------------------------------------------------------------------------------------- one source
@pytest.mark.parametrize("names", [NPZ, IDX_NAMES], ids=["npz", "idx"])
@pytest.mark.parametrize("behaviour", GOOD)
def test_a_good_source(world, server, sources, toy, behaviour, names):
    sources(server.source(behaviour, names))
    assert toy.is_in(get())
    assert names_in(world.clone) == sorted(names)
    assert all((world.clone / name).read_bytes() == toy.files[name] for name in names)
    assert server.encodings == {"identity"}  # a .gz must arrive as it is
    asked = len(server.requests)
    assert toy.is_in(get())  # from the disk
    assert len(server.requests) == asked


@pytest.mark.parametrize("behaviour", BAD)
def test_after_a_bad_source_the_next_is_used(world, server, sources, toy, behaviour):
    sources(
        server.source(behaviour),
        server.source(serves, IDX_NAMES),
        impatient=behaviour in SLOWLY_BAD,
    )
    assert toy.is_in(get())
    assert names_in(world.clone) == sorted(IDX_NAMES)
    assert server.requests[0] == (behaviour.__name__, mnist_files.NPZ_FILE)


@pytest.mark.parametrize("behaviour", BAD)
def test_a_bad_source_leaves_no_files_and_is_reported(world, server, sources, behaviour):
    sources(server.source(behaviour, IDX_NAMES), impatient=behaviour in SLOWLY_BAD)
    world.named.mkdir()
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        get(world.named)
    assert time.monotonic() - start < 10  # the slow answers would take up to 40 s
    assert names_in(world.named) == []
    address, _ = server.source(behaviour)
    [reported] = [line for line in str(caught.value).splitlines() if address in line]
    assert BAD[behaviour] in reported
    assert ".download-" not in str(caught.value)  # it is gone by now
    assert "connect to the network" in str(caught.value)


def test_one_bad_file_of_four_leaves_none(world, server, sources):
    sources(server.source(drops_the_last_file, IDX_NAMES))
    with pytest.raises(DataError, match="dropped"):
        get()
    assert [name for _, name in server.requests] == list(IDX_NAMES)
    assert names_in(world.clone) == []


def test_if_all_sources_fail_one_error_names_each(world, server, sources, refusing):
    bad = refusing, server.source(sends_404, IDX_NAMES), server.source(drops), ("nonsense", NPZ)
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


def test_an_endless_look_up_of_a_name_is_given_up(world, sources, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20))
    sources(("http://mnist.invalid/", NPZ), impatient=True)
    start = time.monotonic()
    with pytest.raises(DataError, match="no answer within"):
        get()
    over.set()
    assert time.monotonic() - start < 5


def test_an_interrupt_leaves_no_files(world, server, toy):
    def interrupted(folder):
        assert toy.is_in(mnist_files.read(folder))
        raise KeyboardInterrupt

    world.named.mkdir()
    with pytest.raises(KeyboardInterrupt):
        download.download(world.named, [server.source(serves)], interrupted)
    assert names_in(world.named) == []


def test_the_progress_bar_vanishes_at_the_end(world, server, sources, capsys):
    sources(server.source(serves))
    get()
    out, err = capsys.readouterr()
    assert mnist_files.NPZ_FILE in out
    assert "%" in out
    assert "\n" not in out
    assert out.split("\r")[-1].strip() == ""
    assert out.split("\r")[-2].strip() == ""  # the spaces that overwrite it
    assert err == ""


# -------------------------------------------------------------------------------- the folder
def test_the_named_folder_is_filled(world, server, sources):
    world.named.mkdir()
    sources(server.source(serves))
    get(world.named)
    assert names_in(world.named) == list(NPZ)
    assert not world.clone.exists()


@pytest.mark.parametrize("names", [NPZ, IDX_NAMES], ids=["npz", "idx"])
@pytest.mark.parametrize("there", [IDX_NAMES[:1], IDX_NAMES[1:]], ids=["one", "three"])
def test_a_partial_set_is_completed_and_not_changed(
    world, server, sources, toy, snapshot, there, names
):
    toy.save(world.named, *there)
    (world.named / "notes.txt").write_text("mine")
    before = snapshot(world.named)
    sources(server.source(serves, names))
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
    sources(server.source(serves, IDX_NAMES))
    assert toy.is_in(get(world.named))
    assert (world.named / IDX_NAMES[0]).read_bytes() == PAGE
    with pytest.raises(DataError, match="Move it away"):  # from now on the set is complete
        get(world.named)


def test_the_keras_cache_is_never_filled(world, server, sources, toy):
    toy.save(world.keras)
    sources(server.source(serves))
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
    sources(server.source(serves))
    assert toy.is_in(get())
    assert names_in(world.home) == list(NPZ)


def test_if_no_place_can_be_written_to_each_is_reported(world, server, sources):
    for place in (world.clone, world.home):
        place.touch()
    sources(server.source(serves))
    with pytest.raises(DataError) as caught:
        get()
    for place in (world.clone, world.home):
        assert f"{place} cannot be written to" in str(caught.value)


# -------------------------------------------------------------------------------- other processes
CHILD = """
import json, sys
import numpy as np
from pathlib import Path
from mnist_lecture import data, download, mnist_files

folder, clone, facts, data.SOURCES = json.loads(sys.argv[1])
mnist_files.ARRAYS = {key: (tuple(shape), digest) for key, (shape, digest) in facts.items()}
data.REPOSITORY = Path(clone)
download.ANSWER = download.SILENCE = 60
sys.stdout = sys.stderr  # the progress bars
arrays = data.find(folder)[1] or data.download(folder)
print(len(arrays), "arrays", file=sys.__stdout__)
"""


def start(folder, source, **settings):
    """Start a process that finds the toy MNIST in `folder` or downloads it from `source`."""
    arguments = json.dumps([str(folder), str(data.REPOSITORY), mnist_files.ARRAYS, [source]])
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # else each of thirty starts one per core
        **settings,
    )


def test_thirty_processes_at_once_on_one_empty_folder(world, server, toy):
    """The source of one half serves the npz, that of the other half the IDX files."""
    world.named.mkdir()
    umask = {"umask": 0o022} if POSIX else {}
    processes = [
        start(world.named, server.source(serves_thirty_at_once, names), **umask)
        for names in (NPZ, IDX_NAMES) * 15
    ]
    for process in processes:
        out, err = process.communicate(timeout=90)
        assert (process.returncode, out) == (0, "4 arrays\n"), err
    assert len(server.requests) == 15 * (1 + 4)  # all of them downloaded
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
    while not any(world.named.glob(f".download-*/{mnist_files.NPZ_FILE}")):  # it has begun to write
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert mnist_files.read(world.named) is None
    assert not (world.named / mnist_files.NPZ_FILE).exists()
    [leftover] = world.named.glob(".download-*")
    set_age(leftover, OLD)
    sources(server.source(serves))
    assert toy.is_in(get(world.named))
    assert (world.named / mnist_files.NPZ_FILE).read_bytes() == toy.files[mnist_files.NPZ_FILE]
    assert names_in(world.named) == list(NPZ)


# ------------------------------------------------------------- what killed processes leave behind
def leave(path, seconds):
    """Make a folder with contents, last changed so many `seconds` ago."""
    (path / "folder").mkdir(parents=True)
    (path / mnist_files.NPZ_FILE).write_bytes(b"half of it")
    set_age(path, seconds)


def set_age(path, seconds, **settings):
    then = time.time() - seconds
    os.utime(path, (then, then), **settings)


OLD, YOUNG = download.ABANDONED + 60, download.ABANDONED - 60


@pytest.mark.parametrize(
    ("name", "seconds", "stays"),
    [
        (".download-abcdefgh", OLD, False),
        (".download-abcdefgh", YOUNG, True),
        (".download", OLD, True),
        ("download-abcdefgh", OLD, True),
        ("x.download-abcdefgh", OLD, True),
    ],
)
def test_only_old_temporary_folders_are_removed(world, server, sources, toy, name, seconds, stays):
    leave(world.named / name, seconds)
    sources(server.source(serves))
    assert toy.is_in(get(world.named))
    contents = ["folder", mnist_files.NPZ_FILE]
    assert names_in(world.named) == sorted([*NPZ, *([name, *contents] if stays else [])])


def test_a_file_with_the_name_of_a_temporary_folder_stays(world, server, sources, toy):
    world.named.mkdir()
    (world.named / ".download-file").touch()
    set_age(world.named / ".download-file", OLD)
    sources(server.source(serves))
    assert toy.is_in(get(world.named))
    assert names_in(world.named) == [".download-file", *NPZ]


@pytest.mark.skipif(not POSIX, reason="Windows allows symbolic links to few users")
def test_a_symbolic_link_is_not_followed(world, server, sources, toy, tmp_path):
    leave(tmp_path / "elsewhere", OLD)
    world.named.mkdir()
    (world.named / ".download-link").symlink_to(tmp_path / "elsewhere")
    set_age(world.named / ".download-link", OLD, follow_symlinks=False)
    leave(world.named / ".download-old", OLD)
    (world.named / ".download-old" / "link").symlink_to(tmp_path / "elsewhere")
    set_age(world.named / ".download-old", OLD)
    sources(server.source(serves))
    assert toy.is_in(get(world.named))
    assert sorted(path.name for path in world.named.iterdir()) == [".download-link", *NPZ]
    assert names_in(tmp_path / "elsewhere") == ["folder", mnist_files.NPZ_FILE]


def test_a_folder_that_cannot_be_removed_is_no_obstacle(world, server, sources, toy, monkeypatch):
    remove = os.rmdir

    def refuse(path, **settings):
        if str(path).endswith(".download-a"):
            raise PermissionError(13, "no")
        remove(path, **settings)

    for name in (".download-a", ".download-b"):
        leave(world.named / name, OLD)
    monkeypatch.setattr(os, "rmdir", refuse)
    sources(server.source(serves))
    assert toy.is_in(get(world.named))
    assert names_in(world.named) == [".download-a", *NPZ]


def test_a_folder_that_another_process_removes_is_no_obstacle(
    world, server, sources, toy, monkeypatch
):
    look = Path.lstat

    def too_late(path):
        if path.name == ".download-a":
            shutil.rmtree(path)
        return look(path)

    leave(world.named / ".download-a", OLD)
    monkeypatch.setattr(Path, "lstat", too_late)
    sources(server.source(serves))
    assert toy.is_in(get(world.named))
    assert names_in(world.named) == list(NPZ)


def test_no_download_is_so_slow_that_its_folder_gets_old():
    assert download.LARGEST / download.SLOWEST < download.ABANDONED  # a file renews its folder
