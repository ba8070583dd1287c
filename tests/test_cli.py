"""The command line: what it prints, what it refuses, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import gasflow as gf
from gasflow.cli import COMMANDS, commands
from gasflow.io.csv_folder import write_csv_folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, [*arguments])


@pytest.fixture(scope="module")
def page() -> Result:
    return run("close", "sokhranovka")


@pytest.fixture(scope="module")
def as_json() -> Result:
    return run("close", "Sokhranivka", "--reroute", "1", "--limit", "booked", "--json")


def test_the_page_answers_every_question(page: Result) -> None:
    assert page.exit_code == 0
    for words in (
        "Sokhranivka", "29.7 %", "95.8", "transit, entries", "transit, exits", "who made up for the loss",
        "largest changes of flow", "TTF", "NBP", "after: low", "welfare", "revenue of RU", "shortages", "optimal",
    ):  # fmt: skip
        assert words in page.output, words
    assert page.stderr == ""


def test_the_page_fits_80_columns_and_is_plain_when_piped(page: Result) -> None:
    assert max(map(len, page.output.splitlines())) <= 80
    assert "\x1b" not in page.output


@pytest.mark.slow
def test_transit_is_shown_where_it_matters(page: Result) -> None:
    assert "Ukraine" not in run("close", "Nord Stream 1").output
    kept = run("close", "Sokhranivka", "--reroute", "1").output
    assert "UA transit, exits" in kept
    assert "100 % to be re-routed within technical capacity" in kept


def test_several_long_places_still_fit() -> None:
    result = run("close", "Nord Stream", "kondratki", "Swinoujscie LNG", "--date", "2022-01")
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80


def test_json_is_one_object_and_nothing_else(as_json: Result) -> None:
    report = json.loads(as_json.stdout)
    assert report["date"] == "2022-05-10"
    assert report["closed"][0]["limit"] == "booked"
    assert report["rerouted_gwh_per_day"] / 10.45 == pytest.approx(5.2, abs=0.1)
    lost = (report["baseline"]["hub_mcm_per_day"] - report["after"]["hub_mcm_per_day"]) * 10.45
    assert sum(entry["gwh_per_day"] for entry in report["absorbed"]) == pytest.approx(lost, abs=1e-6)


def test_a_whole_exporter_closes() -> None:
    result = run("close", "--exporter", "ru", "--date", "2022-01", "--json")
    report = json.loads(result.stdout)
    assert len(report["closed"]) >= 8
    assert report["highest_prices"][0]["full"]
    assert report["exporters"] == ["RU"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Sokranivka"], "Did you mean 'Sokhranivka'"),
        (["Zeebrugge"], "'Zeebrugge LNG'"),
        ([], "Name a PLACE"),
        (["sudzha", "--share", "1.5"], "share=1.5"),
        (["sudzha", "--share", "nan"], "share=nan"),
        (["sudzha", "--share", "much"], "not a valid float"),
        (["sudzha", "--limit", "moral"], "'moral' is not one of"),
        (["sudzha", "--date", "2030-01-01"], "2026-03"),
        (["sudzha", "--date", "yesterday"], "yesterday"),
        (["Nord Stream 1", "--reroute", "0.5"], "no other route"),
        (["NL->DE", "--reroute", "1"], "leave out reroute"),
        (["sudzha", "--reroute", "1", "--via", "Atlantis"], "Atlantis"),
        (["--exporter", "XX"], "exporters by route are"),
    ],
)
def test_misuse_ends_with_one_message_and_code_2(arguments: Sequence[str], words: str) -> None:
    result = run("close", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


CLOSING = [
    (("sokhranivka",), "2022-05-11"), (("RU->Sokhranivka",), "2022-05-11"), (("--exporter", "ru"), "2022-05-11"),
    (("sokhranivka",), "2022-05-01"), (("sokhranivka",), "2022-05-09"), (("sokhranivka",), "2022-05-31"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "day"), CLOSING)
def test_in_the_month_of_the_closing_the_answer_is_that_of_the_day_before(arguments: Sequence[str], day: str) -> None:
    report = json.loads(run("close", *arguments, "--date", day, "--json").stdout)
    assert report["date"] == "2022-05-10"
    closed = "Sokhranivka closed on 2022-05-11; the answer is that of 2022-05-10, the day before, as nominated"
    assert report["notes"][0] == closed
    assert report["baseline"] == json.loads(run("close", *arguments, "--json").stdout)["baseline"]


@pytest.mark.slow
def test_the_month_of_the_closing_is_said_to_be_a_mean() -> None:
    report = json.loads(run("close", "sokhranivka", "--date", "2022-05", "--json").stdout)
    (note,) = report["notes"]
    assert "2022-05 is the mean of days with and without it" in note
    assert "ask for 2022-05-10" in note
    assert json.loads(run("close", "sudzha", "--date", "2022-05", "--json").stdout)["notes"] == []


@pytest.mark.slow
def test_closing_what_carries_nothing_says_so() -> None:
    words = "Sokhranivka carries nothing without the closure"
    assert words in " ".join(run("close", "sokhranivka", "--date", "2022-07-15").output.split())
    report = json.loads(run("close", "sokhranivka", "sudzha", "--date", "2022-07", "--json").stdout)
    assert report["notes"] == [f"{words}: closing it takes no gas away"]
    assert json.loads(run("close", "sudzha", "--date", "2022-05-11", "--json").stdout)["notes"] == []


def test_a_share_of_minus_nothing_is_nothing() -> None:
    result = run("close", "sokhranivka", "--share", "-0")
    assert "closes to 0 %, nothing re-routed" in result.output, result.output


def test_a_closure_of_nothing_is_noted() -> None:
    result = run("close", "sudzha", "--share", "0")
    assert "note: Sudzha closes to 0 %: nothing changes there" in result.stdout


def test_an_unknown_place_is_answered_without_python() -> None:
    result = run("close", "qqqqqq")
    assert result.exit_code == 2
    assert "nodes.index" not in result.stderr
    assert "tables of nodes and pipes" in result.stderr


def test_an_exact_name_wins_over_an_alias() -> None:
    result = run("close", "Zeebrugge ZPT", "--json")
    assert json.loads(result.stdout)["closed"][0]["place"] == "Zeebrugge ZPT"


def test_csv_is_written_whole_and_again(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    for _ in range(2):
        result = run("close", "sudzha", "--csv", str(folder))
        assert result.exit_code == 0, result.stderr
    flows = pd.read_csv(folder / "flows.csv", index_col="pipe")
    assert flows.loc["RU->Sudzha", "after_gwh_per_day"] == 0.0
    assert pd.read_csv(folder / "summary.csv")["figure"].str.startswith("marker").any()
    assert [entry.name for entry in tmp_path.iterdir()] == ["tables"]


def test_csv_leaves_a_folder_with_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    result = run("close", "sudzha", "--csv", str(tmp_path))
    assert result.exit_code == 2
    assert "holds other files" in result.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["diary.txt"]


def test_check_passes_a_sound_folder(tmp_path: Path) -> None:
    folder = write_csv_folder(gf.toys.transit_hub(), tmp_path / "hub")
    result = run("check", str(folder))
    assert result.exit_code == 0
    assert "9 nodes" in result.output


def test_check_lists_every_finding_and_ends_with_1(tmp_path: Path) -> None:
    folder = write_csv_folder(gf.toys.transit_hub(), tmp_path / "hub")
    text = (folder / "pipes.csv").read_text().replace("340.0", "-340.0").replace("Gate LNG,SK", "Gate LNG,SQ")
    (folder / "pipes.csv").write_text(text)
    result = run("check", str(folder))
    assert result.exit_code == 1
    assert "'SQ' is no node" in result.stdout
    assert result.stdout.count("is below 0") >= 2
    assert "findings" in result.stderr


def test_check_shows_warnings_and_accepts_the_network(tmp_path: Path) -> None:
    folder = write_csv_folder(gf.toys.two_nodes().without("pipes", "A->B"), tmp_path / "cut")
    result = run("check", str(folder))
    assert result.exit_code == 0
    assert "warning: demands.csv, row 'line 2 (town)'" in result.stdout
    assert "2 nodes" in result.stdout
    assert "1 warning in" in result.stderr


def test_check_of_nothing_is_a_finding(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert "is not a folder" in result.output


def test_help_and_version_need_no_command() -> None:
    help_page = run("--help")
    assert help_page.exit_code == 0
    for name in COMMANDS:
        assert name in help_page.output
    assert "gasflow" in run("--version").output
    assert run("clse").exit_code == 2
    assert "--reroute" in run("close", "--help").output


@pytest.mark.parametrize("module", ["gasflow", "gasflow.cli"])
def test_the_start_is_light(module: str) -> None:
    heavy = {"numpy", "pandas", "scipy", "numba", "matplotlib", "dask", "pyarrow", "rich", "clarabel"}
    code = f"import sys, {module}; print(*(sys.modules.keys() & {heavy!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == ""


def test_every_public_name_is_there() -> None:
    assert len(gf.__all__) <= 45
    assert all(getattr(gf, name) is not None for name in gf.__all__)
    assert set(gf.__all__) <= set(dir(gf))
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        gf.simulat  # noqa: B018
