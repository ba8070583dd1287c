"""Calibrate a network to what was observed on a date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gasflow.calibration.base import network_of
from gasflow.calibration.completion import complete
from gasflow.calibration.items import Item, items_of
from gasflow.calibration.observations import Observations
from gasflow.calibration.prices import Equilibrium, equilibrium
from gasflow.calibration.reconcile import reconcile
from gasflow.calibration.references import unknown_places
from gasflow.errors import Finding, ObservationsError
from gasflow.network import Network
from gasflow.network.days import Day, day_or_month

# Share of a volume from which an estimate is named.
_WORTH_SAYING = 0.01


@dataclass(frozen=True, eq=False)
class Calibration:
    """A network as it was on a date, and everything that was done to the figures on the way.

    Attributes:
        date: the day, or the month.
        seen: what was seen, with what was estimated where nothing was.
        estimated: what nobody saw: (row, ``table`` ``place`` ``value`` ``rule``), GWh/d.
        equilibrium: the items, with flows, wedges and prices.
        topology: the network that was calibrated.
        findings: figures that the network has no room for.
    """

    date: str
    seen: Observations
    estimated: pd.DataFrame
    equilibrium: Equilibrium
    topology: Network
    findings: tuple[Finding, ...]

    @property
    def network(self) -> Network:
        """The network: without a shock it returns the reconciled quantities and the price of its marker.

        Its name says how much of it is an estimate.
        """
        network = self.applied_to(self.topology)
        parts = [f"{table.replace('_', ' ')} {share:.0%}" for table, share in self.estimated_shares.items()
                 if share > _WORTH_SAYING]  # fmt: skip
        return network.replace(name=f"{network.name}; estimated: {', '.join(parts)}") if parts else network

    def applied_to(self, topology: Network) -> Network:
        """Return another network of the same places, such as one with other elasticities, as calibrated."""
        return network_of(topology, self.equilibrium, self.seen)

    @property
    def estimated_shares(self) -> dict[str, float]:
        """How much of the volume of each table nobody saw, 0 to 1."""
        shares = {}
        for table, rows in self.estimated.groupby("table"):
            whole = float(self.seen.tables[str(table)]["value"].abs().sum())
            shares[str(table)] = float(rows["value"].abs().sum()) / whole if whole else 0.0
        return shares

    @property
    def adjustments(self) -> pd.DataFrame:
        """Every adjustment of the reconciliation, and every statistical difference.

        Returns:
            One row per item: ``quantity``, ``name``, ``node``, ``observed``, ``reconciled`` and ``adjustment`` in
            GWh/d, ``share`` of the observed figure (of demand for a statistical difference), ``source``, ``quality``.
        """
        items = self.equilibrium.items
        items = items[items["observed"].notna()]
        demand = items[items["quantity"] == Item.DEMAND].groupby("origin")["observed"].sum()
        node = items["destination"].where(items["quantity"] != Item.DEMAND, items["origin"])
        adjustment = items["reconciled"] - items["observed"]
        size = items["observed"].abs().where(items["quantity"] != Item.DIFFERENCE, node.map(demand))
        return pd.DataFrame(
            {
                "quantity": items["quantity"].astype(str),
                "name": items["name"],
                "node": node,
                "observed": items["observed"],
                "reconciled": items["reconciled"],
                "adjustment": adjustment,
                "share": adjustment / size.where(size > 0.0),
                "source": items["source"],
                "quality": items["quality"],
            }
        ).reset_index(drop=True)

    @property
    def wedges(self) -> pd.DataFrame:
        """What calibration adds to the tariff of each observed pipe and terminal, EUR/MWh, largest first.

        Returns:
            (pipe, ``tariff`` ``wedge`` ``price_origin`` ``price_destination``).
        """
        items, price = self.equilibrium.items, self.equilibrium.price
        pipes = items[(items["quantity"] == Item.PIPE) & (items["wedge"] != 0.0)]
        table = pd.DataFrame(
            {
                "tariff": pipes["cost"],
                "wedge": pipes["wedge"],
                "price_origin": pipes["origin"].map(price),
                "price_destination": pipes["destination"].map(price),
            }
        ).set_index(pipes["name"])
        return table.sort_values("wedge", key=np.abs, ascending=False)


def calibrate(topology: Network, observations: Observations, date: Day) -> Calibration:
    """Find the network that returns what was observed on a date.

    Args:
        topology: places, capacities, tariffs, elasticities, stores. Its volumes of demand, production and contracts
            stand in where nothing was observed, and for nothing else.
        observations: what was seen on the date and, for what is missing, before.
        date: day as 2025-01-15, or month as 2025-01.

    Returns:
        The calibration with its ``network`` and its report.

    Raises:
        ObservationsError: if rows name places that the network does not have, or the price of the marker is missing.
        GasflowError: if the figures cannot be reconciled.

    Example:
        >>> from gasflow.network.toys import two_nodes
        >>> demand = pd.DataFrame({"date": "2025-01", "node": ["B"], "value": [40.0], "deviation": [1.0]})
        >>> flows = pd.DataFrame({"date": "2025-01", "pipe": ["A->B"], "value": [43.0], "deviation": [2.0]})
        >>> prices = pd.DataFrame({"date": "2025-01", "node": ["B"], "price": [48.0]})
        >>> seen = Observations.from_tables(demand=demand, flows=flows, prices=prices)
        >>> found = calibrate(two_nodes(), seen, "2025-01")
        >>> found.adjustments[["name", "observed", "reconciled"]].round(1)[:2].values.tolist()
        [['A->B', 43.0, 42.9], ['B total', 40.0, 40.1]]
        >>> found.estimated[["place", "value", "rule"]].values.tolist()
        [['A', 80.0, 'the network itself']]
    """
    label = day_or_month(date)
    findings = unknown_places(topology, observations.on(label), label)
    if findings:
        raise ObservationsError(findings)
    seen, estimated = complete(topology, observations, label)
    items, notes = items_of(topology, seen)
    found = equilibrium(topology, reconcile(topology, items, seen, label), seen, label)
    return Calibration(label, seen, estimated, found, topology, tuple(notes))
