"""The command line, and executing notebooks: what they print and write, and how they fail."""

import re
from types import SimpleNamespace

from mnist_lecture import data
from mnist_lecture.workshop import __main__, capture, execute, records, redraw, slides

import nbformat
import pytest


def notebook(*sources, seconds=1):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells.insert(0, nbformat.v4.new_markdown_cell("# One\n[two](02_two.ipynb), $x$"))
    about = {"mnist_lecture": {"seconds": {"full": seconds, "quick": seconds}}}
    return nbformat.v4.new_notebook(cells=cells, metadata=about)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a folder of two small notebooks, and keep the data set out of it."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(notebook("print('one')"), folder / "01_one.ipynb")
    quick = "import os\nprint(os.environ['MNIST_LECTURE_QUICK'])"
    nbformat.write(notebook(quick), folder / "02_two.ipynb")
    solution = notebook("print('solved')")
    solution.cells[0].source = "# One, solved\n[one](../01_one.ipynb)"
    (folder / "solutions").mkdir()
    nbformat.write(solution, folder / "solutions" / "01_one.ipynb")
    monkeypatch.setattr(execute, "NOTEBOOKS", folder)
    monkeypatch.setattr(
        data,
        "load_mnist",
        lambda quick: SimpleNamespace(source="MNIST", quick=bool(quick), full_scale=not quick),
    )
    return folder


