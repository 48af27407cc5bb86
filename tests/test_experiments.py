"""Recipes, trainings over seeds, and the records that are committed."""

import dataclasses
import json
from functools import partial

from mnist_lecture import data, handwriting, models, results
from mnist_lecture.workshop import __main__, experiments, recipes, records, scoreboard
from mnist_lecture.workshop.recipes import RECIPES, Recipe

import numpy as np
import pytest
import scipy
from keras.optimizers import SGD

TINY = Recipe("a test", partial(models.dense_softmax, (5,)), lambda n: SGD(0.5), epochs=2, steps=3)


@pytest.fixture(scope="session")
def digits():
    """A data set with as many images in each part as there are rows in a batch."""
    images, labels = handwriting.generate(100, seed=5)
    part = data.Digits((images[..., 0] * 255).astype(np.uint8), labels)
    return data.Mnist(part, part, part, part)


@pytest.fixture
def tiny(monkeypatch, digits):
    """The only recipe there is, of a second, and a list of the seeds that it was run from."""
    seeds, run = [], experiments.run

    def watched(recipe, mnist, seed, callbacks):
        seeds.append(seed)
        return run(recipe, mnist, seed, callbacks)

    monkeypatch.setattr(experiments, "RECIPES", {"tiny": TINY})
    monkeypatch.setattr(experiments, "load_mnist", lambda **_: digits)
    monkeypatch.setattr(experiments, "run", watched)
    return seeds


def test_a_run_is_recorded_as_it_was(digits, tmp_path):
    result = experiments.run(TINY, digits, seed=3)
    assert result["seed"] == 3
    assert [len(values) for values in result["errors"].values()] == [2, 2]
    net, errors = experiments.train(TINY, digits, seed=3)
    assert errors == result["errors"]  # the same seed, the same training
    predicted = np.argmax(net(digits.test.inputs), axis=1)
    assert result["wrong"]["test"] == np.flatnonzero(predicted != digits.test.labels).tolist()
    assert errors["validation"][-1] == len(result["wrong"]["validation"]) / 100
    records.save("one", {"runs": [result]}, tmp_path)
    assert results.load("one", tmp_path) == {"runs": [result]}
    assert max(map(len, (tmp_path / "one.json").read_text().splitlines())) <= 130


def test_the_best_epoch_is_kept_if_asked_for(digits):
    jumpy = Recipe("a test", models.dense_softmax, lambda n: SGD(1.5), epochs=8, steps=1)
    errors = experiments.train(jumpy, digits, seed=1)[1]["validation"]
    kept = Recipe(**{**vars(jumpy), "keep_best": True})
    wrong = experiments.run(kept, digits, seed=1)["wrong"]["validation"]
    assert len(wrong) / 100 == min(errors) < errors[-1]


@pytest.mark.parametrize("changes", [{"generated": True}, {"distortion": {"shift": 1}}])
def test_recipes_without_the_plain_images(digits, changes):
    errors = experiments.train(Recipe(**{**vars(TINY), **changes}), digits, seed=3)[1]
    assert errors != experiments.train(TINY, digits, seed=3)[1]


def test_a_recipe_that_trains_on_all_images_is_judged_by_the_test_alone(tiny, tmp_path, digits):
    everything = Recipe(**{**vars(TINY), "all_images": True, "looks": True})
    assert len(experiments._images(everything, digits)) == 300
    experiments.RECIPES["tiny"] = everything
    experiments.record(seeds=1, folder=tmp_path)
    run = results.load("tiny", tmp_path)["runs"][0]
    assert list(run["wrong"]) == list(run["wrong_in_nine_looks"]) == ["test"]
    assert list(run["errors"]) == ["training"]


def test_smoothed_targets_are_another_training(digits):
    smooth = Recipe(**{**vars(TINY), "smoothing": 0.1})
    assert experiments.train(smooth, digits, 3)[1] != experiments.train(TINY, digits, 3)[1]
    assert smooth.settings()["smoothing"] == 0.1
    assert "smoothing" not in TINY.settings()


def test_a_lost_network_is_made_anew_and_nothing_else(tiny, tmp_path):
    experiments.record(seeds=2, folder=tmp_path)
    experiments.RECIPES["tiny"] = Recipe(**{**vars(TINY), "kept": True})
    experiments.record(seeds=2, folder=tmp_path)
    assert tiny == [1, 2, 1]
    assert results.network("tiny", tmp_path).count_params() == TINY.net().count_params()


