"""gasflow: what happens to gas flows and prices in Europe if a route closes, and how sure can one be?"""

from gasflow.network import toys
from gasflow.network.network import Network
from gasflow.results.results import Results
from gasflow.scenarios.grid import grid
from gasflow.scenarios.listed import scenarios_from_table
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
from gasflow.simulation.simulate import simulate
from gasflow.version import __version__

__all__ = [
    "CapacityChange",
    "Closure",
    "DemandChange",
    "Elasticity",
    "Network",
    "PriceShock",
    "Results",
    "Scenario",
    "ScenarioSet",
    "Shock",
    "Siphoning",
    "StorageResponse",
    "SupplyCut",
    "__version__",
    "grid",
    "sample",
    "scenarios_from_table",
    "simulate",
    "toys",
]
