"""The index for the search: what each section of each page says, as a script.

A script, and not JSON: only that can be loaded by a page that was opened from a file.
"""

import json
import re

from bs4 import BeautifulSoup


def entry(page, anchor, lesson, title, html, code=""):
    """Return what the index holds of a section.

    `html` is its text, whose formulas are left out, and `code` the source of its cells; `title` is
    that of the section, HTML, and `lesson` that of the page.
    """
    soup = BeautifulSoup(f"<div>{html}</div>", "html.parser")
    for formula in soup.find_all("math"):
        formula.replace_with(" ")
    for link in soup.select("a.anchor"):
        link.decompose()
    return {
        "page": page,
        "anchor": anchor,
        "lesson": lesson,
        "title": _spaced(BeautifulSoup(f"<b>{title}</b>", "html.parser").get_text()),
        "text": _spaced(soup.get_text(" ")),
        "code": " ".join(sorted(set(re.findall(r"[A-Za-z_]{3,}", code)))),
    }


def script(entries):
    """Return the entries as a script that puts them into `lectureIndex`, one a line."""
    lines = ",\n".join(json.dumps(e, ensure_ascii=False) for e in entries)
    return f"window.lectureIndex = [\n{lines}\n];\n"


def _spaced(text):
    return re.sub(r"\s+([,.;:?!)])", r"\1", " ".join(text.split()))
