"""Checks of single arguments: what is refused, in which words, and what is taken."""

import numpy as np
import pytest

from gaussianity.arguments import (
    require_array,
    require_between,
    require_generator,
    require_labels,
    require_whole,
    require_wholes,
)
from gaussianity.errors import InputError


@pytest.mark.parametrize("value", [0, -1, 1.0, "2", None, True, np.float64(3), [1]])
def test_no_integer_of_at_least_one(value):
    with pytest.raises(InputError, match=r"^steps: expected an integer of at least 1, found "):
        require_whole(steps=value)


def test_integers_of_either_library():
    require_whole(steps=1, batch_size=np.int64(7))
    require_whole(0, seed=0)


@pytest.mark.parametrize("value", [[], [0.5], [1, -1], 3, np.ones((2, 2), int), ["1"]])
def test_no_list_of_integers(value):
    with pytest.raises(InputError, match=r"^seeds: expected a list of integers of at least 0, fou"):
        require_wholes(0, seeds=value)


def test_lists_of_integers():
    require_wholes(0, seeds=range(3))
    require_wholes(1, sizes=np.array([1, 2], np.uint8))


@pytest.mark.parametrize(
    ("value", "ends", "taken"),
    [(0, True, True), (0, False, False), (1, True, True), (1.0, False, False), (0.5, False, True)],
)
def test_ends_of_a_range(value, ends, taken):
    if taken:
        require_between(0, 1, ends=ends, ridge=value)
    else:
        with pytest.raises(
            InputError, match=r"^ridge: expected a number above 0 and below 1, foun"
        ):
            require_between(0, 1, ends=ends, ridge=value)


@pytest.mark.parametrize("value", [float("nan"), "0.5", None, True, 1.1, -0.1])
def test_no_number_of_a_range(value):
    with pytest.raises(InputError, match=r"^share: expected a number from 0 to 1, found "):
        require_between(0, 1, share=value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.zeros(3), r"expected an array of shape \(n, 2\), found shape \(3,\)"),
        (np.zeros((4, 3)), r"expected an array of shape \(n, 2\), found shape \(4, 3\)"),
        (np.zeros((1, 2)), "expected at least 2 rows, found 1"),
        (np.full((2, 2), np.nan), "expected finite numbers, found NaN or infinity"),
        (np.full((2, 2), -np.inf), "expected finite numbers, found NaN or infinity"),
        (np.zeros((2, 2), complex), "expected an array of real numbers, found complex128"),
        ([["a", "b"]] * 2, "expected an array of real numbers, found <U1"),
        ([[1.0], [1.0, 2.0]], "expected an array: "),
    ],
)
def test_arrays_that_do_not_fit(value, said):
    with pytest.raises(InputError, match=f"^rows: {said}"):
        require_array("rows", value, ("n", 2), least=2)


def test_an_axis_without_entries_does_not_fit():
    with pytest.raises(InputError, match=r"found shape \(3, 0\)"):
        require_array("rows", np.zeros((3, 0)), ("n", "d"))


def test_arrays_keep_their_values_and_type():
    given = np.array([[1, 2], [3, 4]], np.uint8)
    assert require_array("rows", given, ("n", "d")) is given


@pytest.mark.parametrize("value", [0, None, np.random.RandomState(0)])
def test_no_generator(value):
    with pytest.raises(InputError, match=r"^generator: expected a NumPy generator, np\.random\."):
        require_generator(value)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([0, 1], "expected 3 integers, one for each image, found int64 of shape"),
        ([0.0, 1.0, 0.0], "expected 3 integers, one for each image, found float64"),
        ([0, 1, 2], "expected numbers from 0 to 1, found 0 to 2"),
        ([0, -1, 1], "expected numbers from 0 to 1, found -1 to 1"),
    ],
)
def test_labels_that_do_not_fit(labels, said):
    with pytest.raises(InputError, match=f"^labels: {said}"):
        require_labels("labels", labels, 3, 2)
