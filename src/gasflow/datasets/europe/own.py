"""Europe on a day that is not bundled, from what a user observed."""

from __future__ import annotations

import pandas as pd

from gasflow.calibration import Calibration, Observations, calibrate
from gasflow.datasets.europe.load import date_of
from gasflow.datasets.europe.observed import observations
from gasflow.datasets.europe.tables import read_table, span_of
from gasflow.datasets.europe.topology import topology
from gasflow.network import Network
from gasflow.network.days import Day


def calibrate_europe(own: Observations, date: Day) -> Calibration:
    """Calibrate Europe to observations of one's own, on any day from 2021 on.

    Args:
        own: what was observed; it counts before what is bundled, which stands in where it says nothing.
        date: day or month.

    Raises:
        ObservationsError: if rows name places that the network does not have, or the price of TTF is missing.
        GasflowError: if the figures cannot be reconciled.

    Example:
        >>> prices = pd.DataFrame({"date": ["2026-05"], "node": ["NL"], "price": [46.0]})
        >>> found = calibrate_europe(Observations.from_tables(prices=prices), "2026-05")
        >>> found.network.name
        'Europe, 2026-05; estimated: demand 100%, flows 100%, production 100%, send out 100%, storage 100%'
        >>> round(float(found.equilibrium.price["NL"]), 1)
        46.0
    """
    return calibrate(topology_on(date), observations().joined(own), span_of(date).label)


def topology_on(date: Day) -> Network:
    """Return the places, pipes and stores of Europe on any day, without quantities.

    Example:
        >>> "Mukran LNG" in topology_on("2026-09").nodes.index, "Mukran LNG" in topology_on("2022-05").nodes.index
        (True, False)
    """
    base = span_of(date)
    return topology(base, date_of(base))


def points() -> pd.DataFrame:
    """Return which points of the ENTSOG platform belong to which pipe, as `gasflow.calibration.placing` takes them.

    Example:
        >>> points().query("pipe == 'Strandzha->BG'")["point"].tolist()
        ['strandzha']
    """
    return read_table("points")
