"""The live figure "scan": it filters as SciPy and Keras do, and answers to mouse, keys and pen."""

from mnist_lecture import handwriting, landscape, live

import numpy as np
import pytest
from scipy.signal import correlate2d

SOBEL = np.outer([1, 2, 1], [-1, 0, 1])


@pytest.fixture(scope="module")
def pictures():
    digit = handwriting.generate(1, seed=4, labels=[3])[0][0, :, :, 0]
    return {"a digit": digit, "a landscape": np.float16(landscape.gray())}


@pytest.fixture
def page(open_page, pictures):
    return open_page(live.document("scan", "a live figure", pictures=pictures))


def now(page):
    """Return what the figure holds, once it has computed it."""
    page.wait_for_function("!live.scan().busy")
    arrays = ("result", "weights", "picture")
    lists = ", ".join(f"{name}: Array.from(now.{name})" for name in arrays)
    found = page.evaluate(f"() => {{ const now = live.scan(); return {{ ...now, {lists} }}; }}")
    return found | {name: np.array(found[name]) for name in arrays}


def by_scipy(found, shape, padding="valid"):
    weights = found["weights"].reshape(found["size"], -1)
    return correlate2d(found["picture"].reshape(shape), weights, padding)


def texts(page, title):
    section = page.locator("section", has=page.get_by_role("heading", name=title, exact=True))
    return [
        float(text.replace("−", "-")) for text in section.locator(".cells > *").all_inner_texts()
    ]


@pytest.mark.parametrize("name", ["a digit", "a landscape"])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_random_kernels_of_all_sizes_as_scipy(page, pictures, name, padding):
    rng = np.random.default_rng(1)
    picture = pictures[name].astype(float)
    page.get_by_label("picture", exact=True).select_option(name)
    page.get_by_label(f"padding {padding}").click()
    for size in (3, 5, 7, 9, 11):
        kernel = rng.normal(size=(size, size))
        page.evaluate("kernel => live.setKernel(kernel)", kernel.ravel().tolist())
        found, wanted = now(page), correlate2d(picture, kernel, padding)
        assert found["shape"] == list(wanted.shape)
        np.testing.assert_allclose(found["result"].reshape(wanted.shape), wanted, atol=1e-4)
        title = page.get_by_role("heading", name="New image").inner_text()
        assert title == f"New image: {wanted.shape[0]} × {wanted.shape[1]}"


def test_a_large_picture_is_scanned_bit_by_bit(open_page):
    rng = np.random.default_rng(2)
    picture, kernel = rng.random((400, 600)).astype(np.float32), rng.normal(size=(11, 11))
    page = open_page(live.document("scan", "a live figure", pictures={"large": picture}))
    play = """kernel => {  // a second kernel comes while the first is at work
        live.setKernel(kernel.map((x) => -x));
        const busy = live.scan().busy;
        live.setKernel(kernel);
        return busy;
    }"""
    assert page.evaluate(play, kernel.ravel().tolist())
    page.wait_for_function("!live.scan().busy")
    some = page.evaluate("Array.from(live.scan().result).filter((_, k) => k % 101 === 0)")
    wanted = correlate2d(picture, kernel, "valid").ravel()[::101]
    np.testing.assert_allclose(some, wanted, atol=1e-4)


def test_named_kernels_are_those_of_the_notebook(page):
    page.get_by_label("size of the kernel").select_option("7 × 7")
    g = np.exp(-((np.arange(7) - 3) ** 2) / (2 * 1.75**2))
    blur = np.outer(g, g) / g.sum() ** 2
    one = np.zeros((7, 7))
    one[3, 3] = 1
    laplacian = np.pad([[0, 1, 0], [1, -4, 1], [0, 1, 0]], 2)
    wanted = {
        "blur": blur,
        "sharpen": one + 1.5 * (one - blur),
        "Sobel →": np.pad(SOBEL, 2),
        "Sobel ↓": np.pad(SOBEL.T, 2),
        "Laplacian": laplacian,
        "zeros": 0 * one,
    }
    for name, kernel in wanted.items():
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        np.testing.assert_allclose(now(page)["weights"], kernel.ravel(), atol=1e-6)
    page.get_by_role("button", name="random").click()
    before = now(page)["weights"]
    page.get_by_role("button", name="turn by 180°").click()
    assert np.array_equal(now(page)["weights"], before[::-1])
    page.get_by_label("size of the kernel").select_option("9 × 9")
    assert np.array_equal(now(page)["weights"].reshape(9, 9)[1:8, 1:8].ravel(), before[::-1])


