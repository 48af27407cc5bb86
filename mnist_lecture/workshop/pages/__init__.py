"""Notebooks as a site that opens from a memory stick: no server, no network.

The pages of the notebooks, their solutions, an opening page, a glossary, the texts in docs/, and
"draw a digit". `templates/` says how they are built, `assets/` how they look and what they do.
"""

import base64
from pathlib import Path

from mnist_lecture import progress
from mnist_lecture.data import REPOSITORY
from mnist_lecture.workshop import atomic, execute, formulas
from mnist_lecture.workshop.pages import content, glossary, search
from mnist_lecture.workshop.pages.series import Lesson

import jinja2
import nbformat
from bs4 import BeautifulSoup

HERE = Path(__file__).parent
DOCS = REPOSITORY / "docs"
TEXTS = {"instructors": "For instructors"}  # files of docs/ that become pages, and their titles
DRAW, DECK = "draw.html", "slides.html"
TITLE = "Handwriting recognition with Keras"


def read(folder):
    """Return the lessons in a folder of notebooks, in order, a list of `Lesson`."""
    lessons = []
    for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")):
        solved = execute.NOTEBOOKS / "solutions" / path.name
        solutions = nbformat.read(solved, as_version=4) if solved.exists() else None
        lessons.append(Lesson(path.stem, nbformat.read(path, as_version=4), solutions))
    return lessons


def build(lessons, out, path=()):
    """Write the site of these `lessons` into the folder `out`; return its opening page.

    `path` tells how the series goes into ninety minutes: (title, minutes, [numbers of notebooks])
    for each part. What was not executed has the outputs that are stored in it. Raises `OSError` if
    something cannot be written.
    """
    site = _Site(lessons, Path(out))
    for lesson in progress.bar(lessons, desc="pages", unit="page"):
        site.write_lesson(lesson)
    site.write_texts()
    site.write_index(path)
    site.write_assets()
    return Path(out, "index.html")


