"""The live figure "distort" in a real browser: it distorts as `augmentation` does, and it plays."""

from mnist_lecture import augmentation, handwriting, live

import numpy as np
import pytest

WAVES = augmentation.waves(4.0)
LABELS = [6, 9, 4, 8]
INK = handwriting.generate(len(LABELS), 1, labels=LABELS)[0].reshape(-1, 784)
IMAGES = np.rint(255 * INK).astype(np.uint8)
FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"  # it is drawn
DONE = "() => live.distort().finished"


def templates(seed):
    """Return softmax regression that knows each digit by one mean image, as a page takes it."""
    images, labels = handwriting.generate(500, seed)
    means = np.stack([images[labels == k].mean(axis=0).ravel() for k in range(10)])
    kernel, bias = (0.5 * means.T).astype(np.float32), -0.25 * (means**2).sum(axis=1)
    layer = {"kind": "Dense", "activation": "softmax", "kernel": kernel, "bias": bias}
    return {"layers": [layer], "weights": kernel.size + bias.size}


def probabilities(net, images):
    z = images.reshape(-1, 784) @ net["layers"][0]["kernel"] + net["layers"][0]["bias"]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


NETWORKS = {"one": templates(5), "other": templates(6)}


@pytest.fixture
def page(open_page):
    page = open_page(document())
    page.wait_for_function(DONE)
    return page


def document():
    values = {"images": IMAGES, "labels": np.array(LABELS), "networks": NETWORKS, "waves": WAVES}
    return live.document("distort", "a live figure", source="generated digits", **values)


def distorted(page):
    page.evaluate(FRAME)
    return np.array(page.evaluate("Array.from(live.distort().distorted)"))


def in_page(page, images, ways):
    code = "(cases) => cases.map(([image, way]) => Array.from(live.transform(image, way)))"
    cases = [[i.ravel().tolist(), way] for i, way in zip(images, ways, strict=True)]
    return np.array(page.evaluate(code, cases))


def test_the_affine_map_is_that_of_augmentation(page):
    n, rng = 200, np.random.default_rng(0)
    images = handwriting.generate(n, seed=2)[0]
    ways = {
        "shift": rng.uniform(-12, 12, (n, 2)),
        "rotation": rng.uniform(-180, 180, n),
        "scale": np.exp(rng.uniform(-0.8, 0.8, (n, 2))),
        "shear": rng.uniform(-60, 60, n),
    }
    ways["shift"][:20], ways["rotation"][10:30] = np.rint(ways["shift"][:20]), 0
    each = [{name: values[k].tolist() for name, values in ways.items()} for k in range(n)]
    expected = augmentation.transform(images, **ways).reshape(n, 784)
    np.testing.assert_allclose(in_page(page, images, each), expected, atol=1e-4)
    for name, one in {"shift": (0, 3), "rotation": 90, "scale": 0.5, "shear": 30}.items():
        expected = augmentation.transform(images[:1], **{name: one}).reshape(1, 784)
        np.testing.assert_allclose(in_page(page, images[:1], [{name: one}]), expected, atol=1e-4)


def test_rubber_is_that_of_augmentation(page):
    n, seed = 50, 7
    images = handwriting.generate(n, seed=3)[0]
    amounts = {"shift": 2, "rotation": 20, "scale": 0.2, "shear": 15, "elastic": 1.5}
    rng = np.random.default_rng(seed)  # draws what `distort` draws, in the same order
    shift, rotation = rng.uniform(-2, 2, (n, 2)), rng.uniform(-20, 20, n)
    scale, shear = np.exp(rng.uniform(-0.2, 0.2, (n, 2))), rng.uniform(-15, 15, n)
    strengths = rng.standard_normal((2, n, len(WAVES), len(WAVES)), np.float32)
    code = "(s) => live.field(live.values.waves, s).map((x) => 1.5 * x)"
    each = []
    for k in range(n):
        field = page.evaluate(f"(s) => Array.from(({code})(s))", strengths[:, k].ravel().tolist())
        way = {"shift": shift[k].tolist(), "scale": scale[k].tolist(), "field": field}
        each.append({**way, "rotation": rotation[k], "shear": shear[k]})
    expected = augmentation.distort(images, seed, **amounts).reshape(n, 784)
    np.testing.assert_allclose(in_page(page, images, each), expected, atol=1e-4)


