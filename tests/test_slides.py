"""The deck without a browser: its source, what it points at, what a changed notebook does to it."""

import importlib.metadata
import re

from mnist_lecture import plots
from mnist_lecture.data import DataError
from mnist_lecture.plots import showing
from mnist_lecture.workshop import __main__, capture, execute, redraw, slides
from mnist_lecture.workshop.slides import excerpts, figures, page, source

import nbformat
import pytest

CELLS = {
    "start": "from mnist_lecture import plots\nimport numpy as np\nplots.use_style()",
    "build": "net.add(1)\nnet.fit(\n    images,\n    verbose=0,  # quiet\n    epochs=3,\n)\n\n\n"
    "def double(x):\n    return 2 * x",
    "shown": 'figure = plots.curves(np.arange(3), {"$y$": np.arange(3)}, "x", "y")\n'
    'plots.show(figure, "77-line")',
}
TEXT = r"""Two formulas, $$a = b,$$ and $$\frac{c}{d} = e.$$

**Predict.** What is $a$? And what is $c$?

| set | job |
|---|---|
| one | first |
| two | second |"""
DECK = """# A lecture
Notebook 77

Notes (1 min): Welcome.

## A slide
<!-- statement 7 -->

```code 77/build
net.fit
- verbose
```

![](77-line)

. . .

```output 77/build
error
```

Notes (2.5 min): Look at $a$.
"""


def write(folder, cells=CELLS, printed="error 5 %\nother\n"):
    """Write a notebook of these cells, the second of which has printed something."""
    cells = [nbformat.v4.new_code_cell(code, id=name) for name, code in cells.items()]
    cells[1].outputs = [nbformat.v4.new_output("stream", text=printed)]
    cells.append(nbformat.v4.new_markdown_cell(TEXT, id="text"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "77_test.ipynb")


@pytest.fixture
def lecture(tmp_path, monkeypatch):
    """A series of one notebook, and two slides of it."""
    write(tmp_path)
    (tmp_path / "slides.md").write_text(DECK, encoding="utf-8")
    monkeypatch.setattr(execute, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(capture, "STORED", tmp_path / "stored")
    monkeypatch.setattr(slides, "SOURCE", tmp_path / "slides.md")
    for module in (plots, showing):
        monkeypatch.setattr(module, "alternative_texts", lambda: {"77-line": 'A line, "y".'})
    redraw._notebooks.cache_clear()
    yield tmp_path
    redraw._notebooks.cache_clear()


def deck(folder, **settings):
    slides.save(folder / "deck.html", **settings)
    return (folder / "deck.html").read_text(encoding="utf-8")


# ------------------------------------------------------------------------- the lecture's own slides
def test_each_of_the_thirty_statements_is_told():
    parts = source.read(slides.SOURCE)
    told = [n for part in parts for slide in part.slides for n in slide.statements]
    assert set(told) == set(range(1, 31))


def test_the_lecture_takes_ninety_minutes_and_says_something_on_each_slide():
    parts = source.read(slides.SOURCE)
    assert sum(part.minutes for part in parts) == 90
    assert sum(minutes for _, minutes, _ in slides.path()) == 90
    for part in parts:
        for slide in part.slides:
            assert slide.minutes > 0, slide.title
            assert len(slide.notes.split()) > 10, slide.title


def test_the_path_names_the_notebooks_of_each_section_in_order():
    numbers = [path.name[:2] for path in execute.choose()]
    named = [notebooks for _, _, notebooks in slides.path()]
    assert all(named) and {n for some in named for n in some} == set(numbers)
    firsts = [some[0] for some in named[1:] if some != ["01", "04", "05"]]
    assert firsts == sorted(firsts)


def test_what_the_slides_point_at_is_there_and_fits():
    blocks = [b for part in source.read(slides.SOURCE) for s in part.slides for b in s.blocks]
    pieces = page.pieces(blocks, excerpts.Series())
    assert len(pieces) > 50
    kinds = [block.kind for block in blocks]
    assert kinds.count("question") >= 10 and kinds.count("figure") > 25 and kinds.count("live") > 4
    assert {block.pointer for block in blocks if block.kind == "figure"} <= set(redraw.choose())


# ------------------------------------------------------------------------------------ a small deck
def test_a_slide_holds_what_it_points_at(lecture):
    html = deck(lecture)
    shown = re.sub(r"<[^>]+>", "", html[html.index('<div class="slides">') :])
    assert "net.fit(\n    images,\n    epochs=3,\n)" in shown
    assert "verbose" not in shown and "net.add" not in shown
    assert "error 5 %" in shown and "other" not in shown.split("</section>")[0]
    assert 'alt="A line, &quot;y&quot;."' in html and "data:image/svg+xml;base64," in html
    assert 'output fragment" data-fragment-index="1"' in html
    assert 'data-statements="7"' in html and 'data-timing="150"' in html
    assert "Minute 1 to 3.5." in html and "<math" in html


def test_it_asks_nothing_of_a_network(lecture):
    html = deck(lecture)
    assert not re.search(r'(src|href)="(https?:|//)', html)
    assert not re.search(r"(@import|url\()\s*[\"']?(https?:|//)", html)


def test_the_same_bytes_twice(lecture):
    assert deck(lecture) == deck(lecture)
    assert deck(lecture, dark=True) == deck(lecture, dark=True) != deck(lecture)


def test_a_changed_notebook_changes_the_deck(lecture):
    before = deck(lecture)
    write(lecture, CELLS | {"build": "net.fit(\n    images,\n    verbose=0,\n    epochs=4,\n)"})
    after = deck(lecture)
    shown = re.sub(r"<[^>]+>", "", after)
    assert "epochs=4" in shown and "epochs=3" not in shown and after != before
    write(lecture, printed="error 6 %\n")
    assert "error 6 %" in deck(lecture)


def test_another_style_draws_other_figures(lecture):
    style = lecture / "own.mplstyle"
    style.write_text("figure.figsize: 3, 2\n", encoding="utf-8")
    assert deck(lecture, style=style) != deck(lecture)


def test_a_figure_too_dark_for_a_dark_slide_is_on_a_card(lecture):
    assert "figure card" not in deck(lecture, dark=True)
    shown = CELLS["shown"].replace(
        "plots.show", 'figure.axes[0].axhline(1, color="#222222")\nplots.show'
    )
    write(lecture, CELLS | {"shown": shown})
    redraw._notebooks.cache_clear()
    assert "figure card" in deck(lecture, dark=True)
    assert "figure card" not in deck(lecture)


def test_without_mnist_the_stored_picture_stands_in(lecture, monkeypatch, capsys):
    notebook = nbformat.read(lecture / "77_test.ipynb", as_version=4)
    png = plots.png(plots.grid()[0])
    picture = nbformat.v4.new_output(
        "display_data", {"image/png": figures.base64.b64encode(png).decode()}
    )
    notebook.cells[2].outputs = [picture]
    nbformat.write(notebook, lecture / "77_test.ipynb")
    failed = [("77-line", DataError("There is no MNIST."))]
    monkeypatch.setattr(redraw, "draw_all", lambda *_, **__: iter(failed))
    assert __main__.main(["slides", "--out", str(lecture / "deck.html")]) == 0
    assert "as stored: 77-line (There is no MNIST.)" in capsys.readouterr().out
    assert "data:image/png;base64," in (lecture / "deck.html").read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------- excerpts
@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        ("code", ["net.add"], "net.add(1)"),
        ("code", ["return"], "return 2 * x"),
        ("code", ["def double"], "def double(x):\n    return 2 * x"),
        ("code", ["net.fit", "- verbose", "- images"], "net.fit(\n    epochs=3,\n)"),
        ("output", ["other"], "other"),
        ("output", [], "error 5 %\nother"),
    ],
)
def test_parts_of_a_code_cell(lecture, kind, words, found):
    assert getattr(excerpts.Series(), kind)("77/build", words) == found


