"""A real browser for tests: Chromium, without a network, its console listened to."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW = (
    "no browser: install Chromium or Chrome (or name it in MNIST_LECTURE_BROWSER), and "
    "`pip install -e .[browser]`"
)


def executable():
    """Return the path of a Chromium on this machine, or None."""
    return os.environ.get("MNIST_LECTURE_BROWSER") or next(
        filter(None, map(shutil.which, NAMES)), None
    )


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason=HOW)
    if not executable():
        pytest.skip(HOW)
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path):
    """Return a function that opens HTML, or a file of it; at the end nothing was asked or said."""
    contexts, said, asked = [], [], []

    def open_page(html, width=1300, height=900, **settings):
        path = html
        if isinstance(html, str):
            path = tmp_path / f"page{len(contexts)}.html"
            path.write_text(html, encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
