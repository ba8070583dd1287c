"""PyPSA: the linear programme with steps as a network of buses, links and generators; gas is the carrier.

The network is built once; each scenario replaces its static numbers and calls `optimize` with HiGHS.
"""

from __future__ import annotations

import logging
import warnings

import numpy as np
import pandas as pd
import pypsa

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows

_ENDLESS = 1e6  # GWh/d; PyPSA wants finite capacities


class PypsaModel(Peer):
    """A column with two ends becomes a link, one with a single end a generator of its sign."""

    name = "PyPSA"

    def __init__(self, rows: Rows) -> None:
        logging.getLogger("pypsa").setLevel(logging.ERROR)
        logging.getLogger("linopy").setLevel(logging.ERROR)
        self.rows = rows
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyPSA on its own future
            self.network = self._network()

    def _network(self) -> pypsa.Network:
        rows = self.rows
        a = rows.problem.incidence
        ends = np.diff(a.indptr)
        self.links, self.generators = np.flatnonzero(ends == 2), np.flatnonzero(ends == 1)
        buses = pd.Index([f"n{i}" for i in range(rows.problem.row_count)])
        network = pypsa.Network(snapshots=["day"])
        network.add("Carrier", "gas")
        network.add("Bus", buses, carrier="gas")
        network.add("Load", buses, bus=buses, suffix=" firm", p_set=rows.balance[0])
        at = a.indptr[self.links]
        leaving = np.where(a.data[at] < 0, at, at + 1)
        arriving = np.where(a.data[at] < 0, at + 1, at)
        network.add(
            "Link", self._names("l", self.links), bus0=buses[a.indices[leaving]], bus1=buses[a.indices[arriving]],
            efficiency=a.data[arriving], carrier="gas", p_nom=1.0,
        )  # fmt: skip
        at = a.indptr[self.generators]
        network.add(
            "Generator", self._names("g", self.generators), bus=buses[a.indices[at]], sign=a.data[at], carrier="gas",
            p_nom=1.0,
        )  # fmt: skip
        return network

    @staticmethod
    def _names(letter: str, columns: np.ndarray) -> pd.Index:
        return pd.Index([f"{letter}{column}" for column in columns])

    def solve(self, chosen: range) -> Solved:
        """Replace capacities, costs and loads, build the model anew (PyPSA does) and solve it."""
        rows, network = self.rows, self.network
        objective = np.empty(len(chosen))
        for place, scenario in enumerate(chosen):
            network.loads["p_set"] = rows.balance[scenario]
            for table, columns in ((network.links, self.links), (network.generators, self.generators)):
                table["marginal_cost"] = rows.cost[scenario][columns]
                table["p_min_pu"] = rows.lower[scenario][columns]
                table["p_max_pu"] = np.minimum(rows.upper[scenario][columns], _ENDLESS)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network.optimize(
                    solver_name="highs", output_flag=False, log_to_console=False, include_objective_constant=False
                )
            objective[place] = network.objective
        return Solved(stated=objective)