def test_what_is_recorded_is_not_repeated(tiny, tmp_path, capsys):
    experiments.record(seeds=1, folder=tmp_path)
    first = results.load("tiny", tmp_path)
    experiments.record(["tiny"], seeds=3, folder=tmp_path)
    assert tiny == [1, 2, 3]
    assert results.load("tiny", tmp_path)["runs"][0] == first["runs"][0]
    assert "tiny, seed 3: errors in validation" in capsys.readouterr().out
    experiments.record(["tiny"], seeds=1, again=True, folder=tmp_path)
    assert tiny == [1, 2, 3, 1]


def test_two_at_a_time_add_to_one_record(tiny, tmp_path, monkeypatch):
    run = experiments.run

    def beside_another(recipe, mnist, seed, callbacks):
        result = run(recipe, mnist, seed, callbacks)
        record = results.load("tiny", tmp_path)
        record["runs"].append({**result, "seed": 9})
        records.save("tiny", record, tmp_path)
        return result

    experiments.record(seeds=1, folder=tmp_path)
    monkeypatch.setattr(experiments, "run", beside_another)
    experiments.record(seeds=2, folder=tmp_path)
    assert [run["seed"] for run in results.load("tiny", tmp_path)["runs"]] == [1, 2, 9]


def test_nothing_is_started_if_all_is_recorded(tiny, tmp_path, capsys):
    experiments.record(seeds=1, folder=tmp_path)
    capsys.readouterr()
    experiments.record(seeds=1, folder=tmp_path)
    assert capsys.readouterr().out == ""


def test_stopped_in_the_middle_nothing_is_lost(tiny, tmp_path, monkeypatch):
    whole = experiments.run

    def stop(recipe, mnist, seed, callbacks):
        if seed == 2:
            raise KeyboardInterrupt
        return whole(recipe, mnist, seed, callbacks)

    monkeypatch.setattr(experiments, "run", stop)
    with pytest.raises(KeyboardInterrupt):
        experiments.record(seeds=3, folder=tmp_path)
    assert [run["seed"] for run in results.load("tiny", tmp_path)["runs"]] == [1]
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.json"]


def test_another_recipe_under_the_same_name_is_noticed(tiny, tmp_path, monkeypatch):
    experiments.record(seeds=1, folder=tmp_path)
    changed = Recipe(**{**vars(TINY), "optimizer": lambda n: SGD(0.4)})
    monkeypatch.setattr(experiments, "RECIPES", {"tiny": changed})
    with pytest.raises(results.RecordError, match=r"(?s)other settings or data.*tiny --again"):
        experiments.record(seeds=1, folder=tmp_path)


def test_unknown_names_are_refused(capsys):
    assert __main__.main(["experiments", "slide", "slyde"]) == 1
    assert "There is no recipe slyde; there are slide, larger" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "some"])
def test_numbers_of_seeds_are_counts(number, capsys):
    with pytest.raises(SystemExit):
        __main__.main(["experiments", "--seeds", number])
    assert "must be a whole number from 1 on" in capsys.readouterr().err


def test_a_missing_record_says_how_to_make_it(tmp_path):
    with pytest.raises(results.RecordError, match="mnist-lecture experiments slide"):
        results.load("slide", tmp_path)


def test_the_slides_convolution():
    net = recipes._slides_convolution()
    assert net.count_params() == 12_250 == 20 * (11**2 + 1) + 20 * 7**2 * 10 + 10
    assert net.layers[0].output.shape == (None, 28, 28, 20)
    image = np.random.default_rng(3).random((28, 28), np.float32)
    kernels, biases = net.layers[0].get_weights()
    maps = np.array(net.layers[0](image[np.newaxis, :, :, np.newaxis]))[0]
    for k in range(20):  # what Keras calls a convolution does not flip the kernel
        by_scipy = scipy.signal.correlate2d(image, kernels[:, :, 0, k], mode="same") + biases[k]
        assert np.allclose(maps[:, :, k], np.maximum(by_scipy, 0), atol=1e-5)
    assert np.allclose(net(image[np.newaxis, :, :, np.newaxis]).numpy().sum(), 1, atol=1e-6)


