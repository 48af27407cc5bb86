"""Endless handwritten digits, drawn by a simulated pen.

The lecture's cure for overfitting: "produce all training samples algorithmically, never repeat a
sample!" A digit starts as one of the skeletons below, the ways in which people write it, and is
then spoiled as a hand spoils it:

1. **Jitter.** Every control point moves at random; then the whole digit is bent, stretched,
   slanted and turned.
2. **Curve.** A Catmull-Rom spline passes through the control points p_k of a stroke. Between p_1
   and p_2, with t from 0 to 1,

       c(t) = (1, t, t^2, t^3) M (p_0, p_1, p_2, p_3),    M = 1/2 [ 0  2  0  0]
                                                                  [-1  0  1  0]
                                                                  [ 2 -5  4 -1]
                                                                  [-1  3 -3  1]

   This is linear in the control points. So a skeleton's curve is one fixed matrix times its
   jittered control points, and a whole chunk of digits is one product.
3. **Ink.** With a Gaussian at each curve point (x_p, y_p), the sum
   F(x, y) = sum_p exp(-(y - y_p)^2 / 2s^2) exp(-(x - x_p)^2 / 2s^2) is a matrix product, since
   the Gaussian is separable. Beside a smooth line of points it falls as exp(-d^2 / 2s^2), so
   d = sqrt(-2 s^2 ln F) is the distance from the line. A pen of radius r inks the pixels with
   d < r; its edge is soft, and the grain of the paper makes it rough.
4. **Normalisation**, as in MNIST itself: the ink is fitted into a box of 20 x 20 pixels, and the
   box is placed in the 28 x 28 image so that the centre of mass is at the centre.

Sources: E. Catmull and R. Rom, "A class of local interpolating splines", in Computer Aided
Geometric Design (1974), 317-326; Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based
learning applied to document recognition", Proc. IEEE 86 (1998), 2278-2324, for the normalisation.
The skeletons were written by hand.
"""

import operator
from functools import cache

import numpy as np

SETTINGS = {"classroom": (0.57, 1.15), "transfer": (1.0, 1.25)}
"""Named difficulties: the scale of the jitter, and the pen's median radius in pixels. `classroom`
is about as hard as MNIST for the lecture's dense network; its pen is a little finer than MNIST's,
since that network's learning rate of 1 is too high for more ink. `transfer` has MNIST's pen and
varies more, for networks that shall read real digits."""

CHUNK = 500
"""Digits that are drawn together. Each chunk has its own random numbers, so that any part of the
endless stream can be drawn again without what came before it."""

# Standard deviations at jitter 1. Coordinates run from -1 to 1 across a digit, y downwards.
VARIATION = {
    "point": 0.13,  # each control point, by itself
    "messiness": 0.2,  # of the logarithm of the above: some hands are steadier
    "bend": 0.11,  # quadratic distortions of the plane
    "aspect": 0.15,  # logarithm of width / height
    "slant": 0.26,
    "rotation": 0.10,  # radians
    "radius": 0.36,  # logarithm of the pen's radius
    "pressure": 0.3,  # unevenness of the ink along the stroke
}
MEAN_SLANT = 0.07  # to the right, as in MNIST
EDGE, GRAIN = 1.35, 0.09  # width of the pen's soft edge in pixels, roughness of that edge
POINTS, SPREAD = 44, 0.9  # points per curve, width s of their Gaussians in pixels