class _Site:
    """A site that is being written: what its pages share, and what they add to the search."""

    def __init__(self, lessons, out):
        self.lessons, self.out = lessons, out
        self.entries = glossary.read(DOCS / "glossary.md")
        self.texts = {name: DOCS / f"{name}.md" for name in TEXTS}
        self.texts = {name: path for name, path in self.texts.items() if path.exists()}
        self.index, self.written = [], []
        self.drawing = next(filter(None, map(_drawing, lessons)), None)
        self.pages = {f"notebooks/{lesson.stem}.ipynb": f"{lesson.stem}.html" for lesson in lessons}
        self.pages |= {
            f"notebooks/solutions/{lesson.stem}.ipynb": f"solutions/{lesson.stem}.html"
            for lesson in lessons
            if lesson.solutions
        }
        self.pages |= {f"docs/{name}.md": f"{name}.html" for name in self.texts}
        if self.entries:
            self.pages["docs/glossary.md"] = "glossary.html"
        loader = jinja2.FileSystemLoader(HERE / "templates")
        self.templates = jinja2.Environment(
            loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
        )

    def write(self, template, page, **values):
        """Write a page and keep its formulas in mind."""
        html = self.templates.get_template(f"{template}.html.j2").render(
            page=page,
            root="../" * page.count("/"),
            site=TITLE,
            lessons=self.lessons,
            texts={f"{name}.html": TEXTS[name] for name in self.texts},
            has_glossary=bool(self.entries),
            drawing=DRAW if self.drawing else None,
            deck=DECK if (self.out / DECK).exists() else None,
            anchor_link=content.anchor_link,
            **values,
        )
        atomic.write(self.out / page, html)
        self.written.append(html)

    def content(self, source, page, linked=True):
        """Return the `Content` of a page, with words linked to the glossary."""
        there = "../" * page.count("/") + "glossary.html"
        return content.Content(
            source, page, self.pages, glossary.Linker(self.entries, there) if linked else None
        )

    def write_lesson(self, lesson):
        """Write the page of a notebook and that of its solutions."""
        source, page = f"notebooks/{lesson.stem}.ipynb", f"{lesson.stem}.html"
        solved_source = f"notebooks/solutions/{lesson.stem}.ipynb"
        here = self.content(source, page)
        solving = self.content(solved_source, page, linked=False)
        solved = {number: list(solving.blocks(cells)) for number, cells in lesson.solved.items()}
        opening = here.markdown(lesson.opening)
        sections = [self._section(section, here, solved) for section in lesson.sections]
        place = self.lessons.index(lesson)
        self.write(
            "lesson",
            page,
            lesson=lesson,
            question=here.inline(lesson.question),
            opening=opening,
            sections=sections,
            previous=self.lessons[place - 1] if place else None,
            following=self.lessons[place + 1] if place + 1 < len(self.lessons) else None,
        )
        self.index.append(search.entry(page, "", "", lesson.title, f"{lesson.question} {opening}"))
        for section, made in zip(lesson.sections, sections, strict=True):
            text = "".join(block.get("text", "") for block in made["blocks"])
            code = "\n".join(cell.source for cell in section.cells if cell.cell_type == "code")
            self.index.append(
                search.entry(page, made["anchor"], lesson.title, made["title"], text, code)
            )
        if lesson.solutions:
            page = self.pages[solved_source]
            here = self.content(solved_source, page)
            self.write(
                "solutions", page, lesson=lesson, blocks=list(here.blocks(lesson.solutions.cells))
            )

    def _section(self, section, here, solved):
        """Return what the template needs of a section."""
        return {
            "title": here.inline(section.title),
            "anchor": here.anchor(section.title) if section.title else "",
            "kind": section.kind,
            "blocks": list(here.blocks(section.cells, solved)),
        }

    def write_texts(self):
        """Write the glossary and the texts of docs/."""
        for name, path in self.texts.items():
            page = f"{name}.html"
            here = self.content(f"docs/{name}.md", page)
            text = here.markdown(path.read_text(encoding="utf-8"))
            self.write("text", page, title=TEXTS[name], text=text)
            self.index.append(search.entry(page, "", "", TEXTS[name], text))
        if self.entries:
            page = "glossary.html"
            here = self.content("docs/glossary.md", page, linked=False)
            made = [
                {
                    "names": entry.names,
                    "anchor": entry.anchor,
                    "text": here.inline(entry.text),
                    "where": here.inline(entry.where),
                }
                for entry in sorted(self.entries, key=lambda entry: entry.names[0].lower())
            ]
            self.write("glossary", page, entries=made)
            self.index += [
                search.entry(page, e["anchor"], "Glossary", ", ".join(e["names"]), e["text"])
                for e in made
            ]

    def write_index(self, path):
        """Write the opening page, the figures on it and "draw a digit"."""
        if self.drawing:
            atomic.write(self.out / DRAW, self.drawing)
        for lesson in self.lessons:
            if lesson.cover:
                cover = base64.b64decode(lesson.cover[0])
                atomic.write(self.out / "assets" / f"{lesson.stem}.png", cover)
        known = {lesson.number: lesson for lesson in self.lessons}
        parts = [
            {
                "title": title,
                "minutes": minutes,
                "lessons": [known[number] for number in numbers if number in known],
            }
            for title, minutes, numbers in path
        ]
        self.write("index", "index.html", path=parts, frame=self.drawing)

    def write_assets(self):
        """Write style, scripts, the font for formulas and the index for the search."""
        for file in sorted((HERE / "assets").iterdir()):
            atomic.write(self.out / "assets" / file.name, file.read_bytes())
        style = formulas.style("".join(self.written))
        atomic.write(self.out / "assets" / "formulas.css", style)
        atomic.write(self.out / "assets" / "search-index.js", search.script(self.index))


def _drawing(lesson):
    """Return "draw a digit", if a lesson shows it, as a page of its own, weights and all.

    It is the document within the cell's output: nothing is computed again.
    """
    for cell in lesson.notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("metadata", {}).get("text/html", {}).get("name") == "draw-a-digit":
                return BeautifulSoup(output.data["text/html"], "html.parser").iframe["srcdoc"]
    return None
