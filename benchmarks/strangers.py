"""How well are strangers' digits read, through the page's own preprocessing?

    pip install -e ".[browser]" scikit-learn
    python benchmarks/strangers.py

Three sets: digits drawn by scripts with a mouse in several hands (tests/browser/hands.py);
scikit-learn's `load_digits`, 1,797 digits of 8 x 8 pixels by other writers; and, to tell resolution
from hand, 2,000 validation images of MNIST brought down to 8 x 8 in the same way. The 8 x 8 images
are enlarged between their pixels, with more contrast (the factor was not tuned), then centred.
"""

import shutil
import sys
from pathlib import Path

from mnist_lecture import live, results
from mnist_lecture.data import load_mnist

import numpy as np
from scipy.ndimage import zoom

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
import hands

SIDE = 40  # pixels to which 8 x 8 are enlarged


def enlarged(images):
    """Return images (N, 8, 8) as (N, SIDE * SIDE): pale gray becomes paper, dark gray ink."""
    large = np.array([zoom(image, SIDE / 8, order=1, grid_mode=True) for image in images])
    return np.clip((large - 0.1) / 0.8, 0, 1).reshape(len(images), -1)


def brought_down(images):
    """Return images (N, 28, 28) as (N, 8, 8): the box of the ink, averaged over its 64 parts."""
    small = []
    for image in images:
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        side = max(ink.shape)
        margins = [((side - n) // 2, side - n - (side - n) // 2) for n in ink.shape]
        fine = np.kron(np.pad(ink, margins), np.ones((8, 8)))
        small.append(fine.reshape(8, side, 8, side).mean(axis=(1, 3)))
    return np.array(small)


def main():
    from playwright.sync_api import sync_playwright  # here: neither is needed for anything else
    from sklearn.datasets import load_digits

    page_of = dict.fromkeys(("networks", "examples")) | {"networks": {}}
    html = live.document("draw-a-digit", "", means=np.zeros(7840), distance=[1], **page_of)
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        page = play.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
        page.set_content(html)

        def centred(images):
            centre = f"all => all.map(i => Array.from(live.centred(i, {SIDE}, {SIDE})))"
            parts = np.array_split(images.astype(np.float16), len(images) // 50)
            return np.concatenate([page.evaluate(centre, part.tolist()) for part in parts])

        written = list(hands.drawings(seed=5))
        draw = "([strokes, pen]) => live.drawn(strokes, pen).image"
        validation, digits = load_mnist(source="mnist", quick=False).validation, load_digits()
        some = validation.images[:2000].reshape(-1, 28, 28)
        sets = {
            "drawn with a mouse": (
                [page.evaluate(draw, [strokes, pen]) for *_, pen, strokes in written],
                np.array([digit for digit, *_ in written]),
            ),
            "load_digits, 8 x 8": (centred(enlarged(digits.images / 16)), digits.target),
            "MNIST brought to 8 x 8": (
                centred(enlarged(brought_down(some))),
                validation.labels[:2000],
            ),
            "MNIST": (some, validation.labels[:2000]),
        }
    print(f"{'misread by':24}{'slide':>10}{'small_convnet':>16}")
    for name, (images, labels) in sets.items():
        print(f"{name:24}", end="")
        for record, width in (("slide", 9), ("small_convnet", 16)):
            net = results.network(record)
            inputs = np.asarray(images, np.float32).reshape(-1, *net.input_shape[1:])
            read = net.predict(inputs, verbose=0).argmax(axis=1)
            print(f"{np.mean(read != labels):{width}.1%}", end="")
        print(f"   of {len(labels):,}")


if __name__ == "__main__":
    main()
