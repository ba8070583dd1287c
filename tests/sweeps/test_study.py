from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import gasflow as gf
from gasflow.cli import commands
from gasflow.errors import StudyError
from gasflow.sweeps.study import plan_study, read_study
from gasflow.sweeps.study_schema import KEYS, study_help

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

[sweep]
chunk = "many"
curve = "square"
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
        ("sample", "outages.Gate LNG"), ("sample", "correlation"), ("sweep", "chunk"), ("sweep", "curve"),
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
        plan_study(read, read.network(gf.load_europe))
    rows = [finding.row for finding in caught.value.findings]
    assert rows == ["shocks 1 (Closure)", "shocks 2 (SupplyCut)", "keep", "keep"]
    assert "Sokhranivka" in str(caught.value)


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
    plan = plan_study(read, read.network(gf.load_europe))
    assert plan.scenarios.count == 20_000
    assert plan.chunk_count >= 10
