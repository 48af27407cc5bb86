"""The site: what a page says and links to, the glossary, the search, the same bytes each time."""

import json
import re

from mnist_lecture.workshop import pages
from mnist_lecture.workshop.pages import glossary, series

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

FIRST = """# 01 · One

*Why?*

[02 Two →](02_two.ipynb)

**Class time** core 5, whole 20 minutes · **Run time** about 3 seconds on two cores

**You will be able to** see."""


def figure(alt):
    about = {"data": {"image/png": "cGljdHVyZQ=="}, "metadata": {"image/png": {"alt": alt}}}
    return new_code_cell("show()", outputs=[new_output("display_data", **about)])


@pytest.fixture
def docs(tmp_path, monkeypatch):
    """An empty docs/."""
    folder = tmp_path / "docs"
    folder.mkdir()
    monkeypatch.setattr(pages, "DOCS", folder)
    return folder


@pytest.fixture
def page_of(tmp_path, docs):
    """Return a function that returns the page of a notebook with these cells, parsed."""

    def page_of(*cells, solutions=None, stem="01_one"):
        first = cells if cells[0].source.startswith("# ") else (new_markdown_cell(FIRST), *cells)
        lesson = series.Lesson(stem, new_notebook(cells=list(first)), solutions)
        pages.build([lesson], tmp_path / "site")
        html = (tmp_path / "site" / f"{stem}.html").read_text(encoding="utf-8")
        return BeautifulSoup(html, "html.parser")

    return page_of


def test_the_head_of_a_page(page_of):
    page = page_of(new_markdown_cell("## A *point* · deep dive"))
    assert page.h1.text == "One"
    assert page.select_one(".question").text == "Why?"
    assert (
        page.select_one(".times").text
        == "5 min core 20 min whole runs in about 3 seconds on two cores"
    )
    assert page.select_one(".goals").text.strip() == "You will be able to see."
    assert page.select_one(".contents li.deep-dive a[href='#a-point']").text == "A point"
    assert page.select_one("section.deep-dive h2#a-point + details[open] > summary")


def test_pages_carry_the_alternative_texts(page_of):
    page = page_of(figure('a "quoted" word'), figure("two < three"))
    assert [image["alt"] for image in page.select("img")] == ['a "quoted" word', "two < three"]


def test_formulas_are_typeset_and_code_is_not(page_of):
    text = "the cost $C_j * 2_k$ of\n$$\\sum_j x_j$$\nand `$HOME` or\n```\na $b$\n```\n"
    page = page_of(new_markdown_cell(text))
    assert [math["display"] for math in page.select("main math")] == ["inline", "block"]
    assert {"$HOME", "a $b$\n"} <= {code.text for code in page.select("code")}
    assert not page.select("em em, main section em")


def test_the_notebook_stays_as_it_is(page_of):
    cells = [new_markdown_cell(FIRST), new_markdown_cell("## Two · core\n$x$ [a](b.ipynb)")]
    page_of(*cells)
    assert [cell.source for cell in cells] == [FIRST, "## Two · core\n$x$ [a](b.ipynb)"]


def test_links_lead_to_pages_or_stay_text(page_of):
    text = "[back](01_one.ipynb#A-point-·-core) [gone](77_gone.ipynb) [out](https://x.org) [on](#b)"
    links = page_of(new_markdown_cell(text)).select(".text a")
    assert [link["href"] for link in links] == ["01_one.html#a-point", "https://x.org", "#b"]


def test_headings_have_anchors_of_their_own(page_of):
    page = page_of(new_markdown_cell("## Same · core"), new_markdown_cell("## Same\n\n### Same"))
    assert [heading["id"] for heading in page.select("h2, h3")] == ["same", "same-2", "same-3"]


def test_a_section_may_begin_within_a_cell(page_of):
    page = page_of(new_markdown_cell("## One · deep dive\nend\n\n## Two\n\n### Three"))
    assert page.select_one("section:not(.deep-dive) > h2#two")
    assert page.select_one("section:not(.deep-dive) h3#three")


def test_a_line_of_code_knows_its_indentation(page_of):
    lines = page_of(new_code_cell('if x < 1:\n    y = """a\n  b"""\n\nz = 2\n')).select(".line")
    assert [line["style"] for line in lines] == [f"--indent: {n}" for n in (0, 4, 2, 0, 0)]
    assert "".join(line.text for line in lines) == 'if x < 1:\n    y = """a\n  b"""\n\nz = 2\n'


def test_errors_are_shown_without_their_colours(page_of):
    error = new_output("error", ename="E", evalue="", traceback=["\x1b[31mE\x1b[0m: a < b"])
    assert page_of(new_code_cell("1 / 0", outputs=[error])).samp.text == "E: a < b"


