"""Live figures in a real browser: they compute what Keras and the package compute, and play."""

from mnist_lecture import handwriting, live, models

import keras
import numpy as np
import pytest

from browser import chromium, open_page  # noqa: F401


def document(name, **values):
    return live.document(name, "a live figure", source="MNIST", **values)


def test_temperature_is_softmax(open_page):
    z = np.array([1.0, -2.0, -3.0, -1.5, 1.1, 0.9, 3.0, -2.5, -4.0, -1.8])
    page = open_page(document("temperature", z=z))
    p = np.exp(z) / np.exp(z).sum()
    shown = [float(t.split()[0]) / 100 for t in page.locator(".bars span").all_inner_texts()]
    np.testing.assert_allclose(shown, p, atol=1e-3)
    assert "Category 6 wins" in page.locator("p").inner_text()
    page.get_by_label("temperature T").fill("2")  # its logarithm: T = 100
    assert "9.9 categories" in page.locator("p").inner_text() or "10.0 categories" in page.locator("p").inner_text()
    page.get_by_label("input 3").fill("5")
    page.get_by_role("button").click()
    assert "Category 6 wins" in page.locator("p").inner_text()


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
    read = "images => images.map(i => live.probabilities(live.network(live.values.networks.net)(i)))"
    found = page.evaluate(read, images.reshape(-1, 784).tolist())
    np.testing.assert_allclose(found, net.predict(shaped, verbose=0), atol=1e-3)
