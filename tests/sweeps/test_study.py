from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import gasflow as gf
from gasflow.cli import commands
from gasflow.errors import DayError, StudyError
from gasflow.io.csv_folder import write_csv_folder
from gasflow.sweeps.study import plan_study, read_study
from gasflow.sweeps.study_schema import KEYS, study_help
from gasflow.sweeps.sweep import Executor, run_plan

GRID = """
name = "toy"
base.toy = "transit_hub"

[[shocks]]
kind = "closure"
place = "Sokhranivka"
share = { from = 0, to = 1, steps = 5 }
reroute = [0, 1]

[sweep]
keep = ["prices.SK", "unserved.total"]
chunk = 3
"""

SAMPLE = """
base.toy = "transit_hub"

[[shocks]]
kind = "closure"
place = "Sokhranivka"
share = { distribution = "uniform", loc = 0, scale = 1 }

[[shocks]]
kind = "demand_change"
factor = { distribution = "truncnorm", a = -3, b = 3, loc = 1, scale = 0.05 }

[sample]
count = 12
seed = 3
method = "sobol"
outages = { "Gate LNG" = 0.1 }
correlation = [{ levers = ["share", "factor"], value = 0.5 }]
"""

BROKEN = """
titel = "toy"
base.toy = "transit_hob"

[[shocks]]
kind = "closre"

[[shocks]]
kind = "closure"
plase = "Sokhranivka"
share = { from = 0, to = 1 }

[[shocks]]
kind = "demand_change"
factor = { distribution = "gaussian", loc = 1 }

[[shocks]]
kind = "lng_price_change"
factor = -1

[sample]
count = 0
method = "dice"
outages = { "Gate LNG" = 2 }
correlation = [{ levers = ["share"], value = 1 }]

[horizon]
start = "soon"
step = "year"
end_slope = -1

[model]
curve = "square"
notice_days = -2

[sweep]
chunk = "many"
"""


def study(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text)
    return path


def test_a_grid_and_a_sample_are_read(tmp_path):
    grid = read_study(study(tmp_path, GRID))
    assert grid.scenarios.dims == {"share": 5, "reroute": 2}
    assert (grid.name, grid.chunk, grid.keep) == ("toy", 3, ("prices.SK", "unserved.total"))
    sample = read_study(study(tmp_path, SAMPLE))
    assert sample.scenarios.names == ["share", "factor", "outage_Gate LNG"]
    assert sample.scenarios.count == 12


def test_everything_wrong_with_a_study_is_found_at_once(tmp_path):
    with pytest.raises(StudyError) as caught:
        read_study(study(tmp_path, BROKEN))
    found = {(finding.row, finding.column) for finding in caught.value.findings}
    assert found == {
        ("", "titel"), ("base", "toy"), ("shocks 1", "kind"), ("shocks 2", "plase"), ("shocks 2", "share"),
        ("shocks 3", "factor"), ("shocks 4", ""), ("sample", "count"), ("sample", "seed"), ("sample", "method"),
        ("sample", "outages.Gate LNG"), ("sample", "correlation"), ("sweep", "chunk"),
        ("horizon", "start"), ("horizon", "step"), ("horizon", "end"), ("horizon", "end_slope"), ("model", "curve"),
        ("model", "notice_days"),
    }  # fmt: skip
    text = str(caught.value)
    assert "did you mean 'transit_hub'" in text
    assert "did you mean 'place'" in text
    assert all(finding.remedy for finding in caught.value.findings)


def test_everything_the_network_does_not_have_is_found_at_once(tmp_path):
    text = (
        GRID.replace('"Sokhranivka"', '"Sokranivka"').replace("prices.SK", "prices.SQ").replace("unserved", "unsrved")
    )
    read = read_study(study(tmp_path, text + '[[shocks]]\nkind = "supply_cut"\nsupply = "XX"\n'))
    with pytest.raises(StudyError) as caught:
        plan_study(read, gf.load_europe, gf.horizon)
    rows = [finding.row for finding in caught.value.findings]
    assert rows == ["shocks 1 (Closure)", "shocks 2 (SupplyCut)", "keep", "keep"]
    assert "Sokhranivka" in str(caught.value)


