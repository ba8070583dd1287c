"""The same lost volume on several bases: where does it matter more, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gasflow.core.solution import Status
from gasflow.errors import GasflowError
from gasflow.network.network import Network
from gasflow.network.schema import SupplyKind
from gasflow.reports.figures import marker_price, percent_change
from gasflow.results.absorption import INJECTION, LNG, WITHDRAWAL, absorbed
from gasflow.results.comparison import compare
from gasflow.results.results import Results
from gasflow.scenarios.routes import entering_pipes
from gasflow.scenarios.shocks import Closure
from gasflow.simulation.simulate import simulate

_RESPONSES = ("storage", "LNG", "demand")


@dataclass(frozen=True, eq=False)
class SameLoss:
    """A loss of the same volume on several bases.

    Attributes:
        volume: what is lost, GWh/d.
        table: one row per base: ``marker_before``, ``marker_after`` (EUR/MWh) and ``marker_percent``; ``demand``
            (GWh/d, size of the market); ``lng_use`` and ``withdrawal_use`` (percent of capacity, before); and the
            response of ``storage``, ``LNG`` and ``demand_response``: GWh/d that each gives per EUR/MWh on the marker.
    """

    volume: float
    table: pd.DataFrame

    @property
    def larger(self) -> str:
        """The base on which the marker rises by the larger percentage."""
        return str(self.table["marker_percent"].idxmax())

    @property
    def reason(self) -> str:
        """Why, in one paragraph made of the results."""
        most, least = self.larger, str(self.table["marker_percent"].idxmin())
        names = [str(name) for name in self.table.columns]
        rows = [self.table.to_numpy()[self.table.index.get_loc(base)] for base in (most, least)]
        one, two = ({name: float(value) for name, value in zip(names, row, strict=True)} for row in rows)
        gaps = {name: two[f"{name}_response"] - one[f"{name}_response"] for name in _RESPONSES}
        weakest = max(gaps, key=lambda name: gaps[name])
        total = [sum(row[f"{name}_response"] for name in _RESPONSES) for row in (one, two)]
        weak = [row[f"{weakest}_response"] for row in (one, two)]
        return (
            f"A loss of {self.volume:z,.0f} GWh/d raises the price by {one['marker_percent']:z.2f} % ({most}) against "
            f"{two['marker_percent']:z.2f} % ({least}). For every EUR/MWh the market gives {total[0]:z,.0f} against "
            f"{total[1]:z,.0f} GWh/d, and most of the difference is the response of {weakest}: "
            f"{weak[0]:z,.0f} against {weak[1]:z,.0f}. LNG terminals run at {one['lng_use']:z.0f} % "
            f"against {two['lng_use']:z.0f} % of capacity, stores withdraw at {one['withdrawal_use']:z.0f} % against "
            f"{two['withdrawal_use']:z.0f} %; the market is {one['demand']:z,.0f} against {two['demand']:z,.0f} GWh/d, "
            f"and the price before the loss {one['marker_before']:z.1f} against {two['marker_before']:z.1f} EUR/MWh."
        )


def same_loss(volume: float, networks: Sequence[Network], places: Sequence[str]) -> SameLoss:
    """Take the same volume away from each network by closing a share of some places.

    Args:
        volume: GWh/d that no longer flow through the places together.
        networks: the bases, each with its own name; all with a marker.
        places: what closes; the share is the same for all and follows from the volume.

    Raises:
        GasflowError: if the places carry less than the volume on a base.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub().with_node("SK", hub="TTF")
        >>> winter = hub.with_demand("SK households", volume=900.0).replace(name="winter")
        >>> same_loss(249.0, [hub, winter], ["Sokhranivka", "Sudzha"]).table["withdrawal_use"].round(0).to_dict()
        {'transit hub': 0.0, 'winter': 36.0}
    """
    rows = {network.name: _on(network, volume, places) for network in networks}
    return SameLoss(volume, pd.DataFrame(rows).T.rename_axis("base"))


def _on(network: Network, volume: float, places: Sequence[str]) -> dict[str, float]:
    base = simulate(network)
    through = entering_pipes(network, [network.find(place) for place in places])
    carried = float(base.array("flows")[through, 0, 0].sum())
    if not 0.0 < volume <= carried:
        where = " and ".join(places)
        raise GasflowError(
            f"{where} carry {carried:z,.1f} GWh/d on {network.name}", "give a volume up to that, above 0"
        )
    after = simulate(network, *(Closure(place, share=volume / carried) for place in places))
    status = Status(int(max(base.diagnostics.status.max(), after.diagnostics.status.max())))
    if not status.is_answer:
        raise GasflowError(f"No answer for {network.name}: {status.message}")
    account = absorbed(compare(base, after), *places).iloc[0]
    before, then = marker_price(base), marker_price(after)
    demand = account[account.index.str.startswith("demand")].sum()
    rise = then - before
    return {
        "marker_before": before,
        "marker_after": then,
        "marker_percent": percent_change(before, then),
        "demand": float(base.array("demand")[:, 0, 0].sum()),
        "lng_use": _lng_use(base),
        "withdrawal_use": _withdrawal_use(base),
        "storage_response": float(account[INJECTION] + account[WITHDRAWAL]) / rise,
        "LNG_response": float(account[LNG]) / rise,
        "demand_response": float(demand) / rise,
    }


def _lng_use(base: Results) -> float:
    """Flow on the pipes from world markets in percent of their capacity."""
    pipes, supplies = base.network.pipes, base.network.supplies
    markets = supplies.loc[supplies["kind"] == SupplyKind.MARKET, "node"]
    rows = np.asarray(pipes["origin"].isin(markets))
    return 100.0 * float(base.array("flows")[rows, 0, 0].sum() / pipes["capacity"].to_numpy()[rows].sum())


def _withdrawal_use(base: Results) -> float:
    """Net withdrawal of the stores that withdraw in percent of what all could withdraw."""
    drawn = np.maximum(base.array("storage")[:, 0, 0], 0.0).sum()
    return 100.0 * float(drawn / base.network.storages["withdrawal"].sum())