def test_parts_of_a_text_cell(lecture):
    series = excerpts.Series()
    assert series.formulas("77/text", []) == ["a = b", r"\frac{c}{d} = e"]
    assert series.formulas("77/text", [r"\frac"]) == [r"\frac{c}{d} = e"]
    assert series.question("77/text", []) == "What is $a$? And what is $c$?"
    assert series.question("77/text", ["And"]) == "And what is $c$?"
    assert series.table("77/text", ["two"]).splitlines()[2:] == ["| two | second |"]


# ---------------------------------------------------------------------------------------- mistakes
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("77/build", "78/build", "line 9: 78/build: there is no notebook 78"),
        ("77/build", "77/biuld", "line 9: 77/biuld: there is no such cell; there is build"),
        ("77/build", "build", "line 9: “build” is no pointer; one looks like 04/cell-09"),
        ("77/build", "77/text", "line 9: 77/text: this is no code cell"),
        ("net.fit", "net.fits", "line 9: 77/build: there is no statement with “net.fits”"),
        ("- verbose", "- wordy", "line 9: 77/build: there is no line with “wordy”"),
        ("- verbose", "- net.fit", "line 9: 77/build: what is left is no Python: "),
        ("error\n", "erorr\n", "line 18: 77/build: there is no printed line with “erorr”"),
        ("77-line", "77-lime", "line 14: there is no figure 77-lime"),
        ("](77-line", "](live-lime", "line 14: no notebook has stored a live figure lime"),
        ("```code", "```cdoe", "line 9: no cdoe; there is "),
        ("```code 77/build", "```", "line 9: a block begins as ```code 04/cell-09, not as ```"),
        ("error\n```", "error", "line 18: this block never ends (```)"),
        ("# A lecture", "## A lecture", "line 1: a slide before the first section"),
    ],
)
def test_a_mistake_is_named_with_its_line(lecture, capsys, old, new, said):
    text = DECK.replace(old, new, 1)
    assert text != DECK
    (lecture / "slides.md").write_text(text, encoding="utf-8")
    assert __main__.main(["slides", "--out", str(lecture / "deck.html")]) == 1
    assert said in capsys.readouterr().err
    assert not (lecture / "deck.html").exists()


def test_what_is_too_large_for_the_last_row_is_refused(lecture, capsys):
    for printed, said in (("error\n" * 20, "20 lines are too many"), ("error " * 20, "too long")):
        write(lecture, printed=printed)
        assert __main__.main(["slides", "--out", str(lecture / "deck.html")]) == 1
        assert said in capsys.readouterr().err


def test_without_the_source_or_the_engine_it_says_what_to_do(lecture, monkeypatch, capsys):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    with monkeypatch.context() as patch:
        patch.setattr(importlib.metadata, "distribution", missing)
        assert __main__.main(["slides", "--out", str(lecture / "deck.html")]) == 1
    said = 'sphinx-revealjs is not installed; it comes with: pip install "mnist-lecture[slides]"'
    assert said in capsys.readouterr().err
    (lecture / "slides.md").unlink()
    assert __main__.main(["slides", "--out", str(lecture / "deck.html")]) == 1
    assert "it comes with a clone of the repository" in capsys.readouterr().err


def test_the_instructors_page_shows_todays_path():
    page = (slides.SOURCE.parent / "instructors.md").read_text(encoding="utf-8")
    assert slides.path_table() in page
