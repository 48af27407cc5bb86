"""A look at each answer: what a notebook says, a whole class, and what should be no notebook."""

import csv
import itertools
import json
import os
import subprocess
import sys
import time

from mnist_lecture import __version__, data, exercises
from mnist_lecture.exercises import NOT_YET, OPEN, RIGHT, TRACE
from mnist_lecture.workshop import __main__, answers, check, handout, start
from mnist_lecture.workshop.answers import CHANGED, MISSING, NOT_RUN, Answer

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

HINT = "one number, please"


def cell(number, verdict=None, *, source=None, checked=None, hint=None, outputs=()):
    """Return a cell with an exercise and, if there is a `verdict`, the output of its check."""
    source = source or f'x = 1\n\nexercises.check("{number}", x)'
    if verdict:
        trace = {"exercise": number, "verdict": verdict, "hint": hint, "version": __version__}
        trace["source"] = exercises.digest(checked or source)
        shown = {"text/plain": f"Exercise {number} …", TRACE: trace}
        outputs = [*outputs, {"output_type": "display_data", "data": shown, "metadata": {}}]
    outputs = [*outputs]
    return {"cell_type": "code", "source": source, "outputs": outputs, "metadata": {}}


def printed(*lines):
    return [{"output_type": "stream", "name": "stdout", "text": [f"{line}\n" for line in lines]}]


def put(path, *cells, **more):
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


@pytest.fixture
def read(tmp_path):
    return lambda *cells: answers.read(put(tmp_path / "any name.ipynb", *cells))


def verdicts(found):
    return [answer.verdict for answer in found.values()]


# ------------------------------------------------------------------------------------ one notebook
def test_each_verdict_is_read(read):
    stale = 'x = 2\n\nexercises.check("02.4", x)'
    found = read(
        cell("02.1", RIGHT),
        cell("02.2", NOT_YET, hint=HINT),
        cell("02.3", OPEN),
        cell("02.4", RIGHT, source=stale, checked=stale.replace("2\n", "1\n")),
    )
    assert found == {
        "02.1": Answer(RIGHT),
        "02.2": Answer(NOT_YET, HINT),
        "02.3": Answer(OPEN),
        "02.4": Answer(CHANGED),
    }


def test_a_notebook_is_recognised_by_its_exercises_and_lacks_the_others(read):
    assert verdicts(read(cell("02.1"), cell("02.3", RIGHT))) == [NOT_RUN, MISSING, RIGHT, MISSING]


def test_blanks_do_not_make_a_cell_another(read):
    checked = 'x = 1\n\nexercises.check("02.1", x)'
    source = f"{checked}   \n\n".replace("x = 1\n", "x = 1  \r\n")
    assert read(cell("02.1", RIGHT, source=source, checked=checked))["02.1"].verdict == RIGHT


def test_of_a_copied_exercise_the_best_counts(read):
    copies = [cell("02.1", OPEN), cell("02.1", NOT_YET, hint=HINT), cell("02.1", RIGHT)]
    for order in itertools.permutations(copies):
        assert read(*order)["02.1"].verdict == RIGHT
    assert read(cell("02.1"), cell("02.1", OPEN))["02.1"].verdict == OPEN


def test_of_several_answers_in_one_cell_the_last_counts(read):
    again = cell("02.1", RIGHT)["outputs"]
    assert read(cell("02.1", NOT_YET, hint=HINT, outputs=again))["02.1"] == Answer(NOT_YET, HINT)


def test_printed_lines_of_older_versions_are_read_and_marked(read):
    lines = printed("Exercise 02.1: right!"), printed(f"Exercise 02.2: not yet. Hint: {HINT}")
    waiting = printed("noise", "Exercise 02.3 is waiting for your answer.")
    numbers = ("02.1", "02.2", "02.3")
    outputs = zip(numbers, (*lines, waiting), strict=True)
    found = read(*(cell(number, outputs=output) for number, output in outputs))
    assert found["02.1"] == Answer(RIGHT, traced=False)
    assert found["02.2"] == Answer(NOT_YET, HINT, traced=False)
    assert found["02.3"] == Answer(OPEN, traced=False)


def test_a_cell_that_stopped_is_not_yet_right(read):
    error = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": []}
    stopped = Answer(NOT_YET, "its cell stopped with NameError")
    assert read(cell("02.1", outputs=[error]))["02.1"] == stopped


def test_an_exercise_in_a_comment_is_none(read):
    source = '# exercises.check("02.2", x)\nexercises.check("02.1", x)'
    assert verdicts(read(cell("02.1", source=source))) == [NOT_RUN, MISSING, MISSING, MISSING]


