"""All cases, one per file; a new one is added to the list below."""

from benchmarks.cases import day, grid, horizon, monte_carlo

CASES = {module.CASE.name: module.CASE for module in (day, grid, monte_carlo, horizon)}
