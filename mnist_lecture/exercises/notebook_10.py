"""Checks of notebook 10, Green's functions and filters."""

import numpy as np


def exercise_1(function):
    """One kernel for two convolutions in a row."""
    rng = np.random.default_rng(101)
    for sizes in (((3, 3), (3, 3)), ((3, 5), (5, 3)), ((1, 1), (5, 5))):
        K1, K2 = (rng.normal(size=size) for size in sizes)
        shape = tuple(a + b - 1 for a, b in zip(*sizes, strict=True))
        wide = np.fft.fft2(K1, shape) * np.fft.fft2(K2, shape)
        right = np.fft.ifft2(wide).real
        value = np.asarray(function(K1.copy(), K2.copy()))
        if value.shape != shape:
            return (
                f"kernels {sizes[0]} and {sizes[1]} reach as far as one of {shape}, "
                f"not {value.shape}"
            )
        if not np.allclose(value, right):
            if np.allclose(value[::-1, ::-1], right):
                return "this is the right kernel, turned by 180 degrees"
            return "the shape is right, the weights are not: each weight of K1 sends out K2"


def exercise_2(answer):
    """The largest stable D dt of diffusion in one and in three dimensions."""
    line, space = (float(value) for value in answer)
    if np.isclose(line, space):
        return "a pixel has two neighbours on a line and six in space: the two numbers differ"
    if np.isclose(line, 1 / 4) or np.isclose(space, 1 / 4):
        return "1/4 belongs to two dimensions: how often is 4 D dt counted there?"
    if np.isclose(line, 1) and np.isclose(space, 1 / 3):
        return "there the board is multiplied by -3; it must not grow: no less than -1"
    if not np.isclose(line, 1 / 2):
        return "on a line, a pattern + - + - is multiplied by 1 - 4 D dt: not below -1"
    if not np.isclose(space, 1 / 6, rtol=0.01):
        return "the factor is 1 - 4 D dt on a line, 1 - 8 D dt in the plane; and in space?"


def exercise_3(answer):
    """How long a weak chirp must be to be found."""
    n = float(answer)
    if np.isclose(n, 144):
        return "the sum of sin² over n times is n/2, not n: half of the time it is small"
    if np.isclose(n, 24) or np.isclose(n, 12):
        return "signal to noise grows with the root of the length: square it"
    if not np.isclose(n, 288):
        return "signal to noise is the norm of the pattern over σ; its square is a² n / (2 σ²)"
