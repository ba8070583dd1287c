"""A base and what comes after it, solved together: what every report on closures starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gasflow.core.solution import Status
from gasflow.core.tolerances import TOLERANCE
from gasflow.errors import GasflowError
from gasflow.network.network import Network
from gasflow.results.comparison import Comparison, compare
from gasflow.results.diagnostics import Diagnostics
from gasflow.results.results import Results
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.routes import touched_pipes
from gasflow.scenarios.shocks import Closure
from gasflow.simulation.model import Model
from gasflow.simulation.simulate import simulate

# GWh/d; a flow below is dust of the solver.
_LEAST_FLOW = 1e-6


def full_closures(network: Network, closures: Sequence[Closure]) -> tuple[Closure, ...]:
    """Return the closures under the full names of their places; places given twice close once.

    Raises:
        GasflowError: if nothing closes, a place is unknown, or a closure stands for several scenarios.

    Example:
        >>> import gasflow as gf
        >>> full_closures(gf.toys.transit_hub(), [gf.Closure("Novopskov"), gf.Closure("Sokhranovka")])[0].place
        'Sokhranivka'
    """
    named = {network.find(closure.place).name: closure for closure in closures}
    if not named:
        raise GasflowError("Nothing closes", "name a place, such as Closure('Sokhranivka')")
    full = tuple(replace(closure, place=name) for name, closure in named.items())
    if any(closure.count > 1 for closure in full):
        raise GasflowError("A report is about one scenario", "give each closure one share, not a sequence")
    return full


def before_and_after(model: Model | Network | Horizon, closures: Sequence[Closure], keep: Sequence[str]) -> Comparison:
    """Solve without and with the closures in one batch.

    Raises:
        GasflowError: if a solve ends without a certificate.
    """
    both = [replace(closure, share=(0.0, float(np.max(closure.share)))) for closure in closures]
    results = certified(simulate(model, *both, keep=keep))
    return compare(results.scenario(0), results.scenario(1))


def certified(results: Results) -> Results:
    """Return the results if every scenario has a certificate.

    Raises:
        GasflowError: if one has none; the message says what to try.
    """
    status = Status(int(results.diagnostics.status.max()))
    if not status.is_answer:
        raise GasflowError(f"No answer for {results.network.name or 'the network'}: {status.message}")
    return results


def idle_closures(base: Results, closures: Sequence[Closure]) -> tuple[str, ...]:
    """Say of which closed places nothing closes: the share is 0, or the place carries nothing in the base.

    Example:
        >>> import gasflow as gf
        >>> idle = gf.toys.transit_hub().with_supply("RU via Sokhranivka", volume=0.0)
        >>> idle_closures(simulate(idle), [Closure("Sokhranivka")])
        ('Sokhranivka carries nothing without the closure: closing it takes no gas away',)
    """
    flows, network = base.array("flows"), base.network
    carried = {place: flows[touched_pipes(network, network.find(place))] for place in (one.place for one in closures)}
    shut = tuple(f"{one.place} closes to 0 %: nothing changes there" for one in closures if not np.max(one.share))
    return shut + tuple(
        f"{place} carries nothing without the closure: closing it takes no gas away"
        for place, flow in carried.items()
        if not (flow > _LEAST_FLOW).any()
    )


def closure_record(closure: Closure) -> dict[str, Any]:
    """Return what closes, and on which terms, as plain values.

    Example:
        >>> closure_record(Closure("Sokhranivka", start="2022-05-11"))["start"]
        '2022-05-11'
    """
    dates = {name: str(day) for name in ("start", "end") if (day := getattr(closure, name)) is not None}
    terms = {"share": closure.share, "reroute": closure.reroute, "via": closure.via, "limit": str(closure.limit)}
    return {"place": closure.place, **terms, **dates}


def certificate_record(diagnostics: Sequence[Diagnostics]) -> dict[str, Any]:
    """Return the worst certificate of several solves as plain values."""
    return {
        "worst": max(float(one.certificate.worst.max()) for one in diagnostics),
        "worst_column": max(float(one.certificate.worst_column.max()) for one in diagnostics),
        "tolerance": TOLERANCE,
        "status": Status(max(int(one.status.max()) for one in diagnostics)).name.lower(),
        "solves": sum(one.status.size for one in diagnostics),
    }
