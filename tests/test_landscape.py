"""The landscape: what the notebooks say about it is true of it."""

from mnist_lecture import landscape

import numpy as np


def test_both_pictures_have_one_size_and_stay_in_their_range():
    gray, colours = landscape.gray(), landscape.colours()
    assert gray.shape == landscape.SIZE and colours.shape == (*landscape.SIZE, 3)
    for picture in (gray, colours):
        assert 0 <= picture.min() < 0.15 and 0.9 < picture.max() <= 1


def test_the_moon_is_white_in_both():
    assert landscape.gray()[landscape.MOON] == 0
    assert np.all(landscape.colours()[landscape.MOON] == 1)


def test_only_the_stripes_of_the_lighthouse_are_red():
    red, green, blue = np.moveaxis(landscape.colours(), -1, 0)
    redness = red - (green + blue) / 2
    rows, columns = np.nonzero(redness > 0.1)
    assert len(rows) > 200
    assert columns.min() > 20 and columns.max() < 36  # the tower
    stripe, between, moon = (52, 28), (44, 28), landscape.MOON  # (row, column)
    assert redness[stripe] > 0.6 and abs(redness[between]) < 1e-9 and abs(redness[moon]) < 1e-9
    assert red[stripe] > 0.7  # as bright in the red channel as white is
