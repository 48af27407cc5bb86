"""A landscape by moonlight, drawn by a few formulas: a picture to try kernels on."""

import numpy as np

SIZE = 96, 144  # rows, columns
MOON = 21, 104  # the place of its middle: row, column


def gray():
    """Return the landscape as ink, float (96, 144): 0 is white and 1 black, as in the digits."""
    y = np.mgrid[: SIZE[0], : SIZE[1]][0]
    picture = 0.8 - 0.5 * y / SIZE[0]  # the sky
    for cover, ink, _ in _layers():
        picture = (1 - cover) * picture + cover * ink
    return picture


def colours():
    """Return the landscape as red, green, blue light, float (96, 144, 3): 0 is dark, 1 bright."""
    height = np.mgrid[: SIZE[0], : SIZE[1]][0][..., np.newaxis] / SIZE[0]
    picture = (1 - height) * (0.15, 0.25, 0.5) + height * (0.55, 0.75, 0.95)  # the sky
    for cover, ink, tint in _layers():
        light = np.broadcast_to(1 - np.asarray(ink), SIZE)[..., np.newaxis]
        cover = cover[..., np.newaxis]
        picture = (1 - cover) * picture + cover * (light if tint is None else light * tint)
    return picture


def _layers():
    """Return the layers from far to near: how much each covers, its ink, the tint of its light."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    moon = np.hypot(y - MOON[0], x - MOON[1])  # distance from its middle
    glitter = np.exp(-(((x - MOON[1]) / (y / 6 + 1)) ** 2)) * (np.sin(1.5 * y + x / 9) > -0.2)
    tower = (abs(x - 28) < 3 + (y - 32) / 16) & (y > 32) & (y < 86)
    white = y // 8 % 2  # the stripes of the tower
    layers = [
        (np.exp(-((moon / 26) ** 2)), 0.1, None),
        (10.5 - moon, 0.0, None),
        (y - 50 + 9 * np.sin(x / 17) + 3 * np.sin(x / 6), 0.38, (0.55, 0.75, 1.0)),
        (y - 62 - 6 * np.sin(x / 12 + 1) + 2 * np.sin(x / 4), 0.65, (0.5, 1.2, 0.7)),
        (y - 69.5, 0.4 + 0.08 * np.sin(y * y / 45 + np.sin(x / 9)), (0.4, 0.8, 1.2)),
        (glitter * (y > 71), 0.05, None),
        (tower & (white == 0), 0.95, (16.0, 2.0, 2.0)),  # black in gray, red in colour
        (tower & (white == 1), 0.1, None),
        ((abs(x - 28) < 2.5) & (y > 25) & (y < 33), 0.05, None),
        (y - 88 + 10 * np.exp(-(((x - 26) / 24) ** 2)) + np.sin(x / 5), 0.9, None),
    ]
    return [(np.clip(cover, 0.0, 1.0), ink, tint) for cover, ink, tint in layers]
