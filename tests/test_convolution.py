"""The convolutions that notebooks 09 and 10 write by hand, against SciPy, and their kernels."""

import ast

from mnist_lecture import landscape
from mnist_lecture.workshop import execute

import keras
import nbformat
import numpy as np
import pytest
import scipy.signal


def defined_in(number, also=()):
    """Return the functions that a notebook defines, by name, and the values of cells.

    The cells that are run are those whose source contains one of the strings `also`.
    """
    found = {"np": np, "keras": keras}
    for cell in nbformat.read(execute.choose([number])[0], as_version=4).cells:
        if cell.cell_type != "code":
            continue
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef) or any(text in cell.source for text in also):
                exec(ast.unparse(node), found)
    return found


@pytest.fixture(scope="module")
def by_hand():
    return defined_in("09", also=["kernels = {"])


@pytest.fixture(scope="module")
def of_physics():
    return defined_in("10")


@pytest.fixture(scope="module")
def pair():
    rng = np.random.default_rng(9)
    return rng.normal(size=(12, 15)), rng.normal(size=(4, 3))


def test_one_dimension(by_hand):
    rng = np.random.default_rng(1)
    F, K = rng.integers(-5, 6, 20), rng.integers(-5, 6, 4)
    assert np.array_equal(by_hand["convolve"](F, K), scipy.signal.convolve(F, K))
    assert np.array_equal(by_hand["scan"](F, K), scipy.signal.correlate(F, K, "valid"))


def test_two_dimensions(by_hand, pair):
    assert np.allclose(by_hand["convolve_2d"](*pair), scipy.signal.convolve2d(*pair))
    assert np.allclose(by_hand["scan_2d"](*pair), scipy.signal.correlate2d(*pair, "valid"))


def test_keras_does_not_flip_the_kernel(by_hand, pair):
    scanned = scipy.signal.correlate2d(*pair, "valid")
    assert np.allclose(by_hand["in_keras"](*pair), scanned, atol=1e-5)


def test_the_matrix_of_a_dense_layer_scans(by_hand):
    rng = np.random.default_rng(2)
    F, K = rng.normal(size=(9, 9)), rng.normal(size=(4, 4))
    by_matrix = by_hand["dense_weights"](K, 9) @ F.ravel()
    assert np.allclose(by_matrix, scipy.signal.correlate2d(F, K, "valid").ravel())


@pytest.mark.parametrize("sigma", [0.8, 1.0, 1.3])
def test_moments_of_the_gaussian_kernel(by_hand, sigma):
    kernel = by_hand["gaussian"](sigma, 15)
    y, x = np.mgrid[:15, :15] - 7
    assert np.isclose(kernel.sum(), 1)
    assert np.isclose(np.sum(kernel * x), 0) and np.isclose(np.sum(kernel * y), 0)
    for square in (x * x, y * y):
        assert np.isclose(np.sum(kernel * square), sigma**2, rtol=1e-3)
    assert np.isclose(np.sum(kernel * x * y), 0)


@pytest.mark.parametrize(
    ("name", "of_uniform", "of_slope"),
    [("Sobel →", 0, 8), ("Sobel ↓", 0, 0), ("Laplacian", 0, 0)],
)
def test_derivatives_of_a_uniform_area_and_of_a_slope(by_hand, name, of_uniform, of_slope):
    uniform, slope = np.ones((20, 20)), np.tile(np.arange(20.0), (20, 1))
    for image, value in ((uniform, of_uniform), (slope, of_slope)):
        assert np.allclose(by_hand["scan_2d"](image, by_hand["kernels"][name]), value)


@pytest.mark.parametrize("name", ["blur", "sharpen"])
def test_weights_with_sum_1_change_neither_a_uniform_area_nor_a_slope(by_hand, name):
    for image in (np.ones((20, 20)), np.tile(np.arange(20.0), (20, 1))):
        result = by_hand["scan_2d"](image, by_hand["kernels"][name])
        assert np.allclose(result, image[3:-3, 3:-3])


def test_what_is_said_about_the_filtered_landscape(by_hand):
    picture = landscape.gray()
    filtered = {
        name: by_hand["scan_2d"](picture, weights) for name, weights in by_hand["kernels"].items()
    }
    y, x = np.mgrid[: landscape.SIZE[0], : landscape.SIZE[1]]
    moon = np.hypot(y - landscape.MOON[0], x - landscape.MOON[1])
    inner = (slice(3, -3), slice(3, -3))
    halo = ((moon > 20) & (moon < 30) & (y < 35))[inner]
    change = np.abs(filtered["blur"] - picture[inner])
    contours = np.hypot(filtered["Sobel →"], filtered["Sobel ↓"])
    assert change[halo].max() < 0.02 * change.max()
    assert contours[halo].max() < 0.1 * contours.max()
    steps = {name: np.abs(np.diff(image)).max() for name, image in filtered.items()}
    assert steps["blur"] < 0.4 * np.abs(np.diff(picture)).max() < 0.3 * steps["sharpen"]
    horizon = (slice(65, 68), slice(42, 77))
    assert filtered["Sobel →"][horizon].max() < 0.2 * np.abs(filtered["Sobel ↓"][horizon]).max()


def test_periodic_convolutions(of_physics):
    rng = np.random.default_rng(3)
    F, K = rng.normal(size=(12, 16)), rng.normal(size=(5, 3))
    right = scipy.signal.convolve2d(F, K, mode="same", boundary="wrap")
    assert np.allclose(of_physics["periodic"](F, K), right)
    large = np.zeros(F.shape)
    large[6 - 2 : 6 + 3, 8 - 1 : 8 + 2] = K
    assert np.allclose(of_physics["by_fft"](F, large), right)


def test_diffusion_of_a_plane_wave(of_physics):
    x = np.arange(32)
    wave = np.tile(np.cos(2 * np.pi * 3 * x / 32), (32, 1))
    decayed = np.exp(-2 * (2 * np.pi * 3 / 32) ** 2) * wave
    assert np.allclose(of_physics["diffused"](wave, t=2), decayed)