# For each digit, the ways to write it, set apart by commas. A control point is two numerals, x to
# the right and y downwards, each from 0 to 9. A blank goes on along the stroke, a slash lifts the
# pen. A point that occurs twice in a skeleton is a joint: it moves as one, and strokes that meet
# there form a sharp corner. What stands here twice is written twice as often.
WAYS_TO_WRITE = {
    0: """
        50 31 24 25 38 59 78 84 71 50, 50 21 05 28 59 88 95 81 50, 50 42 35 48 59 67 65 61 50,
        61 40 22 15 28 59 78 85 72 40 31, 30 12 16 38 69 86 83 71 60,
        72 51 22 15 28 59 88 84 61 41 53, 80 51 23 16 38 69 86 83 61 40,
        60 32 15 17 39 68 76 73 60, 30 26 29 59 86 83 61 30, 80 42 15 08 29 67 84 80,
        52 23 05 17 48 77 95 83 52, 20 15 18 49 78 85 81 50 20, 30 13 17 49 78 84 71 41 52 90,
        50 22 15 28 59 / 50 82 85 78 59, 60 31 14 17 39 68 86 84 72,
        60 30 13 17 49 78 84 71 51 43 54, 50 31 24 38 59 78 84 71 50 / 80 19,
        50 22 15 37 59 67 85 82 50, 40 22 25 38 69 87 74 62 40, 50 33 16 18 49 79 87 74 62 50,
        41 14 07 39 77 84 61 30, 71 40 12 05 18 59 88 95 83 61 31 23,
        80 51 23 07 19 59 87 84 62 31 22, 30 50 32 15 28 59 88 85 63 41 20,
        13 05 27 58 86 94 72 42 22 50, 20 13 17 39 68 85 82 60 51, 30 14 17 39 69 86 82 71 60 42,
        70 40 13 06 28 58 86 83 60 31, 41 22 05 08 29 68 85 82 50 31 33, 60 22 05 08 29 69 97 94
        82 50, 72 42 14 07 28 58 86 83 61 41 33, 50 22 15 38 68 86 83 61 40 22, 80 50 23 15 28 58
        86 82 60 42 33, 40 14 17 49 78 84 60 31 13, 52 32 15 08 38 77 95 82 42, 40 23 16 28 58 76
        73 50 30, 61 31 14 16 38 68 86 83 72 51 42,
        90 61 24 06 28 58 86 83 61 41, 70 42 15 07 29 59 87 84 61 33, 50 22 05 28 59 88 95 72 50
        53 57, 60 32 15 18 49 78 86 73 61 54 46, 60 31 14 17 39 69 87 84 61 40 33, 80 31 14 06 28
        59 88 85 62 41,
        60 31 24 16 38 68 76 64 52 31, 70 50 23 16 18 48 76 83 62 40, 51 30 12 16 28 58 76 74 52
        31
    """,
    1: """
        50 53 56 59, 50 54 59, 40 54 59, 60 53 49, 40 51 55 59, 70 53 36 19, 80 61 38 19,
        90 52 37 09, 20 44 79, 70 54 39, 60 54 49, 32 50 / 50 55 59, 23 50 / 50 59,
        32 50 / 50 55 59 / 29 79, 22 50 / 50 59 / 19 89, 41 50 / 50 55 59, 60 43 46 69,
        40 63 66 39, 60 54 58 38, 50 55 58 69 78, 42 51 60 55 49, 43 80 / 80 55 29,
        33 70 / 70 45 29 / 09 59, 50 59, 60 49, 70 39, 40 69, 80 29, 33 60 / 60 49,
        24 60 / 60 55 49, 31 50 / 50 59 / 19 79, 32 60 / 60 49 / 19 78, 50 55 59,
        23 60 / 60 49 / 19 88, 24 52 70 / 70 45 29, 33 60 / 60 39, 32 51 60 / 60 54 49,
        50 59, 50 59, 60 59, 60 49, 60 49, 60 39, 60 39, 70 49, 70 39, 70 39, 70 29, 80 29, 80 19,
        80 39, 50 49, 40 59, 40 69, 50 69, 51 58, 61 48, 60 55 49, 70 55 39, 50 55 59, 70 54 39,
        80 54 29, 60 54 39, 50 54 49, 41 69,
        50 59 69 60, 60 49 59 70, 70 29 39 80, 40 59 69 50, 60 39 49 70, 80 19 29 90, 50 59 / 60
        69 / 70 79, 60 49 / 70 59 / 80 69, 70 39 / 80 49 / 90 59, 50 49 59 60, 50 59 59 60, 60 59
        69 60, 50 59 / 60 69, 60 49 / 70 59, 70 39 / 80 49, 40 49 / 50 59 / 60 69, 60 39 / 70 49 /
        80 59, 80 29 / 90 39, 31 60 49 / 70 59,
        40 59 / 50 69, 60 55 59, 60 49 / 50 39, 31 60 59 / 29 89, 43 60 49, 70 55 38, 60 53 49 50
        59 60, 50 49 59 51 48
    """,
    2: """
        12 30 60 72 55 28 09 07 27 58 98, 12 30 60 73 55 19 / 19 59 98,
        11 51 81 / 81 45 08 / 08 58 98, 23 11 30 60 73 55 28 19 / 19 48 88,
        12 20 60 82 65 38 09 17 37 68 97, 13 20 50 72 54 28 / 28 38 69 98,
        33 22 30 60 72 56 28 09 / 09 47 59 98, 32 40 60 63 46 28 / 28 48 69,
        21 50 71 64 37 19 / 19 89, 32 30 50 72 64 47 28 18 26 46 78 99,
        11 40 72 75 58 29 08 16 46 78 98, 12 30 61 63 36 09 / 09 48 76, 12 40 71 64 37 / 37 58 99,
        42 70 91 74 37 09 / 09 49 78, 21 40 61 55 38 19 / 19 38 68,
        23 33 21 40 71 64 37 08 27 58 97, 03 22 53 65 27 17 58 97, 31 50 71 74 68 39 19 18 37 69,
        11 50 71 63 35 17 28 58 98, 13 20 60 82 76 49 18 07 26 56 89,
        12 40 71 74 58 29 18 26 46 68 89, 31 60 72 65 38 19 17 37 69, 41 60 62 45 28 17 26 57 88,
        40 61 64 48 29 18 27 47 68, 22 40 60 72 65 57 39 19 17 37 58 79,
        13 20 50 71 64 28 / 28 48 69, 32 20 50 61 54 27 17 26 47 78, 03 21 40 52 45 27 18 27 57 96,
        12 30 50 62 64 46 29 18 27 49 89, 30 51 64 66 48 29 18 27 47 67 86,
        40 53 56 38 19 08 17 37 58, 02 21 43 45 27 08 06 35 64 93, 12 21 33 36 17 06 24 53 92,
        41 50 62 65 48 29 18 27 46 68 79, 21 50 71 64 37 09 / 09 29 58,
        12 30 60 72 54 28 19 / 19 59, 20 50 72 64 46 18 / 18 38 68, 12 40 71 64 37 19 29 58,
        21 40 51 45 18 / 18 88, 20 31 34 18 / 18 58 88, 42 50 61 55 48 28 18 27 58,
        31 50 61 44 18 / 18 58 79, 21 40 72 45 18 38 69 98, 13 20 60 82 86 58 29 18 36 67 99,
        11 50 72 65 37 16 27 58 99, 23 21 50 71 64 47 28 18 27 58 88,
        32 31 50 71 65 58 29 18 27 57 79, 22 40 71 74 57 29 08 17 47 79,
        41 60 72 64 48 29 27 47 69, 11 61 / 61 27 / 27 58 99, 22 60 / 60 07 / 07 28 97,
        12 41 72 54 17 / 17 47 66 98, 53 32 21 40 71 74 47 19 / 19 89,
        43 23 20 50 71 65 38 19 / 19 99, 30 18 / 18 88,
        13 21 61 74 57 39 / 39 68, 22 40 61 55 28 / 28 57
        77, 12 41 71 64 28 / 28 98, 23 41 71 74 46 28 17 26 57 98, 12 30 62 55 18 / 18 48,
        33 22 31 60 63 46 28 18 16 36 58 98, 32 12 30 62 64 37 19 08 26 47 78, 43 32 41 61 64 37
        18 16 36 47 68 97, 32 11 30 60 73 46 19 08 17 37 58 99, 12 40 62 54 27 19 08 17 47 79 98,
        33 23 31 51 63 46 18 08 07 26 47 98,
        21 41 61 63 36 18 08 06 36 68 98, 32 22 40 62 54 27 08 16 46 79 99, 50 62 54 27 18 07 16
        46 78, 31 50 62 54 36 18 07 15 45 77 98, 11 61 / 61 45 19 / 19
        69
    """,
    3: """
        11 30 60 72 54 34 / 34 64 77 69 39 18, 20 60 72 54 / 54 76 69 29,
        21 50 72 54 35 44 65 77 59 18, 10 70 / 70 43 / 43 75 78 49 18,
        21 50 62 44 / 44 85 88 59 08, 11 50 83 65 44 / 44 67 69 39 18,
        41 70 82 64 44 / 44 66 58 39 19, 22 31 50 72 54 / 54 76 69 39 08,
        21 50 72 54 / 54 76 69 38 17 27, 10 60 91 63 33 / 33 84 87 58 09,
        20 60 72 64 55 66 78 59 19, 10 71 / 71 34 / 34 77 / 77 19, 11 50 72 44 / 44 76 79 19,
        31 50 62 54 44 / 44 65 67 59 39, 31 60 72 64 44 / 44 75 77 59 28 07,
        20 60 71 63 24 / 24 65 77 49 18, 02 31 60 72 54 / 54 75 78 59 18,
        30 60 62 43 / 43 74 87 69 28, 11 40 72 64 44 74 87 69, 21 40 61 43 / 43 74 77 59 19,
        20 50 61 43 34 44 75 78 49 18, 10 40 81 64 34 / 34 74 87 59 18,
        40 61 53 44 / 44 65 68 49 29, 20 52 62 43 / 43 64 66 38 09, 31 61 53 / 53 75 68 39,
        41 60 61 53 54 65 67 58 49 39, 31 51 62 54 / 54 66 59, 30 60 62 44 / 44 65 67 49,
        22 50 63 45 / 45 67 49, 30 60 62 34 / 34 64 67 39 08, 21 60 72 54 / 54 75 78 08,
        20 50 71 53 34 / 34 65 67 48 18 07, 11 41 81 54 33 / 33 64 76 48 07,
        12 41 71 53 23 / 23 54 66 48 07, 30 40 60 71 53 / 53 63 75 59 29 06,
        31 60 62 44 / 44 75 77 49 26, 21 50 72 54 / 54 77 69 39 18 06,
        12 31 60 72 64 44 / 44 75 78 59 29 17 16, 23 21 50 71 54 / 54 75 67 39 18 16,
        12 51 72 54 24 / 24 64 87 69 29 07, 10 40 62 54 / 54 75 78 59 28 17 06,
        31 51 62 53 34 / 34 64 76 58 29 07,
        10 70 / 70 44 / 44 75 77 49 18, 11 61 / 61 34 / 34 65 77 59 19, 20 50 62 44 / 44 66 68 49
        09, 11 51 62 53 34 / 34 55 67 58 29 08, 31 61 72 54 / 54 75 77 58 29, 20 60 62 34 / 34 65
        67 48 19,
        20 50 61 43 33 / 33 64 77 59 29, 31 60 61 43 / 43 55 57 49 29, 21 50 62 44 65 67 49 29, 10
        51 62 33 / 33 65 77 59 18, 20 60 62 44 / 44 65 77 49 09 08,
        31 50 62 54 34 55 67 58 29, 21 61 72 44 / 44 75 68 29 18, 20 70 / 70 53 34 / 34 65 77 58
        18, 30 60 72 53 / 53 65 57 38 17, 22 40 61 43 / 43 64 66 48 27
    """,
    4: """
        20 15 / 15 85 / 60 69, 20 14 25 55 73 / 80 64 59, 60 15 / 15 85 / 60 69,
        30 14 / 14 74 / 70 59, 40 15 / 15 55 94 / 80 55 39, 21 13 34 63 / 71 64 59,
        30 25 / 25 95 / 61 55 49, 20 16 / 16 96 / 53 56 59, 30 23 15 26 56 85 / 70 65 59,
        20 13 25 54 71 / 71 65 59, 20 14 44 / 44 84 / 60 69, 40 06 / 06 55 94 / 90 55 29,
        30 15 25 65 / 71 55 49, 50 24 / 24 74 / 50 54 59, 20 15 / 15 75 / 60 65 68 79,
        20 24 35 55 72 80 74 59, 20 16 / 16 54 83 / 60 65 69, 20 13 / 13 55 86 / 60 65 69,
        10 15 45 85 / 70 75 79, 20 13 24 54 73 / 71 69, 30 13 15 44 72 / 80 72 65 59,
        20 23 35 64 / 70 64 49, 10 13 34 64 / 60 64 69, 50 14 / 14 64 / 50 64 69,
        70 05 / 05 95 / 70 59, 40 14 / 14 54 / 70 49, 50 15 55 / 50 59,
        20 15 / 15 45 84 / 80 75 79, 50 23 15 26 56 84 / 71 65 59, 40 14 16 46 84 / 80 55 39,
        30 15 25 54 81 / 81 44 19, 50 14 17 37 64 81 / 91 55 29, 20 14 24 62 / 70 64 49,
        20 23 35 62 80 / 80 54 29, 41 24 25 54 82 / 90 55 19, 10 14 25 55 84 / 80 85 99,
        20 15 45 84 / 71 75 69, 20 14 25 65 / 60 55 79, 10 05 35 65 / 63 79, 30 16 76 / 50 54 59,
        40 25 65 / 60 55 59, 10 14 45 75 / 72 75 89 99,
        31 14 45 82 / 82 59, 20 14 34 64 / 80 64 49, 40 24 45 65 / 71 65 58, 30 24 35 75 / 80 69,
        10 13 34 63 / 71 63 49, 20 14 35 74 / 81 74 59, 50 15 / 15 95 / 61 49,
        40 14 25 65 / 70 64 59, 50 24 35 65 80 / 80 59, 30 24 45 75 / 70 69, 41 15 45 75 / 72 59,
        21 15 44 83 / 83 69,
        30 13 24 54 70 / 70 64 59, 20 13 34 53 80 / 80 64 49 39, 31 24 45 65 / 80 65 48 39, 10 13
        34 64 71 / 71 54 39, 20 34 64 / 80 49 29, 20 44 / 80 44 29, 20 23 44 64 / 60 64 68, 20 14
        25 55 / 80 55 29, 30 25 / 25 75 / 80 64 49, 10 24 54 / 90 54 28, 31 13 24 65 / 81 65 49
    """,
    5: """
        80 30 / 30 24 / 24 53 75 78 49 18, 80 40 22 34 65 77 49 18,
        30 24 / 24 54 76 68 39 18 / 30 80, 91 40 / 40 34 / 34 65 67 49 18, 70 31 33 65 67 49 28,
        70 20 / 20 14 / 14 43 85 88 49 08, 80 40 / 40 35 / 35 66 58 29 08,
        81 52 31 / 31 24 / 24 64 77 49 17, 70 30 / 30 24 / 24 64 77 49 27,
        70 30 24 / 24 64 77 49 28 36, 30 24 / 24 64 77 59 18, 20 25 54 76 69 39 18 / 31 81,
        70 40 / 40 36 / 36 65 77 59 29, 92 51 / 51 34 / 34 65 57 28 08, 80 30 / 30 24 54 76 58 08,
        80 20 / 20 25 / 25 75 / 75 78 29, 60 20 / 20 24 / 24 54 66 69 59,
        20 24 / 24 64 77 59 18 / 20 50 81, 82 60 31 23 55 77 69 28 07, 72 41 / 41 35 / 35 65 57 28,
        70 31 24 64 77 59 38 26, 81 30 / 30 25 / 25 55 77 58 38 27, 60 32 34 65 68 49 29,
        90 51 43 / 43 64 66 48 08, 60 30 / 30 25 44 66 58 39 18 / 60 90,
        82 30 / 30 26 / 26 55 67 58 29 08, 70 31 35 / 35 64 77 68 49 28, 60 40 44 / 44 66 58 29,
        62 42 34 55 57 39 18, 81 40 / 40 33 / 33 64 77 59 18 07, 30 25 54 66 58 29 08 / 30 91,
        41 35 55 66 58 28 / 41 92, 92 50 31 / 31 25 / 25 55 66 58 28 07,
        91 61 41 34 44 65 67 49 19, 30 35 65 68 39 / 30 80, 40 44 / 44 54 67 59 38 / 40 80,
        51 44 / 44 64 68 49 18 / 51 91, 80 40 / 40 34 / 34 54 65 67 49, 90 50 44 65 67 49 18,
        80 50 43 54 66 58 39 18, 80 30 / 30 24 / 24 54 76 78 59 28 17,
        70 30 / 30 24 / 24 44 74 77 59 28 16, 71 31 / 31 35 / 35 55 76 78 59 27 06,
        80 31 24 64 76 68 49 27 15, 72 40 21 24 54 76 78 49 18 06, 50 42 33 54 75 78 59 28 26,
        60 31 34 63 75 78 59 29 17 25, 40 24 44 65 68 49 28 / 40 81, 81 51 43 / 43 64 76 58 29 08,
        20 24 54 75 78 59 28 07,
        92 41 / 41 24 / 24 44 65 67 49 18, 80 31 24 54 67 48 18, 91 52 34 55 66 48 19 08, 60 22 25
        45 66 68 49 19, 81 31 / 31 24 55 67 59 29 08, 90 42 / 42 34 65 77 59 28 08, 80 41 / 41 34
        65 67 48 18, 91 41 33 65 67 39 08, 90 31 24 55 77 68 39 17, 81 41 24 33 63 86 68 29 18, 90
        50 33 / 33 64 67 49 09, 51 24 45 66 58 29 / 41 82,
        70 30 / 30 24 54 76 68 39 18 07 15, 81 41 24 54 66 58 29 08 16 35, 80 40 / 40 34 64 77 69
        39 17, 71 31 / 31 24 64 77 59 28 16, 90 41 33 55 66 58 39 18, 82 51 33 44 65 67 48 18 07,
        81 41 24 55 67 48 28, 70 21 / 21 14 44 76 78 39 08, 80 30 / 30 23 53 75 68 29, 81 32 / 32
        45 66 58 28 07, 71 41 24 45 56 48 18, 90 30 / 30 34 65 77 59 18
    """,
    6: """
        70 42 15 28 59 78 75 54 26, 30 24 17 39 68 75 54 27, 50 23 16 29 69 87 74 45 17,
        60 33 26 39 58 66 55 37, 60 43 36 49 58 66 45, 71 50 23 16 39 69 87 65 35 18,
        60 33 17 39 68 75 46 18, 20 25 29 59 77 65 36, 60 24 18 49 88 86 66 38 19,
        60 32 16 39 69 77 65 46, 90 53 17 29 58 65 45 18, 70 31 15 28 69 77 65 45 37 58,
        70 44 17 29 58 66 46 28, 72 50 22 16 38 69 87 75 46, 60 32 17 39 / 26 55 77 68 39,
        30 14 08 49 88 75 46 38, 40 24 18 39 69 86 74 54 36, 60 15 / 15 29 69 76 45 16,
        50 23 16 39 68 75 63 34 16, 50 33 27 39 58 66 46 37, 50 25 19 69 77 56 27,
        40 24 27 49 77 65 36 28, 70 34 18 39 68 66 47 18, 50 25 19 49 88 / 88 76 57,
        61 32 17 38 59 78 76 55 27, 40 26 29 59 77 65 27, 50 34 27 49 57 46 37,
        40 24 18 49 67 46 28, 40 35 29 49 57 37, 80 40 23 17 29 69 77 55 26,
        70 40 33 16 28 59 78 65 36, 30 14 18 49 78 84 63 54 47, 20 14 17 39 68 85 72 52 45 57,
        40 13 17 39 79 87 65 44 36 47 67, 50 13 06 18 49 88 95 73 44 47,
        60 20 14 18 49 78 75 55 27, 71 51 22 26 39 69 77 65 36, 30 15 29 58 66 54 35,
        50 23 06 28 58 76 54 25, 40 13 06 29 69 87 75 45 17, 30 13 06 18 49 78 76 55 36 17, 70 33
        15 28 68 66 35, 60 34 16 28 58 66 45 26, 40 15 17 49 79 86 65 36 28, 50 24 17 39 69 76 55
        27, 30 14 07 29 69 77 56 37 28,
        60 33 06 18 49 78 75 45 17, 40 13 17 39 78 76 46 27, 50 15 08 39 79 77 47 18, 30 14 17 49
        88 86 56 28,
        50 24 16 18 38 57 66 45 27 48 88, 50 14 07 29 69 97 85 46 27, 40 23 06 18 58 87 75 36 17,
        30 13 16 47 77 85 65 47, 70 33 16 18 58 77 66 36 18, 30 14 17 39 69 87 65 26, 60 24 07 28
        68 86 55 26, 20 14 28 58 86 65 36 28
    """,
    7: """
        10 80 / 80 53 39, 11 50 80 73 56 49, 22 10 / 10 80 / 80 54 39, 10 80 / 80 54 39 / 34 84,
        12 30 60 72 65 49, 22 80 / 80 44 19, 12 30 51 80 / 80 54 49, 20 70 / 70 64 59,
        13 80 / 80 46 09, 21 10 / 10 70 / 70 39 / 25 74, 14 10 / 10 70 / 70 65 69,
        13 20 60 / 60 69, 11 60 82 65 39, 10 70 / 70 46 48 59, 31 61 / 61 54 49,
        11 20 31 80 / 80 53 38, 11 40 81 64 48 / 35 75, 20 51 73 66 48, 32 60 81 64 27 19,
        23 20 50 70 / 70 65 59, 34 30 60 71 / 71 65 59, 25 21 51 80 / 80 55 29,
        15 31 / 31 53 80 / 80 54 29, 21 71 / 71 55 49 / 25 75, 22 50 71 63 49 / 15 85,
        24 21 70 / 70 48 / 26 86, 13 30 71 55 49 / 25 85, 32 30 61 64 59 / 25 85,
        13 21 43 81 / 81 55 39, 20 70 / 70 59 / 35 75, 11 70 / 70 48 / 24 84,
        15 41 / 41 33 81 / 81 55 29, 25 41 / 41 43 80 / 80 55 38, 24 21 70 / 70 56 49,
        14 11 41 70 / 70 75 69, 05 21 / 21 42 71 / 71 64 58, 03 11 31 72 90 / 90 64 49,
        33 50 71 62 54 49 / 36 85, 30 61 / 61 59 / 36 85, 10 70 / 70 46 39 / 24 64 84,
        20 71 / 71 49 / 29 69, 14 11 50 81 / 81 55 39, 11 50 83 / 83 56 29, 10 84 / 84 57 19,
        14 12 21 81 75 49, 24 22 80 / 80 55 39, 15 12 41 82 75 49, 13 11 41 81 / 81 65 49, 22 12
        51 82 66 49, 13 21 71 83 66 59, 23 12 31 81 74 47 39, 11 31 71 82 65 48,
        13 22 61 81 64 47 39, 12 21 41 80 83 56 39, 10 40 80 73 46 29 / 34 74, 12 31 71 63 46 49,
        23 22 71 81 55 38 29,
        13 21 41 71 / 71 54 29, 22 21 42 81 / 81 54 38 39, 12 22 71 / 71 45 39, 13 11 51 81 64 46
        38 29, 12 41 81 / 81 65 49, 13 12 31 72 74 56 39, 11 71 64 47 49, 12 21 71 82 55 37 39, 23
        21 81 / 81 56 39
    """,
    8: """
        71 50 31 33 55 77 69 39 27 45 73 71, 50 31 34 66 78 59 38 26 64 72 50,
        50 31 33 54 73 71 50 / 54 26 28 59 78 76 54, 80 50 32 44 66 58 38 29 36 64 91,
        71 40 22 34 65 87 59 28 16 44 73 71, 60 41 43 65 78 59 28 36 64 72 60,
        60 21 23 55 67 59 38 46 73 81 60, 30 77 59 28 37 70 50 30,
        61 40 22 44 66 58 29 18 36 63 81 90, 60 31 33 55 76 68 49 27 35 63 61 60,
        44 22 40 61 63 45 27 39 69 76 44, 60 40 32 54 67 49 18 36 63 71 60,
        50 31 32 54 86 88 59 18 26 54 72 71 50, 50 21 24 56 78 59 38 56 84 71 50,
        50 41 42 64 77 69 39 27 44 62 50, 80 62 40 22 44 66 69 39 37 55 73,
        21 30 60 72 54 36 38 59 68 66 44 23 21, 91 63 46 28 29 48 56 44 32 41,
        80 64 46 28 39 58 55 33 21 40, 50 21 13 35 75 83 71 50 / 35 17 39 69 87 75,
        90 61 41 32 44 66 58 39 28 46 64 82, 81 60 41 43 55 67 58 38 27 45 73 91,
        91 60 20 12 34 66 78 49 18 26 54 92, 92 50 21 23 55 77 68 38 27 45 73 90,
        50 21 24 45 75 83 81 50 / 25 08 29 69 98 75, 93 62 40 22 34 55 67 59 38 36 54 73,
        90 64 46 27 38 58 66 54 33 22 31 52, 80 54 36 28 49 58 56 43 22 20 41 53,
        20 33 55 67 59 38 36 54 80, 71 40 22 34 55 58 39 37 55 74 72 71 50,
        60 30 12 24 54 73 71 50 / 54 36 28 49 57 54, 92 71 40 22 34 55 57 39 28 37 64 92,
        81 63 46 38 49 57 45 33 42 50, 70 40 22 24 54 72 70 / 54 27 29 48 55,
        60 31 33 54 62 60 / 54 36 39 59 57 54, 81 50 22 33 55 77 69 39 27 45 62 72,
        90 50 21 23 54 66 58 39 27 35 53 82, 71 50 30 22 34 65 77 59 28 16 34 62 71,
        71 40 12 24 64 86 78 49 18 26 55 74, 50 21 14 18 49 78 84 71 50 / 14 45 74,
        71 30 11 13 44 74 81 61 / 24 06 18 49 89 97 75,
        80 50 32 44 65 68 38 35 54 72 80, 70 41 33 55 67 58 38 45 72 81, 90 41 33 56 58 38 46 81,
        80 61 43 45 66 58 37 45 63 80, 81 60 31 33 55 77 58 28 26 44 72, 60 41 33 55 66 68 48 46
        64 72 71
    """,
    9: """
        71 40 22 34 54 72 / 71 65 59, 71 50 22 34 64 71 75 69, 72 50 22 35 54 72 / 72 76 58 29,
        80 50 32 44 64 81 / 81 55 39, 71 40 12 15 45 73 71 / 71 65 69, 60 41 43 53 61 / 61 55 49,
        60 30 22 34 64 70 / 70 65 59, 62 41 33 45 63 70 / 70 64 49, 70 30 13 35 64 / 70 69,
        71 40 22 34 64 71 / 71 76 69 39 17, 81 50 22 34 64 72 61 / 72 56 49,
        60 42 44 63 60 / 60 55 49, 82 41 13 24 63 82 / 82 65 59, 80 53 25 44 80 / 80 46 29,
        50 22 24 54 61 50 / 61 75 89, 60 31 14 36 66 83 60 / 83 76 59,
        72 50 23 35 64 71 / 71 64 58 59, 61 40 22 24 44 62 65 58 49, 62 50 31 33 54 72 / 72 66 49,
        81 40 13 25 64 81 / 81 66 39, 40 12 24 63 81 / 81 75 79, 62 50 21 24 54 63 / 70 64 59,
        80 40 12 25 54 72 / 71 75 78, 71 50 32 34 64 66 48 19, 60 30 12 15 36 65 72 60 / 64 78,
        70 30 13 35 64 / 64 58 29, 71 42 33 44 63 71 / 71 54 39, 81 51 23 25 44 72 / 82 75 79,
        61 31 12 14 35 63 71 / 71 65 68 79, 60 30 23 34 54 61 / 60 75 78 59 38 19,
        71 50 31 33 54 72 / 72 78 59 29 17, 51 31 22 33 53 62 / 62 55 59,
        60 40 32 43 63 / 60 65 69, 41 23 34 63 71 / 41 71 / 71 69, 60 30 12 24 43 70 / 70 55 39,
        70 40 21 23 43 71 / 71 54 39, 62 60 30 12 24 53 71 64 59, 71 51 32 23 44 63 71 / 71 65 59,
        91 60 31 23 44 73 91 / 91 64 38, 70 40 22 24 54 72 / 71 75 69 39 28,
        71 31 12 14 34 63 71 74 78 89,
        71 40 22 14 44 63 71 / 71 64 49, 80 50 23 25 54 72 / 72 64 48 29, 61 31 13 24 54 62 / 62
        65 49, 70 41 23 34 63 71 / 71 54 39, 61 30 12 13 43 62 / 62 57 39
    """,
}
SKELETONS = {
    digit: [" ".join(way.split()) for way in ways.split(",")]
    for digit, ways in WAYS_TO_WRITE.items()
}
"""The same as lists: digit -> skeletons, each a string of control points."""


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
        # One more point beyond either end, so that the stroke begins and ends straight.
        rows = np.vstack([2 * rows[0] - rows[1], rows, 2 * rows[-1] - rows[-2]])
        dense.append(np.vstack([_basis() @ rows[k : k + 4] for k in range(len(stroke) - 1)]))
        steps.append(np.hypot(*np.gradient(dense[-1] @ controls, axis=0).T))
    travelled = np.cumsum(np.concatenate(steps))
    even = travelled[-1] * (np.arange(POINTS) + 0.5) / POINTS  # equal steps, even ink
    return controls, np.vstack(dense)[np.searchsorted(travelled, even)], travelled[-1]


