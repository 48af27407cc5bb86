"""Markdown with formulas as HTML: nbconvert's renderer, and formulas as MathML.

Browsers typeset MathML themselves, so a page needs no script and no network for it.
"""

from mnist_lecture.workshop.formulas import formula, parts

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class Renderer(IPythonRenderer):
    """Renders a notebook's Markdown; takes the same arguments."""

    def block_math(self, body):
        """Return the formula that stands apart, in parts: see formulas.css."""
        typeset = "".join(formula(part, display="block") for part in parts(body))
        return f'<div class="formula">{typeset}</div>\n'

    def inline_math(self, body):
        """Return the formula in the line."""
        return formula(body, display="inline")


def render(text):
    """Return Markdown `text` as HTML."""
    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(text)
