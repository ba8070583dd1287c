"""The numbers of a study file: plain ones, lists, ranges, distributions, and correlations of levers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from gasflow.scenarios.draws import LOWEST_DRAW
from gasflow.sweeps.study_schema import DISTRIBUTION_KEY, RANGE_KEYS

# A grid of more steps than this is a sample.
_MOST_STEPS = 1_000_000
# Nothing in the world of gas is larger, and it is far from overflowing.
_LARGEST = 1e18
_PLACE = ("loc", "scale")

# A value as the library takes it, what is wrong with it, and the next step; nothing is wrong if the second is empty.
Read = tuple[Any, str, str]


def number_of(value: Any, drawn: bool) -> Read:
    """Return a number, a list, a range, or, where scenarios are drawn, a distribution.

    Example:
        >>> number_of({"from": 0, "to": 1, "steps": 3}, drawn=False)
        ([0.0, 0.5, 1.0], '', '')
        >>> number_of(True, drawn=False)
        (True, 'is no usable number', 'give a number below 1e18, a list, a range or a distribution')
    """
    if isinstance(value, dict):
        return _distribution(value, drawn) if DISTRIBUTION_KEY in value else _range(value)
    numbers = value if isinstance(value, list) else [value]
    wrong = [one for one in numbers if not is_number(one)]
    if wrong:
        return wrong[0], "is no usable number", "give a number below 1e18, a list, a range or a distribution"
    return value, "", ""


def is_number(value: Any) -> bool:
    """Whether this is a finite number that can be multiplied by others; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST


def is_pair(pair: Any) -> bool:
    """Whether this correlates two levers."""
    if not isinstance(pair, dict) or set(pair) != {"levers", "value"} or not is_number(pair["value"]):
        return False
    levers = pair["levers"]
    return (
        isinstance(levers, list) and all(isinstance(one, str) for one in levers) and len({*levers}) == len(levers) == 2
    )


def correlation_of(pairs: list[dict[str, Any]]) -> pd.DataFrame | None:
    """Return the matrix of pairs of levers; none if there is no pair."""
    if not pairs:
        return None
    names = list(dict.fromkeys(name for pair in pairs for name in pair["levers"]))
    matrix = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    for pair in pairs:
        one, other = pair["levers"]
        matrix.loc[one, other] = matrix.loc[other, one] = float(pair["value"])
    return matrix


def _range(value: dict[str, Any]) -> Read:
    """Equal steps from one number to another."""
    if set(value) != set(RANGE_KEYS) or not all(map(is_number, value.values())):
        return value, "is no range", "write { from = 0, to = 1, steps = 11 }"
    first, last, steps = (value[key] for key in RANGE_KEYS)
    if steps != int(steps) or not 1 <= steps <= _MOST_STEPS:
        return value, "has no usable steps", f"give a whole number of steps, 1 to {_MOST_STEPS:,}"
    return np.linspace(first, last, int(steps)).tolist(), "", ""


def _distribution(value: dict[str, Any], drawn: bool) -> Read:
    """Return a frozen distribution of scipy.stats that has quantiles."""
    if not drawn:
        return value, "is a distribution, but the study is a grid", "add the section [sample]"
    name = value[DISTRIBUTION_KEY]
    family = getattr(stats, name, None) if isinstance(name, str) else None
    if not isinstance(family, stats.rv_continuous | stats.rv_discrete):
        remedy = "use uniform, norm, lognorm, triang, bernoulli or another of its names"
        return name, "is no distribution of scipy.stats", remedy
    given = {key: one for key, one in value.items() if key != DISTRIBUTION_KEY}
    shapes = [shape.strip() for shape in (family.shapes or "").split(",") if shape.strip()]
    scales = _PLACE if isinstance(family, stats.rv_continuous) else _PLACE[:1]
    remedy = f"{name} takes {', '.join([*shapes, *scales])}"
    strange = [key for key in given if key not in (*shapes, *scales)] + [key for key in shapes if key not in given]
    if strange:
        return value, f"does not fit: {strange[0]!r} is missing or unknown", remedy
    if not all(map(is_number, given.values())):
        return value, "has a parameter that is no number", remedy
    frozen = family(**given)
    try:
        with np.errstate(all="ignore"):
            extremes = np.abs(frozen.ppf([LOWEST_DRAW, 0.5, 1.0 - LOWEST_DRAW]))
    except Exception:  # Some of the hundred families fail in ways of their own at the edge of their parameters.
        extremes = np.full(3, np.nan)
    if not (extremes <= _LARGEST).all():
        return value, "has no numbers, or numbers beyond 1e18", f"correct its parameters; {remedy}"
    return frozen, "", ""