@pytest.mark.parametrize(
    "trace",
    [[], "right", {"exercise": "02.1"}, {"exercise": 2, "verdict": RIGHT}]
    + [{"exercise": "02.1", "verdict": verdict} for verdict in ("perfect", None, [], {})],
)
def test_a_trace_that_is_none_is_passed_over(read, trace):
    output = {"output_type": "display_data", "data": {TRACE: trace}}
    assert read(cell("02.1", outputs=[output]))["02.1"].verdict == NOT_RUN


def test_texts_of_others_cannot_steer_the_terminal(read):
    hint = "\x1b[2J\u202eone\nnumber " + "x" * 10_000
    found = read(cell("02.1", NOT_YET, hint=hint))["02.1"].hint
    assert found.isprintable() and "one number" in found and len(found) == answers.LONGEST


def test_what_check_leaves_is_what_is_read(tmp_path):
    """From the check itself in a kernel to the table, also for code that is not plain Python."""
    sources = [
        "from mnist_lecture import exercises",
        'difference = 4.605  \n\nexercises.check("02.1", difference)\n\n',
        '%time 1\nexercises.check("02.2", None)',
        'exercises.check("02.3", ...)',
        'exercises.check("02.4", lambda *a: ...)',
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3").execute()
    nbformat.validate(notebook)
    notebook.cells[4].source += "  # changed"
    nbformat.write(notebook, tmp_path / "one.ipynb")
    found = answers.read(tmp_path / "one.ipynb")
    assert verdicts(found) == [RIGHT, NOT_YET, OPEN, CHANGED]
    assert all(answer.traced for answer in found.values())
    shown = notebook.cells[1].outputs[0].data
    assert shown["text/plain"] == "Exercise 02.1: right!"
    assert shown[TRACE]["version"] == __version__


def test_outside_of_a_notebook_check_prints(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    exercises.check("02.1", 4.605)
    assert capsys.readouterr().out == "Exercise 02.1: right!\n"


@pytest.mark.parametrize(
    ("folder", "verdict"), [("notebooks", OPEN), ("notebooks/solutions", RIGHT)]
)
def test_the_lectures_own_notebooks_are_read(folder, verdict):
    found = {}
    for path in sorted((data.REPOSITORY / folder).glob(handout.NOTEBOOKS)):
        found |= answers.read(path)
    assert list(found) == exercises.numbers()
    assert set(verdicts(found)) == {verdict}


# ------------------------------------------------------------------------- what is no such notebook
BAD = {
    "empty": (b"", "empty"),
    "blank": (b" \n", "empty"),
    "cut": (b'{"cells": [{"cell_ty', "damaged: not JSON"),
    "latin": ('{"cells": "Müller"}'.encode("latin-1"), "damaged: not UTF-8"),
    "binary": (bytes(range(256)), "damaged: not UTF-8"),
    "number": (b'{"cells": [' + b"1" * 10_000 + b"]}", "damaged: not JSON"),
    "nested": (b"[" * 200_000, "nested too deeply"),
    "list": (b"[]", "JSON, but no notebook"),
    "dict": (b'{"cells": {}}', "JSON, but no notebook"),
    "null": (b"null", "JSON, but no notebook"),
    "old": (b'{"worksheets": []}', "an old format: open it in JupyterLab and save it again"),
    "foreign": (b'{"cells": []}', "no exercise of this lecture in it"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_notebook_has_a_reason(name, tmp_path):
    content, reason = BAD[name]
    (tmp_path / "x.ipynb").write_bytes(content)
    with pytest.raises(answers.SubmissionError) as caught:
        answers.read(tmp_path / "x.ipynb")
    assert str(caught.value) == reason


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["02.1", RIGHT, "code"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cell_type", "source", "outputs", "data", "text", "exercise", "verdict", "hint"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=50, deadline=None)
@given(cells=st.lists(st.fixed_dictionaries({"cell_type": st.just("code")}, optional={
    "source": ANYTHING,
    "outputs": st.lists(st.fixed_dictionaries({}, optional={
        "data": st.dictionaries(st.sampled_from([TRACE, "text/plain"]), ANYTHING),
        "text": ANYTHING,
        "ename": ANYTHING,
        "output_type": st.sampled_from(["error", "stream"]),
    })) | ANYTHING,
}) | ANYTHING))  # fmt: skip
def test_no_cell_is_too_strange(cells, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "strange.ipynb"
    good = cell("02.1", RIGHT)
    path.write_text(json.dumps({"cells": [*cells, good]}), encoding="utf-8")
    assert answers.read(path)["02.1"].verdict == RIGHT


def link(path, target):
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("links cannot be made here")


def test_links_are_not_followed(tmp_path):
    put(tmp_path / "elsewhere" / "secret.ipynb", cell("02.1", RIGHT))
    folder = tmp_path / "class"
    put(folder / "anna" / "02.ipynb", cell("02.1", RIGHT))
    link(folder / "loop", folder)
    link(folder / "anna" / "deeper", folder / "anna")
    link(folder / "me.ipynb", folder / "me.ipynb")
    link(folder / "spy.ipynb", tmp_path / "elsewhere" / "secret.ipynb")
    found = check.read(check.find([folder]))
    assert {one.student: one.problems for one in found} == {
        "anna": [],
        **{name: ["a link, which is not followed"] for name in ("loop", "me", "spy")},
    }


# -------------------------------------------------------------------------------------- who is who
def test_students_are_found_by_file_by_folder_and_by_moodle(tmp_path):
    folder = tmp_path / "class"
    right, wrong = cell("02.1", RIGHT), cell("02.1", NOT_YET, hint=HINT)
    put(folder / "04_berta.ipynb", right)
    put(folder / "anna" / "exercise" / "copy of 02.ipynb", wrong)
    put(folder / "anna" / "Untitled.IPYNB", cell("03.1", RIGHT), right)
    put(folder / "anna" / "solutions" / "02_softmax.ipynb", right, cell("02.2", RIGHT))
    put(folder / "anna" / ".ipynb_checkpoints" / "x.ipynb", cell("02.3", RIGHT))
    put(folder / "Mu\u0308ller Ida_17_assignsubmission_file_" / "02.ipynb", right)
    put(folder / "Otto_18_assignsubmission_file_02.ipynb", right)
    put(folder / "Otto_18_assignsubmission_file_03.ipynb", cell("03.1", RIGHT))
    put(folder / "Otto_19_assignsubmission_file_02.ipynb", wrong)
    put(folder / ".hidden.ipynb", right)
    (folder / "nobody").mkdir()
    (folder / "zed.zip").touch()
    (folder / "answers.csv").touch()
    found = check.read(check.find([folder]))
    assert [one.student for one in found] == [
        "04_berta", "anna", "Müller Ida", "nobody", "Otto", "Otto", "zed"
    ]  # fmt: skip
    anna, otto = found[1], found[4:6]
    assert anna.answered["02.1"].verdict == RIGHT  # the best of both files
    assert anna.answered["02.2"].verdict == MISSING
    assert found[3].problems == found[6].problems == ["no notebook"]
    assert sorted(len(one.files) for one in otto) == [1, 2]


def test_a_folder_that_start_has_made_is_one_students(tmp_path, monkeypatch):
    start.start(tmp_path / "anna")
    put(tmp_path / "anna" / "02_softmax.ipynb", cell("02.1", RIGHT))
    for named in (tmp_path / "anna", "."):
        (anna,) = check.read(check.find([named]))
        assert (anna.student, len(anna.files), len(anna.answered)) == (
            "anna",
            12,
            len(exercises.numbers()),
        )
        assert anna.answered["02.1"].verdict == RIGHT
        assert anna.answered["01.1"].verdict == NOT_RUN
        monkeypatch.chdir(tmp_path / "anna")


def test_folders_that_are_too_deep_are_a_problem_of_their_student(tmp_path):
    deep = tmp_path / "class" / "anna"
    for _ in range(check.DEEPEST + 2):
        deep = deep / "d"
    put(deep / "02.ipynb", cell("02.1", RIGHT))
    (anna,) = check.read(check.find([tmp_path / "class"]))
    assert anna.problems == [f"folders more than {check.DEEPEST} deep"]


def test_nothing_to_look_at_is_an_error(tmp_path, capsys):
    assert __main__.main(["check", str(tmp_path)]) == 1
    assert "There are no notebooks in" in capsys.readouterr().err
    assert __main__.main(["check", str(tmp_path / "nowhere")]) == 1
    assert "There is no " in capsys.readouterr().err


# ----------------------------------------------------------------------------------- a whole class
def test_a_class_of_300(tmp_path, capsys):
    """Of 300 files every one has its row, and the right one, within 20 seconds."""
    folder, picture = tmp_path / "class", "A" * 300_000  # as large as what students hand in
    seen = {"output_type": "display_data", "data": {"image/png": picture}, "metadata": {}}
    lesson = {"cell_type": "code", "source": "plot()", "outputs": [seen], "metadata": {}}
    stale = 'x = 2\n\nexercises.check("02.1", x)'
    kinds = {
        RIGHT: [cell("02.1", RIGHT)],
        NOT_YET: [cell("02.1", NOT_YET, hint=HINT)],
        OPEN: [cell("02.1", OPEN)],
        NOT_RUN: [cell("02.1")],
        CHANGED: [cell("02.1", RIGHT, source=stale, checked="x = 1")],
        f"{RIGHT} (printed)": [cell("02.1", outputs=printed("Exercise 02.1: right!"))],
    }
    expected = {}
    for k, (kind, cells) in zip(range(300 - len(BAD) - 1), itertools.cycle(kinds.items())):
        others = [cell(number, RIGHT) for number in ("02.2", "02.3", "02.4")]
        put(folder / f"{k:03} student.ipynb", lesson, *cells, *others)
        expected[f"{k:03} student"] = (kind, "")
    for name, (content, reason) in BAD.items():
        (folder / f"{name}.ipynb").write_bytes(content)
        expected[name] = ("", reason)
    with (folder / "enormous.ipynb").open("wb") as file:
        file.write(b" " * 50_000_000)
    expected["enormous"] = ("", "50 MB, more than the 20 MB that are read")

    begin = time.monotonic()
    assert __main__.main(["check", str(folder), "--out", str(tmp_path / "answers.csv")]) == 0
    assert time.monotonic() - begin < 20

    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["student"]: (row["02.1"], row["problems"]) for row in rows} == expected
    assert all(row["02.2"] == RIGHT and row["of"] == "4" for row in rows if row["02.1"])
    printed_lines = capsys.readouterr().out.split("\r")[-1].split("\n")
    assert printed_lines[0].strip() == f"300 handed in, {len(BAD) + 1} unreadable"
    wrong = sum(verdict == NOT_YET for verdict, _ in expected.values())
    most = ["What most got wrong", f"  02.1: {wrong} not yet", f"{wrong:7} × {HINT}"]
    assert printed_lines[2:5] == most
    assert "000 student  ++++" in printed_lines
    assert "001 student  x+++" in printed_lines
    assert "005 student  ++++*" in printed_lines
    assert "  enormous: 50 MB, more than the 20 MB that are read" in printed_lines


def test_the_hardest_comes_first_and_hints_with_other_numbers_are_one(tmp_path):
    for k in range(5):
        hint = f"at x = {k} it gives {k / 3:.2f}" if k < 3 else "a function, please"
        second = cell("02.2", NOT_YET, hint="shift z") if k == 0 else cell("02.2", RIGHT)
        put(tmp_path / f"{k}.ipynb", cell("02.1", NOT_YET, hint=hint), second)
    lines = check.report(check.read(check.find([tmp_path])))
    assert lines[2:6] == [
        "What most got wrong",
        "  02.1: 5 not yet",
        "      3 × at x = 0 it gives 0.00",
        "      2 × a function, please",
    ]
    assert lines[6:8] == ["  02.2: 1 not yet", "      1 × shift z"]


@pytest.mark.parametrize("first", "=+-@")
def test_no_name_is_a_formula(first, tmp_path):
    put(tmp_path / "class" / f"{first}HYPERLINK(1).ipynb", cell("02.1", RIGHT))
    check.save(check.read(check.find([tmp_path / "class"])), tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    assert f"\n'{first}HYPERLINK(1),1,4,right," in content


def test_a_table_is_not_written_over_a_notebook(tmp_path, capsys):
    path = put(tmp_path / "02.ipynb", cell("02.1", RIGHT))
    before = path.read_bytes()
    assert __main__.main(["check", str(path), "--out", str(path)]) == 1
    assert "name a file that ends in .csv" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_name_that_the_terminal_cannot_show_does_no_harm(tmp_path):
    put(tmp_path / "Žofie.ipynb", cell("02.1", RIGHT))
    command = [sys.executable, "-m", "mnist_lecture.workshop", "check", str(tmp_path)]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "?ofie    +???" in result.stdout


def test_nothing_is_written_to_what_was_handed_in(tmp_path, snapshot):
    put(tmp_path / "class" / "02.ipynb", cell("02.1", RIGHT))
    before = snapshot(tmp_path / "class")
    assert __main__.main(["check", str(tmp_path / "class")]) == 0
    assert snapshot(tmp_path / "class") == before


def test_check_imports_neither_tensorflow_nor_the_workshops_packages():
    absent = ("tensorflow", "keras", "nbformat", "nbclient", "nbconvert", "joblib", "IPython")
    code = f"""
import sys
sys.modules.update(dict.fromkeys({absent}))  # None: an import of it fails
from mnist_lecture.workshop import check
"""
    subprocess.run([sys.executable, "-c", code], check=True)