@cache
def _library():
    """Return all skeletons as arrays, and where each digit's begin and how many it has."""
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
    """Return jittered curves (n, 2, POINTS), rows y and x, and their lengths (n,)."""
    points, matrices, lengths, first, counts = _library()
    n, most = len(labels), points.shape[1]
    choice = first[labels] + (rng.random(n) * counts[labels]).astype(int)
    noise = rng.standard_normal((n, most + 1, 2), dtype=np.float32)
    noise = 0.75 * noise[:, 1:] + 0.66 * noise[:, :-1]  # neighbours move together, a little
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


def _pens(n, rng, jitter, median):
    """Return radii (n,), pressures (n, POINTS) as logarithms, and the paper's grain (n, 400)."""
    traits = rng.standard_normal((2, n), dtype=np.float32) * np.float32(jitter)
    radius = np.clip(median * np.exp(VARIATION["radius"] * traits[0]), 0.6, 4)  # of a box of 20
    waves, phase = rng.random((2, n, 1), dtype=np.float32)
    path = np.linspace(0, 2 * np.pi, POINTS, dtype=np.float32)
    pressure = np.cos((0.5 + waves) * path + np.float32(2 * np.pi) * phase)
    pressure *= VARIATION["pressure"] * traits[1][:, None]
    # One sheet of paper for the chunk, each digit somewhere on it: cheaper than fresh grain.
    sheet = rng.standard_normal(8_000, dtype=np.float32) * np.float32(GRAIN)
    spots = rng.integers(len(sheet) - 400, size=n)
    return radius, pressure, np.lib.stride_tricks.sliding_window_view(sheet, 400)[spots]


