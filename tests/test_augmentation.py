"""Distortions: given ones give exactly what geometry says, random ones the stated distributions."""

from itertools import combinations, islice

from mnist_lecture import augmentation
from mnist_lecture.handwriting import generate

import keras
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates

IMAGES, LABELS = generate(60, seed=3)
TARGETS = np.eye(10, dtype=np.float32)[LABELS]
ALL = {"shift": 2, "rotation": 15, "scale": 0.2, "shear": 15, "elastic": 1.2}
SHAPES = [(60, 784), (60, 28, 28), (60, 28, 28, 1)]


def pictures(images):
    return np.asarray(images).reshape(-1, 28, 28)


# ---------------------------------------------------------------------------- given transformations
@pytest.mark.parametrize("shape", SHAPES)
def test_without_distortion_no_bit_changes(shape):
    images = IMAGES.reshape(shape)
    for result in augmentation.transform(images), augmentation.distort(images):
        assert result.shape == shape
        assert result.dtype == np.float32
        assert np.array_equal(result, images)


def test_shift_goes_down_and_right():
    moved = pictures(augmentation.transform(IMAGES, shift=(3, -2)))
    assert np.array_equal(moved[:, 3:, :-2], pictures(IMAGES)[:, :-3, 2:])
    assert not moved[:, :3].any()
    assert not moved[:, :, -2:].any()


def test_a_shift_beyond_the_border_leaves_nothing():
    assert not augmentation.transform(IMAGES, shift=(0, 28)).any()
    assert not augmentation.transform(IMAGES, shift=(-1e6, 1e6)).any()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_rotation_is_counterclockwise(turns):
    turned = pictures(augmentation.transform(IMAGES, rotation=90 * turns))
    np.testing.assert_allclose(turned, np.rot90(pictures(IMAGES), turns, (1, 2)), atol=1e-5)


def test_scale_enlarges():
    small = np.zeros((1, 28, 28))
    small[0, 12:16, 12:16] = 1
    for scale, ink in ((2, 4), (0.5, 0.25), ((1, 2), 2)):
        drawn = augmentation.transform(small, scale=scale)
        assert drawn.sum() == pytest.approx(ink * small.sum(), rel=0.15)
    wide = augmentation.transform(small, scale=(1, 3))[0]
    assert (wide > 0.5).any(axis=0).sum() > (wide > 0.5).any(axis=1).sum()


def test_shear_leans_to_the_right_as_italics_do():
    bar = np.zeros((1, 28, 28))
    bar[0, 4:24, 13:15] = 1
    leaning = augmentation.transform(bar, shear=20)[0]
    column = (leaning * np.arange(28)).sum(axis=1)[4:24] / leaning.sum(axis=1)[4:24]
    slope = np.polyfit(np.arange(4, 24), column, 1)[0]
    assert slope == pytest.approx(-np.tan(np.radians(20)), rel=0.02)


def test_each_image_may_have_its_own_map():
    angles = np.linspace(-40, 40, len(IMAGES))
    shifts = np.linspace([-3, 2], [1, -2], len(IMAGES))
    together = augmentation.transform(IMAGES, rotation=angles, shift=shifts)
    for n in (0, 17, 59):
        alone = augmentation.transform(IMAGES[n : n + 1], rotation=angles[n], shift=shifts[n])
        np.testing.assert_allclose(together[n], alone[0], atol=1e-5)


def test_interpolation_agrees_with_scipy():
    angle, scale, lean = np.radians(25), np.array([0.8, 1.3]), np.tan(np.radians(12))
    forwards = (
        np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        @ np.array([[1, 0], [-lean, 1]])
        @ np.diag(scale)
    )
    pixels = np.mgrid[:28, :28].reshape(2, 784) - 13.5
    places = np.linalg.inv(forwards) @ (pixels - [[1.2], [-0.7]]) + 13.5
    ours = augmentation.transform(IMAGES, shift=(1.2, -0.7), rotation=25, scale=scale, shear=12)
    for image, result in zip(pictures(IMAGES), pictures(ours), strict=True):
        expected = map_coordinates(np.pad(image, 1), places + 1, order=1)
        np.testing.assert_allclose(result.ravel(), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"scale": 0}, "scale must be positive"),
        ({"scale": -1}, "scale must be positive"),
        ({"rotation": np.nan}, "rotation must be finite"),
        ({"rotation": [1, 2, 3]}, "rotation must be numbers that broadcast"),
        ({"shift": "far"}, "shift must be numbers"),
    ],
)
def test_transform_refuses(settings, words):
    with pytest.raises(ValueError, match=words):
        augmentation.transform(IMAGES, **settings)


