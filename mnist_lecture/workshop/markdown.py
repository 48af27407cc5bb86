"""Markdown with formulas as HTML: nbconvert's renderer, and formulas as MathML.

Browsers typeset MathML themselves, so a page needs no script and no network for it.
"""

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class Renderer(IPythonRenderer):
    """Renders a notebook's Markdown; takes the same arguments."""

    def block_math(self, body):
        """Return the formula that stands apart."""
        return formula(body, display="block")

    def inline_math(self, body):
        """Return the formula in the line."""
        return formula(body, display="inline")


def formula(latex, display="inline"):
    """Return a LaTeX formula as MathML; `display` is "inline" or "block"."""
    return convert(latex, display=display).replace("\n", " ")


def render(text):
    """Return Markdown `text` as HTML."""
    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(text)
