"""gasflow: what happens to gas flows and prices in Europe if a route closes."""

from gasflow.version import __version__

__all__ = ["__version__"]
