"""Distort images of digits, anew in each epoch, so that a network never sees the same one twice.

Each pixel of a distorted image takes the gray value at some place in the original, interpolated
between four pixels. An affine map and a smooth random field, a sum of waves, determine the place.
"""

from functools import cache
from numbers import Real

from mnist_lecture.data import floats

import numpy as np

BLOCK = 1000  # images that a stream distorts at once, unless a batch is larger
CHUNK = 50  # images interpolated at once: their arrays stay in the processor's cache
LEFT_OUT = 0.001  # of the elastic field's variance along each axis: invisible ripples
CENTRE = 13.5  # of the 28 x 28 pixels: the fixed point of rotation, scale and shear
PIXELS = np.arange(28, dtype=np.float32) - np.float32(CENTRE)

# Chosen by the validation accuracy of a dense network after fifteen epochs. A larger network that
# is trained for longer gains from more (see `workshop.recipes`).
USUAL = {"shift": 1, "rotation": 5, "scale": 0.06, "shear": 5, "elastic": 0.5}


def transform(images, *, shift=(0, 0), rotation=0, scale=1, shear=0):
    """Return `images` after an affine map: scaled, sheared, rotated and shifted, in this order.

    The result is float32 of the shape of `images`, in their range; what leaves the image is lost,
    what enters it is 0. Raises `ValueError` for other shapes or values than these.

    Parameters
    ----------
    images : float (N, 28, 28, 1), (N, 28, 28) or (N, 784); paper is 0.
    shift : pixels (down, right), two numbers or (N, 2).
    rotation : degrees, counterclockwise, a number or (N,).
    scale : factor, above 0; larger than one enlarges. A number, or (down, right) as for `shift`.
    shear : degrees by which vertical lines lean to the right afterwards, a number or (N,).
    """
    shape, images = _pictures(images)
    return _read(images, _maps(len(images), shift, rotation, scale, shear)).reshape(shape)


