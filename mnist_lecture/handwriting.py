"""Endless handwritten digits, drawn by a simulated pen.

The lecture's cure for overfitting: "produce all training samples algorithmically, never repeat a
sample!" A digit starts as one of the skeletons in `ways_to_write.toml`, which are the ways in
which people write it, and is then spoiled as a hand spoils it:

1. **Jitter.** Every control point moves at random; the digit is bent, stretched, slanted, turned.
2. **Curve.** A Catmull-Rom spline passes through the control points p_k of a stroke. Between p_1
   and p_2, with t from 0 to 1,

       c(t) = (1, t, t^2, t^3) M (p_0, p_1, p_2, p_3),    M = 1/2 [ 0  2  0  0]
                                                                  [-1  0  1  0]
                                                                  [ 2 -5  4 -1]
                                                                  [-1  3 -3  1]

   This is linear in the control points, so a skeleton's curve is a fixed matrix times its jittered
   control points, and all curves of a chunk are computed in one product.
3. **Ink.** With a Gaussian at each curve point (x_p, y_p), the sum
   F(x, y) = sum_p exp(-(y - y_p)^2 / 2s^2) exp(-(x - x_p)^2 / 2s^2) is a matrix product, since
   the Gaussian is separable. Near a smooth line of points it falls as exp(-d^2 / 2s^2), so
   d = sqrt(-2 s^2 ln F) is the distance from the line. A pen of radius r inks the pixels with
   d < r; its edge is soft, and the grain of the paper makes it rough.
4. **Normalisation**, as in MNIST: the ink is fitted into a box of 20 x 20 pixels, which is placed
   in the 28 x 28 image so that the centre of mass is at the centre.

Sources: E. Catmull and R. Rom, "A class of local interpolating splines", Computer Aided Geometric
Design (1974), 317; normalisation: Y. LeCun et al., Proc. IEEE 86 (1998), 2278.

The ways to write, the pen and the mean slant were matched to MNIST's training images, of which none
is stored here (see benchmarks/transfer.py).
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np

SETTINGS = {"classroom": (0.57, 1.15, 0), "transfer": (1.0, 1.25, 1)}
"""Levels of difficulty: the scale of the jitter, the median radius of the pen in pixels, and how
much pens and papers differ. `classroom` is about as hard as MNIST for the lecture's dense network,
with a finer pen, since its learning rate of 1 is too high for more ink. `transfer` is for networks
that read real digits: trained on a single kind of edge and paper, they take any other amiss."""

CHUNK = 500
"""The number of digits that are drawn together. Each chunk has its own random numbers, so that any
part of the endless stream can be drawn without the part before it."""

# Standard deviations at jitter 1. Coordinates run from -1 to 1 across a digit, y downwards.
VARIATION = {
    "point": 0.13,  # each control point
    "messiness": 0.2,  # logarithm of the above: some hands are steadier than others
    "bend": 0.11,  # quadratic distortions of the plane
    "aspect": 0.15,  # logarithm of width / height
    "slant": 0.26,
    "rotation": 0.10,  # radians
    "radius": 0.36,  # logarithm of the radius of the pen
    "pressure": 0.3,  # unevenness of the ink along the stroke
    "edge": 0.5,  # logarithm of the width of the pen's edge
    "grain": 1.0,  # logarithm of the roughness of the paper
}
MEAN_SLANT = 0.07  # to the right, as in MNIST
EDGE, GRAIN = 1.35, 0.09  # the soft edge of the pen, medians: its width in pixels, its roughness
POINTS, SPREAD = 44, 0.9  # points per curve, width s of their Gaussians in pixels

WAYS_TO_WRITE = Path(__file__).with_name("ways_to_write.toml").read_text(encoding="utf-8")
SKELETONS = {int(digit): ways.splitlines() for digit, ways in tomllib.loads(WAYS_TO_WRITE).items()}
"""A dict from digit to a list of skeletons, strings as the header of that file explains them."""


@cache
def _basis(steps=24):
    """Return (1, t, t^2, t^3) M at the midpoints of `steps` equal parts of a segment."""
    t = (np.arange(steps)[:, None] + 0.5) / steps
    matrix = 0.5 * np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]])
    return t ** np.arange(4) @ matrix


def _trace(skeleton):
    """Return a skeleton's control points (C, 2), curve matrix (POINTS, C) and length."""
    strokes = [stroke.split() for stroke in skeleton.split("/")]
    names = list(dict.fromkeys(name for stroke in strokes for name in stroke))
    controls = np.array([[int(x), int(y)] for x, y in names]) / 4.5 - 1
    unit, dense, steps = np.eye(len(names)), [], []
    for stroke in strokes:
        rows = unit[[names.index(name) for name in stroke]]
        # One more point beyond each end, so that the stroke begins and ends straight.
        rows = np.vstack([2 * rows[0] - rows[1], rows, 2 * rows[-1] - rows[-2]])
        dense.append(np.vstack([_basis() @ rows[k : k + 4] for k in range(len(stroke) - 1)]))
        steps.append(np.hypot(*np.gradient(dense[-1] @ controls, axis=0).T))
    travelled = np.cumsum(np.concatenate(steps))
    even = travelled[-1] * (np.arange(POINTS) + 0.5) / POINTS  # equal steps, even ink
    return controls, np.vstack(dense)[np.searchsorted(travelled, even)], travelled[-1]