@pytest.mark.parametrize("shape", [(784,), (28, 28), (3, 28, 27), (3, 28, 28, 3), (3, 783)])
def test_images_of_other_shapes_are_refused(shape):
    for function in augmentation.transform, augmentation.distort:
        with pytest.raises(ValueError, match="images must be"):
            function(np.zeros(shape))


# ------------------------------------------------------------------------------- random distortions
@pytest.mark.parametrize("shape", SHAPES)
def test_distort_keeps_shape_and_range_and_does_not_change_its_argument(shape):
    images = IMAGES.reshape(shape).copy()
    images.flags.writeable = False
    result = augmentation.distort(images, 1, **ALL)
    assert result.shape == shape
    assert result.dtype == np.float32
    assert result.min() >= 0
    assert result.max() <= 1
    assert np.array_equal(images, IMAGES.reshape(shape))


def test_same_seed_same_bits_other_seed_other_bits():
    first, again = (augmentation.distort(IMAGES, 7, **ALL) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, augmentation.distort(IMAGES, 8, **ALL))
    assert np.array_equal(first, augmentation.distort(IMAGES, np.random.default_rng(7), **ALL))


def test_no_two_copies_are_alike():
    copies = augmentation.distort(np.repeat(IMAGES[:1], 500, axis=0), 1, **ALL)
    assert len(np.unique(copies.reshape(500, -1), axis=0)) == 500


def blobs(n, y=13.5, x=13.5):
    """Return n images of a Gaussian spot whose centre can be measured to a hundredth of a pixel."""
    rows, columns = np.mgrid[:28, :28]
    spot = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 8)
    return np.repeat(spot[np.newaxis], n, axis=0)


def centres(images):
    total = images.sum(axis=(1, 2))
    return np.stack(
        [images.sum(axis=2) @ np.arange(28), images.sum(axis=1) @ np.arange(28)], axis=1
    ) / total[:, np.newaxis] - [13.5, 13.5]


def test_shift_is_uniform_within_its_bounds():
    moved = centres(augmentation.distort(blobs(4000), 1, shift=3))
    assert np.abs(moved).max() <= 3.01
    assert moved.std(axis=0) == pytest.approx([3**0.5, 3**0.5], rel=0.04)
    assert abs(np.corrcoef(moved.T)[0, 1]) < 0.06


def test_rotation_is_uniform_within_its_bounds():
    y, x = centres(augmentation.distort(blobs(4000, x=20.5), 1, rotation=30)).T
    angle = np.degrees(np.arctan2(-y, x))
    assert np.abs(angle).max() <= 30.1
    assert angle.std() == pytest.approx(30 / 3**0.5, rel=0.04)


def test_scale_is_symmetric_in_its_logarithm():
    y, x = centres(augmentation.distort(blobs(4000, y=17.5, x=17.5), 1, scale=0.3)).T
    for place in y, x:
        factor = np.log(place / 4)
        assert np.abs(factor).max() <= 0.31
        assert factor.std() == pytest.approx(0.3 / 3**0.5, rel=0.04)
        assert abs(factor.mean()) < 0.02


@pytest.mark.parametrize("axis", [0, 1])
def test_elastic_displacement_has_the_standard_deviation_asked_for(axis):
    # A linear ramp is interpolated exactly, so the gray value gives the place.
    ramp = np.mgrid[:28, :28][axis] / 28
    read = 28 * augmentation.distort(np.repeat(ramp[np.newaxis], 3000, axis=0), 1, elastic=0.8)
    displaced = (read - 28 * ramp)[:, 6:22, 6:22]
    assert displaced.std() == pytest.approx(0.8, rel=0.03)
    assert abs(displaced.mean()) < 0.03
    assert np.abs(displaced[:, 1:] - displaced[:, :-1]).mean() < 0.2  # neighbours move together


@pytest.mark.parametrize("smoothness", [2, 4, 8])
def test_elastic_field_is_blurred_white_noise(smoothness):
    waves = augmentation.waves(float(smoothness))
    along = waves.T @ waves
    assert np.diag(along) == pytest.approx(np.ones(28), abs=0.01)
    impulse = np.zeros((121, 121))
    impulse[60, 60] = 1
    green = gaussian_filter(impulse, smoothness, truncate=8)
    blurred = gaussian_filter(green, smoothness, truncate=8)  # covariance of blurred white noise
    blurred = (blurred / blurred.max())[60 - 14 : 60 + 14, 60 - 14 : 60 + 14]
    np.testing.assert_allclose(np.outer(along[14], along[14]), blurred, atol=0.02)


