"""From calibrated items to the tables of a network.

Each curve is anchored at its own node's price, each store is valued at it, each observed pipe carries its wedge, each
full pipe the capacity that was available; contracts and production have what flowed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gasflow.calibration.items import Item, nominated_pipes
from gasflow.calibration.observations import Observations
from gasflow.calibration.prices import MARGIN, Equilibrium
from gasflow.network import Network
from gasflow.network.schema import NodeKind, SupplyKind

_DIGITS = 4  # GWh/d; the solver's dust does not become a nomination
_IDLE = 0.01  # GWh/d; a zone through which nothing goes


def network_of(topology: Network, found: Equilibrium, seen: Observations) -> Network:
    """Return a topology with the quantities, prices and wedges that were found.

    Args:
        topology: the network that was calibrated, or one of the same places with other elasticities or slopes.
        found: the equilibrium.
        seen: what was seen, for the levels of stores.
    """
    return topology.replace(
        nodes=_nodes(topology, found),
        pipes=_pipes(topology, found),
        supplies=_supplies(topology, found),
        demands=_demands(topology, found),
        storages=_storages(topology, found, seen),
    )


def _nodes(topology: Network, found: Equilibrium) -> pd.DataFrame:
    nodes = topology.nodes
    items = found.items[found.items["quantity"] == Item.DIFFERENCE].set_index("name")
    # What the ties bring to a node without a difference of its own, such as an entry point, is a rounding: a closed
    # entry must be able to carry exactly nothing.
    difference = (items["flow"] + found.residual.reindex(items.index)).reindex(nodes.index).fillna(0.0)
    with_throughput = nodes.index.isin(_shares_of_throughput(topology, found))
    return nodes.assign(statistical_difference=difference.round(_DIGITS).where(~with_throughput, 0.0))


def _shares_of_throughput(topology: Network, found: Equilibrium) -> dict[str, float]:
    """Return the statistical difference of each transit zone as a share of what enters it.

    What was observed at a throughput goes with the throughput: less gas in transit loses less on the way. Gas that is
    found on the way is a smaller loss; a zone that finds more than its entries lose keeps a difference of its own.
    """
    nodes, pipes = topology.nodes, topology.pipes
    items = found.items.set_index(["quantity", "name"])["flow"]
    lossy = pipes[(pipes["loss"] > 0.0) & pipes["destination"].isin(nodes.index[nodes["kind"] == NodeKind.TRANSIT])]
    entering = items[Item.PIPE].reindex(lossy.index).clip(lower=0.0).groupby(lossy["destination"]).sum()
    shares = {}
    for zone in entering.index[entering > _IDLE]:
        share = float((items[Item.DIFFERENCE][zone] + found.residual[zone]) / entering[zone])
        if share <= float(lossy.loc[lossy["destination"] == zone, "loss"].min()):
            shares[str(zone)] = share
    return shares


def _pipes(topology: Network, found: Equilibrium) -> pd.DataFrame:
    nodes, pipes = topology.nodes, topology.pipes
    items = found.items[found.items["quantity"] == Item.PIPE].set_index("name")
    nominated = pd.Series(nominated_pipes(topology, items.reset_index()), index=items.index)
    flow = items["flow"].clip(lower=0.0).round(_DIGITS).where(nominated)
    # Slots of a terminal are booked by the cargoes that it regasifies in the base; rounded up to the next 0.01 GWh/d,
    # since a closure that took away a trifle less than it frees would leave gas over.
    cargoes = (items["flow"].clip(lower=0.0) + 0.01).round(2)
    from_world = pipes["origin"].isin(nodes.index[nodes["kind"] == NodeKind.WORLD])
    share = pipes["destination"].map(_shares_of_throughput(topology, found)).fillna(0.0)
    return pipes.assign(
        capacity=items["available"].reindex(pipes.index).fillna(pipes["capacity"]).round(_DIGITS),
        nominated=np.minimum(flow, pipes["capacity"]),
        booked=pipes["booked"].where(~from_world, cargoes),
        wedge=items["wedge"],
        loss=pipes["loss"] - share.where(pipes["loss"] > 0.0, 0.0),
    )


def _supplies(topology: Network, found: Equilibrium) -> pd.DataFrame:
    """Production as it was, contracts with what their routes carried, markets with what left their node."""
    supplies = topology.supplies
    items = found.items
    flow = items[items["quantity"] == Item.PIPE].set_index("name")["flow"]
    made = items[items["quantity"] == Item.PRODUCTION].set_index("name")["flow"]
    origin = items[items["quantity"] == Item.PIPE].set_index("name")["origin"]
    kind, node = supplies["kind"], supplies["node"]
    weight = supplies["volume"].where(supplies["volume"] > 0.0, 1.0)
    share = weight / weight.groupby([node, kind]).transform("sum")
    produced = kind == SupplyKind.PRODUCTION
    volume = supplies["volume"].where(~produced | ~node.isin(made.index), share * node.map(made).fillna(0.0))
    route = supplies["route"]
    carried = route.map(flow).fillna(0.0).clip(lower=0.0).round(_DIGITS)
    volume = volume.where(~((kind == SupplyKind.CONTRACT) & (route != "")), carried)
    market = kind == SupplyKind.MARKET
    sold = share * node.map(flow.groupby(origin).sum()).fillna(0.0)
    # What was produced was worth producing.
    running = produced & (volume > 0.0)
    worth = np.minimum(supplies["cost"], node.map(found.price) - MARGIN)
    return supplies.assign(
        volume=volume.where(~market, sold),
        cost=supplies["cost"].where(~running, worth),
        anchor_price=supplies["anchor_price"].where(~market, node.map(found.price)),
    )


def _demands(topology: Network, found: Equilibrium) -> pd.DataFrame:
    """Each use as it was, at the price of its node; elasticities are those of the topology."""
    items = found.items[found.items["quantity"] == Item.DEMAND].set_index("name")
    demands = topology.demands
    name = demands["node"] + " " + demands["sector"]
    weight = demands["volume"].where(demands["volume"] > 0.0, 1.0)
    share = weight / weight.groupby(name).transform("sum")
    return demands.assign(
        volume=(share * name.map(items["flow"].clip(lower=0.0))).fillna(0.0),
        anchor_price=demands["node"].map(found.price),
        source=name.map(items["source"]).fillna(""),
    )


def _storages(topology: Network, found: Equilibrium, seen: Observations) -> pd.DataFrame:
    stores = topology.storages
    items = found.items[found.items["quantity"] == Item.STORAGE].set_index("name").reindex(stores.index)
    action = items["flow"].fillna(0.0).clip(-stores["injection"], stores["withdrawal"])
    # The mean level of a month may leave less room, or less gas, than its mean day moves.
    level = seen.storage.set_index("storage")["level"].reindex(stores.index).fillna(stores["level"])
    level = level.clip(action.clip(lower=0.0), stores["volume"] + action.clip(upper=0.0))
    return stores.assign(level=level, action=action, value=stores["node"].map(found.price))
