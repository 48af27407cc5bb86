"""The live figure "move" in a real browser: its maps are those of Python, and the digit follows."""

from mnist_lecture import augmentation, handwriting, live

import numpy as np
import pytest

LABELS = [0, 1, 7]
INK = handwriting.generate(len(LABELS), 1, labels=LABELS)[0].reshape(-1, 784)
IMAGES = np.rint(255 * INK).astype(np.uint8)
FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"  # it is drawn
DONE = "() => live.move().states.flat().filter((state) => state !== undefined).length === 2 * 441"


def templates():
    """Return softmax regression that knows each digit by its mean image, as a page takes it."""
    images, labels = handwriting.generate(500, 5)
    means = np.stack([images[labels == k].mean(axis=0).ravel() for k in range(10)])
    kernel, bias = (0.5 * means.T).astype(np.float32), -0.25 * (means**2).sum(axis=1)
    layer = {"kind": "Dense", "activation": "softmax", "kernel": kernel, "bias": bias}
    return {"layers": [layer], "weights": kernel.size + bias.size}


def anywhere(size=5, filters=8):
    """Return a convolution, the largest value of each map, and softmax: it does not care where."""
    rng = np.random.default_rng(1)
    kernel = rng.normal(size=(size, size, 1, filters)).astype(np.float32)
    last = rng.normal(size=(filters, 10)).astype(np.float32)
    first = {"kernel": kernel, "bias": np.zeros(filters), "stride": 1, "padding": "same"}
    layers = [
        {"kind": "Conv2D", "activation": "relu", **first},
        {"kind": "GlobalMaxPooling2D"},
        {"kind": "Dense", "activation": "softmax", "kernel": last, "bias": np.zeros(10)},
    ]
    return {"layers": layers, "weights": 298}


NETWORKS = {"dense": templates(), "anywhere": anywhere()}


def document():
    values = {"images": IMAGES, "labels": np.array(LABELS), "networks": NETWORKS}
    return live.document("move", "a live figure", source="generated digits", **values)


@pytest.fixture
def page(open_page):
    return open_page(document())


def shown(page):
    """Return the shift and the image that the frame shows."""
    page.evaluate(FRAME)
    state = "({ down, right, image }) => [[down, right], Array.from(image)]"
    place, image = page.evaluate(f"({state})(live.move())")
    return tuple(place), np.array(image)


def moved(n, *shift):
    return augmentation.transform(IMAGES[n : n + 1] / 255, shift=shift)[0]


def test_maps_are_those_of_python(page):
    page.get_by_role("button", name="a 1").click()
    page.wait_for_function(DONE)
    dense, free = np.array(page.evaluate("live.move().states")).reshape(2, 21, 21)
    shifts = np.indices((21, 21)).reshape(2, -1).T - 10
    images = augmentation.transform(np.tile(IMAGES[1] / 255, (441, 1)), shift=shifts)
    z = images @ NETWORKS["dense"]["layers"][0]["kernel"] + NETWORKS["dense"]["layers"][0]["bias"]
    expected = (z.argmax(axis=1) == 1).reshape(21, 21)
    np.testing.assert_array_equal(dense, expected)
    assert expected[10, 10] and 0 < expected.sum() < 441
    assert f"{expected.sum()} of 441 right" in page.locator("main").inner_text()
    inner = free[7:14, 7:14]  # as long as no ink comes near the border
    assert inner.all() or not inner.any()


def test_the_digit_follows_the_hand(page):
    assert shown(page)[0] == (0, 0)
    box = page.get_by_role("application", name="The image").bounding_box()
    pixel, at = box["width"] / 28, [box["x"] + 90, box["y"] + 90]
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + 3.5 * pixel, at[1] - 2 * pixel, steps=4)
    (down, right), image = shown(page)
    np.testing.assert_allclose([down, right], [-2, 3.5], atol=0.15)
    np.testing.assert_allclose(image, moved(0, down, right), atol=1e-4)
    assert "px right" in page.locator("main").inner_text()
    paper = "document.querySelector('[role=application]').getContext('2d')"
    pixels = page.evaluate(f"Array.from({paper}.getImageData(0, 0, 28, 28).data)")
    drawn = 1 - np.array(pixels)[::4] / 255
    np.testing.assert_allclose(drawn, image, atol=0.003)
    page.mouse.move(at[0] - 100 * pixel, at[1])
    assert shown(page)[0][1] == -10
    page.mouse.up()
    page.mouse.move(*at)
    assert shown(page)[0][1] == -10
    page.get_by_role("button", name="to the middle").click()
    assert shown(page)[0] == (0, 0)


def test_the_digit_follows_keys_and_maps(page):
    page.get_by_role("application", name="The image").focus()
    for key in ["ArrowRight"] * 3 + ["ArrowUp", "Shift+ArrowUp"]:
        page.keyboard.press(key)
    (down, right), image = shown(page)
    np.testing.assert_allclose([down, right], [-1.2, 3])
    np.testing.assert_allclose(image, moved(0, -1.2, 3), atol=1e-4)
    sheet = page.get_by_role("application", name="dense")
    box = sheet.bounding_box()
    sheet.click(position={"x": 15.5 / 21 * box["width"], "y": 4.5 / 21 * box["height"]})
    (down, right), image = shown(page)
    assert (down, right) == (-6, 5)
    np.testing.assert_allclose(image, moved(0, -6, 5), atol=1e-4)
    z = image @ NETWORKS["dense"]["layers"][0]["kernel"] + NETWORKS["dense"]["layers"][0]["bias"]
    card = page.locator("section", has=page.get_by_role("heading", name="dense"))
    assert card.locator("p").first.inner_text().startswith(f"{z.argmax()} (")
    sheet.press("ArrowDown")
    assert shown(page)[0] == (-5, 5)


def test_work_in_the_background_leaves_time(page):
    """Another timer of the page goes on while a generator works, and stopping stops it."""
    ticks, steps = page.evaluate("""async () => {
        let ticks = 0, steps = 0;
        const timer = setInterval(() => ticks++, 1);
        function* work() {
          for (;;) {
            for (const end = performance.now() + 1; performance.now() < end;);
            yield steps++;
          }
        }
        const stop = live.meanwhile(work());
        await new Promise((done) => setTimeout(done, 300));
        stop();
        clearInterval(timer);
        const before = steps;
        await new Promise((done) => setTimeout(done, 50));
        return [ticks, before === steps ? steps : -1];
    }""")
    assert ticks > 5 and steps > 5


@pytest.mark.parametrize("width", [360, 1300])
def test_it_fits_and_everything_has_a_name(open_page, width):
    page = open_page(document(), width=width, color_scheme="dark", has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    nameless = "(all) => all.filter((e) => !(e.ariaLabel || e.textContent)).length"
    assert page.locator("button, input, canvas:not([aria-hidden]), svg").evaluate_all(nameless) == 0
    page.get_by_role("application", name="anywhere").tap()
    assert shown(page)[0] == (0, 0)
