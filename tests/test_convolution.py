"""The convolutions that notebook 09 writes by hand, against SciPy."""

import ast
from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest
import scipy.signal
from numpy.lib.stride_tricks import sliding_window_view

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "09_convolution.ipynb"


@pytest.fixture(scope="module")
def by_hand():
    """Return the functions that the notebook defines, by name."""
    found = {"np": np, "keras": keras, "sliding_window_view": sliding_window_view}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    exec(ast.unparse(node), found)
    return found


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


@pytest.mark.parametrize("sigma", [0.8, 1.0, 1.3])
def test_moments_of_the_gaussian_kernel(by_hand, sigma):
    kernel = by_hand["gaussian"](sigma, 15)
    y, x = np.mgrid[:15, :15] - 7
    assert np.isclose(kernel.sum(), 1)
    assert np.isclose(np.sum(kernel * x), 0) and np.isclose(np.sum(kernel * y), 0)
    for square in (x * x, y * y):
        assert np.isclose(np.sum(kernel * square), sigma**2, rtol=1e-3)
    assert np.isclose(np.sum(kernel * x * y), 0)