@cache
def _library():
    """Return all skeletons as arrays, and for each digit the first one's index and their count."""
    traces = [_trace(skeleton) for digit in range(10) for skeleton in SKELETONS[digit]]
    most = max(len(controls) for controls, _, _ in traces)
    points = np.zeros((len(traces), most, 2), np.float32)
    matrices = np.zeros((len(traces), POINTS, most), np.float32)
    for k, (controls, matrix, _) in enumerate(traces):
        points[k, : len(controls)], matrices[k, :, : len(controls)] = controls, matrix
    lengths = np.array([length for _, _, length in traces], np.float32)
    counts = np.array([len(SKELETONS[digit]) for digit in range(10)])
    return points, matrices, lengths, np.cumsum(counts) - counts, counts


def _curves(labels, rng, jitter):
    """Return jittered curves (n, 2, POINTS), y before x, and their lengths (n,)."""
    points, matrices, lengths, first, counts = _library()
    n, most = len(labels), points.shape[1]
    choice = first[labels] + (rng.random(n) * counts[labels]).astype(int)
    noise = rng.standard_normal((n, most + 1, 2), dtype=np.float32)
    noise = 0.75 * noise[:, 1:] + 0.66 * noise[:, :-1]  # neighbouring points are correlated
    traits = rng.standard_normal((8, n, 1), dtype=np.float32) * np.float32(jitter)
    amount = VARIATION["point"] * jitter * np.exp(VARIATION["messiness"] * traits[0])
    x, y = np.moveaxis(matrices[choice] @ (points[choice] + amount[:, None] * noise), 2, 0)
    bend = VARIATION["bend"] * traits[1:5]
    x, y = x + (bend[0] * y + bend[1] * x) * y, y + (bend[2] * x + bend[3] * y) * x
    stretch = np.exp(VARIATION["aspect"] * traits[5])
    x = stretch * x - (MEAN_SLANT + VARIATION["slant"] * traits[6]) * y
    turn = VARIATION["rotation"] * traits[7]
    x, y = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
    return np.stack([y, x], axis=1), lengths[choice] * np.sqrt(stretch[:, 0])


def _pens(n, rng, jitter, median, variety):
    """Return radii (n,), logarithms of pressures (n, POINTS), edges (n,) and grain (n, 400)."""
    traits = rng.standard_normal((2, n), dtype=np.float32) * np.float32(jitter)
    radius = np.clip(median * np.exp(VARIATION["radius"] * traits[0]), 0.6, 4)  # in pixels
    waves, phase = rng.random((2, n, 1), dtype=np.float32)
    path = np.linspace(0, 2 * np.pi, POINTS, dtype=np.float32)
    pressure = np.cos((0.5 + waves) * path + np.float32(2 * np.pi) * phase)
    pressure *= VARIATION["pressure"] * traits[1][:, None]
    # One sheet for the chunk, each digit at a random place on it: faster than a sheet for each.
    sheet = rng.standard_normal(8_000, dtype=np.float32) * np.float32(GRAIN)
    spots = rng.integers(len(sheet) - 400, size=n)
    grain = np.lib.stride_tricks.sliding_window_view(sheet, 400)[spots]
    traits = rng.standard_normal((2, n), dtype=np.float32) * np.float32(jitter * variety)
    grain *= np.exp(VARIATION["grain"] * traits[1])[:, None]
    return radius, pressure, EDGE * np.exp(VARIATION["edge"] * traits[0]), grain


