"""Distort images of digits, freshly each time that they are shown: no network sees one twice.

A distorted image is read from the original: each of its pixels looks up the gray value at some
place nearby, between four pixels of the original. Where it looks is given by an affine map (shift,
rotation, scale, shear) and by a smooth random field, a sum of a few waves.
"""

from functools import cache
from numbers import Real

import numpy as np

BLOCK = 1000  # images that a stream distorts at once, or more if a batch is larger
CHUNK = 50  # images read at once: their arrays stay in the processor's cache
LEFT_OUT = 0.001  # of the elastic field's variance along each axis: ripples nobody would see
CENTRE = 13.5  # of the 28 x 28 pixels: what rotation, scale and shear leave where it is
PIXELS = np.arange(28, dtype=np.float32) - np.float32(CENTRE)

# Chosen by the validation accuracy of a dense network after fifteen epochs; a larger network,
# trained for longer, bears more (see `experiments`).
USUAL = {"shift": 1, "rotation": 5, "scale": 0.06, "shear": 5, "elastic": 0.5}


def transform(images, *, shift=(0, 0), rotation=0, scale=1, shear=0):
    """Return `images` after an affine map: sheared, scaled, rotated and shifted, in this order.

    Parameters
    ----------
    images : float (N, 28, 28, 1), (N, 28, 28) or (N, 784); paper is 0.
    shift : pixels (down, right), two numbers or (N, 2).
    rotation : degrees, counterclockwise, a number or (N,).
    scale : factor, a number or (N,); larger than one enlarges. Or (N, 2): down and right apart.
    shear : degrees by which upright lines come to lean to the right, a number or (N,).

    Returns
    -------
    float32 of the shape of `images`, in their range. What leaves the image is lost, what enters
    it is 0. The centre of the image is the centre of the map.

    Raises ValueError, with a sentence, for arguments that do not fit.
    """
    shape, images = _pictures(images)
    maps = _maps(len(images), shift, rotation, scale, shear)
    return _read(images, maps).reshape(shape)


def distort(images, seed=0, *, shift=0, rotation=0, scale=0, shear=0, elastic=0, smoothness=4):
    """Return `images`, each distorted at random in its own way.

    Parameters
    ----------
    images : as for `transform`.
    seed : whole number, or a `numpy.random.Generator`, which is then advanced.
    shift : pixels, up to 28; both components are drawn uniformly from -shift to shift.
    rotation : degrees, up to 180; the angle is drawn uniformly from -rotation to rotation.
    scale : up to 2; height and width are multiplied by a factor each, drawn between exp(-scale) and
        exp(scale), uniformly in its logarithm.
    shear : degrees, up to 60; drawn uniformly from -shear to shear.
    elastic : pixels, up to 28; every pixel is displaced by a random field, along each axis a
        Gaussian random field of this standard deviation.
    smoothness : pixels, 1 to 28; the field is that of white noise blurred by a Gaussian of this
        width. So its covariance at distance d is proportional to exp(-d² / (4 smoothness²)).

    Returns
    -------
    float32 of the shape of `images`, in their range; the same bits for the same arguments.

    Raises ValueError, with a sentence, for arguments that do not fit.

    The elastic distortion is that of Simard, Steinkraus and Platt, "Best practices for
    convolutional neural networks applied to visual document analysis" (ICDAR 2003). Their noise,
    uniform in [-1, 1], blurred with 4 pixels and multiplied by 34, displaces by 1.4 pixels.
    """
    shape, images = _pictures(images)
    _number("shift", shift, 0, 28)
    _number("rotation", rotation, 0, 180)
    _number("scale", scale, 0, 2)
    _number("shear", shear, 0, 60)
    _number("elastic", elastic, 0, 28)
    _number("smoothness", smoothness, 1, 28)
    if not (shift or rotation or scale or shear or elastic):
        return images.reshape(shape).astype(np.float32)
    rng = np.random.default_rng(seed)
    n = len(images)
    maps = _maps(
        n,
        rng.uniform(-shift, shift, (n, 2)),
        rng.uniform(-rotation, rotation, n),
        np.exp(rng.uniform(-scale, scale, (n, 2))),
        rng.uniform(-shear, shear, n),
    )
    if not elastic:
        return _read(images, maps).reshape(shape)
    waves = _waves(float(smoothness))
    strengths = rng.standard_normal((2, n, len(waves), len(waves)), np.float32)
    return _read(images, maps, strengths, np.float32(elastic) ** 0.5 * waves).reshape(shape)


def stream(inputs, targets, batch_size=100, seed=0, **amounts):
    """Yield batches without end, distorted, for Keras's `fit(..., steps_per_epoch=...)`.

    Each is a pair: `batch_size` of the images `inputs`, distorted by `distort` with `amounts`,
    and their rows of `targets`, (N, ...). All images are used once, in random order, before any
    is used again; a rest that fills no batch waits for the next epoch's order. The same arguments
    give the same batches, and no two of them the same distortion.

    `fit` reads ahead (it wraps the generator in a `tf.data.Dataset`), so that the next batch is
    distorted while the network learns from this one. The network itself knows nothing of it: what
    is saved is a network for plain images.

    Raises ValueError, with a sentence, for arguments that do not fit.
    """
    if len(inputs) != len(targets):
        raise ValueError(f"There are {len(inputs)} inputs, but {len(targets)} targets.")
    if not 0 < batch_size <= len(inputs):
        raise ValueError(f"A batch must hold from 1 to {len(inputs)} images, not {batch_size}.")
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    distort(inputs[:1], seed, **amounts)  # complain now, not when the first batch is asked for
    return _batches(inputs, targets, batch_size, np.random.default_rng(seed), amounts)


