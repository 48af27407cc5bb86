"""The stored live figures on the pages of their notebooks: they start, and nothing is asked for."""

from mnist_lecture.workshop import execute, pages

import pytest

LIVE = [path for path in execute.choose() if "live.show(" in path.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    pages.build(pages.read(execute.NOTEBOOKS), out)
    return out


@pytest.mark.parametrize("width", [390, 1300])
@pytest.mark.parametrize("path", LIVE, ids=lambda path: path.stem)
def test_a_stored_figure_plays_on_its_page(open_page, site, path, width):
    page_file = site / f"{path.stem}.html"
    assert page_file.stat().st_size < 2_000_000
    page = open_page(page_file, width=width)
    frames = page.locator("iframe").all()
    assert len(frames) == 1
    frames[0].scroll_into_view_if_needed()
    inside = frames[0].content_frame
    assert inside.locator("main").inner_text().strip()
    assert inside.locator("canvas, svg, input").count() > 1
    root = inside.locator("html")
    assert root.evaluate("html => html.scrollWidth <= html.clientWidth + 1")
    tall = root.evaluate("html => document.body.scrollHeight")
    assert abs(frames[0].bounding_box()["height"] - tall) < 20  # the frame took its height
    picture = page.locator("iframe").locator("xpath=preceding-sibling::img")
    assert picture.get_attribute("alt") == frames[0].get_attribute("title")