def test_run_writes_notebooks_and_pages(folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert __main__.main(["run", "--quick", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "2 notebooks: about 2 s one after the other, on two cores" in printed
    assert "01_one: " in printed
    assert "Written to" in printed
    executed = nbformat.read(out / "02_two.ipynb", 4)
    assert executed.cells[1].outputs[0].text == "1\n"
    page = (out / "01_one.html").read_text(encoding="utf-8")
    assert 'href="02_two.html"' in page
    assert 'href="01_one.html"' in (out / "index.html").read_text(encoding="utf-8")
    for page in out.rglob("*.html"):
        for link in re.findall(r'href="([^"#:]+\.html)"', page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page, link)
    assert nbformat.read(folder / "01_one.ipynb", 4).cells[1].outputs == []  # untouched


def test_pages_writes_a_site_of_what_is_stored_and_executes_nothing(folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert __main__.main(["pages", "--out", str(out)]) == 0
    assert f"Written to {out}: begin with {out / 'index.html'}" in capsys.readouterr().out
    assert 'href="02_two.html"' in (out / "01_one.html").read_text(encoding="utf-8")
    assert nbformat.read(folder / "01_one.ipynb", 4).cells[1].outputs == []


def test_what_ran_before_a_failure_has_its_page(folder, tmp_path):
    nbformat.write(notebook("1 / 0"), folder / "03_three.ipynb")
    assert __main__.main(["run", "1", "3", "--out", str(tmp_path / "out")]) == 1
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert 'href="01_one.html"' in index and 'href="02_two.html"' not in index
    assert "ZeroDivisionError" in (tmp_path / "out" / "03_three.html").read_text(encoding="utf-8")


def test_without_the_slides_source_a_run_has_its_site_all_the_same(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(slides, "SOURCE", tmp_path / "none.md")  # as in a wheel
    assert __main__.main(["run", "1", "--quick", "--out", str(tmp_path / "out")]) == 0
    assert "ninety" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8").lower()


def test_notebooks_can_run_side_by_side(folder, tmp_path, capfd):
    assert __main__.main(["run", "--quick", "--jobs", "2", "--out", str(tmp_path / "out")]) == 0
    printed = capfd.readouterr().out
    assert "01_one: " in printed and "02_two: " in printed
    assert nbformat.read(tmp_path / "out" / "02_two.ipynb", 4).cells[1].outputs[0].text == "1\n"


def test_save_stores_the_outputs_in_place(folder, tmp_path):
    assert __main__.main(["run", "1", "--save", "--out", str(tmp_path / "out")]) == 0
    stored = nbformat.read(folder / "01_one.ipynb", 4)
    assert stored.cells[1].outputs[0].text == "one\n"
    assert stored.cells[0].source == "# One\n[two](02_two.ipynb), $x$"
    assert "execution" not in stored.cells[1].metadata
    assert nbformat.read(folder / "02_two.ipynb", 4).cells[1].outputs == []


def test_save_stores_nothing_but_mnist_at_full_scale(folder, tmp_path, capsys):
    before = (folder / "01_one.ipynb").read_bytes()
    assert __main__.main(["run", "1", "--save", "--quick", "--out", str(tmp_path / "out")]) == 1
    assert "whole, real MNIST" in capsys.readouterr().err
    assert (folder / "01_one.ipynb").read_bytes() == before


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_failure_names_notebook_cell_and_error(folder, tmp_path, capsys, jobs):
    nbformat.write(notebook("fine = 1", "1 / 0", "never = 1"), folder / "03_three.ipynb")
    assert __main__.main(["run", "3", "--jobs", jobs, "--out", str(tmp_path / "out")]) == 1
    message = capsys.readouterr().err
    assert "03_three.ipynb, cell 3, failed" in message
    assert "1 / 0" in message
    assert "ZeroDivisionError: division by zero" in message
    assert "Traceback" not in message
    executed = nbformat.read(tmp_path / "out" / "03_three.ipynb", 4)
    assert executed.cells[2].outputs[0].ename == "ZeroDivisionError"


def test_a_kernel_that_does_not_start_gets_a_second_chance(folder, monkeypatch):
    run, tries = execute.NotebookClient.execute, []

    def second_time(client, **settings):
        tries.append(client)
        if len(tries) == 1:
            raise RuntimeError("Kernel didn't respond in 60 seconds")
        return run(client, **settings)

    monkeypatch.setattr(execute.NotebookClient, "execute", second_time)
    notebook, _ = execute.execute(folder / "01_one.ipynb", quick=True)
    assert notebook.cells[1].outputs[0].text == "one\n"
    assert len(tries) == 2


def test_a_dead_kernel_is_reported(folder, tmp_path, capsys):
    nbformat.write(notebook("import os\nos._exit(1)"), folder / "03_three.ipynb")
    assert __main__.main(["run", "3", "--out", str(tmp_path / "out")]) == 1
    assert "the kernel died" in capsys.readouterr().err


def test_an_unknown_notebook_is_reported(folder, capsys):
    assert __main__.main(["run", "77"]) == 1
    assert "There is no notebook 77; there are 01, 02." in capsys.readouterr().err


@pytest.mark.parametrize("command", [["run"], ["figures"]])
def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_runs(
    command, folder, tmp_path, capsys, monkeypatch
):
    def never(*_, **__):
        raise AssertionError("this comes too early")

    monkeypatch.setattr(execute, "execute", never)
    monkeypatch.setattr(data, "load_mnist", never)
    monkeypatch.setattr(redraw, "choose", lambda names: ["01-one"])
    (tmp_path / "a file").touch()
    assert __main__.main([*command, "--out", str(tmp_path / "a file" / "out")]) == 1
    assert "out cannot be written to" in capsys.readouterr().err


def test_save_refuses_what_figures_need_and_cannot_be_stored(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(capture, "STORED", tmp_path / "stored")
    values = {"images": {"unknown": "images like those of MNIST"}}
    records.save("03-three", values, capture.STORED)
    shows = 'plots = type("", (), {"show": print})\nplots.show(1, "03-three")'
    nbformat.write(notebook(shows), folder / "03_three.ipynb")
    before = (folder / "03_three.ipynb").read_bytes()
    monkeypatch.setattr(execute.capture, "START", "")  # what is stored stays
    assert __main__.main(["run", "3", "--save", "--out", str(tmp_path / "out")]) == 1
    message = capsys.readouterr().err
    assert "03-three needs `images`" in message and 'the tag "redraw"' in message
    assert (folder / "03_three.ipynb").read_bytes() == before


def test_stored_notebooks_lose_what_differs_from_run_to_run():
    cell = nbformat.v4.new_code_cell("x", metadata={"execution": {"start": "now"}})
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "slider"}
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="\r   \r"),
        nbformat.v4.new_output("stream", name="stdout", text="\r  \rfound"),
        nbformat.v4.new_output("display_data", data=widget),
        nbformat.v4.new_output("display_data", data={"text/plain": "kept"}),
    ]
    about = {"widgets": {}, "language_info": {"name": "python", "version": "3.11.7"}}
    cleaned = execute.clean(nbformat.v4.new_notebook(cells=[cell], metadata=about))
    first, second = cleaned.cells[0].outputs
    assert first.text == "found"
    assert second.data == {"text/plain": "kept"}
    assert "execution" not in cleaned.cells[0].metadata
    assert "version" not in cleaned.metadata.language_info
    assert "widgets" not in cleaned.metadata


def test_data_reports_what_was_found_where(world, toy, capsys):
    toy.save(world.keras, *toy.idx_files)
    assert __main__.main(["data"]) == 0
    printed = capsys.readouterr().out
    assert f"{world.clone}: no such folder" in printed
    assert f"{world.keras}: MNIST, verified by SHA-256" in printed


def test_data_fails_if_there_is_none(world, capsys):
    assert __main__.main(["data"]) == 1
    assert "MNIST was found nowhere and could not be downloaded" in capsys.readouterr().err


def test_data_reports_what_is_wrong(tmp_path, capsys):
    assert __main__.main(["data", str(tmp_path / "nowhere")]) == 1
    assert "is not a folder" in capsys.readouterr().err
