"""Digits drawn with a mouse by scripts in several hands, for "draw a digit".

Each way of writing a digit is a list of strokes through points of a square, 0 to 100 to the right
and down. They were written for this test alone and have no part in any training.
"""

import numpy as np

WAYS = {
    0: [[(55, 2), (20, 15), (8, 50), (22, 88), (52, 98), (82, 84), (92, 48), (78, 12), (53, 3)]],
    1: [[(52, 0), (50, 50), (48, 100)]],
    2: [[(12, 26), (28, 5), (62, 3), (84, 22), (76, 46), (42, 74), (8, 98), (48, 96), (94, 96)]],
    3: [[(12, 12), (46, 0), (78, 16), (70, 40), (40, 48), (74, 56), (88, 78), (56, 100), (10, 88)]],
    4: [[(34, 0), (22, 34), (10, 62), (48, 62), (92, 60)], [(68, 26), (66, 62), (62, 100)]],
    5: [
        [(24, 4), (22, 26), (18, 46), (52, 40), (84, 58), (78, 88), (44, 100), (10, 90)],
        [(24, 4), (54, 4), (86, 2)],
    ],
    6: [[(70, 2), (38, 22), (16, 58), (22, 88), (52, 100), (82, 84), (76, 60), (48, 54), (20, 72)]],
    7: [[(8, 6), (50, 6), (92, 4), (70, 38), (50, 70), (40, 100)]],
    8: [
        [(78, 12), (44, 0), (20, 18), (38, 42), (72, 62), (82, 86), (50, 100), (20, 86), (74, 8)],
    ],
    9: [[(82, 18), (50, 0), (18, 16), (24, 44), (58, 50), (82, 22), (80, 20), (76, 60), (66, 100)]],
}
OTHER_WAYS = {
    0: [[(50, 0), (84, 30), (84, 70), (50, 100), (16, 70), (16, 30), (46, 2)]],
    1: [[(24, 26), (42, 12), (56, 0), (55, 50), (54, 100)]],
    2: [[(16, 20), (46, 0), (80, 18), (66, 50), (26, 86), (20, 98), (38, 82), (62, 96), (92, 86)]],
    3: [[(14, 2), (52, 2), (84, 2), (62, 24), (44, 40), (78, 50), (84, 78), (54, 98), (12, 92)]],
    4: [[(22, 2), (20, 30), (24, 52), (54, 54), (82, 46)], [(80, 4), (78, 50), (76, 100)]],
    5: [[(84, 4), (54, 2), (26, 4), (22, 44), (54, 40), (82, 58), (74, 90), (42, 100), (14, 88)]],
    6: [[(56, 0), (34, 36), (22, 72), (36, 98), (66, 96), (78, 74), (58, 58), (30, 68)]],
    7: [[(10, 8), (50, 6), (90, 4), (66, 50), (46, 100)], [(34, 50), (58, 50), (80, 48)]],
    8: [
        [(50, 48), (24, 26), (50, 0), (76, 26), (52, 48), (22, 74), (50, 100), (80, 74), (54, 50)],
    ],
    9: [[(78, 30), (60, 4), (28, 8), (24, 40), (56, 48), (78, 28), (78, 66), (74, 100)]],
}

# What the hands have of their own: pen and size in pixels of the canvas, slant and turn in degrees,
# how far the points move (of 100), how many places of the mouse there are along a stroke.
HANDS = {
    "calm": {"pen": 16, "size": 190, "jitter": 2, "places": 24},
    "thin": {"pen": 5, "size": 190, "jitter": 3, "places": 24},
    "thick": {"pen": 36, "size": 180, "jitter": 3, "places": 24},
    "small": {"pen": 16, "size": 70, "jitter": 3, "places": 16},
    "off-centre": {"pen": 14, "size": 110, "jitter": 3, "places": 20, "aside": 75},
    "slanted": {"pen": 16, "size": 170, "jitter": 3, "places": 24, "slant": 22},
    "leaning back": {"pen": 16, "size": 170, "jitter": 3, "places": 24, "slant": -14},
    "quick": {"pen": 14, "size": 180, "jitter": 6, "places": 9},
    "wide": {"pen": 16, "size": 170, "jitter": 4, "places": 24, "aspect": 1.5},
}
CANVAS = 280


def drawings(seed=0, each=1):
    """Yield (digit, hand, pen, strokes): `each` of every way of writing in every hand."""
    rng = np.random.default_rng(seed)
    for ways in (WAYS, OTHER_WAYS):
        for digit, strokes in ways.items():
            for name, hand in HANDS.items():
                for _ in range(each):
                    yield digit, name, hand["pen"], _written(strokes, rng, **hand)


def _written(strokes, rng, pen, size, jitter, places, slant=0, aspect=1, aside=0):
    """Return the strokes as lists of places (x, y) in the canvas."""
    turn, lean = np.radians(rng.uniform(-5, 5)), np.tan(np.radians(slant + rng.uniform(-4, 4)))
    place = CANVAS / 2 + rng.uniform(-1, 1, 2) * (aside or 8)
    width = 0.72 * size * aspect * rng.uniform(0.9, 1.1)
    written = []
    for points in strokes:
        points = np.array(points, float) + rng.normal(0, jitter, (len(points), 2))
        x, y = (_smooth(points, places) - 50).T / 100
        x = width * (x - lean * y / 0.72)
        y = size * y
        x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        inside = np.clip(np.stack([x, y], 1) + place, pen / 2 + 1, CANVAS - pen / 2 - 1)
        written.append(inside.round(1).tolist())
    return written


def _smooth(points, places):
    """Return places along a smooth line through the points: a Catmull-Rom spline."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, len(points) - 1 - 1e-9, places)
    k, s = t.astype(int), (t % 1)[:, np.newaxis]
    a, b, c, d = (padded[k + n] for n in range(4))
    return 0.5 * (
        2 * b + (c - a) * s + (2 * a - 5 * b + 4 * c - d) * s**2 + (3 * b - a - 3 * c + d) * s**3
    )
