"""Samples: scenarios drawn from distributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import bernoulli

from gasflow.arguments import MOST, instance, number, one_of, whole
from gasflow.errors import ShockError
from gasflow.scenarios.changes import DemandChange
from gasflow.scenarios.conditions import Array
from gasflow.scenarios.draws import LOWEST_DRAW, Correlated, Method, Uniforms, uniforms
from gasflow.scenarios.grid import combined_parts
from gasflow.scenarios.levers import Lever, distributions, named_levers, sequences
from gasflow.scenarios.sets import Design, ScenarioSet, value_text
from gasflow.scenarios.shock import Scenario, Shock, is_distribution
from gasflow.scenarios.shocks import Closure, ElasticityChange, LngPriceChange, StorageResponse

# What may be drawn by name alone: the shock and its parameter.
COMMON: dict[str, tuple[type[Shock], str]] = {
    "demand": (DemandChange, "factor"),
    "lng_price": (LngPriceChange, "factor"),
    "elasticity": (ElasticityChange, "factor"),
    "storage_slope": (StorageResponse, "slope_factor"),
}


@dataclass(frozen=True)
class Draws(Design):
    """Numbers drawn from distributions: the quantile of each at a uniform number.

    Attributes:
        size: how many scenarios.
        method: how the uniform numbers are made.
        seed: names the draws.
        quantiles: one distribution per lever.
        tied: correlation of the levers as text, empty if there is none.
        uniform: the uniform numbers.
    """

    size: int
    method: Method
    seed: int
    quantiles: tuple[Any, ...]
    tied: str
    uniform: Uniforms = field(repr=False)

    @property
    def count(self) -> int:
        """How many scenarios."""
        return self.size

    @property
    def lengths(self) -> tuple[int, ...]:
        """No grid."""
        return ()

    def numbers(self, start: int, stop: int) -> Array:
        """Quantiles of every distribution at its uniform numbers."""
        drawn = self.uniform.draw(start, stop)
        numbers = np.empty_like(drawn)
        for row, one, places in zip(numbers, self.quantiles, drawn, strict=True):
            row[:] = one.ppf(places)
        return numbers

    def __str__(self) -> str:
        drawn = ", ".join(value_text(one) for one in self.quantiles)
        return f"{self.size} {self.method} draws with seed {self.seed} from {drawn}; correlation {self.tied or 'none'}"


def sample(
    count: int,
    seed: int,
    *shocks: Shock | Scenario,
    outages: Mapping[str, float] | None = None,
    method: Method | str = Method.RANDOM,
    correlation: pd.DataFrame | None = None,
    **common: Any,
) -> ScenarioSet:
    """Scenarios drawn from distributions.

    A draw depends on the seed, the lever and the number of the scenario only, so it is the same in any chunk.

    Args:
        count: how many scenarios.
        seed: names the draws, 0 or more.
        shocks: what happens; any number in them may be a frozen distribution of scipy.stats, and is then a lever.
        outages: probability by place; each place is closed as a whole or not at all.
        method: "random", "sobol" (scrambled) or "latin" (in memory, so for moderate counts).
        correlation: of the levers' normal scores (a Gaussian copula), a symmetric matrix with the names of levers on
            both sides; levers not named are independent.
        common: distributions of ``demand``, ``lng_price``, ``elasticity`` and ``storage_slope`` factors.

    Raises:
        ShockError: if a distribution can leave the limits of its parameter, or an argument has no meaning.

    Example:
        >>> import gasflow as gf
        >>> from scipy import stats
        >>> draws = gf.sample(1_000_000, 7, demand=stats.uniform(0.9, 0.2), outages={"Gate LNG": 0.05})
        >>> draws
        ScenarioSet: 1,000,000 scenarios; demand, outage_Gate LNG
        >>> draws.chunk(999_998, 1_000_000).shocks[0].factor
        (0.967..., 1.002...)
    """
    where = "sample"
    whole(count, where, "count", 1, MOST)
    whole(seed, where, "seed", 0, MOST)
    instance(Mapping, {} if outages is None else outages, where, "outages", "give probabilities by place")
    instance(pd.DataFrame, pd.DataFrame() if correlation is None else correlation, where, "correlation",
             "give a table with the names of levers on both sides")  # fmt: skip
    way = one_of(Method, method, where, "method")
    given = combined_parts(shocks)
    lists = [f"{type(given[at]).__name__}.{name}" for at, name in sequences(given)]
    if lists:
        raise ShockError("sample", f"{', '.join(lists)} are sequences", "give numbers or distributions, or use grid")
    parts, levers = _all_levers(given, outages or {}, common)
    drawn = tuple(getattr(parts[lever.shock], lever.field) for lever in levers)
    _check(count, seed, parts, levers)
    names = [lever.name for lever in levers]
    uniform = uniforms(way, seed, names, count)
    tied = ""
    if correlation is not None:
        uniform = Correlated(uniform, _factor(correlation, names))
        tied = str(correlation.to_dict())
    return ScenarioSet(parts, levers, Draws(count, way, seed, drawn, tied, uniform))


def _all_levers(
    given: tuple[Shock, ...], outages: Mapping[str, float], common: Mapping[str, Any]
) -> tuple[tuple[Shock, ...], tuple[Lever, ...]]:
    """All shocks, and the levers among their parameters: those of the shocks given, common ones, outages."""
    parts = list(given)
    levers = list(named_levers(given, list(distributions(given))))
    for name, value in common.items():
        if name not in COMMON or not is_distribution(value):
            known = ", ".join(COMMON)
            raise ShockError("sample", f"{name} is no distribution of {known}", "give a frozen one of scipy.stats")
        kind, parameter = COMMON[name]
        levers.append(Lever(name, len(parts), parameter))
        parts.append(kind(**{parameter: value}))
    for place, probability in outages.items():
        number(probability, "sample", f"the outage of {place!r}", 0.0, 1.0)
        levers.append(Lever(f"outage_{place}", len(parts), "share"))
        happens: Any = bernoulli(probability)
        parts.append(Closure(place, share=happens))
    return tuple(parts), tuple(levers)


def _check(count: int, seed: int, shocks: tuple[Shock, ...], levers: tuple[Lever, ...]) -> None:
    """Refuse what would fail in the middle of a sweep."""
    problems = [] if levers else ["no shock holds a distribution"]
    problems += [] if count >= 1 else [f"count is {count}"]
    problems += [] if seed >= 0 else [f"seed is {seed}"]
    for lever in levers:
        shock = shocks[lever.shock]
        limits = type(shock).__dataclass_fields__[lever.field].metadata
        low, high = getattr(shock, lever.field).ppf([LOWEST_DRAW, 1.0 - LOWEST_DRAW])
        if not limits["low"] <= low <= high <= limits["high"]:
            problems.append(
                f"{lever.name} may be {low:.4g} to {high:.4g}, but must lie in {limits['low']:g} to {limits['high']:g}"
            )
    if problems:
        raise ShockError("sample", "; ".join(problems), "give a count, a seed, and distributions within the limits")


def _factor(correlation: pd.DataFrame, names: list[str]) -> tuple[tuple[float, ...], ...]:
    """Lower triangular factor of the correlation of all levers."""
    rows, columns = list(correlation.index), list(correlation.columns)
    unknown = sorted({str(name) for name in (*rows, *columns)} - set(names))
    if unknown or set(rows) != set(columns):
        raise ShockError("sample", f"the correlation names {unknown or 'different rows and columns'}",
                         f"name levers on both sides: {', '.join(names)}")  # fmt: skip
    full = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    full.loc[rows, columns] = correlation.to_numpy(dtype=np.float64)
    matrix = full.to_numpy()
    symmetric = np.allclose(matrix, matrix.T, atol=1e-12) and np.allclose(np.diag(matrix), 1.0)
    if not symmetric or not np.linalg.eigvalsh(matrix).min() > 1e-10:
        raise ShockError("sample", "the correlation is not symmetric positive definite with ones on its diagonal",
                         "correct it; for levers that move as one, draw one lever")  # fmt: skip
    return tuple(tuple(row) for row in np.linalg.cholesky(matrix).tolist())
