"""Checks of notebook 07, more data."""

import numpy as np

_CROSS = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))  # a pixel and its four neighbours, (dy, dx)


def exercise_1(digits):
    """The digits that keep their meaning in a mirror."""
    digits = {int(digit) for digit in digits}
    if wrong := digits - {0, 1, 8}:
        return f"write a {min(wrong)} and hold it before a mirror"
    if not digits >= {0, 8}:
        return "there is another one: look for a digit that is its own mirror image"


def exercise_2(function):
    """Strokes made thicker by one pixel."""
    images = np.zeros((3, 28, 28))
    images[0, 14, 14] = 1
    images[1] = np.random.default_rng(72).random((28, 28))
    images[2, 0, 27] = 0.5
    value = function(images.copy())
    if np.shape(value) != images.shape:
        return f"the shape must stay {images.shape}, not {np.shape(value)}"
    if (ink := np.count_nonzero(value[0])) != 5:
        return f"a single black pixel becomes a cross of 5 pixels; here it became {ink}"
    if value[0].max() > 1 or not np.allclose(value[0, 14, 13:16], 1):
        return "take the largest gray value, not the sum"
    if np.count_nonzero(value[2]) != 3:
        return "in a corner only two neighbours are left; nothing comes in from the other side"
    around = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    crosses = [around[:, 1 + dy : 29 + dy, 1 + dx : 29 + dx] for dy, dx in _CROSS]
    if not np.allclose(value, np.max(crosses, axis=0)):
        return "every pixel becomes the largest of five gray values: its own and its neighbours'"


def exercise_3(function):
    """The shift before a rotation that has the same effect as a given one after it."""
    for rotation, shift in ((90, (1, 0)), (30, (2, -1)), (-75, (0.5, 3))):
        angle = np.radians(rotation)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        value = function(rotation, shift)
        if np.shape(value) != (2,):
            return f"a shift is two numbers, (down, right); this has the shape {np.shape(value)}"
        if np.allclose(value, turn @ shift):
            return "the other way round: R (q + s') = R q + s; solve for s'"
        if not np.allclose(value, turn.T @ shift):
            return "R (q + s') = R q + s; solve for s'. Mind that np.cos wants radians"