SUMMER = """
[horizon]
end = "2022-07-15"
[model]
notice_days = 0
curve = "linear"
[sweep]
keep = ["prices.SK"]
"""


def test_a_study_over_months_is_the_sweep_of_its_horizon(tmp_path):
    shock = '[[shocks]]\nkind = "closure"\nplace = "Sokhranivka"\nstart = 2022-06-01\nshare = [0, 1]\n'
    plan = plan_study(
        read_study(study(tmp_path, f'base.date = "2022-05-10"\n{shock}{SUMMER}')), gf.load_europe, gf.horizon
    )
    model = gf.Model(gf.horizon("2022-05-10", "2022-07-15"), "linear", gf.Foresight(notice_days=0.0))
    same = gf.sweep(model, gf.grid(gf.Closure("Sokhranivka", start="2022-06-01", share=[0, 1])), ["prices.SK"])
    assert run_plan(plan, None, Executor(), False).summary.equals(same.summary)
    assert [output.name[-10:] for output in plan.outputs] == ["2022-05-10", "2022-06-01", "2022-07-01"]


def test_a_network_without_a_date_says_when_its_months_begin(tmp_path):
    shock = '[[shocks]]\nkind = "demand_change"\nfactor = [1, 1.1]\n'
    text = f'base.toy = "two_nodes"\n{shock}{SUMMER.replace("prices.SK", "unserved.total")}'
    with pytest.raises(DayError):
        plan_study(read_study(study(tmp_path, text)), gf.load_europe, gf.horizon)
    dated = read_study(study(tmp_path, text.replace("[horizon]", "[horizon]\nstart = 2022-06-01")))
    assert plan_study(dated, gf.load_europe, gf.horizon).model.periods.labels == ["2022-06-01", "2022-07-01"]
    write_csv_folder(gf.toys.transit_hub(), tmp_path / "own")
    assert plan_study(dated.on(tmp_path / "own"), gf.load_europe, gf.horizon).model.network.name == "transit hub"


@pytest.mark.parametrize(
    "text", ["name = ", "", "base.toy = 'line'\nshocks = 3", "base = 1\n[sample]\ncount = 1\nseed=1"]
)
def test_files_that_are_no_study_say_so(tmp_path, text):
    with pytest.raises(StudyError):
        read_study(study(tmp_path, text))
    with pytest.raises(StudyError, match="cannot be read"):
        read_study(tmp_path / "missing.toml")


def test_the_help_explains_every_key():
    for key in KEYS:
        assert f"{key.name}: " in study_help()


def test_the_command_sweeps_and_resumes(tmp_path):
    path, out = study(tmp_path, GRID), tmp_path / "out"
    ran = CliRunner().invoke(commands, ["sweep", str(path), "--folder", str(out), "--threads", "1"])
    assert ran.exit_code == 0, ran.output
    assert "10 scenarios" in ran.output
    assert "prices.SK" in ran.output
    (shortage,) = (line for line in ran.output.splitlines() if line.startswith("Probability of a shortage"))
    assert re.fullmatch(r".*: [0-9.e+-]+ %", shortage)
    assert len(list((out / "chunks").glob("*.parquet"))) == 4
    again = CliRunner().invoke(commands, ["sweep", str(path), "--folder", str(out)])
    assert again.exit_code != 0
    assert "already holds" in again.output
    assert CliRunner().invoke(commands, ["sweep", str(path), "--folder", str(out), "--resume"]).exit_code == 0


def test_the_command_refuses_two_kinds_of_workers_and_an_empty_address(tmp_path):
    command = ["sweep", str(study(tmp_path, GRID)), "--folder", str(tmp_path / "out"), "--cluster", ""]
    assert "cluster is ''" in CliRunner().invoke(commands, command).output
    assert "not both" in CliRunner().invoke(commands, [*command, "--threads", "1"]).output


def test_the_example_study_is_sound():
    path = Path(__file__).parents[2] / "notebooks" / "studies" / "closure.toml"
    read = read_study(path)
    plan = plan_study(read, gf.load_europe, gf.horizon)
    assert plan.scenarios.count == 20_000
    assert plan.chunk_count >= 10