def _ink(curve, length, radius, pressure, grain):
    """Return ink (n, 400) in [0, 1]: the curves, fitted into 20 x 20 pixels and drawn by pens.

    The arrays are changed in place: fresh ones would cost more time than the arithmetic.
    """
    low, high = curve.min(2), curve.max(2)
    zoom = (20 - 2 * radius) / (high - low).max(1)
    # On the line itself the Gaussians add up to s sqrt(2 pi) / spacing; make that 1.
    pressure = pressure - np.log(SPREAD * (2 * np.pi) ** 0.5 * POINTS / (zoom * length))[:, None]
    unit = np.float32(SPREAD * 2**0.5)  # of length, in pixels: the Gaussian is exp(-d^2) in it
    curve = (curve - ((low + high) / 2)[:, :, None]) * (zoom / unit)[:, None, None]
    gauss = _gaussians(curve, 1 / unit)
    gauss[:, 0] *= np.exp(pressure)[:, None]
    field = (gauss[:, 0] @ gauss[:, 1].transpose(0, 2, 1)).reshape(-1, 400)
    np.clip(field, 1e-9, 1, out=field)
    np.log(field, out=field)
    np.negative(field, out=field)
    distance = np.sqrt(field, out=field)
    distance *= -unit / EDGE
    distance += (radius / EDGE + 0.5)[:, None]
    distance += grain
    ink = np.clip(distance, 0, 1, out=distance)
    ink *= ink * (3 - 2 * ink)  # a smooth step: grays are rarest in the middle, as in MNIST
    ink *= 255
    np.rint(ink, out=ink)
    ink /= 255
    return ink


