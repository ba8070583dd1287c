"""Whatever stands in a study file: a plan, or findings."""

from __future__ import annotations

import tomllib
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import gasflow as gf
from gasflow.errors import GasflowError, StudyError
from gasflow.sweeps.plan import Plan
from gasflow.sweeps.study import plan_study, read_study
from tests.sweeps.test_study import GRID, SAMPLE, study

# One of every type that TOML knows, and of every number that computers do not like.
VALUES: list[Any] = [
    "x", "\0", -1, 3, 2**63 - 1, 10**400, 0.5, 1e308, float("-inf"), float("nan"), True, date(2022, 5, 10),
    datetime(2022, 5, 10, 7, tzinfo=UTC), time(7), [], ["x", 1], [[1, 2]], [{}], {"x": 1},
    {"from": 0, "to": 1, "steps": 2}, {"distribution": ["uniform"]},
]  # fmt: skip

EVERYTHING = """
name = "all"
base.date = "2022-05-10"
[[shocks]]
kind = "closure"
place = "Sokhranivka"
share = { from = 0, to = 1, steps = 5 }
reroute = [0, 1]
via = "Sudzha"
limit = "technical"
start = 2022-05-01
end = "2022-06-01"
ramp_days = 3
recovery_days = 2.5
[horizon]
end = 2022-08-01
step = "month"
contracts = "observed"
end_slope = 1.5
[model]
curve = "linear"
ties = "any"
solver = "auto"
notice_days = 3
[sweep]
keep = ["prices.SK"]
chunk = 10
"""


def over(network: gf.Network, start: date, end: date, step: str, contracts: str) -> gf.Horizon:
    """A network for each of some periods, no more than a few."""
    return gf.Horizon.steady(network, gf.Periods.between(start, end, step if (end - start).days < 400 else [start]))


def toml(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\0", "\\u0000") + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(one)}' for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return value.isoformat() if isinstance(value, date | time) else repr(value)


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """The path to everything in a study."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (key,)
        yield from ((key, *rest) for rest in places(value[key]))


def with_value(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The same with another value at a place."""
    if not path:
        return value
    pairs = content.items() if isinstance(content, dict) else enumerate(content)
    changed = {key: with_value(one, path[1:], value) if key == path[0] else one for key, one in pairs}
    return changed if isinstance(content, dict) else list(changed.values())


def outcome(folder: Path, content: dict[str, Any], network: gf.Network) -> Plan | GasflowError:
    text = "\n".join(f'"{key}" = {toml(value)}' for key, value in content.items())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            read = read_study(study(folder, text))
            return plan_study(read, lambda day: network, partial(over, network))
        except GasflowError as error:
            return error


@pytest.mark.slow
@pytest.mark.parametrize("text", [SAMPLE, EVERYTHING], ids=["sample", "grid"])
def test_any_value_at_any_key_is_a_plan_or_a_finding(text, tmp_path):
    content, hub = tomllib.loads(text), gf.toys.transit_hub()
    tables = {name: table for name, table in hub.tables.items() if name != "network"}
    network = gf.Network(**tables, date="2022-05-10")
    outcomes = []
    for path in places(content):
        for value in VALUES:
            try:
                outcomes.append(outcome(tmp_path, with_value(content, path, value), network))
            except Exception as error:
                raise AssertionError(f"{value!r} at {path}") from error
    plans = sum(isinstance(one, Plan) for one in outcomes)
    assert 0.02 < plans / len(outcomes) < 0.5
    for error in outcomes:
        if isinstance(error, StudyError):
            assert all(finding.problem and finding.remedy for finding in error.findings)


TELLING = [
    ("steps = 5", "steps = inf", "shocks 1", "share"),
    ("steps = 5", "steps = 2.5", "shocks 1", "share"),
    ("steps = 5", "steps = 1_000_000_000_000", "shocks 1", "share"),
    ("steps = 5", "steps = true", "shocks 1", "share"),
    ("reroute = [0, 1]", "reroute = [0, true]", "shocks 1", "reroute"),
    ('name = "toy"', "name = [true]", "", "name"),
    ("chunk = 3", "chunk = 1_000_000_000", "sweep", "chunk"),
    ('"prices.SK"', "1", "sweep", "keep"),
    ("reroute =", "stage =", "shocks 1", "stage"),
]


@pytest.mark.parametrize(("old", "new", "row", "column"), TELLING)
def test_values_of_the_wrong_kind_are_found_where_they_stand(old, new, row, column, tmp_path):
    assert old in GRID
    with pytest.raises(StudyError) as caught:
        read_study(study(tmp_path, GRID.replace(old, new)))
    assert [(finding.row, finding.column) for finding in caught.value.findings] == [(row, column)]


@pytest.mark.parametrize("depth", [30, 5_000])
def test_keys_of_any_depth_are_a_finding(depth, tmp_path):
    with pytest.raises(StudyError, match="goes too deep; write at most 20 levels"):
        read_study(study(tmp_path, GRID + f"\n{'.'.join('a' * depth)} = 1\n"))


@pytest.mark.parametrize("levers", ["[1, 2]", '[["a"], ["b"]]', '["share", "share"]', '["share"]', "3"])
def test_correlations_need_two_levers_by_name(levers, tmp_path):
    with pytest.raises(StudyError) as caught:
        read_study(study(tmp_path, SAMPLE.replace('["share", "factor"]', levers)))
    assert [finding.column for finding in caught.value.findings] == ["correlation"]


def test_a_study_of_any_length_is_planned_at_once(tmp_path):
    text = SAMPLE.replace("count = 12", "count = 1_000_000_000_000").replace('"sobol"', '"random"')
    read = read_study(study(tmp_path, text))
    plan = plan_study(read, gf.load_europe, gf.horizon)
    assert plan.chunk_count == 244_140_625
    assert plan.span(plan.chunk_count - 1) == (999_999_995_904, 1_000_000_000_000)


@pytest.mark.parametrize("text", [b"\xff\xfe", b"x = " + b"[" * 10_000, b"x = " + b"9" * 5_000, b"\0", b"a.b.c"])
def test_files_that_are_no_toml_say_so(text, tmp_path):
    path = tmp_path / "study.toml"
    path.write_bytes(text)
    with pytest.raises(StudyError, match=r"is not TOML|is too large"):
        read_study(path)


def test_a_mark_of_the_byte_order_is_no_obstacle(tmp_path):
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GRID.encode())
    assert read_study(path).name == "toy"
