"""Peers that are not installed are not collected: a smoke run needs none of the heavy ones."""

from importlib.util import find_spec

_NEEDS = {"highs_lp": "highspy", "manylp_lp": "manylp", "osqp_qp": "osqp", "pypsa_lp": "pypsa"}

collect_ignore = [f"peers/{module}.py" for module, package in _NEEDS.items() if find_spec(package) is None]