def _ink(curve, length, radius, pressure, edge, grain):
    """Return the ink (n, 400) in [0, 1] of curves that are fitted into 20 x 20 pixels."""
    # Arrays are changed in place, since to allocate new ones takes longer than the arithmetic.
    low, high = curve.min(2), curve.max(2)
    zoom = (20 - 2 * radius) / (high - low).max(1)
    # On the line the Gaussians add up to s sqrt(2 pi) / spacing; scale this to 1.
    pressure = pressure - np.log(SPREAD * (2 * np.pi) ** 0.5 * POINTS / (zoom * length))[:, None]
    unit = np.float32(SPREAD * 2**0.5)  # of length, in pixels: the Gaussian becomes exp(-d^2)
    curve = (curve - ((low + high) / 2)[:, :, None]) * (zoom / unit)[:, None, None]
    gauss = _gaussians(curve, 1 / unit)
    gauss[:, 0] *= np.exp(pressure)[:, None]
    field = (gauss[:, 0] @ gauss[:, 1].transpose(0, 2, 1)).reshape(-1, 400)
    np.clip(field, 1e-9, 1, out=field)
    np.log(field, out=field)
    np.negative(field, out=field)
    distance = np.sqrt(field, out=field)
    distance *= (-unit / edge)[:, None]
    distance += (radius / edge + 0.5)[:, None]
    distance += grain
    ink = np.clip(distance, 0, 1, out=distance)
    ink *= ink * (3 - 2 * ink)  # a smooth step: medium grays are the rarest, as in MNIST
    ink *= 255
    np.rint(ink, out=ink)
    ink /= 255
    return ink


def _gaussians(centres, step):
    """Return exp(-(y_k - c)^2) at 20 pixels y_k, `step` apart around 0: (n, 2, 20, POINTS).

    From pixel to pixel a Gaussian changes by a factor, and this by exp(-2 step^2): two products.
    """
    gauss = np.empty((*centres.shape[:2], 20, centres.shape[2]), np.float32)
    for first, way in ((10, 1), (9, -1)):  # outwards from the middle, so that nothing underflows
        d = (first - 9.5) * step - centres
        gauss[:, :, first] = np.exp(-d * d)
        factor = np.exp(-(2 * way * d + step) * step)
        for k in range(first + way, 20 if way > 0 else -1, way):
            np.multiply(gauss[:, :, k - way], factor, out=gauss[:, :, k])
            factor *= np.exp(-2 * step * step)
    return gauss


def _corners(ink):
    """Return the (row, column) of each box's top left that puts the centre of mass at (14, 14)."""
    rows, columns = np.divmod(np.arange(400), 20)
    moments = ink @ np.stack([np.ones(400), rows, columns], axis=1).astype(np.float32)
    return np.rint(14 - moments[:, 1:] / moments[:, :1]).astype(int).tolist()


def _integer(name, value, least=0):
    """Return `value` as an int; raise `ValueError` if it is no integer or below `least`."""
    if not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number, at least {least}, not {value!r}.")
    return int(value)


def _digits(name, values):
    """Return `values` as int64 (n,); raise `ValueError` if they are no vector of digits."""
    values = np.asarray(values)
    whole = values.dtype.kind in "iu" or not values.size
    if values.ndim != 1 or not whole or not np.isin(values, np.arange(10)).all():
        raise ValueError(f"{name} must be a list or vector of digits, 0 to 9.")
    return values.astype(np.int64)


