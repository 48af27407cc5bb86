"""The live figure "training": it shows the weights, errors and answers of each epoch."""

from mnist_lecture import handwriting, live

import numpy as np
import pytest

EPOCHS = [*range(11), *range(12, 31, 2)]


def values(neurons=12, gallery=24, seed=1):
    """Return values as the notebook's cell gives them, but random."""
    rng = np.random.default_rng(seed)
    weights = np.cumsum(rng.normal(size=(len(EPOCHS), neurons, 28, 28)), axis=0)
    largest = np.quantile(np.abs(weights), 0.99)
    scaled = np.round(128 + 127 * np.clip(weights / largest, -1, 1)).astype(np.uint8)
    n = np.arange(1, 31)
    errors = np.array([0.2 / n + 0.01, 0.1 / n + 0.05])
    images, labels = handwriting.generate(gallery, seed, "transfer")
    any_digit, misread = rng.integers(0, 10, gallery), rng.random((len(EPOCHS), gallery)) < 0.3
    answers = np.where(misread, any_digit, labels)
    pictures = np.round(255 * images.reshape(-1, 784)).astype(np.uint8)
    found = {"images": pictures, "labels": labels, "answers": answers}
    return weights / largest, {
        "epochs": EPOCHS,
        "errors": errors,
        "weights": scaled,
        **(found if gallery else dict.fromkeys(found)),
        "marks": {"given back": 8, "stops": 18},
    }


def page_html(**other):
    return live.document("training", "t", **({"source": "MNIST"} | values()[1] | other))


def signed_colors(weights):
    """Return what `live.draw` makes of weights from -1 to 1: orange above zero, violet below."""
    x = np.clip(weights, -1, 1)[..., None]
    full = np.where(x > 0, (230, 97, 1), (94, 60, 153))
    return 255 + np.abs(x) * (full - 255)


def pixels(page, k):
    """Return the colours of the canvas number k."""
    read = """k => { const copy = new OffscreenCanvas(28, 28).getContext("2d");
      copy.drawImage(document.querySelectorAll("canvas")[k], 0, 0);
      return Array.from(copy.getImageData(0, 0, 28, 28).data); }"""
    return np.reshape(page.evaluate(read, k), (28, 28, 4))[:, :, :3]


def epoch_of(page):
    return page.locator("label b").inner_text()


@pytest.mark.parametrize("kind", ["bytes", "float16"])
def test_it_shows_the_weights_of_the_epoch(open_page, kind):
    exact, given = values(neurons=3)
    if kind == "float16":
        given["weights"] = exact = (exact / np.abs(exact).max()).astype(np.float16)
    page = open_page(live.document("training", "t", source="MNIST", **given))
    for n in (0, 7, len(EPOCHS) - 1):
        page.get_by_label("epoch", exact=True).fill(str(n))
        assert epoch_of(page) == str(EPOCHS[n])
        for k in range(3):
            expected = signed_colors(exact[n, k].astype(float))
            np.testing.assert_allclose(pixels(page, k), expected, atol=1.6)  # of 255; a byte rounds


def test_it_shows_the_errors_and_answers_of_the_epoch(open_page):
    given = values()[1]
    page = open_page(page_html())
    words = page.locator("p[aria-live]")
    assert "Before the training" in words.inner_text()
    assert page.locator("circle").first.is_hidden()
    for n in (1, 5, 20):
        page.get_by_label("epoch", exact=True).fill(str(n))
        training, validation = 100 * given["errors"][:, EPOCHS[n] - 1]
        wrong = given["answers"][n] != given["labels"]
        errors = f"training error {training:.1f} %, validation error {validation:.1f} %"
        gallery = f"{wrong.sum()} of the 24 digits below misread."
        assert words.inner_text() == f"Epoch {EPOCHS[n]}: {errors}; {gallery}"
        pairs = zip(given["answers"][n], given["labels"], strict=True)
        captions = [f"{a}" if a == b else f"“{a}” ({b} !)" for a, b in pairs]
        assert page.locator("section div span").all_inner_texts() == captions
    np.testing.assert_allclose(
        pixels(page, 12)[:, :, 0], 255 - given["images"][0].reshape(28, 28), atol=1
    )


