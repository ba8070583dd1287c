"""Coverage of periods by dated events, against fine sums."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gasflow.errors import GasflowError
from gasflow.scenarios.periods import Periods

FIRST = date(2022, 1, 1)
DAYS = st.integers(-40, 90)
SPANS = st.sampled_from([0.0, 1.0, 3.0, 10.5, 60.0])
FINE = 200


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@given(
    st.lists(st.integers(1, 25), min_size=1, max_size=5), st.none() | DAYS, st.none() | st.integers(1, 60), SPANS, SPANS
)
def test_coverage_is_the_mean_of_the_profile(lengths, start, length, ramp, recovery):
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    periods = Periods(tuple(map(day, bounds[:-1].tolist())), day(int(bounds[-1])))
    end = None if length is None else (start or 0) + length
    found = periods.coverage(None if start is None else day(start), None if end is None else day(end), ramp, recovery)
    t = (np.arange(bounds[-1] * FINE) + 0.5) / FINE
    first, last = (-np.inf if start is None else start), (np.inf if end is None else end)
    grown = np.clip((t - first) / ramp, 0, 1) if ramp and start is not None else (t >= first).astype(float)
    top = min(1.0, (last - first) / ramp) if ramp and start is not None else 1.0
    fading = np.clip(1 - (t - last) / recovery, 0, 1) if recovery and end is not None else np.zeros_like(t)
    profile = np.where(t < last, grown, top * fading)
    exact = [profile[a * FINE : b * FINE].mean() for a, b in pairwise(bounds)]
    assert found == pytest.approx(exact, abs=1e-3)
    assert (found >= 0).all()
    assert (found <= 1).all()


def test_whole_and_half_periods_are_exact():
    periods = Periods((date(2022, 5, 1), date(2022, 6, 1)), date(2022, 7, 1))
    assert periods.coverage(date(2022, 5, 11), date(2022, 6, 16)).tolist() == [21 / 31, 0.5]
    assert periods.coverage(None, None).tolist() == [1.0, 1.0]
    assert periods.coverage(date(2022, 7, 1), None).tolist() == [0.0, 0.0]
    assert periods.coverage(None, date(2022, 5, 1)).tolist() == [0.0, 0.0]
    assert periods.coverage(date(2022, 5, 1), None, ramp_days=31.0).tolist() == [0.5, 1.0]
    assert periods.coverage(None, date(2022, 6, 1), recovery_days=30.0).tolist() == [1.0, 0.5]


def test_an_end_within_the_ramp_is_never_negative():
    periods = Periods((FIRST, day(5), day(10)), day(20))
    assert periods.coverage(FIRST, day(5), ramp_days=10.0).tolist() == [0.25, 0.0, 0.0]
    assert periods.coverage(FIRST, day(5), ramp_days=10.0, recovery_days=5.0).tolist() == [0.25, 0.25, 0.0]


@pytest.mark.parametrize("starts", [(), (day(3), day(3)), (day(3), day(1)), (day(30),)])
def test_periods_follow_one_another(starts):
    with pytest.raises(GasflowError, match="follow one another"):
        Periods(starts, day(20))