def _gaussians(centres, step):
    """Return exp(-(y_k - c)^2) at 20 pixels y_k, `step` apart around 0: (n, 2, 20, POINTS).

    From pixel to pixel the Gaussian changes by a factor, and that factor by exp(-2 step^2), always
    the same. Two products are cheaper than an exponential, which would take half of all the time.
    """
    gauss = np.empty((*centres.shape[:2], 20, centres.shape[2]), np.float32)
    for first, way in ((10, 1), (9, -1)):  # from the middle outwards, where nothing underflows
        d = (first - 9.5) * step - centres
        gauss[:, :, first] = np.exp(-d * d)
        factor = np.exp(-(2 * way * d + step) * step)
        for k in range(first + way, 20 if way > 0 else -1, way):
            np.multiply(gauss[:, :, k - way], factor, out=gauss[:, :, k])
            factor *= np.exp(-2 * step * step)
    return gauss


def _corners(ink):
    """Return where each box's top left goes, so that the ink's centre of mass is at (14, 14).

    That may be outside of the 28 x 28 pixels, by a row or two, for a top-heavy digit.
    """
    rows, columns = np.divmod(np.arange(400), 20)
    moments = ink @ np.stack([np.ones(400), rows, columns], axis=1).astype(np.float32)
    return np.rint(14 - moments[:, 1:] / moments[:, :1]).astype(int).tolist()


