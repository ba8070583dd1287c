"""How good are bases without what is no longer published? A winter that is known, rebuilt as if it were not.

After March 2023 neither send-out by country nor Norwegian deliveries by landing point were found, nor the demand of
the Balkans and Switzerland; the calibration shares out what is known as a sum, and takes the season before. Here the
same is done to six months of which everything is known: their details are taken away, their sums kept, and the bases
calibrated to the rest are held against those calibrated to all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gasflow.calibration import Calibration, Observations, calibrate
from gasflow.calibration.items import Item
from gasflow.datasets.europe.load import calibration_of, load_europe
from gasflow.datasets.europe.observed import observations
from gasflow.datasets.europe.tables import base_of
from gasflow.network import Network
from gasflow.scenarios.shock import Scenario, Shock
from gasflow.scenarios.shocks import Closure, SupplyCut
from gasflow.simulation.simulate import simulate

MONTHS = ("2022-10", "2022-11", "2022-12", "2023-01", "2023-02", "2023-03")
SUMS = {
    "Norway to the continent": (
        "flows",
        ("Dornum->DE", "Emden->DE", "Emden->NL", "Zeebrugge ZPT->BE", "Dunkerque->FR", "Nybro->DK"),
    ),
    "LNG to the EU": ("send_out", ("BE", "ES", "FI", "FR", "GR", "HR", "IT", "LT", "NL", "PL", "PT")),
}
UNSEEN_FLOWS = ("Dornum->DE", "Emden->DE", "Emden->NL", "Zeebrugge ZPT->BE", "Dunkerque->FR", "Easington->UK",
                "St Fergus->UK", "Kotlovka->LT")  # fmt: skip
UNSEEN_DEMAND = ("CH", "BA", "AL", "RS", "MK", "MD", "Kaliningrad")
SHOCKS: dict[str, Shock | Scenario] = {
    "Strandzha closes": Closure("Strandzha"),
    "Dornum closes": Closure("Dornum"),
    "an eighth of the LNG market": SupplyCut("LNG market", share=0.125),
}

_Pairs = dict[tuple[str, str], dict[str, float]]


@dataclass(frozen=True, eq=False)
class BlindTest:
    """What the rebuilt bases get wrong.

    Attributes:
        answers: change of TTF, EUR/MWh: (month, shock) x (``known`` ``blind``).
        lng: send-out by country, GWh/d: (month, node) x (``known`` ``blind``).
        landings: Norwegian deliveries by landing point, GWh/d: (month, pipe) x (``known`` ``blind``).
        borders: flows between countries that nobody observed, GWh/d: (month, pipe) x (``known`` ``blind``).
    """

    answers: pd.DataFrame
    lng: pd.DataFrame
    landings: pd.DataFrame
    borders: pd.DataFrame

    def errors(self) -> pd.DataFrame:
        """Return the mean error of each kind of figure in per cent of its mean size, and the largest of a month.

        Returns:
            (figure, ``mean`` ``largest``), per cent.
        """
        rows = {}
        for name in ("answers", "lng", "landings", "borders"):
            frame: pd.DataFrame = getattr(self, name)
            off, size = (frame["blind"] - frame["known"]).abs(), frame["known"].abs()
            by_month = 100.0 * off.groupby(level=0).mean() / size.groupby(level=0).mean()
            rows[name] = {"mean": 100.0 * float(off.mean() / size.mean()), "largest": float(by_month.max())}
        return pd.DataFrame(rows).T


def blind_test(months: tuple[str, ...] = MONTHS) -> BlindTest:
    """Rebuild months without what is no longer published, and compare.

    Args:
        months: months of which everything is known, a year after others of which it is.
    """
    answers: _Pairs = {}
    parts: dict[str, _Pairs] = {"lng": {}, "landings": {}, "borders": {}}
    for month in months:
        known, blind = calibration_of(base_of(month)), _rebuilt(month)
        for kind, values in _figures(known).items():
            other = _figures(blind)[kind]
            for place, value in values.items():
                parts[kind][month, place] = {"known": value, "blind": other.get(place, 0.0)}
        for name, shock in SHOCKS.items():
            answers[month, name] = {"known": _rise(load_europe(month), shock), "blind": _rise(blind.network, shock)}
    frames = {kind: pd.DataFrame(rows).T for kind, rows in parts.items()}
    return BlindTest(pd.DataFrame(answers).T, **frames)


def _rebuilt(month: str) -> Calibration:
    """Return the calibration of a month without its details, with the sums of what is left out."""
    known = observations()
    now = known.on(month)
    totals = [
        {"date": month, "title": title, "table": table, "places": ";".join(places),
         "value": float(here.loc[here[here.columns[1]].isin(places), "value"].sum()), "source": "blind test"}
        for title, (table, places) in SUMS.items()
        for here in [now.tables[table]]
    ]  # fmt: skip
    sums = Observations.from_tables(totals=pd.DataFrame(totals).assign(deviation=lambda f: 0.015 * f["value"] + 5.0))
    unseen = {
        "flows": known.flows["pipe"].isin(UNSEEN_FLOWS),
        "send_out": known.send_out["node"].isin(SUMS["LNG to the EU"][1]),
        "demand": known.demand["node"].isin(UNSEEN_DEMAND),
    }
    first = MONTHS[0]
    left = {name: frame[~(hidden & (frame["date"] >= first) & (frame["date"] <= month))]
            for name, hidden in unseen.items() for frame in [known.tables[name]]}  # fmt: skip
    return calibrate(calibration_of(base_of(month)).topology, Observations(**known.tables | left).joined(sums), month)


def _figures(found: Calibration) -> dict[str, dict[str, float]]:
    items = found.equilibrium.items
    pipes = items[items["quantity"] == Item.PIPE]
    terminals = pipes[pipes["origin"].str.endswith(" LNG")]
    lng = terminals.groupby("destination")["flow"].sum()
    flow = dict(zip(pipes["name"], pipes["flow"].to_numpy(np.float64).tolist(), strict=True))
    countries = found.topology.nodes.index[found.topology.nodes["kind"] == "country"]
    inner = pipes[pipes["origin"].isin(countries) & pipes["destination"].isin(countries) & pipes["observed"].isna()]
    return {
        "lng": {str(node): float(lng.get(node, 0.0)) for node in SUMS["LNG to the EU"][1]},
        "landings": {name: flow[name] for name in SUMS["Norway to the continent"][1] if name in flow},
        "borders": {str(name): flow[name] for name in inner["name"]},
    }


def _rise(network: Network, shock: Shock | Scenario) -> float:
    """Return by how much a shock raises the price of the marker."""
    before, after = (simulate(network, *given, keep=("prices",)).prices.iloc[0] for given in ((), (shock,)))
    return float(after[network.marker_node] - before[network.marker_node])


def blind_test_page() -> str:
    """Return the test as a page of the documentation."""
    test = blind_test()
    meanings = {
        "answers": "change of TTF under a shock",
        "lng": "LNG by country",
        "landings": "Norwegian gas by landing point",
        "borders": "flows that nobody observed",
    }
    errors = test.errors()
    lines = [
        "# A winter rebuilt blind\n",
        "October 2022 to March 2023, calibrated without what is not published after March 2023 (LNG by country,",
        "Norwegian landing points, the demand of the Balkans and Switzerland), with the sums of LNG and Norwegian gas",
        "kept; beside the bases calibrated to everything. `gasflow.reports.europe.blind_test.blind_test()` gives every",
        "figure.\n",
        "| figure | mean error, % | largest of a month, % |",
        "| --- | --- | --- |",
        *(f"| {meanings[str(name)]} | {row['mean']:z.0f} | {row['largest']:z.0f} |" for name, row in errors.iterrows()),
        "\nChange of TTF, EUR/MWh:\n",
        "| month | shock | bundled base | blind base |",
        "| --- | --- | --- | --- |",
    ]
    for (month, shock), row in zip(test.answers.index, test.answers.to_numpy(), strict=True):
        lines.append(f"| {month} | {shock} | {row[0]:+z.1f} | {row[1]:+z.1f} |")
    return "\n".join(lines) + "\n"
