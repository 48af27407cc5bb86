"""Checks of notebook 11, convolutional networks."""

import numpy as np


def exercise_1(function):
    """The number of parameters of a convolutional layer."""
    for size, channels, filters in ((11, 1, 20), (3, 32, 64), (1, 5, 2)):
        value, right = function(size, channels, filters), (size * size * channels + 1) * filters
        if value == right:
            continue
        case = f"for {size} × {size} pixels, {channels} channels and {filters} filters"
        if value == (size * size + 1) * filters:
            return f"{case}: each filter has a kernel for every channel that comes in"
        if value == size * size * channels * filters:
            return f"{case}: the biases are missing, one for each filter"
        return f"{case} it is {right:,}, not {value}"


def exercise_2(function):
    """The receptive field of a stack of layers."""
    cases = {
        ((5, 1),): 5,
        ((3, 1), (3, 1)): 5,
        ((3, 1), (2, 2), (3, 1)): 8,
        ((5, 2), (3, 2), (3, 1)): 17,
    }
    for layers, right in cases.items():
        value = function(list(layers))
        if value != right:
            hint = ""
            if value == 1 + sum(k - 1 for k, _ in layers):
                hint = "; behind a stride, a step is larger than one pixel"
            return f"for {list(layers)} it is {right}, not {value}{hint}"


def exercise_3(function):
    """Feature maps reduced to numbers that do not depend on position."""
    rng = np.random.default_rng(103)
    maps = rng.random((3, 7, 6, 4)) ** 4
    value = np.asarray(function(maps.copy()))
    if value.shape != (3, 4):
        return f"the shape should be (3, 4), a number for each image and channel, not {value.shape}"
    moved = np.asarray(function(np.roll(maps, (2, 3), axis=(1, 2))))
    if not np.allclose(value, moved):
        return "when the maps are shifted the numbers change; they still know where"
    without = maps.copy()
    without[:, :, :, 1] = 0
    change = np.abs(np.asarray(function(without)) - value)
    if np.any(change[:, [0, 2, 3]] > 1e-9):
        return "each channel should be asked apart from the others"
    if not np.all(change[:, 1] > 1e-3):
        return "whether a feature is there or not makes no difference to your numbers"