def test_the_marker_is_where_the_curves_are(open_page):
    given = values()[1]
    page = open_page(page_html())
    page.get_by_label("epoch", exact=True).fill("8")
    for k, x in enumerate([7.5, 8]):
        circle, path = page.locator("circle").nth(k), page.locator("path[stroke-width='3']").nth(k)
        at = [float(circle.get_attribute(name)) for name in ("cx", "cy")]
        place = path.get_attribute("d")[1:].split("L")[7]
        np.testing.assert_allclose(at, [float(v) for v in place.split()], atol=0.1)
        assert at[0] == pytest.approx(56 + x / 30 * 332)
        low, high = given["errors"].min() / 1.15, given["errors"].max() * 1.1
        y = np.log(given["errors"][k, 7] / low) / np.log(high / low)
        assert at[1] == pytest.approx(296 - y * 284, abs=1e-3)


def test_it_plays_pauses_and_begins_again(open_page):
    page = open_page(page_html())
    play = page.get_by_role("button")
    play.click()
    page.wait_for_function("document.querySelector('label b').textContent === '3'")
    play.click()
    assert play.inner_text() == "play"
    stopped = epoch_of(page)
    page.wait_for_timeout(800)
    assert epoch_of(page) == stopped
    page.get_by_label("epoch", exact=True).fill(str(len(EPOCHS) - 2))
    play.click()
    page.wait_for_function("document.querySelector('label b').textContent === '30'")
    page.wait_for_function("document.querySelector('button').textContent === 'play'")
    play.click()
    page.wait_for_function("document.querySelector('label b').textContent === '1'")
    page.get_by_label("epoch", exact=True).press("ArrowLeft")  # a hand stops it
    assert play.inner_text() == "play"


def test_who_wants_little_motion_sees_the_end_at_once(open_page):
    page = open_page(page_html(), reduced_motion="reduce")
    page.get_by_role("button").click()
    assert epoch_of(page) == "30"


def test_the_epoch_can_be_chosen_on_the_curves(open_page):
    page = open_page(page_html(), width=360, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    svg = page.locator("svg")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    at = lambda epoch: box["x"] + box["width"] * (56 + epoch / 30 * 332) / 400  # noqa: E731
    y = box["y"] + box["height"] / 2
    page.mouse.move(at(2), y)
    page.mouse.down()
    page.mouse.move(at(13.4), y, steps=3)
    page.mouse.up()
    page.mouse.move(at(30), y)
    assert epoch_of(page) == "14"  # of 13 no weights were kept
    page.touchscreen.tap(at(8), y)
    assert epoch_of(page) == "8"
    svg.focus()
    page.keyboard.press("ArrowRight")
    assert epoch_of(page) == "9"
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    assert epoch_of(page) == "0"


def test_without_images_there_is_no_gallery(open_page):
    page = open_page(page_html(images=None, labels=None, answers=None))
    page.get_by_label("epoch", exact=True).fill("3")
    assert page.locator("canvas").count() == 12
    assert page.locator("p[aria-live]").inner_text().endswith("validation error 8.3 %.")


def test_marks_stand_beside_their_epochs(open_page):
    page = open_page(page_html(), width=360)
    for name, epoch, anchor in ("given back", 8, "start"), ("stops", 18, "end"):
        text = page.get_by_text(f"{name}: {epoch}")
        place = 56 + epoch / 30 * 332 + (6 if anchor == "start" else -6)
        assert float(text.get_attribute("x")) == pytest.approx(place)
        assert text.get_attribute("text-anchor") == anchor


def test_it_says_if_the_digits_were_not_mnist(open_page):
    page = open_page(page_html(source="generated digits"))
    assert page.get_by_text("Trained on generated digits, not MNIST.").is_visible()


def test_it_is_small():
    assert len(page_html().encode()) < 400_000
