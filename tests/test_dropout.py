"""Notebook 08: its formulas, its exercises, and what it says about the recorded cures."""

from mnist_lecture import exercises, results

import numpy as np
import pytest

RNG = np.random.default_rng(8)


def softmax(z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def test_the_leading_term_of_the_penalty_behind_a_softmax():
    p, h, W = 0.002, RNG.uniform(0.5, 1.5, 30), RNG.normal(size=(30, 10)) / 3
    f = softmax(h @ W)
    curvature = np.diag(f) - np.outer(f, f)
    theory = 0.5 * p / (1 - p) * np.sum(h**2 * np.einsum("ij,jk,ik->i", W, curvature, W))
    # On average over all masks with at most one neuron dropped; more are too rare to matter.
    masks = np.vstack([np.ones(30), 1 - np.eye(30)]) / (1 - p)
    weights = np.array([(1 - p) ** 30] + 30 * [p * (1 - p) ** 29])
    costs = -np.log(softmax((masks * h) @ W))[:, 3]
    measured = np.sum(weights * costs) / weights.sum() + np.log(f[3])
    drift = (weights @ masks / weights.sum() - 1) * h  # what leaving out the rest does to the mean
    measured -= drift @ (W @ (f - np.eye(10)[3]))
    assert measured == pytest.approx(theory, rel=0.1)


def scaled(*places):
    return lambda weights, p: [(1 - p) * w if k in places else w for k, w in enumerate(weights)]


@pytest.mark.parametrize("places", [(2, 4), (0, 1, 2, 3), (0, 1, 4)])
def test_each_right_answer_to_08_3_is_accepted(places):
    assert exercises.check("08.3", scaled(*places)) is True


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (scaled(), "smaller by 1 - p"),
        (scaled(0, 2, 4), "W1 receives the pixels"),
        (scaled(2, 3, 4, 5), "b2 and b3"),
        (scaled(0, 1, 2, 3, 4), "smaller by 1 - p"),
        (scaled(0, 1, 2, 3, 4, 5), "smaller by 1 - p"),
        (scaled(2), "smaller by 1 - p"),
        (lambda w, p: [*w[:2], w[2] / (1 - p), w[3], w[4] / (1 - p), w[5]], "must shrink"),
        (lambda w, p: [*w[:2], p * w[2], w[3], p * w[4], w[5]], "smaller by 1 - p"),
        (lambda w, p: [*w[:2], 0.75 * w[2], w[3], 0.75 * w[4], w[5]], "smaller by 1 - p"),
    ],
)
def test_a_wrong_answer_to_08_3_gets_its_hint(answer, hint, capsys):
    assert exercises.check("08.3", answer) is False
    assert hint in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda W, g, rate, decay: W - rate * g, "the penalty has a derivative"),
        (lambda W, g, rate, decay: W - rate * g - decay * W, "the learning rate multiplies"),
        (lambda W, g, rate, decay: W - rate * (g + 2 * decay * W), "without a factor of 2"),
        (lambda W, g, rate, decay: W - rate * (g + decay / 2 * W), "the derivative of W**2 is"),
        (lambda W, g, rate, decay: W - rate * (g - decay * W), "smaller, not larger"),
        (lambda W, g, rate, decay: W + rate * (g - decay * W), "against the gradient"),
        (lambda W, g, rate, decay: W.sum(), "of the shape"),
    ],
)
def test_a_wrong_answer_to_08_4_gets_its_hint(answer, hint, capsys):
    assert exercises.check("08.4", answer) is False
    assert hint in capsys.readouterr().out


def test_right_answers_to_08_4_are_accepted():
    assert exercises.check("08.4", lambda W, g, rate, decay: (1 - rate * decay) * W - rate * g)
    assert exercises.check("08.4", lambda W, g, rate, decay: W - rate * (g + decay * W))


# The notebook chooses on the validation images and leaves the reserve closed. What it says must
# hold there, too.
@pytest.mark.parametrize(
    ("one", "other", "parts"),
    [
        ("dropout", "larger", ("validation", "reserve")),
        ("gaussian_dropout", "larger", ("validation", "test", "reserve")),
        ("early_stopping", "larger", ("validation", "test", "reserve")),
        ("all_cures", "augmentation", ("validation", "test", "reserve")),
    ],
)
def test_what_cannot_be_told_apart(one, other, parts):
    for part in parts:
        d, sigma = results.difference(results.wrong(one, part), results.wrong(other, part))
        assert abs(d) < 3 * sigma, part


@pytest.mark.parametrize("part", ["validation", "test", "reserve"])
def test_distorted_images_are_the_best_single_cure(part):
    distorted = results.wrong("augmentation", part)
    for other in ("larger", "early_stopping", "gaussian_dropout", "dropout"):
        d, sigma = results.difference(results.wrong(other, part), distorted)
        assert d > 2.9 * sigma, other