def test_solutions_lie_behind_a_click_and_on_a_page(page_of, tmp_path):
    solved = [
        new_markdown_cell("# One: solutions\n\nBack: [01](../01_one.ipynb)"),
        new_code_cell("import numpy"),
        new_markdown_cell("**1.** Because $x$."),
        new_code_cell('answer = 7\nassert exercises.check("01.1", answer)'),
    ]
    page = page_of(
        new_markdown_cell("## Exercises\n[solutions](solutions/01_one.ipynb)"),
        new_code_cell('answer = ...\n\nexercises.check(\n    "01.1", answer\n)'),
        solutions=new_notebook(cells=solved),
    )
    solution = page.select_one("details.solution:not([open])")
    assert "Because" in solution.text and "answer = 7" in solution.text
    assert "import numpy" not in page.text
    assert page.select_one(".text a")["href"] == "solutions/01_one.html"
    own = (tmp_path / "site" / "solutions" / "01_one.html").read_text(encoding="utf-8")
    assert 'href="../01_one.html"' in own and "../assets/site.css" in own


def test_pages_load_nothing_from_the_network(page_of, tmp_path):
    page_of(new_markdown_cell("text"))
    for file in (tmp_path / "site").rglob("*"):
        if file.suffix in (".html", ".css", ".js"):
            text = file.read_text(encoding="utf-8")
            assert not re.search(r'(src|href)="https?:|url\(["\']?https?:|@import', text), file


# --------------------------------------------------------------------------------------- glossary
def test_words_are_linked_at_their_first_use_and_nowhere_else(page_of, docs):
    entry = "**one category, class** ([01](../notebooks/01_one.ipynb)): One of\n*ten* `digits`."
    (docs / "glossary.md").write_text(f"# Glossary\n\nText.\n\n{entry}\n", encoding="utf-8")
    text = "### Class\n`class` $class$ [class](#x) subclass Classes, class, one category"
    page = page_of(new_markdown_cell("## Classes"), new_markdown_cell(text))
    links = page.select("a.term")
    assert [(link.text, link["href"]) for link in links] == [
        ("Classes", "glossary.html#one-category")
    ]
    assert links[0]["data-says"] == "One of ten `digits`."


def test_the_series_has_a_glossary_with_living_links():
    entries = glossary.read(pages.DOCS / "glossary.md")
    assert len(entries) > 40
    names = [name.lower() for entry in entries for name in entry.names]
    assert len(names) == len(set(names))
    assert len({entry.anchor for entry in entries}) == len(entries)
    for entry in entries:
        path = pages.DOCS / re.search(r"\((.+)\)", entry.where)[1]
        assert path.exists(), entry
        assert entry.where.startswith(f"[{path.name[:2]}]")
        words = path.read_text(encoding="utf-8").lower()
        assert any(name.lower() in words for name in entry.names), entry


# --------------------------------------------------------------------------------- the whole site
def test_texts_of_docs_become_pages(page_of, docs, tmp_path):
    text = "# For instructors\n\n## Ways\n[01](../notebooks/01_one.ipynb), [no](slides.md), $x$."
    (docs / "instructors.md").write_text(text, encoding="utf-8")
    page_of(new_markdown_cell("[here](../docs/instructors.md)"))
    html = (tmp_path / "site" / "instructors.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    assert [link["href"] for link in page.select("p a")] == ["01_one.html"]
    assert page.select_one("h2#ways") and page.math
    assert 'href="instructors.html"' in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_the_search_knows_each_section(page_of, tmp_path):
    page_of(
        new_markdown_cell("## A `point` · core\nIt is $x$, so."),
        new_code_cell("EarlyStopping(x)"),
    )
    index = (tmp_path / "site" / "assets" / "search-index.js").read_text(encoding="utf-8")
    entries = json.loads(index.removeprefix("window.lectureIndex = ").rstrip(";\n"))
    assert entries[-1] == {
        "page": "01_one.html",
        "anchor": "a-point",
        "lesson": "01 · One",
        "title": "A point",
        "text": "It is, so.",
        "code": "EarlyStopping",
    }


def test_the_opening_page_names_titles_questions_times_and_the_path(tmp_path, docs):
    cells = [new_markdown_cell(FIRST), figure("a < b")]
    lesson = series.Lesson("01_one", new_notebook(cells=cells))
    index = pages.build([lesson], tmp_path, [("Begin", 7, ["01", "99"])])
    page = BeautifulSoup(index.read_text(encoding="utf-8"), "html.parser")
    card = page.select_one(".cards li")
    assert card.a["href"] == "01_one.html"
    assert card.a.text == "01 One"
    assert "Why?" in card.text and "5 min core" in card.text
    assert card.img["alt"] == "a < b"
    assert (tmp_path / card.img["src"]).read_bytes() == b"picture"
    assert " ".join(page.select_one(".path li").text.split()) == "7 min Begin Notebook 01"


def test_an_empty_series_still_has_an_opening_page(tmp_path, docs):
    assert pages.build([], tmp_path).exists()


def test_the_same_notebooks_give_the_same_bytes(tmp_path):
    lessons = pages.read(pages.execute.NOTEBOOKS)[:2]
    for out in ("one", "two"):
        pages.build(lessons, tmp_path / out)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")]
    assert len(files) > 10
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_covers_are_figures_of_their_notebooks():
    for lesson in pages.read(pages.execute.NOTEBOOKS):
        cover = series.COVERS[lesson.number]
        assert any(cover in cell.source for cell in lesson.notebook.cells), cover
        assert lesson.cover[1]
        assert nbformat.validate(lesson.notebook) is None
