"""HTML pages: alternative texts, formulas without a network, the index."""

import re

from mnist_lecture.workshop import execute, pages

import nbformat
import pytest
from latex2mathml.converter import convert


def page_of(tmp_path, *cells):
    pages.save(nbformat.v4.new_notebook(cells=list(cells)), tmp_path / "page.html")
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def figure(alt):
    about = {"data": {"image/png": "cGljdHVyZQ=="}, "metadata": {"image/png": {"alt": alt}}}
    picture = nbformat.v4.new_output("display_data", **about)
    return nbformat.v4.new_code_cell("show()", outputs=[picture])


def test_pages_carry_the_alternative_texts(tmp_path):
    page = page_of(tmp_path, figure('a "quoted" word'), figure("two < three"))
    assert page.index('alt="a &quot;quoted&quot; word"') < page.index('alt="two &lt; three"')


def test_formulas_are_typeset_and_code_is_not(tmp_path):
    text = "the cost $C_j * 2_k$ of\n$$\\sum_j x_j$$\nand `$HOME` or\n```\na $b$\n```\n"
    page = page_of(tmp_path, nbformat.v4.new_markdown_cell(text))
    assert re.findall(r'<math[^>]*display="(\w+)"', page) == ["inline", "block"]
    assert "$HOME" in page
    assert "a $b$" in page
    assert "<em>" not in page[page.index("the cost") :]


def test_the_notebook_stays_as_it_is(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("$x$ [a](b.ipynb)")])
    pages.save(notebook, tmp_path / "deeper" / "page.html")
    assert notebook.cells[0].source == "$x$ [a](b.ipynb)"


def test_pages_load_nothing_from_the_network(tmp_path):
    assert not re.search(r'<(script|link|img)[^>]*(src|href)="https?:', page_of(tmp_path))


@pytest.mark.parametrize("path", execute.choose(), ids=lambda path: path.stem)
def test_every_formula_of_the_series_can_be_typeset(path):
    for cell in nbformat.read(path, as_version=4).cells:
        for match in pages.FORMULA.finditer(cell.source if cell.cell_type == "markdown" else ""):
            if not match["code"]:
                assert "\\" not in convert(match["apart"] or match["inline"]), match[0]


def test_the_index_names_titles_questions_and_pictures(tmp_path):
    first = nbformat.v4.new_markdown_cell("# 01 · One\n\n*Why?*\n\nmore")
    nbformat.write(
        nbformat.v4.new_notebook(cells=[first, figure("a < b")]), tmp_path / "01_one.ipynb"
    )
    index = pages.save_index(tmp_path).read_text(encoding="utf-8")
    assert 'href="01_one.html"' in index
    assert "<b>01 · One</b></a>Why?</li>" in index
    assert 'alt="a &lt; b"' in index
