"""gasflow: what happens to gas flows and prices in Europe if a route closes, and how sure can one be?

Names are imported when they are first used, so that ``import gasflow`` and the help of the command line cost
milliseconds and not the second that pandas and scipy take.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gasflow.version import __version__

if TYPE_CHECKING:
    from gasflow.calibration import Observations, calibrate
    from gasflow.datasets.europe import bases, horizon, load_europe
    from gasflow.network import toys
    from gasflow.network.network import Network
    from gasflow.reports.closure import closure_report
    from gasflow.results.comparison import compare
    from gasflow.results.results import Results
    from gasflow.scenarios.changes import DemandChange, NodeChange, PipeChange, StorageChange, SupplyChange
    from gasflow.scenarios.conditions import Conditions
    from gasflow.scenarios.grid import grid
    from gasflow.scenarios.horizon import Foresight, Horizon
    from gasflow.scenarios.listed import scenarios_from_table
    from gasflow.scenarios.periods import Periods
    from gasflow.scenarios.sample import sample
    from gasflow.scenarios.sample_paths import AR1, Outage, sample_paths
    from gasflow.scenarios.shock import Scenario, Shock, choice, number
    from gasflow.scenarios.shocks import (
        CapacityChange,
        Closure,
        ElasticityChange,
        LngPriceChange,
        Siphoning,
        StorageResponse,
        SupplyCut,
    )
    from gasflow.scenarios.storage_policy import FillingTarget, StoragePolicy
    from gasflow.simulation.model import Model
    from gasflow.simulation.simulate import simulate
    from gasflow.sweeps.sweep import Sweep, sweep

# Where each public name lives; a module lives in itself.
_HOMES = {
    "gasflow.calibration": ("Observations", "calibrate"),
    "gasflow.datasets.europe": ("bases", "horizon", "load_europe"),
    "gasflow.network.network": ("Network",),
    "gasflow.network.toys": ("toys",),
    "gasflow.reports.closure": ("closure_report",),
    "gasflow.results.comparison": ("compare",),
    "gasflow.results.results": ("Results",),
    "gasflow.scenarios.grid": ("grid",),
    "gasflow.scenarios.horizon": ("Foresight", "Horizon"),
    "gasflow.scenarios.listed": ("scenarios_from_table",),
    "gasflow.scenarios.sample": ("sample",),
    "gasflow.scenarios.shock": ("Scenario", "Shock", "choice", "number"),
    "gasflow.scenarios.conditions": ("Conditions",),
    "gasflow.scenarios.periods": ("Periods",),
    "gasflow.scenarios.changes": ("DemandChange", "NodeChange", "PipeChange", "StorageChange", "SupplyChange"),
    "gasflow.scenarios.shocks": (
        "CapacityChange",
        "Closure",
        "ElasticityChange",
        "LngPriceChange",
        "Siphoning",
        "StorageResponse",
        "SupplyCut",
    ),
    "gasflow.scenarios.storage_policy": ("FillingTarget", "StoragePolicy"),
    "gasflow.scenarios.sample_paths": ("AR1", "Outage", "sample_paths"),
    "gasflow.simulation.model": ("Model",),
    "gasflow.simulation.simulate": ("simulate",),
    "gasflow.sweeps.sweep": ("Sweep", "sweep"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AR1",
    "CapacityChange",
    "Closure",
    "Conditions",
    "DemandChange",
    "ElasticityChange",
    "FillingTarget",
    "Foresight",
    "Horizon",
    "LngPriceChange",
    "Model",
    "Network",
    "NodeChange",
    "Observations",
    "Outage",
    "Periods",
    "PipeChange",
    "Results",
    "Scenario",
    "Shock",
    "Siphoning",
    "StorageChange",
    "StoragePolicy",
    "StorageResponse",
    "SupplyChange",
    "SupplyCut",
    "Sweep",
    "__version__",
    "bases",
    "calibrate",
    "choice",
    "closure_report",
    "compare",
    "grid",
    "horizon",
    "load_europe",
    "number",
    "sample",
    "sample_paths",
    "scenarios_from_table",
    "simulate",
    "sweep",
    "toys",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(_HOME_OF[name])
    value = getattr(home, name, home)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__]
