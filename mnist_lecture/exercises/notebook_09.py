"""Checks of notebook 09, convolution."""

import numpy as np


def _scan(F, K):
    """Return F scanned with K as it stands, only where K fits: a `valid` convolution in Keras."""
    windows = np.lib.stride_tricks.sliding_window_view(F, K.shape)
    return np.einsum("yxij,ij->yx", windows, K)


def exercise_1(kernel):
    """A kernel that moves the image to the right."""
    kernel = np.array(kernel, dtype=float)
    if kernel.shape != (3, 3):
        return f"the kernel has the shape (3, 3), not {kernel.shape}"
    image = np.random.default_rng(91).random((6, 7))
    value = _scan(np.pad(image, 1), kernel)
    moved = {
        "left": np.pad(image, ((0, 0), (0, 1)))[:, 1:],
        "down": np.pad(image, ((1, 0), (0, 0)))[:-1],
        "up": np.pad(image, ((0, 1), (0, 0)))[1:],
    }
    if np.allclose(value, image):
        return "this leaves every pixel where it is"
    if np.allclose(value, moved["left"]):
        return "this moves to the left: Keras scans the kernel as it stands, it does not flip it"
    for direction in ("down", "up"):
        if np.allclose(value, moved[direction]):
            return f"this moves {direction}: rows come first"
    if not np.allclose(value, np.pad(image, ((0, 0), (1, 0)))[:, :-1]):
        return "each new pixel is a copy of one old one: a single 1 among the nine. Which?"


def exercise_2(answer):
    """The size and the receptive field of two `valid` convolutions."""
    wide, patch = answer
    if wide == 28:
        return "`valid` lets the window lie on whole pixels of the image only, so it shrinks"
    if wide != 22:
        return "a window of M pixels fits into N at N - M + 1 places; do it twice"
    if patch in (15, 8):
        return "windows of neighbouring pixels overlap: the second kernel adds one pixel each side"
    if patch != 7:
        return (
            "one pixel looks at 3 × 3 pixels of the layer between; how far do their windows reach?"
        )


def exercise_3(function):
    """One kernel for two convolutions in a row."""
    rng = np.random.default_rng(93)
    for sizes in (((3, 3), (3, 3)), ((3, 5), (5, 3)), ((1, 1), (5, 5))):
        K1, K2 = (rng.normal(size=size) for size in sizes)
        F = rng.normal(size=(20, 21))
        right = tuple(a + b - 1 for a, b in zip(*sizes, strict=True))
        value = function(K1.copy(), K2.copy())
        if np.shape(value) != right:
            return (
                f"kernels {sizes[0]} and {sizes[1]} reach as far as one of {right}, "
                f"not {np.shape(value)}"
            )
        twice = _scan(_scan(F, K1), K2)
        if not np.allclose(_scan(F, np.asarray(value)), twice):
            if np.allclose(_scan(F, np.asarray(value)[::-1, ::-1]), twice):
                return "this is the right kernel, turned by 180 degrees"
            return "the shape is right, the weights are not: K2 sends out copies of K1"