def test_it_begins_with_what_the_cell_has_computed(page, pictures):
    found = now(page)
    wanted = correlate2d(pictures["a digit"], SOBEL, "valid")
    np.testing.assert_allclose(found["result"].reshape(26, 26), wanted, atol=1e-4)
    y, x = found["place"]
    assert abs(wanted[y, x]) == pytest.approx(np.abs(wanted).max())
    window = pictures["a digit"][y : y + 3, x : x + 3]
    np.testing.assert_allclose(texts(page, "Pixels"), window.ravel(), atol=0.006)
    np.testing.assert_allclose(texts(page, "Kernel"), SOBEL.ravel())
    np.testing.assert_allclose(texts(page, "Products"), (window * SOBEL).ravel(), atol=0.006)
    np.testing.assert_allclose(texts(page, "Sum"), wanted[y, x], atol=0.006)


def test_the_window_follows_pointer_and_keys(page):
    picture = page.get_by_label("Picture: arrow keys")
    box = picture.bounding_box()
    pixel = box["width"] / 28
    page.mouse.move(box["x"] + 10.5 * pixel, box["y"] + 7.5 * pixel)
    assert now(page)["place"] == [6, 9]  # the window's middle is the pixel [7, 10]
    assert "pixel [6, 9]" in page.locator("main").inner_text()
    page.mouse.move(box["x"] + 1, box["y"] + 1)
    assert now(page)["place"] == [0, 0]  # it does not leave the picture
    picture.press("ArrowDown")
    picture.press("ArrowRight")
    picture.press("ArrowRight")
    found = now(page)
    assert found["place"] == [1, 2]
    assert texts(page, "Sum")[0] == pytest.approx(found["result"].reshape(26, 26)[1, 2], abs=0.006)
    page.get_by_label("New image: arrow keys").press("ArrowLeft")
    assert now(page)["place"] == [1, 1]
    new = page.get_by_label("New image: arrow keys").bounding_box()
    page.mouse.move(new["x"] + 20.5 * pixel, new["y"] + 15.5 * pixel)
    assert now(page)["place"] == [14, 19]  # the pixel pointed at, inside the frame of "valid"
    page.get_by_label("padding same").click()
    assert now(page)["place"] == [15, 20]  # the same place of the picture
    for _ in range(30):
        picture.press("ArrowUp")
    assert page.locator(".outside").count() == 3  # zeros above the picture


def test_weights_are_edited(page):
    weight = page.get_by_role("spinbutton", name="weight [0, 2]")
    box = weight.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=4)  # ten steps of 0.1
    page.mouse.up()
    page.mouse.move(x, y + 200)
    assert weight.get_attribute("aria-valuenow") == weight.inner_text() == "2"
    assert page.locator("button[aria-pressed=true]", has_text="Sobel").count() == 0
    weight.press("ArrowUp")
    weight.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    page.get_by_label("larger weight").click()
    found = now(page)
    wanted = [-1, 0, 2.1, -2.1, 0, 2, 0, 0.1, 1]
    np.testing.assert_allclose(found["weights"], wanted)
    wanted = by_scipy(found, (28, 28))
    np.testing.assert_allclose(found["result"].reshape(26, 26), wanted, atol=1e-4)
    assert page.locator(".cells [tabindex='0']").count() == 1


def pixels_of(page, name):
    """Return red, green, blue and opacity of a canvas."""
    read = """canvas => {
        const { width, height } = canvas;
        const copy = new OffscreenCanvas(width, height).getContext("2d");
        copy.drawImage(canvas, 0, 0);
        return [height, width, Array.from(copy.getImageData(0, 0, width, height).data)];
    }"""
    height, width, values = page.get_by_label(name).evaluate(read)
    return np.reshape(values, (height, width, 4))


def test_relu_and_colours(page):
    found = now(page)
    new = found["result"].reshape(26, 26)
    colours = pixels_of(page, "New image: arrow keys")[1:27, 1:27]
    much = np.clip(np.abs(new) / found["strongest"], 0, 1)[..., np.newaxis]
    full = np.where(new[..., np.newaxis] > 0, (230, 97, 1), (94, 60, 153))
    np.testing.assert_allclose(colours[..., :3], 255 + much * (full - 255), atol=1)
    y, x = np.unravel_index(np.argmin(new), new.shape)
    picture = page.get_by_label("New image: arrow keys")
    box = picture.bounding_box()
    pixel = box["width"] / 28
    page.mouse.move(box["x"] + (x + 1.5) * pixel, box["y"] + (y + 1.5) * pixel)
    assert texts(page, "Sum")[0] == pytest.approx(new.min(), abs=0.006)
    page.get_by_role("button", name="ReLU").click()
    assert texts(page, "Sum") == [0]
    assert "after ReLU 0" in page.locator("main").inner_text()
    gray = 255 * (1 - np.clip(new / found["strongest"], 0, 1))
    colours = pixels_of(page, "New image: arrow keys")[1:27, 1:27]
    np.testing.assert_allclose(colours[..., 0], gray, atol=1)


