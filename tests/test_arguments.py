"""Wrong arguments end in a `GasflowError` that says what to give instead, never deep inside.

Every parameter of a public function gets every value that it does not take: a value of another kind, or one out of
range. What is accepted all the same must be meant so: it is listed with the parameter.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow import plots
from gasflow.errors import GasflowError
from gasflow.scenarios.periods import Periods

HUB = gf.toys.transit_hub()
RESULTS = gf.simulate(HUB, gf.Closure("Sokhranivka", share=[0.0, 0.5, 1.0]))
ONE = gf.simulate(HUB)
BOTH = gf.compare(ONE, RESULTS)
GRID = gf.grid(gf.Closure("Sudzha", share=[0.0, 0.5, 1.0]), gf.ElasticityChange(factor=[0.5, 2.0]))
PRICES = gf.simulate(HUB, GRID, keep="prices").price_at("SK")
TABLE = pd.DataFrame({"a": [1.0, 2.0]}, index=pd.Index([0.0, 1.0], name="lever"))
REPORT = gf.closure_report(HUB, gf.Closure("Sudzha"), ends=[HUB])
PERIODS = Periods((date(2022, 5, 10),), date(2022, 5, 11))
HORIZON = gf.Horizon((HUB,), PERIODS)
SWEEP = gf.sweep(HUB, gf.grid(gf.Closure("Sudzha", share=[0.0, 1.0])), keep=["prices.SK"])

ODD: dict[str, Any] = {
    "nothing": None, "an object": object(), "text": "lin", "no text": "", "minus one": -1, "minus two": -2.5,
    "nan": np.nan, "infinity": np.inf, "huge": 10**30, "beyond floats": 10**400,
    "true": True, "list": [], "list of none": [None],
    "list of text": ["lin", "x"], "dict": {},
    "bytes": b"prices", "matrix": np.zeros((2, 2)), "day": datetime(2022, 5, 10), "complex": 1j, "set": {1, 2},
    "table": pd.DataFrame(), "network": HUB, "results": ONE, "function": len,
    "masked": np.ma.masked_array([1.0], [True]), "no axis": np.array("lin"), "no axis number": np.array(1.0),
    "array": np.array(["lin", "x"]), "series": pd.Series(["lin", "x"]), "missing": pd.NA, "no time": pd.NaT,
    "closure": gf.Closure("Sudzha"),
}  # fmt: skip

TEXTS = {"list", "list of text", "no text", "text", "array", "series"}
DATES: dict[str, Any] = {"start": "2022-05-01", "end": "2022-06-01", "ramp_days": 1.0, "recovery_days": 1.0}
FADES = {name: {"huge", "no axis number"} for name in ("ramp_days", "recovery_days")}
NAMED = {"text", "nothing"}
# A kind of shock, what it takes, and which odd values have a meaning.
SHOCKS: list[tuple[Callable[..., Any], dict[str, Any], dict[str, set[str]]]] = [
    (gf.Closure, {"place": "Sudzha", "share": 0.5, "via": "SK", "limit": "booked"},
     {"share": {"no axis number"}, "place": {"text"}, "via": NAMED | {"no text"}}),
    (gf.SupplyCut, {"supply": "RU", "node": "SK"},
     {"supply": NAMED | {"no text"}, "node": NAMED | {"no text"}}),
    (gf.PipeChange, {"column": "tariff", "place": "Sudzha", "change": 1.0},
     {"place": NAMED | {"no text"}, "change": {"minus one", "minus two", "huge", "no axis number"}}),
]  # fmt: skip

# A function, arguments that it takes, and per parameter the odd values that have a meaning there.
Case = tuple[Callable[..., Any], dict[str, Any], dict[str, set[str]]]
CALLS: dict[str, Case] = {
    "simulate": (
        lambda model, shock, **terms: gf.simulate(model, shock, **terms),
        {"model": HUB, "shock": gf.Closure("Sudzha"), "keep": ["prices"]},
        {"model": {"network"}, "shock": {"closure"}, "keep": {"list"}},
    ),
    "Model": (
        gf.Model,
        {"subject": HUB, "curve": "linear", "foresight": None, "ties": "any", "solver": "auto", "threads": 1},
        {"subject": {"network"}, "foresight": {"nothing"}, "threads": {"nothing"}},
    ),
    "compare": (gf.compare, {"base": ONE, "after": RESULTS}, {"base": {"results"}, "after": {"results"}}),
    "grid": (lambda shock: gf.grid(shock), {"shock": gf.Closure("Sudzha", share=[0.0, 1.0])}, {}),
    "closure_report": (
        lambda network, closure, **terms: gf.closure_report(network, closure, **terms),
        {"network": HUB, "closure": gf.Closure("Sudzha"), "ends": [HUB], "remarks": ()},
        {"network": {"network"}, "closure": {"closure"}, "ends": {"list"}, "remarks": TEXTS},
    ),
    "Results.table": (RESULTS.table, {"quantity": "prices"}, {}),
    "Results.array": (RESULTS.array, {"quantity": "prices"}, {}),
    "Results.unit": (RESULTS.unit, {"quantity": "prices"}, {}),
    "Results.items": (RESULTS.items, {"quantity": "prices"}, {}),
    "Results.total": (RESULTS.total, {"quantity": "flows"}, {}),
    "Results.mean": (RESULTS.mean, {"quantity": "flows"}, {}),
    "Results.scenario": (RESULTS.scenario, {"position": 0}, {}),
    "Results.tidy": (lambda quantity: RESULTS.tidy(quantity), {"quantity": "prices"}, {}),
    "Results.price_at": (RESULTS.price_at, {"place": "SK"}, {}),
    "Results.price_interval": (ONE.price_interval, {"place": "SK"}, {}),
    "Results.quantiles": (RESULTS.quantiles, {"levels": [0.5], "quantity": "prices"}, {"levels": set()}),
    "Results.exceedance": (
        RESULTS.exceedance,
        {"quantity": "prices", "place": "SK", "threshold": 80.0},
        {"threshold": {"minus one", "minus two", "infinity", "huge"}},
    ),
    "Results.sensitivity": (
        RESULTS.sensitivity, {"of": "prices", "to": "demand", "at": "SK", "period": 0}, {}
    ),
    "Comparison.table": (BOTH.table, {"quantity": "prices"}, {}),
    "Comparison.changes": (BOTH.changes, {"quantity": "prices"}, {}),
    "Network": (
        gf.Network,
        {"nodes": HUB.nodes, "pipes": HUB.pipes, "name": "hub", "date": "2022-05-10",
         "value_of_lost_load": 3000.0, "price_floor": 0.0},
        {"nodes": set(), "pipes": {"nothing", "table"}, "name": {"text", "no text", "nothing", "nan"},
         "date": {"no text", "day", "nothing", "nan"},
         "value_of_lost_load": {"nothing", "nan", "no text"},
         "price_floor": {"nothing", "minus one", "minus two", "nan", "no text"}},
    ),
    "Network.find": (HUB.find, {"place": "SK", "among": ["nodes"]}, {}),
    "Network.with_node": (
        HUB.with_node, {"name": "X", "kind": "country", "latitude": 50.0},
        {"name": {"text"}, "kind": {"nothing", "no text", "nan"},
         "latitude": {"nothing", "minus one", "minus two", "nan", "no text"}},
    ),
    "Network.with_demand": (HUB.with_demand, {"name": "X", "node": "SK", "volume": 5.0}, {"name": {"text"}}),
    "Network.with_pipe": (
        HUB.with_pipe, {"name": "X", "origin": "SK", "destination": "UA", "capacity": 5.0}, {"name": {"text"}}
    ),
    "Network.with_table": (HUB.with_table, {"table": "pipes", "frame": HUB.pipes}, {"frame": {"nothing", "table"}}),
    "Network.without": (
        lambda table, name: HUB.without(table, name), {"table": "pipes", "name": "SK->UA"}, {}
    ),
    "Scenario": (gf.Scenario, {"shocks": ()}, {"shocks": {"list"}}),
    "Sweep.table": (lambda columns: SWEEP.table(columns), {"columns": "prices.SK"}, {}),
    **{
        kind.__name__: (kind, given | DATES, meant | {day: {"nothing", "day"} for day in ("start", "end")} | FADES)
        for kind, given, meant in SHOCKS
    },
    "Network.replace": (HUB.replace, {"date": "2022-05-11"}, {"date": {"no text", "day", "nothing", "nan"}}),
    "Horizon": (
        gf.Horizon,
        {"networks": (HUB,), "periods": PERIODS, "policy": gf.StoragePolicy(), "notes": ()},
        {"notes": TEXTS, "networks": set()},
    ),
    "Foresight": (
        gf.Foresight,
        {"notice_days": 0.0, "rolling": False, "lookahead": 1},
        {"notice_days": {"infinity", "huge"}, "rolling": {"true"}, "lookahead": {"nothing", "huge", "beyond floats"}},
    ),
    "FillingTarget": (
        gf.FillingTarget,
        {"day": date(2022, 11, 1), "share": 0.8, "penalty": 100.0, "group": "EU"},
        {"day": {"day"}, "penalty": {"huge"}},
    ),
    "StoragePolicy": (
        gf.StoragePolicy,
        {"targets": (), "end_value": 80.0, "end_slope": 0.0, "end_level": 0.0, "end_share": 0.0, "end_penalty": 1.0},
        {"targets": {"list"}, "end_value": {"nothing", "minus one", "minus two", "huge"},
         "end_slope": {"huge"}, "end_penalty": {"huge"}},
    ),
    "flow_map": (
        plots.flow_map, {"what": RESULTS, "scenario": 0, "period": 0}, {"what": {"results"}}
    ),
    "heat_map": (
        plots.heat_map,
        {"values": PRICES, "x": "share", "y": "factor", "panel": None},
        {"panel": {"nothing"}},
    ),
    "distribution": (plots.distribution, {"values": PRICES}, {}),
    "curves": (plots.curves, {"table": TABLE}, {}),
    "fan": (
        plots.fan, {"results": RESULTS, "quantity": "flows", "place": None, "levels": [0.5]},
        {"results": {"results"}, "place": {"nothing"}},
    ),
    "absorption": (plots.absorption, {"report": REPORT}, {}),
    "price_ranges": (plots.price_ranges, {"report": REPORT}, {}),
    "sample": (
        lambda count, seed, **terms: gf.sample(count, seed, **terms),
        {"count": 8, "seed": 1, "outages": {"Sudzha": 0.5}, "method": "sobol", "correlation": None},
        {"outages": {"nothing"}, "correlation": {"nothing", "table"}},
    ),
    "scenarios_from_table": (gf.scenarios_from_table, {"table": pd.DataFrame({"lng_price_change.factor": [1.0]})}, {}),
    "AR1": (
        gf.AR1, {"deviation": 0.1, "persistence": 0.5, "summer_deviation": 0.1},
        {"deviation": {"huge"}, "summer_deviation": {"nothing", "huge"}},
    ),
    "Outage": (
        gf.Outage,
        {"place": "Sudzha", "probability": 0.5, "mean_days": 60.0, "reroute": 0.0},
        {"place": {"text"}, "mean_days": {"infinity", "huge"}},
    ),
    "winters": (
        lambda horizon, count, seed, outages: gf.sample_paths(count, seed, horizon, outages=outages),
        {"horizon": HORIZON, "count": 4, "seed": 1, "outages": []},
        {"outages": {"list"}},
    ),
    "load_europe": (
        gf.load_europe, {"date": "2022-05-10", "elasticity": "central", "storage_slope": "central"}, {"date": {"day"}}
    ),
    "horizon": (
        gf.horizon,
        {"start": "2022-05-10", "end": "2022-05-12", "step": "month", "contracts": "start", "demand": "start",
         "elasticity": "central", "end_value": 80.0},
        {"start": {"day"}, "end": set(), "step": set(),
         "end_value": {"nothing", "minus one", "minus two", "huge"}},
    ),
}  # fmt: skip
PAIRS = [(call, parameter) for call, (_, given, _) in CALLS.items() for parameter in given]


@pytest.mark.parametrize(("call", "parameter"), PAIRS, ids=lambda one: str(one))
def test_odd_values_are_refused_in_words(call: str, parameter: str) -> None:
    function, given, meant = CALLS[call]
    allowed = meant.get(parameter, set())
    # A cell that may be empty may be so in any of pandas' ways.
    allowed = allowed | {"missing", "no time"} if "nan" in allowed else allowed
    wrong = []
    for name, value in ODD.items():
        try:
            function(**(given | {parameter: value}))
        except GasflowError as error:
            if not str(error).rstrip().endswith((".", "?")):
                wrong.append(f"{name}: no advice: {error}")
            continue
        except TypeError as error:
            if "must be a pandas DataFrame" not in str(error):
                wrong.append(f"{name}: TypeError: {str(error)[:80]}")
            continue
        except Exception as error:
            wrong.append(f"{name}: {type(error).__name__}: {str(error)[:80]}")
            continue
        if name not in allowed:
            wrong.append(f"{name}: accepted")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gf.simulate("europe"), "simulate: model is 'europe', .*; give a network, a horizon"),
        (lambda: gf.Model(HUB, curve="lin"), "curve is 'lin', .*; give one of 'constant', 'linear'"),
        (lambda: gf.simulate(HUB, keep="price"), "no quantity 'price'"),
        (lambda: gf.Model(HUB, foresight=gf.Foresight()), "give a horizon, or leave out foresight"),
        (lambda: gf.compare(ONE, HUB), "compare: after is .*; give the results of gasflow.simulate"),
        (lambda: gf.simulate(HUB, keep="prices").shortages(), "'unserved' was not kept, only prices"),
        (lambda: gf.simulate(HUB, keep=()).tidy(), "Nothing was kept"),
        (lambda: RESULTS.sensitivity("price", "demand", "SK"), "of is 'price', .*; give one of 'prices', 'flows'"),
        (lambda: gf.Closure("Sudzha", ramp_days=5), "ramp_days=5 has no meaning without start"),
        (lambda: gf.Closure("Sudzha", start="2022-05-10", recovery_days=2.5), "recovery_days=2.5 .* without end"),
        (
            lambda: HORIZON.with_policy(targets=(gf.FillingTarget(date(2022, 5, 9), 0.8),)),
            "filling target of 2022-05-09 lies outside the horizon; give it a day after 2022-05-10, 2022-05-11 at",
        ),
        (
            lambda: HORIZON.with_policy(targets=(gf.FillingTarget(date(2022, 5, 12), 0.8),)),
            "of 2022-05-12 lies outside",
        ),
        (lambda: HUB.without("pipes", ["SK->UA"]), "names is .*; give names one by one"),
        (lambda: HUB.find("SK", ["abc"]), "There is no table 'abc'; use one of nodes"),
        (lambda: gf.Model(HUB, curve=10**5000), "curve is a number too long to show"),
        (lambda: gf.Scenario(5), "5 is no tuple of shocks; give one, or join shocks with"),
        (lambda: gf.Closure(np.array(["Sudzha", "SK"])), "is not one name; join shocks to several places with"),
        (lambda: SWEEP.table(["prices.SK"]), "give names one by one"),
        (lambda: gf.horizon(step=[]), "step is .*; give one of .day., .week., .month."),
        (lambda: plots.fan(RESULTS, "prices"), "does not add up over places; name one"),
    ],
)
def test_the_message_says_what_to_give(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(GasflowError, match=message):
        call()


def test_one_name_stands_for_a_list_of_one() -> None:
    assert gf.simulate(HUB, keep="prices").prices.equals(ONE.prices)


def test_one_text_stands_for_itself_and_a_list_is_as_good_as_a_tuple() -> None:
    closure = gf.Closure("Sudzha")
    assert gf.closure_report(HUB, closure, remarks="a base").remarks == ("a base",)
    assert gf.Horizon((HUB,), PERIODS, notes="a note").notes == ("a note",)
    assert gf.Scenario([closure]) == gf.Scenario((closure,))
    assert HUB.find("SK", among="nodes").name == "SK"


def test_a_filling_target_may_lie_at_the_very_end() -> None:
    target = gf.FillingTarget(PERIODS.end, 0.8)
    assert HORIZON.with_policy(targets=(target,)).policy.targets == (target,)
