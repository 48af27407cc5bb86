"""Markdown with formulas as HTML: nbconvert's renderer, and formulas as MathML.

Browsers typeset MathML themselves, so a page needs no script and no network for it.
"""

import re

from mnist_lecture.workshop.formulas import formula, parts

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# Browsers break lines between a formula and the comma behind it.
PUNCTUATED = re.compile(r'([(“]?<math display="inline">(?:(?!</math>).)*</math>[,.;:?!)”’]+)')


class Renderer(IPythonRenderer):
    """Renders a notebook's Markdown; takes the same arguments."""

    def block_math(self, body):
        """Return the formula that stands apart, in parts: see formulas.css."""
        typeset = "".join(formula(part, display="block") for part in parts(body))
        return f'<span class="formula">{typeset}</span>'

    def inline_math(self, body):
        """Return the formula in the line."""
        return formula(body, display="inline")


def render(text, renderer=None):
    """Return Markdown `text` as HTML, by a `Renderer` of one's own or by this one."""
    renderer = renderer or Renderer(escape=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(text)
    return PUNCTUATED.sub(r'<span style="white-space: nowrap">\1</span>', html)