def _batches(inputs, targets, batch_size, rng, amounts):
    at_once = batch_size * -(-BLOCK // batch_size)  # the arithmetic is cheaper for many at once
    while True:
        order = rng.permutation(len(inputs))
        order = order[: len(order) // batch_size * batch_size]
        for start in range(0, len(order), at_once):
            chosen = order[start : start + at_once]
            distorted = distort(inputs[chosen], rng, **amounts)
            for k in range(0, len(chosen), batch_size):
                yield distorted[k : k + batch_size], targets[chosen[k : k + batch_size]]


def _pictures(images):
    """Return the shape of `images`, and them as (N, 28, 28), or say what is wrong with them."""
    images = np.asarray(images)
    shape = images.shape
    if shape[1:] not in ((784,), (28, 28), (28, 28, 1)):
        raise ValueError(f"images must be (N, 784), (N, 28, 28) or (N, 28, 28, 1), not {shape}.")
    return shape, images.reshape(-1, 28, 28)


def _maps(n, shift, rotation, scale, shear):
    """Return n affine maps, backwards: float32 (n, 2, 3), for y and x a constant and a matrix.

    If a map takes the place q of the original to p = A q + shift, both seen from the centre, then
    pixel p looks up the original at q = A⁻¹ (p - shift).
    """
    shift, scale = _each("shift", shift, (n, 2)), _each("scale", scale, (n, 2))
    rotation, shear = _each("rotation", rotation, (n,)), _each("shear", shear, (n,))
    if not np.all(scale > 0):
        raise ValueError("scale must be positive; 1 leaves the size as it is.")
    angle, lean, one = np.radians(rotation), np.tan(np.radians(shear)), np.ones(n)
    # Places are (y, x), and y grows downwards.
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slant = np.array([[one, 0 * one], [-lean, one]])
    inverse = np.linalg.inv(np.einsum("ijn,jkn,nk->nik", turn, slant, scale))
    constant = CENTRE - np.einsum("nij,nj->ni", inverse, shift)
    return np.dstack([constant, inverse]).astype(np.float32)


def _number(name, value, least, most):
    """Complain, with a sentence, unless `value` is a number between `least` and `most`."""
    if not isinstance(value, Real) or not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least} to {most}, not {value!r}.")


def _each(name, values, shape):
    """Return finite `values` for each image, (n,) or (n, 2), or say what is wrong with them."""
    try:
        values = np.broadcast_to(np.asarray(values, float), shape)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers of shape {shape}, or fit it.") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite.")
    return values


@cache
def _waves(smoothness):
    """Return the waves that an elastic field is made of, float32 (waves, 28).

    A field is a sum of their products, one in y and one in x, with independent normal strengths:
    the Karhunen-Loève expansion of a Gaussian random field of variance 1.
    """
    distance = np.subtract.outer(np.arange(28), np.arange(28))
    variances, modes = np.linalg.eigh(np.exp(-((distance / (2 * smoothness)) ** 2)))
    order = variances.argsort()[::-1]
    missing = 1 - np.cumsum(variances[order]) / variances.sum()
    kept = order[: np.argmax(missing < LEFT_OUT) + 1]
    # An eigenvector's sign is arbitrary; fixed, it is the same for every library.
    waves = modes[:, kept] * np.sqrt(variances[kept]) * np.sign(modes[0, kept])
    return np.ascontiguousarray(waves.T, np.float32)


def _read(images, maps, strengths=None, waves=None):
    """Return `images` (N, 28, 28), each pixel read at the place that it looks up: (N, 784).

    The places are given by `maps` (N, 2, 3), and, if there are any, by `strengths` (2, N, M, M) of
    products of the `waves` (M, 28). Between pixels the gray value changes linearly along y and
    along x; outside of the image it is 0.

    The arrays of one chunk are used again for the next: fresh memory would cost more than the
    arithmetic.
    """
    n = min(CHUNK, len(images))
    result = np.empty((len(images), 784), np.float32)
    paper = np.zeros((n, 31, 31), np.float32)  # with a margin: 1 before, 2 behind
    first = np.float32(31 * 31) * np.arange(n, dtype=np.float32)[:, np.newaxis, np.newaxis]
    y, x = places = np.empty((2, n, 28, 28), np.float32)
    row, column = corner = np.empty_like(places)
    above, below, right = np.empty((3, n, 28, 28), np.float32)
    at = np.empty((n, 28, 28), np.intp)
    for start in range(0, len(images), n or 1):
        start = min(start, len(images) - n)  # the last chunk reaches back if it is not full
        chunk = slice(start, start + n)
        paper[:, 1:29, 1:29] = images[chunk]
        constant, from_y, from_x = maps[chunk].T[..., np.newaxis]
        np.add((constant + from_y * PIXELS)[..., np.newaxis], 1, out=places)
        places += (from_x * PIXELS)[..., np.newaxis, :]
        if strengths is not None:
            # matrix by matrix: one large product would start threads, which fit needs itself
            places += np.matmul(waves.T @ strengths[:, chunk], waves, out=corner)
        np.clip(places, 0, 29, out=places)
        np.floor(places, out=corner)
        places -= corner
        row *= 31
        row += column
        row += first
        np.copyto(at, row, casting="unsafe")
        for line in above, below:
            paper.take(at, out=line, mode="clip")  # nothing is to be clipped; checks cost more
            at += 1
            paper.take(at, out=right, mode="clip")
            right -= line
            right *= x
            line += right
            at += 30
        below -= above
        below *= y
        above += below
        result[chunk] = above.reshape(n, 784)
    return result