def test_simards_setting_corresponds_to_the_elastic_of_the_docstring():
    noise = np.random.default_rng(1).uniform(-1, 1, (400, 400))
    assert 34 * gaussian_filter(noise, 4).std() == pytest.approx(1.4, abs=0.05)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"shift": -1}, "shift must be a number from 0 to 28, not -1"),
        ({"elastic": np.inf}, "elastic must be a number"),
        ({"rotation": (5, 10)}, "rotation must be a number"),
        ({"scale": "big"}, "scale must be a number"),
        ({"elastic": 1, "smoothness": 0.1}, "smoothness must be a number"),
    ],
)
def test_distort_refuses(settings, words):
    with pytest.raises(ValueError, match=words):
        augmentation.distort(IMAGES, 1, **settings)


def test_zero_images_are_allowed():
    assert augmentation.distort(IMAGES[:0], 1, **ALL).shape == (0, 28, 28, 1)


# --------------------------------------------------------------------------------- endless batches
def test_stream_uses_every_image_once_per_epoch():
    batches = list(islice(augmentation.stream(IMAGES, np.arange(60), 20, seed=1), 6))
    for epoch in batches[:3], batches[3:]:
        used = np.concatenate([targets for _, targets in epoch])
        assert sorted(used) == list(range(60))
        images = np.concatenate([images for images, _ in epoch])
        assert np.array_equal(images, IMAGES[used])  # no distortion was asked for
    assert [list(t) for _, t in batches[:3]] != [list(t) for _, t in batches[3:]]


def test_stream_distorts_anew_in_each_epoch():
    seen = {}
    for images, targets in islice(augmentation.stream(IMAGES, np.arange(60), 30, 1, **ALL), 8):
        for image, n in zip(images, targets, strict=True):
            seen.setdefault(n, []).append(image.tobytes())
    assert all(len(set(copies)) == 4 for copies in seen.values())


def test_stream_makes_the_same_floats_of_gray_values():
    gray = np.rint(255 * IMAGES).astype(np.uint8)
    for one, other in zip(
        islice(augmentation.stream(gray, TARGETS, 25, 1, **ALL), 3),
        islice(augmentation.stream(gray / np.float32(255), TARGETS, 25, 1, **ALL), 3),
        strict=True,
    ):
        assert one[0].dtype == np.float32
        assert np.array_equal(one[0], other[0])


def test_stream_gives_the_same_batches_again():
    for one, other in zip(
        islice(augmentation.stream(IMAGES, TARGETS, 25, 1, **ALL), 5),
        islice(augmentation.stream(IMAGES, TARGETS, 25, 1, **ALL), 5),
        strict=True,
    ):
        assert np.array_equal(one[0], other[0])
        assert np.array_equal(one[1], other[1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((IMAGES, TARGETS[:-1]), "60 inputs, but 59 targets"),
        ((IMAGES, TARGETS, 61), "from 1 to 60 images, not 61"),
        ((IMAGES, TARGETS, 0), "from 1 to 60 images, not 0"),
        ((IMAGES, TARGETS, 10, 0, -1), "takes from"),
    ],
)
def test_stream_refuses_at_once(arguments, words):
    with pytest.raises((ValueError, TypeError), match=words):
        augmentation.stream(*arguments)
    with pytest.raises(ValueError, match="shift must be"):
        augmentation.stream(IMAGES, TARGETS, 10, shift=-1)


def test_training_is_reproducible_and_the_saved_network_has_no_distortion(tmp_path):
    predictions = []
    for _ in range(2):
        keras.utils.set_random_seed(1)
        net = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, "softmax")])
        net.compile(loss="categorical_crossentropy", optimizer="sgd")
        batches = augmentation.stream(IMAGES.reshape(60, 784), TARGETS, 20, seed=1, **ALL)
        net.fit(batches, steps_per_epoch=3, epochs=4, shuffle=False, verbose=0)
        predictions.append(net.predict(IMAGES.reshape(60, 784), verbose=0))
    assert np.array_equal(*predictions)
    net.save(tmp_path / "net.keras")
    saved = keras.saving.load_model(tmp_path / "net.keras")
    assert [type(layer).__name__ for layer in saved.layers] == ["Dense"]
    assert np.array_equal(saved.predict(IMAGES.reshape(60, 784), verbose=0), predictions[1])


def test_nine_looks_are_nine_and_begin_with_the_image():
    looks = list(augmentation.nine_looks(IMAGES[:3]))
    assert len(looks) == 9
    assert np.array_equal(looks[0], IMAGES[:3])
    assert all(look.shape == looks[0].shape for look in looks)
    assert not any(np.allclose(a, b) for a, b in combinations(looks, 2))
