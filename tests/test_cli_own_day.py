"""From downloaded files to a base of one's own day, and a closure on it, without a line of Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gasflow.cli import commands
from gasflow.io.csv_folder import read_csv_folder
from tests.io.readers.test_readers import FLOW, STORE, csv_of

EUROSTAT = "freq,nrg_bal,siec,unit,geo\\TIME_PERIOD\t2026-05 \nM,IC_CAL_MG,G3000,TJ_GCV,DE\t180000.0 p\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(word) for word in arguments])


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    turkish = {"operatorKey": "BG-TSO-0001", "pointLabel": "Strandzha 2 (BG) / Malkoclar (TR)", "value": "455000000"}
    (tmp_path / "entsog.csv").write_text(csv_of([FLOW, FLOW | turkish, FLOW | {"pointLabel": "Atlantis"}]))
    (tmp_path / "agsi.csv").write_text(csv_of([STORE], ";"))
    (tmp_path / "eurostat.tsv").write_text(EUROSTAT)
    return tmp_path


def test_three_commands_make_a_base_on_which_a_route_closes(raw: Path) -> None:
    seen, network = raw / "seen", raw / "network"
    for kind, file in (("entsog", "entsog.csv"), ("agsi", "agsi.csv"), ("eurostat", "eurostat.tsv")):
        result = run("read", kind, raw / file, "--out", seen)
        assert result.exit_code == 0, result.output
        assert ("Atlantis" in result.output) == (kind == "entsog")
    result = run("base", "--date", "2026-05-10", "--observations", seen, "--price", 46, "--out", network)
    assert result.exit_code == 0, result.output
    assert "TTF 46.00 EUR/MWh" in result.output
    assert "demand: mean of its month" in result.output
    made = read_csv_folder(network)
    assert made.pipes.at["RU->Strandzha", "nominated"] == pytest.approx(455.0, abs=5.0)
    result = run("close", "Strandzha", "--network", network)
    assert result.exit_code == 0, result.output
    assert "estimated:" in result.output


def test_without_a_price_the_marker_is_asked_for(raw: Path) -> None:
    run("read", "agsi", raw / "agsi.csv", "--out", raw / "seen")
    result = run("base", "--date", "2026-05-10", "--observations", raw / "seen", "--out", raw / "network")
    assert result.exit_code == 2
    assert "no price of the marker TTF on 2026-05-10" in result.output
    assert not (raw / "network").exists()
