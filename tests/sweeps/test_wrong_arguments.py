"""Wrong arguments of a sweep: one clear error each, before anything is computed or written."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.errors import GasflowError
from gasflow.sweeps.plan import plan_sweep
from gasflow.sweeps.sweep import Executor, run_plan

HUB = gf.toys.transit_hub()
GRID = gf.grid(gf.Closure("Sokhranivka", share=[0.0, 1.0]))
NAN = float("nan")

WRONG: dict[str, list[Any]] = {
    "model": ["europe", None, 3, Path("europe"), pd.DataFrame(), {"nodes": []}, type(HUB), GRID],
    "scenarios": [None, "grid", 3, gf.Closure("Sokhranivka"), [gf.Closure("Sokhranivka")], gf.Closure, HUB, ()],
    "keep": ["prices", None, 3, [3], [None], [b"prices"], {"prices"}, [["prices"]], np.array(["prices"]), b"prices",
                [], [""], ["."], ["prices."], ["prices.total"], ["prices.Atlantis"], ["price"], ["flows.\0"]],
    "chunk": [0, -1, NAN, float("inf"), 2.5, 3.0, "3", None, True, [3], 10**12, 10**400, np.float64(3), 3j],
    "cluster": ["", " ", True, 0, 1, [1], NAN, b"tcp://x", ("tcp",)],
    "folder": ["", 3, "\0", b"out", ["out"], True, NAN, object(), "~nobody here/out"],
    "resume": ["no", None, 1, 0, [], NAN],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_argument_is_one_clear_error(name, value, tmp_path):
    right = {"model": HUB, "scenarios": GRID, "keep": ["prices.SK"], "folder": tmp_path / "out", "chunk": 2}
    with pytest.raises(GasflowError) as caught:
        gf.sweep(**{**right, name: value})
    assert name in str(caught.value).lower()
    assert ";" in str(caught.value), "the next step is missing"
    assert list(tmp_path.iterdir()) == []


def test_a_resume_needs_a_folder():
    with pytest.raises(GasflowError, match="no folder"):
        gf.sweep(HUB, GRID, ["prices.SK"], resume=True)


def test_numbers_of_numpy_are_numbers(tmp_path):
    done = gf.sweep(gf.Model(HUB, threads=np.int64(1)), GRID, ("prices.SK",), str(tmp_path / "out"), chunk=np.int32(1))
    assert len(done.table()) == 2


def test_a_column_that_was_not_kept_is_named(tmp_path):
    done = gf.sweep(HUB, GRID, ["prices.SK"], tmp_path / "out")
    assert list(done.table("share", "prices.SK", "status").columns) == ["share", "prices.SK", "status"]
    no_column, no_name = r"no column .*prices\.SK", "columns is .*; give names one by one"
    for wrong, words in (("prices.SQ", no_column), ("scenario", no_column), (3, no_name), (None, no_name)):
        with pytest.raises(GasflowError, match=words):
            done.table(wrong)
    with pytest.raises(GasflowError, match="folder="):
        gf.sweep(HUB, GRID, ["prices.SK"]).table()


def test_the_headlines_are_hubs_and_what_was_asked_for_by_name():
    hubs = HUB.with_node("SK", hub="Slovak hub")
    assert plan_sweep(hubs, GRID).headlines == ["prices.SK", "unserved.total", "shortage"]
    asked = plan_sweep(hubs, GRID, ["prices", "prices.UA", "flows.total"])
    assert asked.headlines == ["prices.UA", "prices.SK", "flows.total", "shortage"]
    assert len(plan_sweep(HUB, GRID).headlines) == len(HUB.nodes) + 2


def test_more_scenarios_than_can_be_numbered_are_refused():
    many = [gf.Closure("Sokhranivka", share=np.linspace(0, 1, 1000)) for _ in range(7)]
    with pytest.raises(GasflowError, match="more than"):
        gf.grid(*many)


def test_a_sweep_without_end_begins_at_once(tmp_path):
    """A million million scenarios are neither listed nor drawn before they are needed."""
    from scipy import stats

    draws = gf.sample(10**12, 1, gf.DemandChange(stats.uniform(0.9, 0.2)))
    plan = plan_sweep(gf.toys.two_nodes(), draws, ["prices.B"], chunk=2)
    seen = []

    def stop(progress) -> None:
        seen.append(progress.done)
        if len(seen) == 3:
            raise KeyboardInterrupt

    for resume, expected in ((False, [0, 2, 4]), (True, [4, 6, 8])):
        seen.clear()
        with pytest.raises(KeyboardInterrupt):
            run_plan(plan, tmp_path / "out", Executor(1), resume, stop)
        assert seen == expected


def test_a_place_may_have_its_accents_apart_on_every_axis():
    named = HUB.with_supply("champ é", node="UA", kind="production", volume=1.0, cost=1.0)
    named = named.with_demand("ville é", node="UA", volume=1.0, anchor_price=9.0)
    named = named.with_storage("réservoir", node="UA", volume=10.0, injection=1.0, withdrawal=1.0, level=0.0, value=9.0)
    outputs = ["supply.champ é", "demand.ville é", "levels.réservoir", "flows.UA transit->Veľké Kapušany"]
    plan = plan_sweep(named, GRID, [unicodedata.normalize("NFD", output) for output in outputs])
    assert plan.headlines == [*outputs, "shortage"]
