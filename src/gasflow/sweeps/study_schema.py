"""The study file as data: every key of every section, what it takes, its default and its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from gasflow.scenarios.levers import shock_kinds


@dataclass(frozen=True)
class Key:
    """One key of a study file.

    Attributes:
        section: the table it stands in; empty for the top of the file.
        name: the key.
        takes: types that are accepted.
        default: value if it is left out; none: it may be absent.
        meaning: what it says.
    """

    section: str
    name: str
    takes: tuple[type, ...]
    default: Any
    meaning: str


KEYS = (
    Key("", "name", (str,), "", "title of the study"),
    Key("base", "date", (str, date), None, "a day or month of the bundled European network, such as '2022-05-10'"),
    Key("base", "folder", (str,), None, "a folder of network tables, relative to the study file"),
    Key("base", "toy", (str,), None, "one of the small networks of gasflow.toys, such as 'transit_hub'"),
    Key("horizon", "end", (str, date), None,
        "the day after the last; with this section the study is about periods with storage, not about one day"),
    Key("horizon", "start", (str, date), None, "the first day, of a network without a date; else the day of the base"),
    Key("horizon", "step", (str,), "month", "length of a period: 'day', 'week' or 'month'"),
    Key("horizon", "contracts", (str,), "start",
        "of the bundled network: contracts as on the first day ('start'), or each period's own ('observed')"),
    Key("horizon", "end_slope", (float, int), 0.0,
        "how much the value of gas left at the end falls from empty to full stores, EUR/MWh"),
    Key("model", "curve", (str,), "constant", "how demand answers to the price: 'constant' elasticity or 'linear'"),
    Key("model", "ties", (str,), "any", "where several flows are optimal: 'any' of them, or the 'least' squares"),
    Key("model", "solver", (str,), "auto", "who solves: 'auto', 'reference', 'lanes' or 'periods'"),
    Key("model", "notice_days", (float, int), None,
        "over a horizon, days before a shock begins on which it is known; 0 is a surprise; else known from the start"),
    Key("shocks", "kind", (str,), None, "the kind of shock, see below; the other keys are its parameters"),
    Key("sample", "count", (int,), None, "how many scenarios to draw; without this section the study is a grid"),
    Key("sample", "seed", (int,), None, "names the draws, 0 or more"),
    Key("sample", "method", (str,), "random", "'random', 'sobol' or 'latin'"),
    Key("sample", "outages", (dict,), {}, "probability by place that it is closed as a whole"),
    Key("sample", "correlation", (list,), [], "list of { levers = [one, other], value = -1 to 1 }"),
    Key("sweep", "keep", (list,), ["prices", "unserved.total"],
        "what to keep: a quantity, 'quantity.place' or 'quantity.total'"),
    Key("sweep", "chunk", (int,), 4096, "scenarios per chunk; memory is in proportion to it"),
)  # fmt: skip

# A number of a shock may be a number, a list (a dimension of the grid), or one of these tables.
RANGE_KEYS = ("from", "to", "steps")
DISTRIBUTION_KEY = "distribution"


def keys_of(section: str) -> dict[str, Key]:
    """Return the keys of a section by name.

    Example:
        >>> sorted(keys_of("base"))
        ['date', 'folder', 'toy']
    """
    return {key.name: key for key in KEYS if key.section == section}


def study_help() -> str:
    """Return the study file explained, one line per key."""
    lines = []
    for key in KEYS:
        where = f"[{key.section}] " if key.section else ""
        default = "" if key.default in (None, "", {}, []) else f" (default {key.default!r})"
        lines.append(f"{where}{key.name}: {key.meaning}{default}")
    numbers = (
        "A number of a shock is a number; a list, or { from = 0, to = 1, steps = 11 } (a dimension of the grid); or, "
        "in a sample, { distribution = 'uniform', loc = 0.9, scale = 0.2 } with a name and parameters of scipy.stats."
    )
    return "\n".join([*lines, f"Kinds of shocks: {', '.join(shock_kinds())}.", numbers])
