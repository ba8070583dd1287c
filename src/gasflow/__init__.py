"""gasflow: what happens to gas flows and prices in Europe if a route closes, and how sure can one be?"""

from gasflow.network import toys
from gasflow.network.network import Network
from gasflow.results.results import Results
from gasflow.scenarios.grid import grid
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.listed import scenarios_from_table
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.sample import sample
from gasflow.scenarios.sets import ScenarioSet
from gasflow.scenarios.shock import Scenario, Shock
from gasflow.scenarios.shocks import (
    CapacityChange,
    Closure,
    DemandChange,
    Elasticity,
    PriceShock,
    Siphoning,
    StorageResponse,
    SupplyCut,
)
from gasflow.scenarios.storage_policy import FillingTarget, StoragePolicy
from gasflow.simulation.simulate import simulate
from gasflow.sweeps.sweep import Sweep, sweep
from gasflow.version import __version__

__all__ = [
    "CapacityChange",
    "Closure",
    "DemandChange",
    "Elasticity",
    "FillingTarget",
    "Foresight",
    "Horizon",
    "Network",
    "Periods",
    "PriceShock",
    "Results",
    "Scenario",
    "ScenarioSet",
    "Shock",
    "Siphoning",
    "StoragePolicy",
    "StorageResponse",
    "SupplyCut",
    "Sweep",
    "__version__",
    "grid",
    "sample",
    "scenarios_from_table",
    "simulate",
    "sweep",
    "toys",
]
