"""Pictures of results: maps, heat maps, distributions, accounts, fans; matplotlib is known here only.

Every function returns a `matplotlib.figure.Figure` that belongs to nobody else: nothing is registered with pyplot, no
setting is changed. Show it as the last line of a notebook cell, or ``.savefig("picture.pdf")``. Functions with an
``axes`` argument draw into it instead, so that pictures can be put together.
"""

from gasflow.errors import GasflowError

try:
    from gasflow.plots.accounts import absorption, price_ranges
    from gasflow.plots.heat import heat_map
    from gasflow.plots.lines import curves, fan
    from gasflow.plots.maps import flow_map
    from gasflow.plots.spread import distribution
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "matplotlib":
        raise
    raise GasflowError("matplotlib is not installed", "install gasflow-europe[plots]") from missing

__all__ = ["absorption", "curves", "distribution", "fan", "flow_map", "heat_map", "price_ranges"]
