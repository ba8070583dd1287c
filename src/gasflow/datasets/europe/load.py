"""The bundled network of Europe on a date: reconciled, calibrated, checked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from gasflow.arguments import one_of
from gasflow.datasets.europe.calibrate import Calibration, calibrate, nominated_pipes
from gasflow.datasets.europe.items import Quantity
from gasflow.datasets.europe.reconcile import reconcile
from gasflow.datasets.europe.tables import Base, Level, base_of, in_service, observed, parameters, read_table
from gasflow.network import Network
from gasflow.network.days import Day, day_or_month, month_of
from gasflow.network.schema import NodeKind

# The day before the transit through Sokhranivka stopped; what is loaded if nobody says what.
DEFAULT_DAY = "2022-05-10"
_DIGITS = 4  # GWh/d; the solver's dust does not become a nomination
# Day from which a place took no gas, and the dated base before it (the operator's notice: see SOURCES.md).
_REALLY_CLOSED = {"Sokhranivka": ("2022-05-11", "2022-05-10")}
_ELASTICITIES = ("power", "industry", "households", "total", "lng_supply")


def load_europe(
    date: Day = DEFAULT_DAY,
    *,
    elasticity: Level | str = Level.CENTRAL,
    storage_slope: Level | str = Level.CENTRAL,
) -> Network:
    """Return the European gas network valid on a date, calibrated to what was observed then.

    Any day selects the mean day of its month, except the dated base 2022-05-10. Without a shock the network returns
    the reconciled quantities and the TTF price of its base.

    Args:
        date: day as 2022-05-10 (or a date), or month as 2022-05, from January 2021 to March 2023.
        elasticity: end of the stated ranges of the elasticities of demand and of the world LNG supply; ``low`` is
            the least elastic.
        storage_slope: end of the stated range of the slope of the value of stored gas; ``low`` is the flattest, with
            which stores absorb most of a loss.

    Raises:
        GasflowError: if the date lies outside the data; the message says what is covered.

    Example:
        >>> europe = load_europe("2022-05-10")
        >>> europe.date, europe.find("Novopskov").name
        ('2022-05-10', 'Sokhranivka')
        >>> round(float(europe.pipes.at["RU->Sokhranivka", "nominated"]), 1)
        248.7
    """
    ends = [one_of(Level, end, "load_europe", name)
            for name, end in (("elasticity", elasticity), ("storage_slope", storage_slope))]  # fmt: skip
    base = base_of(date)
    day = date_of(base) if month_of(date) else day_or_month(date)
    return _network(base, day, *ends)


def day_before_closing(date: Day, places: Sequence[str]) -> tuple[str, str] | None:
    """Return the last day before some place really closed, if another day of the same month is asked for.

    The mean of that month is made of days with and without the place, so that it says neither what was carried before
    nor what was lost. The dated base holds what was nominated for the day before. Who asks for the month gets the
    month, and the remark that it is such a mean.

    Args:
        date: day or month asked for.
        places: full names of nodes and pipes.

    Returns:
        What to load, and what to say about it; none: no place closed in that month, or that last day is asked for.

    Example:
        >>> day_before_closing("2022-05-11", ["Sokhranivka"])[0], day_before_closing("2022-06-01", ["Sokhranivka"])
        ('2022-05-10', None)
        >>> day_before_closing("2022-05-10", ["Sokhranivka"]), day_before_closing("2022-05", ["Sokhranivka"])[0]
        (None, '2022-05')
    """
    day = day_or_month(date)
    for place, (closed, before) in _REALLY_CLOSED.items():
        touched = any(place in one.split("->") for one in places)
        if not touched or day[:7] != closed[:7] or day == before:
            continue
        if month_of(date):
            return day, (
                f"{place} closed on {closed}; {day} is the mean of days with and without it, which says neither what "
                f"it carried nor what was lost: for that, ask for {before}"
            )
        return before, f"{place} closed on {closed}; the answer is that of {before}, the day before, as nominated"
    return None


@cache
def calibration_of(base: Base) -> Calibration:
    """Return the calibration of a base, worked out once."""
    return calibrate(base, reconcile(base))


def _network(base: Base, day: str, elasticity: Level, storage_slope: Level) -> Network:
    # A steep slope is a weak response: the two ranges run in opposite directions.
    response = {Level.LOW: Level.HIGH, Level.CENTRAL: Level.CENTRAL, Level.HIGH: Level.LOW}[storage_slope]
    levels = {f"elasticity_{name}": elasticity for name in _ELASTICITIES} | {"storage_response": response}
    chosen, found = parameters(levels), calibration_of(base)
    return Network(
        nodes=_nodes(found),
        pipes=_pipes(base, found),
        supplies=_supplies(found, chosen),
        demands=_demands(found, chosen),
        storages=_storages(base, found, chosen),
        name=f"Europe, {base.label}",
        date=day,
        value_of_lost_load=chosen["value_of_lost_load"],
        marker="TTF",
    )


def date_of(base: Base) -> str:
    """Return the day that stands for a base when only its month was given: its middle.

    Example:
        >>> date_of(base_of("2022-01-31"))
        '2022-01-16'
    """
    first, last = pd.Timestamp(base.first_day), pd.Timestamp(base.last_day)
    return str((first + (last - first) // 2).date())


def _nodes(found: Calibration) -> pd.DataFrame:
    nodes = read_table("nodes").set_index("name")
    items = found.items[found.items["quantity"] == Quantity.DIFFERENCE].set_index("name")
    # What the ties bring to a node without a difference of its own, such as an entry point, is a rounding: a closed
    # entry must be able to carry exactly nothing.
    difference = (items["flow"] + found.residual.reindex(items.index)).reindex(nodes.index).fillna(0.0)
    return nodes.assign(statistical_difference=difference.round(_DIGITS).where(nodes["kind"] != NodeKind.TRANSIT, 0.0))


def _losses(found: Calibration, pipes: pd.DataFrame) -> pd.Series:
    """Losses of the pipes, with the statistical difference of a transit zone as a share of what enters it.

    What was observed at a throughput goes with the throughput: less gas in transit loses less on the way.
    """
    items = found.items.set_index(["quantity", "name"])["flow"]
    nodes = read_table("nodes").set_index("name")
    flow = items[Quantity.PIPE].reindex(pipes.index).clip(lower=0.0)
    entering = flow.groupby(pipes["destination"]).sum()
    zones = nodes.index[nodes["kind"] == NodeKind.TRANSIT].intersection(items[Quantity.DIFFERENCE].index)
    share = (items[Quantity.DIFFERENCE][zones] + found.residual[zones]) / entering[zones]
    return pipes["loss"] - pipes["destination"].map(share).fillna(0.0)


def _pipes(base: Base, found: Calibration) -> pd.DataFrame:
    pipes = in_service(read_table("pipes"), base)
    items = found.items[found.items["quantity"] == Quantity.PIPE].set_index("name")
    nominated = pd.Series(nominated_pipes(found.items.loc[found.items["quantity"] == Quantity.PIPE]), index=items.index)
    flow = items["flow"].clip(lower=0.0).round(_DIGITS).where(nominated)
    # Slots of a terminal are booked by the cargoes that it regasifies in the base; rounded up to the next 0.01 GWh/d,
    # since a closure that took away a trifle less than it frees would leave gas over.
    cargoes = (items["flow"].clip(lower=0.0) + 0.01).round(2)
    booked = pipes["booked"].where(pipes["origin"] != "LNG", cargoes)
    return pipes.assign(
        capacity=items["available"].reindex(pipes.index).fillna(pipes["capacity"]).round(_DIGITS),
        nominated=np.minimum(flow, pipes["capacity"]),
        booked=booked,
        wedge=items["wedge"],
        loss=_losses(found, pipes),
    ).drop(columns="tariff_source")


def _supplies(found: Calibration, chosen: dict[str, float]) -> pd.DataFrame:
    items = found.items.set_index(["quantity", "name"])
    flow = items["flow"]
    made = items.loc[Quantity.PRODUCTION]
    production = pd.DataFrame(
        {
            "name": made.index + " production",
            "node": made.index,
            "kind": "production",
            "exporter": made.index,
            "volume": made["flow"].to_numpy(),
            "cost": chosen["production_cost"],
            "source": made["source"].to_numpy(),
        }
    )
    routes = read_table("routes")
    routes = routes[[(Quantity.PIPE, route) in items.index for route in routes["route"]]]
    volume = [max(round(float(flow[Quantity.PIPE, route]), _DIGITS), 0.0) for route in routes["route"]]
    contracts = routes.assign(kind="contract", volume=volume)
    pipes = items.loc[Quantity.PIPE]
    market = pd.DataFrame(
        {
            "name": ["LNG market"],
            "node": ["LNG"],
            "kind": ["market"],
            "volume": [float(pipes.loc[pipes["origin"] == "LNG", "flow"].sum())],
            "elasticity": [chosen["elasticity_lng_supply"]],
            "anchor_price": [float(found.price["LNG"])],
            "source": ["assumption-lng-market"],
        }
    )
    return pd.concat([production, contracts, market], ignore_index=True)


def _demands(found: Calibration, chosen: dict[str, float]) -> pd.DataFrame:
    items = found.items[found.items["quantity"] == Quantity.DEMAND]
    sector = [name.rsplit(" ", 1)[1] for name in items["name"]]
    return pd.DataFrame(
        {
            "name": items["name"],
            "node": items["origin"],
            "sector": sector,
            "volume": items["flow"].clip(lower=0.0),
            "elasticity": [chosen[f"elasticity_{word}"] for word in sector],
            "anchor_price": items["origin"].map(found.price),
            "source": items["source"],
        }
    )


def _storages(base: Base, found: Calibration, chosen: dict[str, float]) -> pd.DataFrame:
    """Value at the price of the node; the common response is shared by working volume, so slopes go with 1 / volume."""
    stores = in_service(read_table("storages"), base)
    items = found.items[found.items["quantity"] == Quantity.STORAGE].set_index("name").reindex(stores.index)
    action = items["flow"].clip(-stores["injection"], stores["withdrawal"])
    # The mean level of a month may leave less room, or less gas, than its mean day moves.
    level = observed("storage", base).set_index("node")["level"].reindex(stores.index)
    level = level.clip(action.clip(lower=0.0), stores["volume"] + action.clip(upper=0.0))
    return stores.assign(
        level=level,
        action=action,
        value=stores["node"].map(found.price),
        slope=chosen["storage_response_volume"] / (chosen["storage_response"] * stores["volume"]),
        injection_cost=chosen["storage_injection_cost"],
        withdrawal_cost=chosen["storage_withdrawal_cost"],
        full_rate_cost=chosen["storage_full_rate_cost"],
        loss=chosen["storage_loss"],
        withdrawal_when_empty=chosen["withdrawal_when_empty"],
        full_rate_level=chosen["full_rate_level"],
    ).drop(columns=["first_day", "last_day"])
