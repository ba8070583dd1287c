"""A network of thousands of nodes: the solver that suits it, and answers about it that do not take longer than it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.core.solvers.abstract import Hints
from gasflow.core.solvers.automatic import suited
from gasflow.scenarios.shock import combined
from gasflow.simulation.model import Model
from gasflow.simulation.simulate import solved
from tests.large_network import NODES, PIPES, large_network


@pytest.fixture(scope="module")
def results() -> gf.Results:
    return gf.simulate(large_network())


def test_it_has_an_answer(results):
    assert (len(results.network.nodes), len(results.network.pipes)) == (NODES, PIPES)
    assert results.certificate["status"].tolist() == ["optimal"]


def test_what_is_asked_about_it_fits_together(results):
    """Each of these took longer than the solve, or more memory than there is, when it was dense."""
    flows = results.tidy("flows")
    assert flows["value"].to_numpy() == pytest.approx(results.flows.to_numpy()[0])
    assert results.ambiguous_flows().to_numpy().sum() > 20
    unknown = results.prices.columns[results.prices.isna().iloc[0]]
    low, high = results.price_interval(unknown[0])
    assert low <= results.duals[unknown[0]].iloc[0] <= high
    known = results.prices.columns[results.prices.notna().iloc[0]][0]
    assert results.price_interval(known) == (results.prices[known].iloc[0],) * 2


def test_ten_scenarios_of_it_are_a_batch(results):
    many = gf.simulate(results.network, gf.DemandChange(factor=list(np.linspace(0.9, 1.1, 10))))
    assert results.diagnostics.solver.tolist() == ["reference"]
    assert set(many.diagnostics.solver) == {"lanes"}
    assert many.certificate["status"].eq("optimal").all()


def test_a_chunk_is_solved_as_the_whole_would_be():
    hub = gf.toys.transit_hub()
    shock = gf.Closure("Sokhranivka", share=[0.5, 1.0])
    labels = pd.RangeIndex(2)
    alone, part = (
        solved(Model(hub), combined([shock]), labels, ["prices"], Hints(total=total)) for total in (None, 101)
    )
    assert set(alone.diagnostics.solver) == {"reference"}
    assert set(part.diagnostics.solver) == {"lanes"}


def test_more_scenarios_or_columns_never_turn_away_from_the_batch_while_it_fits():
    for periods in (1, 12):
        for columns in (20, 922, 12_648, 13_173):
            choices = [suited(count, periods, columns).name for count in (1, 3, 4, 10, 50, 101, 10_000)]
            batched = [choice == "lanes" for choice in choices]
            assert batched == sorted(batched)
    assert suited(10, 1, 10**7).name == "reference"