def distort(images, seed=0, *, shift=0, rotation=0, scale=0, shear=0, elastic=0, smoothness=4):
    """Return `images`, each with a random distortion of its own.

    The result is float32 of the shape of `images`, in their range, and the same for the same
    arguments. Raises `ValueError` for other shapes or values than these.

    Parameters
    ----------
    images : as for `transform`.
    seed : whole number, or a `numpy.random.Generator`, which is then advanced.
    shift, rotation, shear : pixels, 0 to 28, and degrees, 0 to 180 and 0 to 60; both components of
        the shift, and the angles, are drawn uniformly from minus to plus this value.
    scale : 0 to 2; so are the logarithms of the factors for height and for width.
    elastic : pixels, 0 to 28; the standard deviation of a Gaussian random field along each axis,
        by which the pixels are displaced.
    smoothness : pixels, 1 to 28; the field is white noise blurred by a Gaussian of this width, so
        its covariance at distance d is proportional to exp(-d² / (4 smoothness²)).

    Source of the elastic distortion: Simard, Steinkraus and Platt, "Best practices for
    convolutional neural networks applied to visual document analysis" (ICDAR 2003). Their noise,
    uniform in [-1, 1], blurred with 4 pixels and multiplied by 34, corresponds to elastic=1.4.
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
    shapes = waves(float(smoothness))
    strengths = rng.standard_normal((2, n, len(shapes), len(shapes)), np.float32)
    return _read(images, maps, strengths, np.float32(elastic) ** 0.5 * shapes).reshape(shape)


def nine_looks(images):
    """Yield `images` nine times: as they are, and moved, turned and scaled a little.

    The averaged answers of a network to all of them are better than its answer to one. `images` are
    as for `transform`.
    """
    yield images
    for shift in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        yield transform(images, shift=shift)
    for change in ({"rotation": 6}, {"rotation": -6}, {"scale": 1.06}, {"scale": 0.94}):
        yield transform(images, **change)


def stream(inputs, targets, batch_size=100, seed=0, **amounts):
    """Yield distorted batches endlessly, for Keras's `fit(..., steps_per_epoch=...)`.

    Each is a pair: `batch_size` of the images `inputs`, distorted by `distort` with `amounts`, and
    their rows of `targets`, (N, ...). Each epoch uses the images in a new random order and with new
    distortions, and leaves out the last ones if they do not fill a batch. The same arguments give
    the same batches. Gray values, uint8, become floats in [0, 1] batch by batch: they take a
    quarter of the memory. Raises `ValueError` at once for sizes that do not fit, or as `distort`
    does.
    """
    if len(inputs) != len(targets):
        raise ValueError(f"There are {len(inputs)} inputs, but {len(targets)} targets.")
    if not 0 < batch_size <= len(inputs):
        raise ValueError(f"A batch must hold from 1 to {len(inputs)} images, not {batch_size}.")
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    distort(inputs[:1], seed, **amounts)  # raise errors now, not at the first batch
    return _endless_batches(inputs, targets, batch_size, np.random.default_rng(seed), amounts)


def _endless_batches(inputs, targets, batch_size, rng, amounts):
    at_once = batch_size * -(-BLOCK // batch_size)  # which is faster than batch by batch
    while True:
        order = rng.permutation(len(inputs))
        order = order[: len(order) // batch_size * batch_size]
        for start in range(0, len(order), at_once):
            chosen = order[start : start + at_once]
            distorted = distort(floats(inputs[chosen]), rng, **amounts)
            for k in range(0, len(chosen), batch_size):
                yield distorted[k : k + batch_size], targets[chosen[k : k + batch_size]]


def _pictures(images):
    """Return the shape of `images`, and the images as (N, 28, 28)."""
    images = np.asarray(images)
    if (shape := images.shape)[1:] not in ((784,), (28, 28), (28, 28, 1)):
        raise ValueError(f"images must be (N, 784), (N, 28, 28) or (N, 28, 28, 1), not {shape}.")
    return shape, images.reshape(-1, 28, 28)


def _maps(n, shift, rotation, scale, shear):
    """Return n inverse affine maps: float32 (n, 2, 3), a constant and a matrix row for y and for x.

    If a map takes place q of the original to p = A q + shift, both relative to the centre, then
    pixel p has the gray value of the original at q = A⁻¹ (p - shift).
    """
    shift, scale = _each("shift", shift, (n, 2)), _each("scale", scale, (n, 2))
    rotation, shear = _each("rotation", rotation, (n,)), _each("shear", shear, (n,))
    if not np.all(scale > 0):
        raise ValueError("scale must be positive; 1 leaves the size as it is.")
    angle, lean, one = np.radians(rotation), np.tan(np.radians(shear)), np.ones(n)
    # Places are (y, x), and y increases downwards.
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slant = np.array([[one, 0 * one], [-lean, one]])
    inverse = np.linalg.inv(np.einsum("ijn,jkn,nk->nik", turn, slant, scale))
    constant = CENTRE - np.einsum("nij,nj->ni", inverse, shift)
    return np.dstack([constant, inverse]).astype(np.float32)


def _number(name, value, least, most):
    """Raise `ValueError` if `value` is not a number from `least` to `most`."""
    if not isinstance(value, Real) or not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least} to {most}, not {value!r}.")


def _each(name, values, shape):
    """Return `values` broadcast to `shape`, that is for each image; they must be finite."""
    try:
        values = np.broadcast_to(np.asarray(values, float), shape)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers that broadcast to shape {shape}.") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite.")
    return values


@cache
def waves(smoothness):
    """Return the waves of which an elastic field consists, float32 (waves, 28).

    A field sums all products of a wave in y and one in x, with independent normal strengths: the
    Karhunen-Loève expansion of a Gaussian random field of variance 1.
    """
    distance = np.subtract.outer(np.arange(28), np.arange(28))
    variances, modes = np.linalg.eigh(np.exp(-((distance / (2 * smoothness)) ** 2)))
    order = variances.argsort()[::-1]
    missing = 1 - np.cumsum(variances[order]) / variances.sum()
    kept = order[: np.argmax(missing < LEFT_OUT) + 1]
    # The sign of an eigenvector depends on the library; fix it.
    waves = modes[:, kept] * np.sqrt(variances[kept]) * np.sign(modes[0, kept])
    return np.ascontiguousarray(waves.T, np.float32)


def _read(images, maps, strengths=None, waves=None):
    """Return the gray values of `images` (N, 28, 28) at the place of each pixel: (N, 784).

    The places are given by `maps` (N, 2, 3) and the `strengths` (2, N, M, M), if any, of products
    of `waves` (M, 28). The interpolation is bilinear; outside the image the value is 0. Each chunk
    uses the arrays of the one before, since new memory would take more time than the arithmetic.
    """
    n = min(CHUNK, len(images))
    result = np.empty((len(images), 784), np.float32)
    paper = np.zeros((n, 31, 31), np.float32)  # with a margin of 1 before and 2 behind
    first = np.float32(31 * 31) * np.arange(n, dtype=np.float32)[:, np.newaxis, np.newaxis]
    y, x = places = np.empty((2, n, 28, 28), np.float32)
    row, column = corner = np.empty_like(places)
    above, below, right = np.empty((3, n, 28, 28), np.float32)
    at = np.empty((n, 28, 28), np.intp)
    for start in range(0, len(images), n or 1):
        start = min(start, len(images) - n)  # the last chunk overlaps if it is not full
        chunk = slice(start, start + n)
        paper[:, 1:29, 1:29] = images[chunk]
        constant, from_y, from_x = maps[chunk].T[..., np.newaxis]
        np.add((constant + from_y * PIXELS)[..., np.newaxis], 1, out=places)
        places += (from_x * PIXELS)[..., np.newaxis, :]
        if strengths is not None:
            # matrix by matrix: a single large product would start threads, but fit needs the cores
            places += np.matmul(waves.T @ strengths[:, chunk], waves, out=corner)
        np.clip(places, 0, 29, out=places)
        np.floor(places, out=corner)
        places -= corner
        row *= 31
        row += column
        row += first
        np.copyto(at, row, casting="unsafe")
        for line in above, below:
            paper.take(at, out=line, mode="clip")  # clips nothing, but is faster than checks
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