def _difficulty(setting, jitter):
    """Return the scale of the jitter, by default the setting's, and the rest of the setting."""
    if setting not in SETTINGS:
        raise ValueError(f"Unknown setting {setting!r}; choose one of {', '.join(SETTINGS)}.")
    usual, *pens = SETTINGS[setting]
    jitter = usual if jitter is None else jitter
    if not isinstance(jitter, (int, float, np.number)) or not 0 <= jitter <= 2:
        raise ValueError(f"jitter must be a number from 0 to 2, not {jitter!r}.")
    return float(jitter), pens


def generate(
    n, seed=0, setting="classroom", *, start=0, jitter=None, digits=range(10), labels=None
):
    """Return samples `start` to `start + n` of an endless stream of handwritten digits.

    Each (seed, setting, jitter, digits) gives one stream, in which no sample is repeated. A part of
    it has the same bits, on one machine, whether drawn alone or within a longer one.

    Parameters
    ----------
    n : number of samples, 0 or more.
    seed : integer, 0 or more; selects the stream.
    setting : "classroom" or "transfer", see SETTINGS.
    start : index of the first sample in the stream, 0 or more.
    jitter : scale of all variation, 0 to 2, instead of the setting's: 0 gives neat print; beyond
        1.5 digits become illegible.
    digits : the digits to draw. Within a chunk, each row of len(digits) samples holds each once.
    labels : vector of n digits to draw, in this order, instead of a balanced random choice.

    Returns
    -------
    images : float32 (n, 28, 28, 1) in [0, 1], multiples of 1/255 as in MNIST: paper 0, ink 1.
    labels : int64 (n,).

    Raises `ValueError` for arguments outside these ranges.
    """
    n, seed, start = _integer("n", n), _integer("seed", seed), _integer("start", start)
    (jitter, pens), digits = _difficulty(setting, jitter), _digits("digits", digits)
    if not digits.size:
        raise ValueError("digits must contain at least one digit.")
    wanted = None if labels is None else _digits("labels", labels)
    if wanted is not None and len(wanted) != n:
        raise ValueError(f"labels must contain n = {n} digits, not {len(wanted)}.")
    images, labels = np.zeros((n, 28, 28, 1), np.float32), np.empty(n, np.int64)
    for chunk in range(start // CHUNK, -(-(start + n) // CHUNK)):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(chunk,)))
        rows = np.tile(digits, (-(-CHUNK // len(digits)), 1))
        written = rng.permuted(rows, axis=1).ravel()[:CHUNK]
        first = max(start - chunk * CHUNK, 0)
        last = min(start + n - chunk * CHUNK, CHUNK)
        done = chunk * CHUNK + first - start
        here = slice(done, done + last - first)
        if wanted is not None:
            written[first:last] = wanted[here]
        labels[here] = written[first:last]
        # Always draw the whole chunk, so that a part of it has the same bits when drawn alone.
        ink = _ink(*_curves(written, rng, jitter), *_pens(CHUNK, rng, jitter, *pens))
        corners = _corners(ink)[first:last]
        for image, box, (top, left) in zip(images[here], ink[first:last], corners, strict=True):
            # The box of a lopsided digit may extend beyond the 28 x 28 pixels.
            box = box.reshape(20, 20)[max(-top, 0) : 28 - top, max(-left, 0) : 28 - left]
            image[max(top, 0) : top + 20, max(left, 0) : left + 20, 0] = box
    return images, labels


def stream(batch_size=100, seed=0, setting="classroom", *, start=0, jitter=None, digits=range(10)):
    """Yield batches endlessly, for Keras's `fit(..., steps_per_epoch=...)`.

    Each is a pair of images, float32 (batch_size, 28, 28, 1) in [0, 1], and one-hot labels,
    float32 (batch_size, 10). Together they are the samples of `generate` with the same arguments,
    from `start` on. The first batch raises `ValueError` for invalid arguments.
    """
    batch_size = _integer("batch_size", batch_size, least=1)
    block = batch_size * max(CHUNK // batch_size, 1)
    while True:
        images, labels = generate(block, seed, setting, start=start, jitter=jitter, digits=digits)
        one_hot = np.eye(10, dtype=np.float32)[labels]
        for k in range(0, block, batch_size):
            yield images[k : k + batch_size], one_hot[k : k + batch_size]
        start += block
