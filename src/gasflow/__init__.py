"""gasflow: what happens to gas flows and prices in Europe if a route closes, and how sure can one be?"""

from gasflow.network import toys
from gasflow.network.network import Network
from gasflow.results.results import Results
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
    "Shock",
    "Siphoning",
    "StorageResponse",
    "SupplyCut",
    "__version__",
    "simulate",
    "toys",
]
