"""Curves: how far pieces are from the constant elasticity they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from gasflow.core.curves import Curve, breakpoints, ladder, relative_quantity

END = np.array(3000.0 / 80.0)
IN_USE = (-0.7, -0.34, -0.3, -0.2, -0.15, -0.1, -0.05, 0.1, 0.3, 0.5, 1.0)


def price_at(quantity, elasticity, end=END):
    """Price multiple at which the pieces give a quantity."""
    multiples = breakpoints(end)
    taken = relative_quantity(multiples, np.array(elasticity))
    order = np.argsort(taken)
    return np.interp(quantity, taken[order], multiples[order])


@pytest.mark.parametrize("end", [3.5, 7.0, 12.0, 37.5, 150.0, 1000.0])
@pytest.mark.parametrize("elasticity", IN_USE)
def test_the_price_is_off_by_little(elasticity, end):
    exact = np.geomspace(0.1, end, 4001)
    error = np.abs(price_at(exact**elasticity, elasticity, np.array(end)) / exact - 1)
    near = (exact >= 1 / 3) & (exact <= 3)
    assert error[near].max() <= 0.02
    assert error.max() <= (0.10 if elasticity >= -0.4 else 0.12)


@pytest.mark.parametrize("elasticity", [*IN_USE, -4.0, 4.0])
def test_the_anchor_and_the_elasticity_there_are_exact(elasticity):
    assert price_at(1.0, elasticity) == pytest.approx(1.0, abs=1e-12)
    step = 1e-4
    slope = (price_at(1 + step, elasticity) - price_at(1 - step, elasticity)) / (2 * step)
    assert 1 / slope == pytest.approx(elasticity, rel=1e-9)


@pytest.mark.parametrize("elasticity", [-10.0, -6.2, -6.0, -1.0, -1e-6, 0.0, 1e-6, 1.0, 6.0, 6.2, 10.0])
@pytest.mark.parametrize("end", [3.5, 37.5, 1e4])
def test_quantities_never_turn_back(elasticity, end):
    quantity = relative_quantity(breakpoints(np.array(end)), np.array(elasticity))
    assert (np.diff(quantity) * np.sign(elasticity) >= 0).all()
    assert (quantity >= 0).all()
    assert np.interp(1.0, breakpoints(np.array(end)), quantity) == pytest.approx(1.0, abs=1e-12)


def test_breakpoints_are_on_the_curve_except_around_the_anchor():
    multiples = breakpoints(END)
    off = np.abs(relative_quantity(multiples, np.array(-0.2)) / multiples**-0.2 - 1) > 1e-12
    assert multiples[off].tolist() == [0.856, 1.152]
    assert multiples[0] == 0.1
    assert multiples[-1] == pytest.approx(float(END), rel=1e-15)


def test_few_pieces():
    assert breakpoints(END).size - 1 <= 13


@pytest.mark.parametrize("end", [3.4, 0.0, np.nan])
def test_a_curve_without_room_is_refused(end):
    with pytest.raises(ValueError, match=r"3\.5"):
        breakpoints(np.array([37.5, end]))


def test_a_line_is_exact_up_to_its_last_breakpoint_and_ends():
    multiples = breakpoints(END)
    line = relative_quantity(multiples, np.array(-0.3), Curve.LINEAR)
    end = 1 + 1 / 0.3
    below = multiples < end
    assert line[below] == pytest.approx(1 - 0.3 * (multiples[below] - 1), abs=1e-12)
    assert (line[~below] == 0).all()


def test_curves_of_several_nodes_are_those_of_each():
    ends = np.array([3.5, 20.0, 300.0])
    together = breakpoints(ends)
    assert together[-1] == pytest.approx(ends, rel=1e-12)
    assert (np.diff(together, axis=0) >= 0).all()
    for item, end in enumerate(ends):
        own = breakpoints(end)
        assert together[: own.size, item].tolist() == own.tolist()
        assert (together[own.size :, item] == end).all()


def test_a_ladder_is_the_same_wherever_it_is_cut_off():
    whole, cut = ladder(np.array(1e3), 8), ladder(np.array(30.0), 8)
    below = whole < 30.0
    assert cut[below].tolist() == whole[below].tolist()
    assert (cut[~below] == 30.0).all()
    assert (np.diff(whole) > 0).all()
    assert whole[-1] == 1e3
