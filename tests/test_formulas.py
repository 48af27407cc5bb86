"""Formulas as MathML: the space around names, signs, brackets; parts; the font."""

import io
import re

from mnist_lecture.workshop import execute, formulas, markdown

import nbformat
import pytest
from fontTools import ttLib

THIN = '<mspace width="0.167em" />'


def row(latex):
    """Return what is within the outermost row of a formula."""
    whole = formulas.formula(latex)
    return re.fullmatch(r'<math display="inline"><mrow>(.*)</mrow></math>', whole)[1]


@pytest.mark.parametrize(
    ("latex", "typeset"),
    [
        (r"\ln y", f"<mi>ln</mi>{THIN}<mi>y</mi>"),
        (r"T \ln Z", f"<mi>T</mi>{THIN}<mi>ln</mi>{THIN}<mi>Z</mi>"),
        (r"2\,\ln Z", f"<mn>2</mn>{THIN}<mi>ln</mi>{THIN}<mi>Z</mi>"),
        (r"\log_2 N", f"<msub><mi>log</mi><mn>2</mn></msub>{THIN}<mi>N</mi>"),
        (r"y^{\rm out}", "<msup><mi>y</mi><mrow><mi>out</mi></mrow></msup>"),
        (r"\Delta", '<mi mathvariant="normal">Δ</mi>'),
        (r"x'", '<mrow><mi>x</mi><mo lspace="0" rspace="0">′</mo></mrow>'),
        (r"x=-\infty", '<mi>x</mi><mo>=</mo><mo form="prefix">−</mo><mi>∞</mi>'),
        (r"x-1", "<mi>x</mi><mo>−</mo><mn>1</mn>"),
        (r"1/n", '<mn>1</mn><mo lspace="0" rspace="0">/</mo><mi>n</mi>'),
    ],
)
def test_formulas_are_spaced_as_in_print(latex, typeset):
    assert row(latex) == typeset


def test_no_space_between_a_name_and_its_bracket():
    assert "mspace" not in row(r"\max(z, 0) + \operatorname{softmax}(z) + \ln\sum_k z_k")


def test_the_limits_of_a_sum_stand_above_and_below():
    assert formulas.formula(r"\underbrace{\sum_j x_j}_{y}", "block").count("munder>") == 6


def test_a_formula_parts_where_the_author_left_a_gap():
    latex = r"a = \begin{cases} 1 & \qquad b \\[2pt] 2 \end{cases}, \qquad \boxed{c \qquad d}"
    assert len(formulas.parts(latex)) == 2
    page = markdown.render(f"$$\n{latex}\n$$")
    assert page.count('<math display="block">') == 2
    assert "2pt" not in page


@pytest.mark.parametrize("path", execute.choose(), ids=lambda path: path.stem)
def test_every_formula_of_the_series_can_be_typeset(path):
    for file in (path, path.parent / "solutions" / path.name):
        for cell in nbformat.read(file, as_version=4).cells:
            if cell.cell_type == "markdown":
                for typeset in re.findall("<math.*?</math>", markdown.render(cell.source)):
                    assert "\\" not in typeset, typeset


def test_the_font_has_the_letters_and_stretches_brackets_and_is_the_same_each_time():
    page = markdown.render(r"$h = \alpha\,(x + 1)$, not é")
    written = formulas.font(page)
    assert written == formulas.font(page)
    font = ttLib.TTFont(io.BytesIO(written))
    assert {ord(letter) for letter in "ℎ𝛼𝑥+1√"} <= set(font.getBestCmap())
    assert ord("é") not in font.getBestCmap()
    assert "parenleft" in font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
