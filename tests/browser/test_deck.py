"""The whole deck in a real browser: nothing overflows, live figures play, it can be presented.

The figures are the pictures stored in the notebooks: the same sizes, and no drawing.
"""

import re

from mnist_lecture.workshop import slides
from mnist_lecture.workshop.slides import figures

import pytest

READY = "window.Reveal?.isReady()"
# What is not wholly on the slide, and what would scroll; formulas may lean out of their lines.
BAD = """() => {
  const slide = Reveal.getCurrentSlide().querySelector(".slide");
  const all = slide.getBoundingClientRect();
  const name = slide.querySelector("h1, h2").innerText, bad = [];
  for (const element of slide.querySelectorAll("*")) {
    const box = element.getBoundingClientRect(), small = 1.5;
    if (!box.width || !box.height) continue;
    if (box.left < all.left - small || box.right > all.right + small ||
        box.top < all.top - small || box.bottom > all.bottom + small)
      bad.push(`${name}: ${element.tagName} ${element.className} leaves the slide`);
  }
  const body = slide.querySelector(".body").getBoundingClientRect();
  for (const block of slide.querySelectorAll(".block")) {
    const box = block.getBoundingClientRect();
    if (box.bottom > body.bottom + 2 || box.top < body.top - 2)
      bad.push(`${name}: ${block.className} is over the title or the foot`);
    if (block.matches(".figure, .play") && box.height < 0.4 * all.height)
      bad.push(`${name}: the figure is too small`);
  }
  for (const code of slide.querySelectorAll("pre")) {
    if (code.scrollWidth > code.clientWidth + 1) bad.push(`${name}: code would scroll`);
    if (parseFloat(getComputedStyle(code).fontSize) < 22) bad.push(`${name}: small code`);
  }
  for (const text of slide.querySelectorAll(".block p, .block li"))
    if (parseFloat(getComputedStyle(text).fontSize) < 26) bad.push(`${name}: small text`);
  const frame = slide.querySelector("iframe");
  if (frame && !frame.srcdoc) bad.push(`${name}: the live figure is not open`);
  return bad;
}"""


def make(folder, dark):
    """Return the deck as a text, quickly made."""

    def stored(names, series, style, dark):
        return {name: figures.stored(name, series, dark) for name in names}, []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "draw", stored)
        slides.save(folder / "slides.html", dark=dark)
    return (folder / "slides.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return make(tmp_path_factory.mktemp("deck"), dark=False)


def turn_to(page, name):
    """Turn to the slide with this title."""
    slide = page.locator(".slide", has=page.locator(f'h2:text-is("{name}")'))
    page.evaluate(
        "slide => { const { h, v } = Reveal.getIndices(slide.parentElement); Reveal.slide(h, v); }",
        slide.element_handle(),
    )
    return slide


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_nothing_overflows_on_any_slide_at_any_step(open_page, deck, width, height):
    walk(open_page(deck, width, height))


def test_nor_does_it_on_dark_slides(open_page, tmp_path):
    page = open_page(make(tmp_path, dark=True), 1280, 720)
    walk(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 28)"


def test_what_overflows_is_found(open_page, deck):
    page = open_page(deck.replace("</style>", ".question p { font-size: 140px }</style>", 1))
    page.wait_for_function(READY)
    turn_to(page, "Softmax")
    assert any("question is over the title or the foot" in bad for bad in page.evaluate(BAD))


def walk(page):
    """Turn all slides, step by step, and look at each."""
    page.wait_for_function(READY)
    bad, steps = [], 0
    while True:
        if page.evaluate("!!Reveal.getCurrentSlide().querySelector('iframe')"):
            page.wait_for_selector(".present .play.open")
        bad += [problem for problem in page.evaluate(BAD) if problem not in bad]
        if page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
            break
        page.keyboard.press("PageDown")
        steps += 1
    assert bad == []
    assert steps > page.evaluate("Reveal.getTotalSlides()") + 10  # all steps, too


def test_a_live_figure_plays_where_the_pointer_is(open_page, deck):
    page = open_page(deck, 1920, 1080)
    page.wait_for_function(READY)
    slide = turn_to(page, "Draw a digit")
    page.wait_for_selector(".present .play.open")
    inside = slide.locator("iframe").content_frame
    inside.get_by_role("button", name="clear").click()
    canvas = inside.locator("canvas.hand").first
    box = canvas.bounding_box()
    x, y = box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 0.4 * box["height"], steps=8)
    page.mouse.up()
    ink = canvas.evaluate("""canvas => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      const at = (x, y) => data[4 * (Math.round(y * height) * width + Math.round(x * width))];
      return [at(0.7, 0.5), at(0.5, 0.5), at(0.7, 0.9)];
    }""")
    assert ink[0] < 100 and min(ink[1:]) > 200  # black where the pointer was, and only there


def test_keys_belong_to_the_figure_until_escape_or_page_down(open_page, deck):
    page = open_page(deck)
    page.wait_for_function(READY)
    slide = turn_to(page, "Play: temperature")
    page.wait_for_selector(".present .play.open")
    slider = slide.locator("iframe").content_frame.get_by_label("input 3")
    slider.focus()
    before, place = slider.input_value(), page.evaluate("Reveal.getSlidePastCount()")
    page.keyboard.press("ArrowRight")
    assert slider.input_value() != before
    assert page.evaluate("Reveal.getSlidePastCount()") == place
    page.keyboard.press("PageDown")  # a remote control
    assert page.evaluate("Reveal.getSlidePastCount()") == place + 1
    page.keyboard.press("PageUp")
    slider.focus()
    page.keyboard.press("Escape")
    assert not page.evaluate("Reveal.isOverview()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getSlidePastCount()") == place + 1
    page.keyboard.press("Escape")
    assert page.evaluate("Reveal.isOverview()")


def test_the_presenter_sees_notes_and_the_next_slide(open_page, deck):
    page = open_page(deck)
    page.wait_for_function(READY)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    presenter = opened.value
    presenter.wait_for_function(
        "document.querySelector('.speaker-controls-notes .value').innerText"
    )
    assert "Minute 0 to 1." in presenter.locator(".speaker-controls-notes").inner_text()
    assert len(presenter.frames) >= 3  # itself, this slide, the next one
    page.keyboard.press("PageDown")
    presenter.wait_for_function(
        "document.querySelector('.speaker-controls-notes .value').innerText.includes('Begin with')"
    )


def test_it_prints_a_page_for_each_slide(chromium, deck, tmp_path):
    (tmp_path / "deck.html").write_text(deck, encoding="utf-8")
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto((tmp_path / "deck.html").as_uri() + "?print-pdf")
    page.wait_for_function(READY)
    page.wait_for_selector(".pdf-page")
    slides_in_it = page.evaluate("Reveal.getTotalSlides()")
    cut = page.evaluate("""() => [...document.querySelectorAll(".pdf-page")].filter((page) => {
      const { width, height } = page.getBoundingClientRect();
      const slide = page.querySelector(".slide").getBoundingClientRect();
      return slide.width > width + 1 || slide.height > height + 1;
    }).length""")
    empty = page.locator(".play img:visible").count() != page.locator(".play img").count()
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert cut == 0 and not empty
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == slides_in_it
