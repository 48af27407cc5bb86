"""The glossary: read from docs/glossary.md; its words linked where a page uses them first."""

import re
from dataclasses import dataclass

from mnist_lecture.workshop.pages import series

from bs4 import BeautifulSoup, NavigableString

ENTRY = re.compile(r"\*\*(?P<names>[^*]+)\*\* \((?P<where>\[.+?\]\(.+?\))\): (?P<text>.+)", re.S)
# Words are not linked within these: they are links, or something that is read as a whole.
NOT_WITHIN = {"a", "code", "pre", "math", "h1", "h2", "h3", "h4", "button", "summary", "svg"}


@dataclass
class Entry:
    """A word of the glossary: all of its `names`, its `text` and `where` it comes up first.

    `text` and `where`, a link to a notebook, are Markdown.
    """

    names: list
    where: str
    text: str

    @property
    def anchor(self):
        """Where it stands on the page."""
        return series.slug(self.names[0])


def read(path):
    """Return the entries in the file at `path`, in its order; none if there is no such file.

    An entry is a paragraph: **word, other name** ([02](link)): what it means.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = (ENTRY.fullmatch(block.strip()) for block in text.split("\n\n"))
    return [Entry(m["names"].split(", "), m["where"], m["text"]) for m in found if m]


class Linker:
    """Links each word of the glossary once, at its first use in the HTML that it is given.

    `page` is the place of the glossary as seen from where the HTML goes. A Linker serves one page.
    """

    def __init__(self, entries, page):
        """Begin a page on which no word is linked yet."""
        self._page = page
        self._entries = {
            form: entry for entry in entries for name in entry.names for form in _forms(name)
        }
        forms = sorted(map(re.escape, self._entries), key=len, reverse=True)
        self._words = re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])", re.IGNORECASE)
        self._linked = set()

    def __call__(self, html):
        """Return `html` with links."""
        if not self._entries or not self._words.search(html):
            return html
        soup = BeautifulSoup(html, "html.parser")
        for text in soup.find_all(string=True):
            if type(text) is NavigableString and not NOT_WITHIN & {p.name for p in text.parents}:
                self._link(soup, text)
        return str(soup)

    def _link(self, soup, text):
        pieces, done = [], 0
        for match in self._words.finditer(text):
            entry = self._entries[match[0].lower()]
            if entry.anchor in self._linked:
                continue
            self._linked.add(entry.anchor)
            link = soup.new_tag("a", href=f"{self._page}#{entry.anchor}")
            link["class"], link["data-says"], link.string = "term", plain(entry.text), match[0]
            pieces += [text[done : match.start()], link]
            done = match.end()
        if pieces:
            text.replace_with(*pieces, text[done:])


def _forms(name):
    """Return a name and its plural, in small letters."""
    name = name.lower()
    plural = re.sub("y$", "ie", name) + ("es" if name.endswith(("s", "ch", "x")) else "s")
    return name, plural


def plain(markdown):
    """Return the text of an entry without the marks of Markdown, for a tooltip."""
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("*", "").split())
