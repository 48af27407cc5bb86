"""The checks of the exercises are kind: whatever the answer, "Run all" goes on."""

import importlib
import re
from pathlib import Path

from mnist_lecture import exercises
from mnist_lecture.exercises import notebook_02

import numpy as np
import pytest


@pytest.mark.parametrize("number", exercises.numbers())
def test_an_open_exercise_waits(number, capsys):
    assert exercises.check(number, ...) is None
    assert "waiting for your answer" in capsys.readouterr().out


@pytest.mark.parametrize("number", exercises.numbers())
def test_a_function_with_its_dots_still_in_waits(number):
    # checks that want a number, not a function, call this wrong instead: that is kind as well
    assert exercises.check(number, lambda *arguments: ...) in (None, False)


@pytest.mark.parametrize("number", exercises.numbers())
@pytest.mark.parametrize("answer", [(1, ...), [..., 2]])
def test_dots_within_an_answer_wait(number, answer):
    assert exercises.check(number, answer) is None


@pytest.mark.parametrize("number", exercises.numbers())
@pytest.mark.parametrize("nonsense", [None, "seven", -1, object(), [], lambda *a: None, {}.pop])
def test_nonsense_gets_a_hint(number, nonsense, capsys):
    assert exercises.check(number, nonsense) is False
    assert "not yet. Hint: " in capsys.readouterr().out


@pytest.mark.parametrize("number", ["99.1", "05.99", "05", "5.1", "05.1.1", "", 5.1, None])
def test_an_unknown_number_is_an_error(number):
    message = f"there is no exercise {number}; there are 01.1, 01.2, "
    with pytest.raises(KeyError, match=re.escape(message)):
        exercises.check(number, 1)


def test_numbers_are_found_and_sorted():
    numbers = exercises.numbers()
    assert numbers == sorted(set(numbers))
    assert all(re.fullmatch(r"\d\d\.[1-9]", number) for number in numbers)
    files = Path(exercises.__file__).parent.glob("notebook_*.py")
    assert {number[:2] for number in numbers} == {file.stem[-2:] for file in files}


@pytest.mark.parametrize("number", exercises.numbers())
def test_every_check_names_its_topic(number):
    notebook, exercise = number.split(".")
    module = importlib.import_module(f"mnist_lecture.exercises.notebook_{notebook}")
    topic = getattr(module, f"exercise_{exercise}").__doc__
    assert re.fullmatch(r"[A-Z].+\.", topic or "")  # one line, one sentence


def test_the_hint_of_02_2_names_a_wrong_element():
    def wrong_above_zero(x):
        with np.errstate(over="ignore"):
            return np.where(x > 0, 0.25, 1 / (1 + np.exp(-x)))

    assert "at x = 1 it gives 0.25" in notebook_02.exercise_2(wrong_above_zero)
