"""Live figures in a real browser: they compute what Keras and the package compute, and play."""

from html import escape

from mnist_lecture import handwriting, live, models, plots, results
from mnist_lecture.workshop import pages

import hands
import keras
import nbformat
import numpy as np
import pytest


def document(name, **values):
    return live.document(name, "a live figure", source="MNIST", **values)


def test_temperature_is_softmax(open_page):
    z = np.array([1.0, -2.0, -3.0, -1.5, 1.1, 0.9, 3.0, -2.5, -4.0, -1.8])
    page = open_page(document("temperature", z=z))
    p = np.exp(z) / np.exp(z).sum()
    shown = [float(t.split()[0]) / 100 for t in page.locator(".bars span").all_inner_texts()]
    np.testing.assert_allclose(shown, p, atol=1e-3)
    assert "Category 6 wins" in page.locator("main p").inner_text()
    page.get_by_label("temperature T").fill("2")  # its logarithm: T = 100
    assert (
        "9.9 categories" in page.locator("main p").inner_text()
        or "10.0 categories" in page.locator("main p").inner_text()
    )
    page.get_by_label("input 3").fill("5")
    page.get_by_role("button").click()
    assert "Category 6 wins" in page.locator("main p").inner_text()


def draw_page(**networks):
    means, far = np.zeros((10, 784)), np.ones(5)
    return document("draw-a-digit", networks=networks, means=means, distance=far, examples=None)


def networks():
    keras.utils.set_random_seed(1)
    slide = keras.Sequential([keras.Input((28, 28, 1))])
    slide.add(keras.layers.Conv2D(20, 11, activation="relu", padding="same"))
    slide.add(keras.layers.MaxPooling2D(4))
    slide.add(keras.layers.Flatten())
    slide.add(keras.layers.Dense(10, activation="softmax"))
    anywhere = keras.Sequential([keras.Input((28, 28, 1))])
    anywhere.add(keras.layers.Conv2D(20, 11, activation="relu", padding="same"))
    anywhere.add(keras.layers.GlobalMaxPooling2D())
    anywhere.add(keras.layers.Dense(10, activation="softmax"))
    wide = models.small_convnet((8, 8, 16, 16), padding="same")
    return {
        "dense": models.dense_softmax(),
        "slide": slide,
        "anywhere": anywhere,
        "modern": models.small_convnet(),
        "wide": wide,
    }


@pytest.mark.parametrize("name", networks())
def test_a_page_computes_what_keras_computes(open_page, name):
    net = networks()[name]
    images, labels = handwriting.generate(200, seed=3)
    shaped = images.reshape(-1, *net.input_shape[1:])
    net.compile(loss="categorical_crossentropy", optimizer="adam")
    net.fit(shaped, np.eye(10)[labels], epochs=1, verbose=0)  # running averages that are not 0, 1
    page = open_page(draw_page(net=net))
    read = (
        "images => images.map(i => live.probabilities(live.network(live.values.networks.net)(i)))"
    )
    found = page.evaluate(read, images.reshape(-1, 784).tolist())
    np.testing.assert_allclose(found, net.predict(shaped, verbose=0), atol=1e-3)


# ------------------------------------------------------------------------------------ draw a digit
@pytest.fixture(scope="module")
def drawing():
    """The page with the two networks whose weights are kept beside their records."""
    images, labels = handwriting.generate(3, seed=1, setting="transfer")
    examples = {"images": (255 * images.reshape(-1, 784)).astype(np.uint8), "labels": labels}
    means = np.random.default_rng(1).integers(0, 255, (10, 784)).astype(np.uint8)
    networks = {"dense": results.network("slide"), "modern": results.network("small_convnet")}
    return document(
        "draw-a-digit", networks=networks, means=means, distance=np.ones(5), examples=examples
    )


def winners(page):
    """Return what each of the networks reads: the category with the marked bar."""
    return page.locator("i.best").evaluate_all(
        "bars => bars.map(bar => +bar.closest('[role=row]').querySelector('b').textContent)"
    )


def write(page, strokes):
    """Draw strokes with the mouse."""
    canvas = page.locator("canvas.hand")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    scale = box["width"] / hands.CANVAS
    for points in strokes:
        for number, (x, y) in enumerate(points):
            page.mouse.move(box["x"] + scale * x, box["y"] + scale * y)
            if number == 0:
                page.mouse.down()
        page.mouse.up()


