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
    """A convolutional layer with several channels in and out."""
    rng = np.random.default_rng(93)
    for height, width, channels, filters in ((3, 3, 1, 2), (3, 2, 3, 4), (1, 4, 5, 1)):
        F = rng.normal(size=(9, 8, channels))
        K = rng.normal(size=(height, width, channels, filters))
        b = rng.normal(size=filters)
        windows = np.lib.stride_tricks.sliding_window_view(F, (height, width), axis=(0, 1))
        linear = np.einsum("yxcij,ijcf->yxf", windows, K)
        flipped = np.einsum("yxcij,ijcf->yxf", windows, K[::-1, ::-1])
        value = np.asarray(function(F.copy(), K.copy(), b.copy()))
        if value.shape != linear.shape:
            return (
                f"an image {F.shape} and weights {K.shape} make an image {linear.shape}, not "
                f"{value.shape}: sum over the channels in, and put those out last"
            )
        if np.allclose(value, linear + b):
            return "all is there but the ReLU: what is negative becomes zero"
        if np.allclose(value, np.maximum(linear, 0)):
            return "where is the bias?"
        if np.allclose(value, np.maximum(linear, 0) + b):
            return "the bias is added before the ReLU, not after it"
        if np.allclose(value, np.maximum(flipped + b, 0)):
            return "Keras scans the kernel as it stands: do not flip it"
        if not np.allclose(value, np.maximum(linear + b, 0), atol=1e-5):
            return (
                "the shape is right, the numbers are not: each channel in is scanned with its "
                "own slice K[:, :, c, f]; then sum over c, add b[f], and apply the ReLU"
            )
