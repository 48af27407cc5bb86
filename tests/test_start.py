"""A student's folder: what comes in, what is said, and that nothing that is there is touched."""

import json
import os
import subprocess
import sys

from mnist_lecture import data, exercises
from mnist_lecture.workshop import __main__, handout, start

import pytest

LESSONS = ["01_one.ipynb", "02_two.ipynb"]


def notebook(*sources, outputs=()):
    code = [
        {
            "cell_type": "code",
            "id": f"cell-{k}",
            "source": source.splitlines(keepends=True),
            "metadata": {"tags": ["redraw"], "collapsed": True},
            "execution_count": k + 1,
            "outputs": list(outputs),
        }
        for k, source in enumerate(sources)
    ]
    about = {"mnist_lecture": {"seconds": {"full": 1}}, "widgets": {}}
    return {"cells": code, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def put(path, written):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(written), encoding="utf-8")


def source(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def names(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


@pytest.fixture
def lecture(tmp_path, monkeypatch):
    """Make a small lecture: two notebooks with outputs, and the solutions of one."""
    lecture = tmp_path / "lecture"
    printed = {"output_type": "stream", "name": "stdout", "text": ["the answer\n"]}
    for name in LESSONS:
        put(lecture / "notebooks" / name, notebook("x = ...", f"'{name}'", outputs=[printed]))
    put(lecture / "notebooks/solutions/01_one.ipynb", notebook("x = 1", outputs=[printed]))
    put(lecture / "notebooks/Untitled.ipynb", notebook("nobody's business"))
    monkeypatch.setattr(data, "REPOSITORY", lecture)
    monkeypatch.chdir(tmp_path)
    return lecture / "notebooks"


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "mine"


def test_a_new_folder_gets_clean_notebooks_and_solutions(lecture, mine):
    done = start.start(mine)
    assert done == ["01_one.ipynb: new", "02_two.ipynb: new", "solutions/01_one.ipynb: new"]
    assert names(mine) == [start.RECORD, *LESSONS, "solutions/01_one.ipynb"]
    for path in mine.rglob("*.ipynb"):
        assert "the answer" not in path.read_text(encoding="utf-8")
    cell = json.loads((mine / "01_one.ipynb").read_text(encoding="utf-8"))["cells"][0]
    assert cell == {
        "cell_type": "code",
        "id": "cell-0",
        "source": ["x = ..."],
        "metadata": {"tags": ["redraw"]},
        "execution_count": None,
        "outputs": [],
    }


def test_a_second_time_nothing_is_new_and_nothing_is_written(lecture, mine, snapshot, capsys):
    start.start(mine)
    before = snapshot(mine)
    assert __main__.main(["start", str(mine)]) == 0
    assert capsys.readouterr().out == f"{mine}: nothing new\n"
    assert snapshot(mine) == before


def test_what_a_student_has_changed_stays(lecture, mine, snapshot):
    start.start(mine)
    put(mine / "01_one.ipynb", notebook("x = 5", "'01_one.ipynb'"))
    before = snapshot(mine)
    assert start.start(mine) == []
    assert snapshot(mine) == before


def test_what_is_new_or_was_deleted_comes_in(lecture, mine):
    start.start(mine)
    put(lecture / "03_three.ipynb", notebook("z = 3"))
    (mine / "02_two.ipynb").unlink()
    assert start.start(mine) == ["02_two.ipynb: was gone, here it is again", "03_three.ipynb: new"]
    assert start.start(mine) == []


@pytest.mark.parametrize("changed", [False, True])
def test_a_corrected_notebook_comes_under_a_new_name(lecture, mine, changed):
    start.start(mine)
    path = mine / "01_one.ipynb"
    if changed:
        put(path, notebook("x = 5"))
    else:  # run and saved by Jupyter: the text of the cells is the same
        put(path, notebook("x = ...", "'01_one.ipynb'", outputs=[{"output_type": "error"}]))
    before = path.read_bytes()
    put(lecture / "01_one.ipynb", notebook("x = ...  # corrected"))
    corrected = f"01_one.new-{start.__version__}.ipynb"
    yours = "yours stays as it is" if changed else "you have not changed yours"
    said = f"01_one.ipynb: was corrected; the corrected one is {corrected}, and {yours}"
    assert start.start(mine) == [said]
    assert path.read_bytes() == before
    assert source(mine / corrected) == "x = ...  # corrected"
    assert start.start(mine) == []
    put(lecture / "01_one.ipynb", notebook("x = ...  # corrected again"))
    assert f"01_one.new-{start.__version__}-2.ipynb" in start.start(mine)[0]
    assert source(mine / corrected) == "x = ...  # corrected"


def test_other_numbers_or_blanks_are_no_correction(lecture, mine):
    start.start(mine)
    same = notebook("x = ...   \n", "'01_one.ipynb'")
    same["metadata"]["mnist_lecture"]["seconds"]["full"] = 99
    put(lecture / "01_one.ipynb", same)
    assert start.start(mine) == []


@pytest.mark.parametrize(
    "content", ["", "[]", '{"delivered": [1]}', '{"delivered": {"a": 1}}', "["]
)
def test_a_damaged_record_is_kept_and_said(lecture, mine, content):
    start.start(mine)
    put(mine / "01_one.ipynb", notebook("x = 5"))
    (mine / start.RECORD).write_text(content)
    done = start.start(mine)
    kept = ".mnist_lecture.damaged.json"
    assert done[0] == f"{start.RECORD} is damaged. It is now {kept}; there is a new {start.RECORD}."
    assert (mine / kept).read_text() == content
    assert "01_one.ipynb: yours differs from the lecture's and stays" in done[1]
    assert len(done) == 2  # the others are as they were delivered
    assert source(mine / "01_one.ipynb") == "x = 5"
    assert start.start(mine) == []


def link(path, target):
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("links cannot be made here")


def test_strangers_in_the_folder_are_left_alone(lecture, mine, snapshot):
    mine.mkdir()
    (mine / "01_one.ipynb").write_text("no notebook")
    link(mine / "02_two.ipynb", mine / "nowhere")
    before = {path: path.lstat() for path in mine.iterdir()}
    done = start.start(mine)
    assert [line.split(":")[0] for line in done] == [*LESSONS, "solutions/01_one.ipynb"]
    assert "stays" in done[0] and "stays" in done[1]
    assert {path: path.lstat() for path in before} == before
    assert not (mine / "nowhere").exists()


def test_places_that_are_not_for_this_are_refused(lecture, tmp_path, capsys):
    def refused(folder):
        assert __main__.main(["start", str(folder)]) == 1
        message = capsys.readouterr().err
        assert message.count("\n") == 1
        return message

    (tmp_path / "file").touch()
    assert "file is a file" in refused(tmp_path / "file")
    assert "belongs to the lecture itself" in refused(lecture)
    assert "belongs to the lecture itself" in refused(lecture / "mine")
    link(tmp_path / "link", lecture)
    assert "belongs to the lecture itself" in refused(tmp_path / "link")
    (tmp_path / "half").mkdir()
    link(tmp_path / "half" / "solutions", lecture / "solutions")
    assert "belongs to the lecture itself" in refused(tmp_path / "half")
    assert refused(tmp_path / "file" / "below")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_cannot_be_written_to_is_an_error(lecture, mine, capsys):
    mine.mkdir(mode=0o500)
    assert __main__.main(["start", str(mine)]) == 1
    assert "Permission denied" in capsys.readouterr().err


def test_an_interrupted_start_is_finished_the_next_time(lecture, mine, monkeypatch):
    written = []

    def full(path, content):
        if len(written) == 1 and path.suffix == ".ipynb":
            raise OSError("no space left")
        written.append(path)
        return write(path, content)

    write = start.atomic.write
    monkeypatch.setattr(start.atomic, "write", full)
    with pytest.raises(OSError, match="no space"):
        start.start(mine)
    monkeypatch.undo()
    monkeypatch.setattr(data, "REPOSITORY", lecture.parent)
    assert start.start(mine) == ["02_two.ipynb: new", "solutions/01_one.ipynb: new"]


def test_no_folder_means_this_one_or_a_new_one(lecture, tmp_path, monkeypatch, capsys):
    assert __main__.main(["start"]) == 0
    assert (tmp_path / start.FOLDER / LESSONS[0]).exists()
    monkeypatch.chdir(tmp_path / start.FOLDER)
    assert __main__.main(["start"]) == 0
    assert capsys.readouterr().out.endswith(".: nothing new\n")


def test_lab_starts_in_the_folder_with_what_it_needs(lecture, mine, monkeypatch, capsys):
    calls, interrupts = [], [KeyboardInterrupt]

    class Server:
        def __init__(self, command, cwd):
            calls.append((command, cwd))

        def wait(self):
            if interrupts:
                raise interrupts.pop()
            return 0

    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(start.subprocess, "Popen", Server)
    assert __main__.main(["lab", str(mine), "--no-browser", "--port=1"]) == 0
    assert (mine / "01_one.ipynb").exists()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=1"]
    assert calls == [(command, mine)] and not interrupts  # it has waited for the server
    (mine / "02_two.ipynb").unlink()
    assert __main__.main(["lab", str(mine)]) == 0  # there is something: nothing is brought
    assert not (mine / "02_two.ipynb").exists()
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    assert __main__.main(["lab", str(mine)]) == 1
    assert 'pip install "mnist-lecture[lab]"' in capsys.readouterr().err


def test_other_commands_take_no_unknown_arguments(capsys):
    with pytest.raises(SystemExit):
        __main__.main(["start", "--no-browser"])
    assert "unrecognized arguments: --no-browser" in capsys.readouterr().err


def test_start_needs_no_package_of_the_workshop(tmp_path):
    absent = ("nbformat", "nbclient", "nbconvert", "joblib", "jupyterlab", "tensorflow", "scipy")
    code = f"""
import sys
sys.modules.update(dict.fromkeys({absent}))  # None: an import of it fails
from mnist_lecture.workshop.__main__ import main
sys.exit(main(["start", {str(tmp_path / "mine")!r}]))
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert len(list((tmp_path / "mine").rglob("*.ipynb"))) == 24


def test_the_lectures_own_notebooks_say_the_same_in_clean():
    for path in (data.REPOSITORY / "notebooks").rglob(handout.NOTEBOOKS):
        clean = handout.clean(path)
        assert handout.digest(clean) == handout.digest(json.loads(path.read_text(encoding="utf-8")))
        assert json.loads(handout.text(clean)) == json.loads(handout.text(clean, small=True))
        sources = [cell["source"] for cell in clean["cells"]]
        assert any(number in str(sources) for number in exercises.numbers())
