"""From downloaded files to a base of one's own day, and a closure on it, without a line of Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gasflow.cli import commands
from gasflow.io.csv_folder import read_csv_folder

FLOW = {
    "indicator": "Physical Flow",
    "periodType": "day",
    "periodFrom": "2026-05-10T06:00:00+02:00",
    "periodTo": "2026-05-11T06:00:00+02:00",
    "operatorKey": "IT-TSO-0001",
    "operatorLabel": "Snam",
    "pointLabel": "Mazara del Vallo",
    "directionKey": "entry",
    "unit": "kWh/d",
    "value": "610500000",
}
STORE = {
    "name": "Germany", "code": "DE", "gasDayStart": "2026-05-10", "gasInStorage": "80.5", "injection": "900.1",
    "withdrawal": "5", "workingGasVolume": "247.8",
}  # fmt: skip
EUROSTAT = "freq,nrg_bal,siec,unit,geo\\TIME_PERIOD\t2026-05 \nM,IC_CAL_MG,G3000,TJ_GCV,DE\t180000.0 p\n"


def csv_of(rows: list[dict[str, str]], separator: str = ",") -> str:
    return "\n".join(separator.join(row) for row in [list(rows[0]), *(list(row.values()) for row in rows)]) + "\n"


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


def test_an_assessment_of_lng_gives_the_marker(raw: Path) -> None:
    head = "date,eu_des_lng_eur_mwh,spread_eu_ttf_eur_mwh"
    (raw / "acer.csv").write_text(f"{head}\n2026-05-10,44.5,-1.5\n")
    result = run("read", "acer", raw / "acer.csv", "--out", raw / "seen")
    assert result.exit_code == 0, result.output
    result = run("base", "--date", "2026-05-10", "--observations", raw / "seen", "--out", raw / "network")
    assert result.exit_code == 0, result.output
    assert "TTF 46.00 EUR/MWh" in result.output
