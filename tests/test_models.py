"""The networks and the lecture's formulas, compared with Keras, TensorFlow and SciPy."""

from mnist_lecture import models

import keras
import numpy as np
import pytest
import tensorflow as tf


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@pytest.fixture
def samples():
    rng = np.random.default_rng(1)
    return rng.random((20, 784), np.float32), np.eye(10, dtype=np.float32)[
        rng.integers(10, size=20)
    ]


@pytest.mark.parametrize(("hidden", "count"), [((), 7_850), ((30,), 23_860), ((100, 50), 84_060)])
def test_number_of_weights(hidden, count):
    net = models.dense_softmax(hidden)
    assert net.count_params() == count
    assert not net.compiled  # each lesson chooses its own loss and optimizer


def test_network_agrees_with_the_formulas(samples):
    net = models.dense_softmax((30,))
    W1, b1, W2, b2 = net.get_weights()
    by_hand = softmax(np.maximum(samples[0] @ W1 + b1, 0) @ W2 + b2)
    assert np.allclose(net(samples[0]), by_hand, atol=1e-6)


def test_other_activations_and_sizes():
    net = models.dense_softmax((5,), activation="sigmoid", inputs=4, categories=3)
    assert net(np.zeros((2, 4))).shape == (2, 3)
    assert net.layers[0].activation.__name__ == "sigmoid"


@pytest.mark.parametrize("hidden", [(0,), (30, -1), (2.5,), ("30",)])
def test_a_layer_without_neurons_is_refused(hidden):
    with pytest.raises(ValueError, match="every layer needs a whole number of neurons"):
        models.dense_softmax(hidden)


def test_gradient_of_cross_entropy_is_output_minus_target(samples):
    rng = np.random.default_rng(2)
    z, y_target = rng.normal(0, 3, (20, 10)), samples[1].astype(float)
    variable = tf.Variable(z)
    with tf.GradientTape() as tape:
        y_out = keras.ops.softmax(variable)
        cost = keras.ops.sum(keras.losses.categorical_crossentropy(y_target, y_out))
    assert np.allclose(y_out, softmax(z))
    assert np.isclose(cost, -np.log(softmax(z)[y_target == 1]).sum(), rtol=1e-6)
    assert np.allclose(tape.gradient(cost, variable), softmax(z) - y_target, atol=1e-6)


def test_same_seed_same_network_same_training(samples):
    def trained():
        keras.utils.set_random_seed(3)
        net = models.dense_softmax((30,))
        net.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(1.0))
        net.fit(*samples, batch_size=5, epochs=3, verbose=0)
        return net.get_weights()

    for one, other in zip(trained(), trained(), strict=True):
        assert np.array_equal(one, other)


def test_shapes_weights_and_output_of_small_convnet():
    net = models.small_convnet()
    shapes = [layer.output.shape[1:] for layer in net.layers if "conv" in layer.name]
    assert shapes == [(12, 12, 20), (10, 10, 32), (8, 8, 48), (2, 2, 96)]
    convolutions = 26 * 20 + (9 * 20 + 1) * 32 + 9 * (32 * 48 + 48 * 96)
    assert net.count_params() == convolutions + 4 * (48 + 96) + (4 * 96 + 1) * 10
    output = np.array(net(np.zeros((3, 28, 28, 1))))
    assert output.shape == (3, 10)
    assert np.allclose(output.sum(axis=1), 1)


def test_small_convnet_with_other_habits():
    net = models.small_convnet((24, 40, 64, 128), padding="same")
    shapes = [layer.output.shape[1:] for layer in net.layers if "conv" in layer.name]
    assert shapes == [(14, 14, 24), (12, 12, 40), (10, 10, 64), (3, 3, 128)]
    assert net.count_params() == 118_370
    plain = models.small_convnet(normalised=False, dropout=0)
    kinds = {type(layer).__name__ for layer in plain.layers}
    assert not kinds & {"BatchNormalization", "Dropout"}
    assert plain.count_params() == models.small_convnet().count_params() - 3 * (48 + 96)


def test_noise_follows_each_hidden_layer():
    net = models.dense_softmax((7, 5), noise=lambda: keras.layers.Dropout(0.3))
    kinds = [type(layer).__name__ for layer in net.layers]
    assert kinds == ["Dense", "Dropout", "Dense", "Dropout", "Dense"]


def test_keras_clips_bare_probabilities_but_not_those_of_its_softmax():
    loss, target = keras.losses.CategoricalCrossentropy(), np.array([[1.0, 0.0]])
    found = []
    for activation in tf.nn.softmax, keras.activations.softmax:
        z = tf.constant([[0.0, 20.0]])
        with tf.GradientTape() as tape:
            tape.watch(z)
            cost = loss(target, activation(z))
        found.append((float(cost), abs(float(tape.gradient(cost, z)[0, 0]))))
    assert np.allclose(found, [(-np.log(1e-7), 0), (20, 1)], atol=1e-3)


def test_the_quick_accuracy_counts_what_keras_counts():
    rng = np.random.default_rng(1)
    y_out = rng.dirichlet(np.ones(10), size=1000).astype(np.float32)
    y_target = np.eye(10, dtype=np.float32)[rng.integers(0, 10, 1000)]
    by_keras = keras.metrics.categorical_accuracy(y_target, y_out)
    assert np.array_equal(models.categorical_accuracy(y_target, y_out), np.array(by_keras) == 1)


def test_outputs_are_those_of_the_network():
    net = models.dense_softmax()
    images = np.random.default_rng(1).random((1_203, 28, 28, 1), np.float32)
    answers = models.outputs(net, images)
    assert answers.shape == (1_203, 10)
    np.testing.assert_allclose(answers, net(images.reshape(-1, 784)), atol=1e-6)


def test_outputs_are_the_same_for_gray_values():
    net = models.dense_softmax()
    gray = np.random.default_rng(1).integers(0, 256, (300, 28, 28), np.uint8)
    assert np.array_equal(models.outputs(net, gray), models.outputs(net, gray / np.float32(255)))
