"""gasflow: what happens to gas flows and prices in Europe if a route closes, and how sure can one be?

Names are imported when they are first used, so that ``import gasflow`` and the help of the command line cost
milliseconds and not the second that pandas and scipy take.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gasflow.version import __version__

if TYPE_CHECKING:
    from gasflow.network import toys
    from gasflow.network.network import Network
    from gasflow.results.comparison import Comparison, compare
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

# Where each public name lives; `toys` is a module itself.
_HOMES = {
    "gasflow.network": ("toys",),
    "gasflow.network.network": ("Network",),
    "gasflow.results.comparison": ("Comparison", "compare"),
    "gasflow.results.results": ("Results",),
    "gasflow.scenarios.shock": ("Scenario", "Shock"),
    "gasflow.scenarios.shocks": (
        "CapacityChange",
        "Closure",
        "DemandChange",
        "Elasticity",
        "PriceShock",
        "Siphoning",
        "StorageResponse",
        "SupplyCut",
    ),
    "gasflow.simulation.simulate": ("simulate",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CapacityChange",
    "Closure",
    "Comparison",
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
    "compare",
    "simulate",
    "toys",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOME_OF[name]
    value = import_module(f"{home}.{name}") if name == "toys" else getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__]
