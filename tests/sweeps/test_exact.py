from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gasflow.sweeps.exact import RELATIVE_ERROR, Histogram, exact_deviation, exact_mean, exact_sum

numbers = st.lists(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e150, max_value=1e150), min_size=1, max_size=60
)


@given(numbers)
def test_sums_are_those_of_fractions(values):
    total = exact_sum(np.array(values))
    expected = sum(map(Fraction, values), Fraction(0))
    assert Fraction(total, 2**1126) == expected
    assert exact_mean(total, len(values)) == float(expected / len(values))


@given(numbers, st.integers(1, 7))
def test_sums_do_not_depend_on_the_parts(values, size):
    array = np.array(values)
    assert sum(exact_sum(array[at : at + size]) for at in range(0, array.size, size)) == exact_sum(array)
    assert exact_sum(array[::-1].copy()) == exact_sum(array)


def test_the_smallest_and_largest_numbers_count():
    values = np.array([5e-324, 1.7e308, -1.7e308, 5e-324])
    assert Fraction(exact_sum(values), 2**1126) == 2 * Fraction(5e-324)


def test_deviation_is_that_of_the_sample():
    values = np.random.default_rng(1).normal(80.0, 3.0, 1000)
    deviation = exact_deviation(exact_sum(values), exact_sum(values * values), values.size)
    assert deviation == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert math.isnan(exact_deviation(0, 0, 1))


@pytest.mark.parametrize("exact", [True, False])
def test_histograms_merge_in_any_order(exact):
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.normal(0, 50, 5000), np.zeros(100), rng.lognormal(4, 1, 5000)])
    whole = Histogram.of(values, exact)
    for size in (17, 1000, 9999):
        parts = [Histogram.of(part, exact) for part in np.split(values[::-1], range(size, values.size, size))]
        merged = Histogram.merged(parts[::-1])
        np.testing.assert_array_equal(merged.values, whole.values)
        np.testing.assert_array_equal(merged.counts, whole.counts)


@given(numbers, st.floats(0, 1))
def test_binned_quantiles_are_within_the_stated_error(values, level):
    array = np.array(values)
    exact, binned = (Histogram.of(array, kind).quantile(level) for kind in (True, False))
    assert exact in array
    assert abs(binned - exact) <= RELATIVE_ERROR * abs(exact) + 2.3e-308


def test_quantiles_and_tail_means_by_hand():
    histogram = Histogram.of(np.array([1.0, 2.0, 2.0, 3.0, 10.0]), exact=True)
    assert [histogram.quantile(level) for level in (0, 0.2, 0.21, 0.6, 0.8, 1)] == [1, 1, 2, 2, 3, 10]
    assert histogram.upper_mean(0.8) == 10.0
    assert histogram.upper_mean(0.5) == 5.0
    assert histogram.upper_mean(0.0) == pytest.approx(3.6)
    nothing = Histogram.of(np.array([]), exact=True)
    assert math.isnan(nothing.quantile(0.5))
    assert math.isnan(nothing.upper_mean(0.95))