def filled(page):
    return int((pixels_of(page, "New image: arrow keys")[..., 3] > 0).sum())


def test_the_scan_fills_the_new_image(page):
    assert filled(page) == 26**2
    button = page.get_by_role("button", name="scan")
    button.click()
    page.wait_for_function("live.scan().head > 40")
    assert 40 < filled(page) < 26**2
    found = now(page)
    if found["head"]:
        assert found["place"] == list(divmod(found["head"] - 1, 26))  # the window goes along
    page.wait_for_function("live.scan().head === null", timeout=60_000)
    assert filled(page) == 26**2
    assert now(page)["place"] == [25, 25]
    button.click()
    page.get_by_label("Picture: arrow keys").press("ArrowLeft")  # whoever moves it, has it
    place = now(page)["place"]
    page.wait_for_timeout(100)
    assert now(page)["place"] == place
    page.get_by_role("button", name="to the end").click()
    assert filled(page) == 26**2


def test_no_motion_for_those_who_want_none(open_page, pictures):
    page = open_page(live.document("scan", "x", pictures=pictures), reduced_motion="reduce")
    page.get_by_role("button", name="scan").click()
    assert now(page)["head"] is None
    assert filled(page) == 26**2


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_drawing_is_filtered_at_once(page, padding):
    page.get_by_label("picture", exact=True).select_option("draw one")
    page.get_by_label(f"padding {padding}").click()
    sheet = page.get_by_label("Picture: arrow keys")
    box = sheet.bounding_box()
    ring = 1 if padding == "same" else 0
    pixel = box["width"] / (28 + 2 * ring)
    assert now(page)["picture"].max() == 0
    page.mouse.move(box["x"] + (8.5 + ring) * pixel, box["y"] + (14.5 + ring) * pixel)
    page.mouse.down()
    page.mouse.move(box["x"] + (20.5 + ring) * pixel, box["y"] + (14.5 + ring) * pixel)
    page.mouse.up()
    found = now(page)
    picture = found["picture"].reshape(28, 28)
    np.testing.assert_allclose(picture[14, 8:21], 1, atol=1e-6)
    assert picture[14, 5] == picture[14, 24] == picture[11, 14] == picture[18, 14] == 0
    wanted = by_scipy(found, (28, 28), padding)
    np.testing.assert_allclose(found["result"].reshape(wanted.shape), wanted, atol=1e-4)
    page.get_by_role("button", name="clear").click()
    assert now(page)["picture"].max() == 0
    for key in (" ", "ArrowDown", "ArrowDown", " ", "ArrowRight", "ArrowRight", "ArrowRight"):
        sheet.press(key)
    picture = now(page)["picture"].reshape(28, 28)
    y, x = np.array(now(page)["place"]) + 1 - ring  # where the window's middle ended
    np.testing.assert_allclose(picture[y - 2 : y + 1, x - 3], 1)
    assert picture[y, x] == 0
    page.get_by_label("picture", exact=True).select_option("a digit")
    assert page.get_by_role("button", name="clear").count() == 0


def test_a_finger_moves_the_window_draws_and_edits(open_page, pictures):
    page = open_page(live.document("scan", "x", pictures=pictures), width=360, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.get_by_label("Picture: arrow keys").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert now(page)["place"] == [13, 13]
    page.get_by_label("picture", exact=True).select_option("draw one")
    box = page.get_by_label("Picture: arrow keys").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert now(page)["picture"].max() > 0.9
    page.get_by_role("spinbutton", name="weight [2, 0]").tap()
    page.get_by_label("smaller weight").tap()
    assert now(page)["weights"][6] == pytest.approx(-1.1)
    page.get_by_label("size of the kernel").select_option("11 × 11")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_learned_kernels(open_page, pictures):
    learned = np.random.default_rng(3).normal(size=(6, 11, 11)).astype(np.float32)
    page = open_page(live.document("scan", "x", pictures=pictures, learned=learned))
    page.get_by_role("button", name="learned 5").click()
    found = now(page)
    assert found["size"] == 11
    np.testing.assert_allclose(found["weights"], learned[4].ravel())
    wanted = by_scipy(found, (28, 28))
    np.testing.assert_allclose(found["result"].reshape(18, 18), wanted, atol=1e-4)
    button = page.get_by_role("button", name="learned 5")
    assert button.get_attribute("aria-pressed") == "true"
    page.get_by_role("spinbutton", name="weight [0, 0]").press("Backspace")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    np.testing.assert_allclose(now(page)["weights"], learned[4].ravel())  # the edit was a copy
