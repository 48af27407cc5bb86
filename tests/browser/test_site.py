"""The site in a real browser: links, network, console, WCAG, keyboard, widths, the search.

About a minute for all pages. The site is built once, from the stored outputs.
"""

import re
from urllib.parse import unquote

from mnist_lecture.workshop import execute, pages

import pytest
from bs4 import BeautifulSoup

LESSONS = [path.stem for path in execute.choose()]
TEXTS = [name for name in pages.TEXTS if (pages.DOCS / f"{name}.md").exists()]
NAMES = ["index", "glossary", *TEXTS, *LESSONS]
SOLUTIONS = [f"solutions/{name}" for name in LESSONS]
WIDTHS = (360, 390, 800, 1300, 1920)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site of all notebooks, with a path as the slides would give it."""
    out = tmp_path_factory.mktemp("site")
    pages.build(pages.read(execute.NOTEBOOKS), out, [("Softmax", 15, ["01", "02"])])
    return out


@pytest.fixture(scope="module")
def tab(chromium, site):
    """A function that opens a page of the site, all in one tab; nothing is asked or said."""
    context = chromium.new_context(viewport={"width": 1300, "height": 900}, color_scheme="light")
    context.set_offline(True)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    def tab(name, width=1300, height=900, dark=False, anchor=""):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.goto("about:blank")
        page.goto(f"{(site / name).as_uri()}.html{anchor}")
        page.evaluate("document.fonts.ready.then(() => null)")  # formulas change their widths
        return page

    yield tab
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []


def test_all_links_lead_somewhere(site):
    parsed = {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in site.rglob("*.html")
    }
    assert len(parsed) == len(NAMES) + len(SOLUTIONS) + 1  # and draw.html
    anchors = {path: {e["id"] for e in page.select("[id]")} for path, page in parsed.items()}
    dead = []
    for path, page in parsed.items():
        ids = [element["id"] for element in page.select("[id]")]
        assert len(ids) == len(set(ids)), path
        for element in page.select("[href], img[src], script[src]"):
            url = element.get("href") or element.get("src")
            if re.match("https?:|data:", url):
                continue
            place, _, anchor = url.partition("#")
            target = (path.parent / place).resolve() if place else path
            if not target.exists() or (anchor and unquote(anchor) not in anchors[target]):
                dead.append((path.name, url))
    assert dead == []


# axe takes long for code and formulas, which are thousands of elements and alike on all pages: they
# are looked at on one. In the dark only the colours are other ones.
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", [*NAMES, SOLUTIONS[2]])
def test_wcag(tab, name, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = tab(name, dark=dark)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    whole = name in (LESSONS[0], SOLUTIONS[2])
    context = None if whole else {"exclude": [["pre.code"], ["math"]]}
    rules = {"type": "rule", "values": ["color-contrast"]} if dark else WCAG
    options = {"runOnly": rules, "iframes": False, "preload": False}  # it would ask for the styles
    results = axe.run(page, context=context, options=options)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("name", [*NAMES, *SOLUTIONS])
def test_no_page_scrolls_sideways(tab, name):
    page = tab(name, 360)
    wide = """() => [...document.querySelectorAll("main :is(p, li, pre, math, img, table, iframe)")]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => e.outerHTML.slice(0, 200))"""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(wide) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_text_has_lines_of_70_to_80_letters(tab):
    lines = tab(LESSONS[4]).evaluate(
        """() => {
          const text = document.createRange(), lengths = [];
          for (const p of document.querySelectorAll(".text > p:not(:has(math, code))")) {
            text.selectNodeContents(p);
            const tops = [...text.getClientRects()].map((box) => Math.round(box.top / 8));
            const lines = new Set(tops).size;
            if (lines > 4) lengths.push(p.textContent.length / lines);
          }
          return lengths;
        }"""
    )
    assert 68 < sum(lines) / len(lines) < 80


def test_the_theme_is_chosen_by_keyboard_remembered_and_reaches_the_frames(tab):
    page = tab(LESSONS[1])
    frame = page.locator("iframe").content_frame.locator("html")
    background = "e => getComputedStyle(e).backgroundColor"
    bright = frame.evaluate(background)
    page.locator("#theme-button").focus()
    page.keyboard.press("Space")
    assert page.locator("#theme-button").get_attribute("aria-pressed") == "true"
    page.wait_for_function("frames[0].document.documentElement.matches('.dark')")
    assert page.locator("body").evaluate(background) == frame.evaluate(background) != bright
    page = tab("glossary")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.keyboard.press("Tab")
    page.locator("#theme-button").press("Enter")
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.evaluate("localStorage.clear()")


def test_deep_dives_are_folded_by_keyboard_one_by_one_and_all(tab):
    page = tab(LESSONS[2])
    folds, opened = page.locator("details.fold"), page.locator("details.fold[open]")
    assert opened.count() == folds.count() > 2
    page.locator("details.fold > summary").first.press("Space")
    assert opened.count() == folds.count() - 1
    page.locator("#fold-button").press("Enter")
    page.wait_for_function("!document.querySelector('details.fold[open]')")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.count() == folds.count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert opened.count() == 0
    page.locator(".contents li.deep-dive a").first.click()  # a link unfolds where it leads
    page.wait_for_function("document.querySelectorAll('details.fold[open]').length === 1")


def test_the_keyboard_reaches_everything_in_order(tab):
    page = tab(LESSONS[1])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.hash || ''"))
    assert {"search-button", "theme-button", "fold-button", "#exercises"} <= set(seen)
    page.keyboard.press("Shift+Tab")
    solution = page.locator("details.solution").first
    solution.locator("summary").press("Enter")
    assert solution.get_attribute("open") is not None


def test_words_tell_what_they_mean_to_the_keyboard_too(tab):
    page = tab(LESSONS[2], 390)
    word = page.locator("a.term").first
    word.focus()
    tip = page.locator("#tip")
    assert tip.inner_text() == word.get_attribute("data-says")
    assert word.get_attribute("aria-describedby") == "tip"
    box = tip.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    assert not tip.is_visible()


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("cross-entropy", "03_cross_entropy.html"),
        ("softmax", "02_softmax.html"),
        ("early stopping", "06_early_stopping.html"),
        ("EarlyStopping", "06_early_stopping.html"),
        ("saturation", "03_cross_entropy.html#saturation"),
        ("nearest neighb", "01_digits_and_categories.html#the-nearest-neighbour"),
        ("ridge", "05_overfitting.html"),
        ("McNemar", "12_is_the_difference_real.html"),
        (
            "matched filter",
            "10_greens_functions_and_filters.html#filtering-signals-the-matched-filter",
        ),
    ],
)
def test_the_search_finds_the_right_section_first(tab, asked, place):
    page = tab(SOLUTIONS[0])
    page.keyboard.press("/")
    page.locator("#search-words").fill(asked)
    first = page.locator("#search-found a").first
    first.wait_for()
    assert first.evaluate("e => e.href").rpartition("/")[2].startswith(place)


def test_a_result_of_the_search_opens_and_escape_closes(tab):
    page = tab("index")
    page.keyboard.press("/")
    page.keyboard.type("shuffled labels")
    page.locator("#search-found a").first.wait_for()
    assert re.fullmatch("(The best )?\\d+ places?", page.locator("#search-said").inner_text())
    page.keyboard.press("Escape")
    assert not page.locator("#search").is_visible()
    page.keyboard.press("/")
    page.keyboard.type("shuffled labels")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/05_overfitting.html#shuffled-labels")
    assert page.locator("#shuffled-labels").is_visible()


def test_without_scripts_nothing_is_lost(chromium, site):
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 900}
    )
    page = context.new_page()
    page.goto((site / f"{LESSONS[1]}.html").as_uri())
    assert (
        page.locator("#search-button, #theme-button, #fold-button").locator("visible=true").count()
        == 0
    )
    assert page.locator("section.deep-dive p").first.is_visible()
    context.close()


def test_paper_has_room_for_code_and_figures(tab):
    page = tab(LESSONS[2], 700)  # about A4
    page.emulate_media(media="print")
    assert not page.locator(".bar, .contents, .series, iframe").locator("visible=true").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    page.emulate_media(media="screen")