def test_another_rubber_is_a_normal_one(page):
    numbers = np.array(page.evaluate("Array.from(live.normals(100000))"))
    moments = [np.mean(numbers**power) for power in (1, 2, 4)]
    np.testing.assert_allclose(moments, [0, 1, 3], atol=0.15)
    before = distorted(page)
    page.get_by_role("button", name="another rubber").click()
    one = distorted(page)
    page.get_by_role("button", name="another rubber").click()
    other = distorted(page)
    assert np.abs(one - before).max() > 0.1 and np.abs(other - one).max() > 0.1
    assert page.get_by_label("rubber", exact=True).input_value() == "1.5"
    page.get_by_role("button", name="undistorted").click()
    np.testing.assert_allclose(distorted(page), before, atol=1e-5)


def test_sliders_distort_and_the_networks_answer(page):
    np.testing.assert_allclose(distorted(page), IMAGES[0] / 255, atol=1e-4)
    for name, value in {"rotation": 100, "shift right": 2.5, "shift down": -1, "shear": 12}.items():
        page.get_by_label(name, exact=True).fill(str(value))
    page.get_by_label("scale", exact=True).focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    way = {"rotation": 100, "shift": (-1, 2.5), "shear": 12, "scale": 2 ** (-1 / 3)}
    expected = augmentation.transform(IMAGES[:1] / 255, **way)
    np.testing.assert_allclose(distorted(page), expected[0], atol=1e-4)
    assert "says 6" in page.locator("section", has_text="Distorted").inner_text()
    for name, net in NETWORKS.items():
        p = probabilities(net, expected)[0]
        heading = page.get_by_role("heading", name=name, exact=True)
        text = page.locator("section", has=heading).locator("p").inner_text()
        assert text == f"{p.argmax()} ({100 * p.max():.1f} %)"


def test_stripes_tell_where_the_label_is_still_read(page):
    page.get_by_role("button", name="a 4", exact=True).click()
    page.get_by_label("shift right", exact=True).fill("1")
    page.evaluate(FRAME)
    page.wait_for_function(DONE)
    turns = np.linspace(-180, 180, 41)
    four = np.tile(IMAGES[2] / 255, (41, 1))
    turned = augmentation.transform(four, rotation=turns, shift=(0, 1))
    expected = [probabilities(net, turned).argmax(axis=1) == 4 for net in NETWORKS.values()]
    found = np.reshape(page.evaluate("live.distort().stripes[0]"), (2, 41))
    np.testing.assert_array_equal(found, expected)
    assert 0 < np.sum(expected) < 82


def test_a_drawing_by_mouse_and_by_keyboard(page):
    box = page.get_by_role("application").bounding_box()
    at = [box["x"] + box["width"] / 2, box["y"] + 30]
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0], at[1] + 120, steps=5)
    page.mouse.up()
    image = distorted(page).reshape(28, 28)
    assert image.max() > 0.9 and np.sum(image.any(axis=1)) == 20  # a one, 20 pixels high
    assert abs(image.sum(axis=0) @ np.arange(28) / image.sum() - 14) < 0.6
    assert page.evaluate("live.distort().label") is None
    assert page.locator("[aria-pressed=true]").count() == 0
    page.get_by_role("button", name="empty sheet").click()
    assert distorted(page).max() == 0
    page.get_by_role("application").focus()
    for key in (" ", *["ArrowRight"] * 9, *["ArrowDown"] * 6, " ", "ArrowDown"):
        page.keyboard.press(key)
    assert distorted(page).max() > 0.9
    page.get_by_role("button", name="an 8").press("Enter")
    np.testing.assert_allclose(distorted(page), IMAGES[3] / 255, atol=1e-4)


@pytest.mark.parametrize("width", [360, 1300])
def test_it_fits_and_everything_has_a_name(open_page, width):
    page = open_page(document(), width=width, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("slider").count() == 6
    nameless = "(all) => all.filter((e) => !(e.ariaLabel || e.textContent)).length"
    assert page.locator("button, input, canvas:not([aria-hidden]), svg").evaluate_all(nameless) == 0
