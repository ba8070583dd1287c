"""One broken copy of a sound folder per rule: each is found, under its table and column, with a remedy.

The copies are broken by what a row is (a market supply, a pipe with dates), never by its name, so that any
folder with all kinds of rows can be broken in the same ways: add it to `FOLDERS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from gasflow.datasets.europe import load_europe
from gasflow.errors import Finding, GasflowWarning, NetworkError, Severity
from gasflow.io.csv_folder import check_folder, read_csv_folder, write_csv_folder
from gasflow.network import toys
from gasflow.network.checks import RULES
from gasflow.network.schema import SCHEMA

Frames = dict[str, pd.DataFrame]
Change = Callable[[Frames], None]


def _transit_hub(folder: Path) -> Path:
    return write_csv_folder(toys.transit_hub(), folder)


def _europe(folder: Path) -> Path:
    return write_csv_folder(load_europe("2022-05-10"), folder)


FOLDERS: dict[str, Callable[[Path], Path]] = {"transit hub": _transit_hub, "Europe": _europe}


@dataclass(frozen=True)
class Broken:
    """A broken copy: what it is called, where the finding must be, and how the copy is broken."""

    name: str
    table: str
    column: str
    problem: str
    change: Change

    def is_found_by(self, finding: Finding) -> bool:
        place = (f"{self.table}.csv", self.column)
        return (finding.table, finding.column) == place and self.problem in finding.problem


def _set(table: str, column: str, value: object, where: tuple[str, str] | None = None) -> Change:
    def change(frames: Frames) -> None:
        frame = frames[table]
        rows = frame.index if where is None else frame.index[frame[where[0]] == where[1]]
        frame.loc[rows[0], column] = str(value)

    return change


def _set_from(table: str, column: str, other: str, factor: float) -> Change:
    def change(frames: Frames) -> None:
        frame = frames[table]
        frame.loc[0, column] = str(float(frame.loc[0, other]) * factor + 1.0)

    return change


def _rename(table: str, column: str, new: str) -> Change:
    def change(frames: Frames) -> None:
        frames[table] = frames[table].rename(columns={column: new})

    return change


def _shared_name(frames: Frames) -> None:
    frames["pipes"].loc[0, "name"] = frames["nodes"].loc[0, "name"]


def _duplicate_name(frames: Frames) -> None:
    frames["pipes"].loc[1, "name"] = frames["pipes"].loc[0, "name"]


def _self_loop(frames: Frames) -> None:
    frames["pipes"].loc[0, "destination"] = frames["pipes"].loc[0, "origin"]


def _no_anchor(frames: Frames) -> None:
    demands = frames["demands"]
    elastic = demands.index[demands["elasticity"].map(float) < 0.0]
    demands.loc[elastic[0], "anchor_price_eur_per_mwh"] = ""


def _reversed_dates(frames: Frames) -> None:
    frames["pipes"].loc[0, ["first_day", "last_day"]] = ["2022-10-01", "2021-10-01"]


def _route_elsewhere(frames: Frames) -> None:
    supplies, pipes = frames["supplies"], frames["pipes"]
    contract = supplies.index[supplies["kind"] == "contract"][0]
    others = pipes.loc[pipes["origin"] != supplies.loc[contract, "node"], "name"]
    supplies.loc[contract, "route"] = others.iloc[0]


def _route_without_contract(frames: Frames) -> None:
    supplies, pipes = frames["supplies"], frames["pipes"]
    supplies.loc[supplies.index[supplies["kind"] == "market"][0], "route"] = pipes.loc[0, "name"]


def _route_taken(frames: Frames) -> None:
    supplies = frames["supplies"]
    contracts = supplies.index[supplies["kind"] == "contract"]
    supplies.loc[contracts[1], ["node", "route"]] = supplies.loc[contracts[0], ["node", "route"]].tolist()


def _unreachable_demand(frames: Frames) -> None:
    node = frames["nodes"].iloc[[0]].assign(name="Nowhere", statistical_difference_gwh_per_day="0")
    demand = frames["demands"].iloc[[0]].assign(name="Nobody", node="Nowhere", volume_gwh_per_day="1")
    frames["nodes"] = pd.concat([frames["nodes"], node])
    frames["demands"] = pd.concat([frames["demands"], demand])


def _round_trip(frames: Frames) -> None:
    pipes = frames["pipes"]
    there = pipes.index[pipes["capacity_gwh_per_day"].map(float) > 1.0][0]
    pipes.loc[there, ["nominated_gwh_per_day", "slope_eur_per_mwh_per_gwh_per_day"]] = ["", "0"]
    back = pipes.loc[[there]].assign(
        name="round trip",
        origin=pipes.loc[there, "destination"],
        destination=pipes.loc[there, "origin"],
        wedge_eur_per_mwh="-900",
    )
    frames["pipes"] = pd.concat([pipes, back])


CAPACITY = "capacity_gwh_per_day"
MARKET = ("kind", "market")
BROKEN = [
    Broken("empty name", "nodes", "name", "is empty", _set("nodes", "name", "")),
    Broken("unprintable name", "pipes", "name", "cannot be printed", _set("pipes", "name", "A\tB ")),
    Broken("duplicate name", "pipes", "name", "earlier row", _duplicate_name),
    Broken("shared name", "pipes", "name", "name of a node", _shared_name),
    Broken("unwritable text", "nodes", "source", "a null", _set("nodes", "source", "a\0b")),
    Broken("below minimum", "pipes", CAPACITY, "is below 0", _set("pipes", CAPACITY, -1)),
    Broken(
        "negative slope",
        "storages",
        "slope_eur_per_mwh_per_gwh_per_day",
        "is below 0",
        _set("storages", "slope_eur_per_mwh_per_gwh_per_day", -0.1),
    ),
    Broken("above maximum", "pipes", CAPACITY, "is above 1e+09", _set("pipes", CAPACITY, "1e12")),
    Broken("loss of all", "pipes", "loss", "is not below 1", _set("pipes", "loss", 1)),
    Broken("positive elasticity", "demands", "elasticity", "is above 0", _set("demands", "elasticity", 0.2)),
    Broken("latitude", "nodes", "latitude_deg", "is above 90", _set("nodes", "latitude_deg", 91)),
    Broken("unknown choice", "supplies", "kind", "is no choice", _set("supplies", "kind", "gift")),
    Broken("unknown sector", "demands", "sector", "is no choice", _set("demands", "sector", "steel")),
    Broken("unknown country", "nodes", "country", "is no country", _set("nodes", "country", "XX")),
    Broken("unknown exporter", "supplies", "exporter", "is no country", _set("supplies", "exporter", "Russia")),
    Broken("unknown node", "pipes", "origin", "is no node", _set("pipes", "origin", "Atlantis")),
    Broken("unknown node of a store", "storages", "node", "is no node", _set("storages", "node", "Atlantis")),
    Broken("unknown delivery", "supplies", "delivery", "is no node", _set("supplies", "delivery", "Atlantis")),
    Broken(
        "unknown route",
        "supplies",
        "route",
        "is no pipe",
        _set("supplies", "route", "A->B", ("kind", "contract")),
    ),
    Broken("self-loop", "pipes", "destination", "is the origin", _self_loop),
    Broken(
        "nominated above capacity",
        "pipes",
        "nominated_gwh_per_day",
        "above the capacity",
        _set_from("pipes", "nominated_gwh_per_day", CAPACITY, 1.0),
    ),
    Broken("reversed dates", "pipes", "last_day", "before the first", _reversed_dates),
    Broken(
        "minimum above volume",
        "supplies",
        "minimum_gwh_per_day",
        "above the volume",
        _set_from("supplies", "minimum_gwh_per_day", "volume_gwh_per_day", 1.0),
    ),
    Broken(
        "market without curve",
        "supplies",
        "elasticity",
        "no curve",
        _set("supplies", "elasticity", "", MARKET),
    ),
    Broken(
        "market without price",
        "supplies",
        "anchor_price_eur_per_mwh",
        "no curve",
        _set("supplies", "anchor_price_eur_per_mwh", 0, MARKET),
    ),
    Broken("demand without anchor", "demands", "anchor_price_eur_per_mwh", "no anchor", _no_anchor),
    Broken(
        "anchors differ",
        "demands",
        "anchor_price_eur_per_mwh",
        "other sectors",
        _set("demands", "anchor_price_eur_per_mwh", 90, ("sector", "industry")),
    ),
    Broken(
        "anchor too high",
        "supplies",
        "anchor_price_eur_per_mwh",
        "value of lost load over",
        _set("supplies", "anchor_price_eur_per_mwh", 2000, MARKET),
    ),
    Broken("route without contract", "supplies", "route", "no contract", _route_without_contract),
    Broken("route elsewhere", "supplies", "route", "starts at another", _route_elsewhere),
    Broken("route taken", "supplies", "route", "earlier contract", _route_taken),
    Broken(
        "level above volume",
        "storages",
        "level_gwh",
        "working volume",
        _set_from("storages", "level_gwh", "volume_gwh", 1.0),
    ),
    Broken(
        "action out of reach",
        "storages",
        "action_gwh_per_day",
        "more than the store",
        _set_from("storages", "action_gwh_per_day", "injection_gwh_per_day", -1.1),
    ),
    Broken(
        "prices reversed",
        "network",
        "value_of_lost_load_eur_per_mwh",
        "not above the price floor",
        _set("network", "value_of_lost_load_eur_per_mwh", -5),
    ),
    Broken("unknown marker", "network", "marker", "names no node", _set("network", "marker", "nowhere")),
    Broken("earning cycle", "pipes", "wedge_eur_per_mwh", "go round for money", _round_trip),
    Broken("out of reach", "demands", "node", "out of reach", _unreachable_demand),
    Broken("text for a number", "pipes", CAPACITY, "is not a number", _set("pipes", CAPACITY, "plenty")),
    Broken("decimal comma", "pipes", CAPACITY, "is not a number", _set("pipes", CAPACITY, "1,5")),
    Broken("infinite", "pipes", CAPACITY, "is not finite", _set("pipes", CAPACITY, "inf")),
    Broken("no value", "pipes", CAPACITY, "is empty", _set("pipes", CAPACITY, "")),
    Broken("bad day", "pipes", "first_day", "is not a day", _set("pipes", "first_day", "2022-02-30")),
    Broken("bad date", "network", "date", "is not a day", _set("network", "date", "May 2022")),
    Broken("no unit", "pipes", "capacity", "names no unit", _rename("pipes", CAPACITY, "capacity")),
    Broken(
        "open unit",
        "pipes",
        "capacity_mcm_per_day",
        "temperature",
        _rename("pipes", CAPACITY, "capacity_mcm_per_day"),
    ),
    Broken(
        "wrong unit",
        "pipes",
        "capacity_twh",
        "is in a unit of GWh",
        _rename("pipes", CAPACITY, "capacity_twh"),
    ),
    Broken("missing column", "pipes", CAPACITY, "is missing", lambda frames: frames["pipes"].pop(CAPACITY)),
    Broken("strange column", "pipes", "colour", "is no column", _rename("pipes", "source", "colour")),
    Broken("column twice", "pipes", "loss_percent", "a second time", _rename("pipes", "source", "loss_percent")),
]


@pytest.fixture(scope="module", params=FOLDERS)
def sound(request, tmp_path_factory) -> Path:
    return FOLDERS[request.param](tmp_path_factory.mktemp("sound") / "network")


def _broken_copy(sound: Path, broken: Broken, target: Path) -> Path:
    frames = {
        name: pd.read_csv(sound / f"{name}.csv", dtype=str, keep_default_na=False).astype(object) for name in SCHEMA
    }
    broken.change(frames)
    for name, frame in frames.items():
        frame.to_csv(target / f"{name}.csv", index=False)
    return target


def test_the_sound_folder_is_sound(sound: Path) -> None:
    assert check_folder(sound) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_copy_is_found(sound: Path, broken: Broken, tmp_path: Path) -> None:
    folder = _broken_copy(sound, broken, tmp_path)
    findings = check_folder(folder)
    assert any(map(broken.is_found_by, findings)), "\n".join(map(str, findings))
    assert all(finding.remedy for finding in findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        with pytest.raises(NetworkError) as caught:
            read_csv_folder(folder)
        assert list(caught.value.findings) == findings
    else:
        with pytest.warns(GasflowWarning, match=broken.problem):
            assert read_csv_folder(folder).findings


def test_every_rule_has_a_broken_copy() -> None:
    assert {rule.name for rule in RULES} <= {broken.name for broken in BROKEN}
    assert len(BROKEN) >= 20