def test_a_kept_network_answers_as_it_did(tiny, digits, tmp_path, monkeypatch):
    monkeypatch.setattr(experiments, "RECIPES", {"tiny": dataclasses.replace(TINY, kept=True)})
    experiments.record(seeds=2, folder=tmp_path)
    net = results.network("tiny", tmp_path)
    trained = experiments.train(TINY, digits, seed=1)[0]
    assert np.abs(net(digits.test.inputs) - trained(digits.test.inputs)).max() < 1e-3
    path = tmp_path / "networks" / "tiny.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(results.RecordError, match=r"not the network.*tiny --again"):
        results.network("tiny", tmp_path)
    path.unlink()
    with pytest.raises(results.RecordError, match="no trained network is kept"):
        results.network("tiny", tmp_path)


# ---------------------------------------------------------------------------- the committed ones
@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.kept])
def test_kept_networks_are_those_of_the_records(name, real_mnist):
    net, wrong = results.network(name), results.load(name)["runs"][0]["wrong"]["test"]
    images = real_mnist.test.images.reshape(-1, *net.input_shape[1:])
    predicted = net.predict(images, batch_size=500, verbose=0).argmax(axis=1)
    others = set(np.flatnonzero(predicted != real_mnist.test.labels)) ^ set(wrong)
    assert len(others) < 5  # float16 turns over an answer that was on the edge


@pytest.mark.parametrize("name", RECIPES)
def test_each_recipe_is_recorded_from_five_seeds(name):
    record = results.load(name)
    assert record["settings"] == json.loads(json.dumps(RECIPES[name].settings()))
    assert record["about"] == RECIPES[name].about
    assert record["data"] == records.DATA
    assert {1, 2, 3, 4, 5} <= {run["seed"] for run in record["runs"]}
    for part in record["runs"][0]["wrong"]:
        assert 0 < results.errors(name, part).mean() < 0.25
    if RECIPES[name].kept:
        assert results.network(name).count_params() == record["settings"]["weights"]


def test_a_recorded_training_comes_out_the_same_again(real_mnist):
    """Not to the last bit, on another machine, but within three σ of what the seeds spread."""
    errors = results.errors("dense_500")
    wrong = experiments.run(RECIPES["dense_500"], real_mnist, seed=1)["wrong"]["test"]
    assert abs(len(wrong) / 10_000 - errors.mean()) < 3 * errors.std(ddof=1)


def test_a_damaged_record_is_reported(tmp_path):
    (tmp_path / "slide.json").write_text('{"runs": [', encoding="utf-8")
    with pytest.raises(results.RecordError, match=r"damaged.*mnist-lecture experiments slide"):
        results.load("slide", tmp_path)


def test_five_seeds_are_compared_however_many_there_are(monkeypatch):
    runs = [{"wrong": {"test": [seed]}} for seed in range(8)]
    monkeypatch.setattr(results, "load", lambda name: {"runs": runs})
    assert np.array_equal(np.nonzero(results.wrong("slide"))[1], np.arange(5))
    del runs[4:]
    with pytest.raises(results.RecordError, match="recorded from 4 seeds, not 5"):
        results.wrong("slide")
    runs.append({"wrong": {"test": [5]}})
    with pytest.raises(results.RecordError, match="For slide, no answers to the reserve images"):
        results.wrong("slide", "reserve")


def test_every_strategy_stands_on_the_scoreboard():
    other_questions = ("dense_", "convnet_", "ladder_", "wide_")
    strategies = {name for name in RECIPES if not name.startswith(other_questions)}
    assert set(scoreboard.STRATEGIES) == strategies


def test_the_scoreboard_is_written_between_its_marks(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text(f"a\n{scoreboard.BEGIN}\nstale\n{scoreboard.END}\nb\n", encoding="utf-8")
    monkeypatch.setattr(scoreboard, "README", readme)
    scoreboard.write()
    assert scoreboard.in_readme() == scoreboard.table()
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("a\n") and text.endswith("\nb\n") and "stale" not in text


def test_the_scoreboard_of_the_readme_is_that_of_the_records():
    assert scoreboard.in_readme() == scoreboard.table()


def test_what_the_scoreboard_calls_real():
    rng = np.random.default_rng(1)
    hard = rng.random(10_000) < 0.02  # images that all get wrong
    good, bad = (hard | (rng.random((5, 10_000)) < error) for error in (0.01, 0.02))
    d, sigma = results.difference(bad, good)
    assert d > scoreboard.REAL * sigma
    d, sigma = results.difference(good, hard | (rng.random((5, 10_000)) < 0.01))
    assert abs(d) < scoreboard.REAL * sigma