def test_digits_of_the_mouse_are_read(open_page, drawing, capsys):
    """Thick, thin, small, slanted, quick: 97 of 100 are read rightly by the modern network."""
    page = open_page(drawing)
    right, times = [], []
    for digit, _, pen, strokes in hands.drawings(seed=5):
        times.append(page.evaluate("([s, pen]) => live.drawn(s, pen).ms", [strokes, pen]))
        right.append(winners(page)[1] == digit)
    with capsys.disabled():
        print(f" {np.mean(right):.1%} of {len(right)} digits are read rightly;", end=" ")
        print(f"from stroke to bars {np.median(times):.1f} ms (median)", end=" ")
    assert np.mean(right) >= 0.97


@pytest.mark.parametrize("width", [390, 1300])
def test_a_digit_is_drawn_undone_and_cleared(open_page, drawing, width):
    page = open_page(drawing, width=width, has_touch=True)
    one, seven = (
        next(s for d, h, _, s in hands.drawings(1) if (d, h) == (n, "calm")) for n in (1, 7)
    )
    page.get_by_role("button", name="clear").click()
    assert "Nothing yet" in page.locator("main").inner_text()
    write(page, seven)
    assert winners(page) == [7, 7]
    page.get_by_role("button", name="undo").click()
    assert "Nothing yet" in page.locator("main").inner_text()
    write(page, one)
    assert winners(page)[1] == 1
    page.get_by_role("button", name="copy as text").click()
    image = live.image(page.locator("textarea").input_value())
    assert image.shape == (28, 28) and 20 < image.sum() < 150
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_digit_is_drawn_with_the_keyboard(open_page, drawing):
    page = open_page(drawing)
    page.locator("canvas.hand").focus()
    page.keyboard.press(" ")
    for _ in range(16):
        page.keyboard.press("ArrowDown")
    assert winners(page)[1] == 1
    page.get_by_role("button", name="a ").first.click()  # the first example


def test_centring_again_changes_nothing(open_page):
    images = handwriting.generate(100, seed=2)[0].reshape(-1, 784)
    page = open_page(draw_page())
    centre = "images => images.map(image => Array.from(live.centred(image, 28, 28)))"
    once = np.array(page.evaluate(centre, images.tolist()))
    np.testing.assert_allclose(page.evaluate(centre, once.tolist()), once, atol=1e-6)
    np.testing.assert_allclose(once[:, :].sum(), images.sum(), rtol=0.02)


def test_a_text_that_is_no_drawing_is_refused():
    for text in ("", "hello", "aGVsbG8="):
        with pytest.raises(ValueError, match="copy as text"):
            live.image(text)


def test_what_a_page_cannot_compute_is_refused():
    net = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.AveragePooling2D(2)])
    with pytest.raises(ValueError, match="AveragePooling2D"):
        live.pack(net)
    with pytest.raises(KeyError, match="draw-a-digit"):
        live.document("nothing-like-it", "a title")


def test_the_static_picture_lies_behind_the_frame(monkeypatch):
    shown = []
    monkeypatch.setattr(live, "display", lambda data, **about: shown.append((data, about)))
    figure = plots.bars(np.ones(10) / 10)
    live.show("temperature", figure, "generated digits", z=np.zeros(10))
    (data, about), text = shown[0], plots.alternative_texts()["live-temperature"]
    assert about["metadata"] == {"text/html": {"name": "temperature", "alt": text}}
    html = data["text/html"]
    assert html.index("<img") < html.index("<iframe")
    assert "generated digits, not MNIST" not in html and "generated digits" in html
    assert len(html) < 200_000


def test_the_drawing_is_a_page_of_its_own(tmp_path):
    frame = live.BOX.format(
        width=1, height=1, alt="a", picture="", document=escape('<p>"draw" & see</p>')
    )
    about = {"text/html": {"name": "draw-a-digit", "alt": "a"}}
    output = nbformat.v4.new_output("display_data", {"text/html": frame}, metadata=about)
    cells = [
        nbformat.v4.new_markdown_cell("# One"),
        nbformat.v4.new_code_cell("", outputs=[output]),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_one.ipynb")
    index = pages.build(pages.read(tmp_path), tmp_path)
    assert (tmp_path / pages.DRAW).read_text() == '<p>"draw" & see</p>'
    assert f'href="{pages.DRAW}"' in index.read_text()
