"""The content of one page as HTML: Markdown with links, code, outputs, exercises with solutions.

Links in a notebook lead to files of the repository. On a page they lead to the pages of these
files; where there is no such page, the link's text remains.
"""

import base64
import posixpath
import re
import struct
from html import escape
from urllib.parse import unquote

from mnist_lecture.workshop.markdown import Renderer, render
from mnist_lecture.workshop.pages import series

from bs4 import BeautifulSoup
from nbconvert.filters.ansi import strip_ansi
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

SHOWN = ("text/html", "image/png", "text/plain")  # of an output in several forms, the first


class Content:
    """Turns texts and cells of the file `source` into HTML for the page `page`.

    Both are places, in the repository and in the site, as texts with "/". `pages` maps the files
    of the repository that have a page to its place in the site. With `linked`, a function from
    HTML to HTML, the words of texts are linked to the glossary.
    """

    def __init__(self, source, page, pages, linked=None):
        """Begin a page that has no anchors yet."""
        self.source, self.page, self.pages = source, page, pages
        self._linked = linked or (lambda html: html)
        self._anchors = set()

    def markdown(self, text, linked=True):
        """Return Markdown `text` as HTML."""
        html = render(text, _PageRenderer(self))
        return self._linked(html) if linked else html

    def inline(self, text):
        """Return Markdown `text` of one line as HTML without a paragraph."""
        html = self.markdown(text, linked=False).strip()
        return html.removeprefix("<p>").removesuffix("</p>")

    def anchor(self, heading):
        """Return an anchor for a heading that no other on this page has."""
        wanted = anchor = series.slug(heading) or "section"
        number = 1
        while anchor in self._anchors:
            number += 1
            anchor = f"{wanted}-{number}"
        self._anchors.add(anchor)
        return anchor

    def link(self, url):
        """Return where a link of the source leads to from this page, or None if nowhere."""
        if re.match(r"[a-z]+:", url):
            return url
        path, _, anchor = url.partition("#")
        if anchor:  # JupyterLab writes them with hyphens for spaces
            anchor = f"#{series.slug(unquote(anchor).replace('-', ' '))}"
        if not path:
            return anchor
        file = posixpath.normpath(posixpath.join(posixpath.dirname(self.source), path))
        if file not in self.pages:
            return None
        return posixpath.relpath(self.pages[file], posixpath.dirname(self.page) or ".") + anchor

    def blocks(self, cells, solved=None):
        """Yield what a page shows of each cell, a dict for the template.

        `solved` maps the number of an exercise to what its solution shows, a list of such dicts.
        """
        for cell in cells:
            if cell.cell_type == "markdown" and cell.source.strip():
                yield {"text": self.markdown(cell.source)}
            elif cell.cell_type == "code":
                yield {
                    "code": listing(cell.source) if cell.source.strip() else "",
                    "outputs": [_output(output) for output in cell.outputs],
                    "solution": (solved or {}).get(series.exercise(cell)),
                    "number": series.exercise(cell),
                }


class _PageRenderer(Renderer):
    """Renders Markdown for a page, whose `Content` knows anchors and links."""

    def __init__(self, content):
        super().__init__(escape=False, exclude_anchor_links=True)
        self._content = content

    def heading(self, text, level, **attributes):
        anchor = self._content.anchor(BeautifulSoup(f"<b>{text}</b>", "html.parser").get_text())
        return f'<h{level} id="{anchor}">{text} {anchor_link(anchor)}</h{level}>\n'

    def link(self, text, url, title=None):
        place = self._content.link(url)
        return f'<a href="{escape(place)}">{text}</a>' if place else text

    def paragraph(self, text):
        kind = ' class="predict"' if text.startswith("<strong>Predict.</strong>") else ""
        return f"<p{kind}>{text}</p>\n"

    def block_code(self, code, info=None):
        python = info and info.split()[0] in ("python", "py")
        return f"<pre><code>{listing(code) if python else escape(code)}</code></pre>\n"


def anchor_link(anchor):
    """Return the link that a reader can copy, beside a heading."""
    return f'<a class="anchor" href="#{anchor}" aria-label="Link to this section">#</a>'


def listing(source):
    """Return Python code as HTML: a <span> for each line, which knows how far it is indented.

    So the rest of a line that is too long for the page can stand below its beginning.
    """
    coloured = highlight(source.rstrip(), PythonLexer(), HtmlFormatter(nowrap=True))
    lines = zip(source.rstrip().split("\n"), coloured.rstrip("\n").split("\n"), strict=True)
    return "".join(
        f'<span class="line" style="--indent: {len(line) - len(line.lstrip())}">{html}\n</span>'
        for line, html in lines
    )


def _output(output):
    """Return what a page shows of an output: {"said": text}, {"picture": …} or {"live": html}."""
    if output.output_type == "stream":
        return {"said": output.text.rstrip(), "letters": _letters(output.text)}
    if output.output_type == "error":
        return {"said": strip_ansi("\n".join(output.traceback))}
    kind = next((kind for kind in SHOWN if kind in output.data), None)
    if kind == "image/png":
        return {"picture": picture(output.data[kind], output.metadata.get(kind, {}).get("alt", ""))}
    if kind == "text/html":
        return {"live": output.data[kind]}
    return {"said": output.data.get("text/plain", "").rstrip()}


def _letters(text):
    """Return how wide a printed table is, in letters, or 0 if `text` is none.

    Its rows have columns, with two spaces or more between them; sentences around it do not count.
    """
    rows = [line for line in text.splitlines() if "  " in line.strip()]
    return max(map(len, rows)) if len(rows) > 1 else 0


def picture(data, alt):
    """Return what a page needs of a PNG in base64: data, alternative text, size in pixels."""
    data = data.replace("\n", "")
    width, height = struct.unpack(">2I", base64.b64decode(data[:32])[16:24].rjust(8, b"\0"))
    return {"data": data, "alt": alt, "width": width, "height": height}