def _integer(name, value, least=0):
    """Return `value` as an integer, or say what is wrong with it."""
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be a whole number, not {value!r}.") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {number}.")
    return number


def _digits(name, values):
    """Return `values` as an integer vector of digits, or say what is wrong with them."""
    values = np.asarray(values)
    if values.ndim != 1 or (values.size and values.dtype.kind not in "iu"):
        raise ValueError(f"{name} must be a list or vector of whole numbers.")
    if values.size and not 0 <= values.min() <= values.max() <= 9:
        raise ValueError(f"{name} must lie between 0 and 9; found {np.unique(values)}.")
    return values.astype(np.int64)


def _difficulty(setting, jitter):
    """Return the scale of the jitter, a given one before the setting's, and the pen's radius."""
    if setting not in SETTINGS:
        raise ValueError(f"Unknown setting {setting!r}; choose one of {', '.join(SETTINGS)}.")
    usual, radius = SETTINGS[setting]
    jitter = usual if jitter is None else jitter
    if not isinstance(jitter, (int, float, np.number)) or not 0 <= jitter <= 2:
        raise ValueError(f"jitter must be a number from 0 to 2, not {jitter!r}.")
    return float(jitter), radius


def generate(
    n,
    seed=0,
    setting="classroom",
    *,
    start=0,
    jitter=None,
    digits=range(10),
    labels=None,
    progress=None,
):
    """Return samples `start` to `start + n` of an endless stream of handwritten digits.

    Each (seed, setting, digits) is one stream in which no sample is repeated; the same arguments
    give the same bits on one machine, whether a part is asked for alone or within a longer one.
    Besides the result, memory is needed for one chunk only.

    Parameters
    ----------
    n : how many digits, 0 or more.
    seed : whole number, 0 or more; names the stream.
    setting : "classroom" or "transfer", see SETTINGS.
    start : index of the first sample in the stream.
    jitter : scale of all variation, 0 to 2, instead of the setting's: 0 is neat print, beyond
        1.5 digits become illegible.
    digits : which digits to write. Each row of len(digits) samples holds each of them once.
    labels : vector of n digits to write, in this order, instead of the balanced choice.
    progress : called as progress(done) after each chunk, with the number of samples drawn so far.

    Returns
    -------
    images : float32 (n, 28, 28, 1) in [0, 1], multiples of 1/255 as in MNIST: paper 0, ink 1.
    labels : int64 (n,).

    Raises ValueError, with a sentence, for arguments outside of these ranges.
    """
    n, seed, start = _integer("n", n), _integer("seed", seed), _integer("start", start)
    (jitter, radius), digits = _difficulty(setting, jitter), _digits("digits", digits)
    if not digits.size:
        raise ValueError("digits must name at least one digit.")
    wanted = None if labels is None else _digits("labels", labels)
    if wanted is not None and len(wanted) != n:
        raise ValueError(f"labels must name n = {n} digits, not {len(wanted)}.")
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
        # The whole chunk is drawn even if a part is asked for: so the bits cannot differ.
        ink = _ink(*_curves(written, rng, jitter), *_pens(CHUNK, rng, jitter, radius))
        corners = _corners(ink)[first:last]
        for image, box, (top, left) in zip(images[here], ink[first:last], corners, strict=True):
            box = box.reshape(20, 20)[max(-top, 0) : 28 - top, max(-left, 0) : 28 - left]
            image[max(top, 0) : top + 20, max(left, 0) : left + 20, 0] = box
        if progress is not None:
            progress(here.stop)
    return images, labels


def stream(batch_size=100, seed=0, setting="classroom", *, start=0, jitter=None, digits=range(10)):
    """Yield batches without end, for Keras's `fit(..., steps_per_epoch=...)`.

    Each is a pair of images, float32 (batch_size, 28, 28, 1) in [0, 1], and one-hot labels,
    float32 (batch_size, 10). Together they are the samples of `generate` with the same
    arguments, from `start` on, each once.
    """
    batch_size = _integer("batch_size", batch_size, least=1)
    block = batch_size * max(CHUNK // batch_size, 1)
    while True:
        images, labels = generate(block, seed, setting, start=start, jitter=jitter, digits=digits)
        one_hot = np.eye(10, dtype=np.float32)[labels]
        for k in range(0, block, batch_size):
            yield images[k : k + batch_size], one_hot[k : k + batch_size]
        start += block
