"""What every shock shares: dates, numbers that may be sequences, and one way to be applied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from gasflow.errors import DayError, ShockError, brief
from gasflow.network.days import day_of
from gasflow.scenarios.conditions import COLUMNS, Array, Conditions
from gasflow.scenarios.limits import check_limits

Number = float | Sequence[float]
Day = str | date | None
# What grows and fades, and the day from which it does.
_BOUNDS = {"ramp_days": "start", "recovery_days": "end"}


def number(default: float, low: float = -np.inf, high: float = np.inf) -> Any:
    """Return a field that takes a number, or a sequence with one number per scenario, between two limits."""
    return field(default=default, metadata={"low": low, "high": high})


def choice(default: StrEnum) -> Any:
    """Return a field that takes a member of an enum, or its value."""
    return field(default=default, metadata={"choices": type(default)})


def column_of(table: str, default: str = "") -> Any:
    """Declare a field that takes a column of a table whose numbers a scenario may change."""
    return field(default=default, metadata={"columns": COLUMNS[table]})


@dataclass(frozen=True)
class Shock(ABC):
    """Something that happens to the network.

    Shocks are values: frozen, equal and hashable by what they say. Every number may be a sequence, one entry per
    scenario. They combine with ``+``.

    Attributes:
        start: first day on which the shock holds; none: it has always held.
        end: first day on which it no longer holds; none: it lasts.
        ramp_days: days over which it grows to its full size after `start`.
        recovery_days: days over which it fades after `end`.
    """

    start: Day = field(default=None, kw_only=True)
    end: Day = field(default=None, kw_only=True)
    ramp_days: float = field(default=0.0, kw_only=True, metadata={"days": True})
    recovery_days: float = field(default=0.0, kw_only=True, metadata={"days": True})

    # Shocks are applied in this order, then in the order given: first what routes can carry and suppliers send, then
    # closures with what they move elsewhere, and last what is taken off the remaining flow.
    stage: ClassVar[int] = 1
    # Fields of which at least one must be given.
    needs: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        problems: list[str] = []
        unbounded = {days for days, bound in _BOUNDS.items() if getattr(self, bound) is None}
        for one in fields(self):
            value = _normalised(one, getattr(self, one.name), problems)
            object.__setattr__(self, one.name, value)
        if isinstance(self.start, date) and isinstance(self.end, date) and self.end <= self.start:
            problems.append(f"end={self.end} is not after start={self.start}")
        problems += [f"{days}={getattr(self, days):g} has no meaning without {_BOUNDS[days]}"
                     for days in sorted(unbounded) if getattr(self, days)]  # fmt: skip
        # What is no name has been reported; whether it is true is not asked, as an array has no answer.
        targets = [getattr(self, name) for name in self.needs]
        if self.needs and all(target is None or (isinstance(target, str) and not target) for target in targets):
            problems.append(f"it does not say what it acts on: give {' or '.join(self.needs)}")
        if problems:
            raise ShockError(type(self).__name__, "; ".join(problems), "correct it and try again")

    def __add__(self, other: Shock | Scenario) -> Scenario:
        """Both shocks in one scenario."""
        return Scenario((self,)) + other

    def numbers(self) -> dict[str, int]:
        """Return the fields that hold numbers, with the count of scenarios in each."""
        return {
            one.name: len(value) if isinstance(value := getattr(self, one.name), tuple) else 1
            for one in fields(self)
            if "low" in one.metadata
        }

    @property
    def count(self) -> int:
        """How many scenarios the shock describes.

        Raises:
            ShockError: if its sequences have different lengths; only a grid can hold such a shock.
        """
        counts = set(self.numbers().values()) - {1}
        if len(counts) > 1:
            raise ShockError(
                type(self).__name__,
                f"sequences of different lengths: {sorted(counts)}",
                "give equal lengths, or make a grid of all combinations",
            )
        return max(counts, default=1)

    @property
    def first_day(self) -> date | None:
        """First day on which the shock holds; none: it has always held."""
        return self.start if isinstance(self.start, date) else None

    def array(self, name: str) -> Array:
        """Return a number of the shock, shape (1, 1, scenario)."""
        value = getattr(self, name)
        if is_distribution(value):
            raise ShockError(type(self).__name__, f"{name} is a distribution", "draw from it in a sample")
        return np.atleast_1d(np.asarray(value, dtype=np.float64))[None, None, :]

    def coverage(self, conditions: Conditions) -> Array:
        """Share of each period in which the shock holds, shape (1, period, 1).

        Raises:
            ShockError: if it holds in none.
        """
        end = self.end if isinstance(self.end, date) else None
        periods = conditions.periods
        share = periods.coverage(self.first_day, end, self.ramp_days, self.recovery_days)
        if not share.any():
            since = f"from {self.start}" if self.start else ""
            until = f"until {self.end}" if self.end else ""
            problem = f"it holds {' '.join(filter(None, (since, until)))}, but {periods.described}"
            raise ShockError(type(self).__name__, problem, "give it a day within")
        return share[None, :, None]

    @abstractmethod
    def apply(self, conditions: Conditions) -> Conditions:
        """Return the conditions after the shock."""


@dataclass(frozen=True)
class Scenario:
    """Shocks that happen together; with sequences in them, one scenario per entry.

    Example:
        >>> import gasflow as gf
        >>> both = gf.Closure("Sokhranivka", share=[0.5, 1.0]) + gf.LngPriceChange(1.2)
        >>> both.count
        2
        >>> both == gf.Closure("Sokhranivka", share=(0.5, 1.0)) + gf.LngPriceChange(1.2)
        True
    """

    shocks: tuple[Shock, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.shocks, tuple | list):
            raise ShockError(
                "Scenario", f"{brief(self.shocks)} is no tuple of shocks", "give one, or join shocks with +"
            )
        object.__setattr__(self, "shocks", tuple(self.shocks))
        for shock in self.shocks:
            if not isinstance(shock, Shock):
                raise ShockError(
                    "Scenario", f"{brief(shock)} is not a shock", "give one, such as gasflow.Closure(place)"
                )
        counts = {shock.count for shock in self.shocks} - {1}
        if len(counts) > 1:
            raise ShockError(
                "Scenario",
                f"its shocks describe different numbers of scenarios: {sorted(counts)}",
                "give sequences of one length, or make a grid of all combinations",
            )

    def __add__(self, other: Shock | Scenario) -> Scenario:
        """All shocks of both."""
        return Scenario(self.shocks + (other.shocks if isinstance(other, Scenario) else (other,)))

    @property
    def count(self) -> int:
        """How many scenarios there are."""
        return max((shock.count for shock in self.shocks), default=1)

    def chosen(self, numbers: NDArray[np.intp]) -> Scenario:
        """Return some of the scenarios."""
        shocks = []
        for shock in self.shocks:
            lists = {name: getattr(shock, name) for name, count in shock.numbers().items() if count > 1}
            entries: dict[str, Any] = {name: np.asarray(value)[numbers] for name, value in lists.items()}
            shocks.append(replace(shock, **entries))
        return Scenario(tuple(shocks))

    def apply(self, conditions: Conditions) -> Conditions:
        """Return the conditions after all shocks.

        Raises:
            ShockError: if a shock does not fit the network, or takes a number out of the limits of its column.
        """
        for _, shocks in groupby(sorted(self.shocks, key=_stage), key=_stage):
            for shock in shocks:
                conditions = shock.apply(conditions)
            conditions = conditions.settled()
        check_limits(conditions)
        return replace(conditions, scenario_count=self.count)


def _stage(shock: Shock) -> int:
    return shock.stage


def combined(shocks: Iterable[Shock | Scenario]) -> Scenario:
    """One scenario of all the shocks given."""
    scenario = Scenario()
    for shock in shocks:
        scenario = scenario + shock
    return scenario


def is_distribution(value: object) -> bool:
    """Whether a value is a distribution to draw from (it has a quantile function), not a number."""
    return hasattr(value, "ppf")


def _normalised(one: Field[Any], value: Any, problems: list[str]) -> Any:
    """Return a field's value in its frozen form; what is wrong with it is added to `problems`."""
    if one.name in ("start", "end"):
        return _as_day(one.name, value, problems)
    if "choices" in one.metadata:
        choices = one.metadata["choices"]
        try:
            return choices(value)
        except ValueError:
            known = ", ".join(repr(c.value) for c in choices)
            problems.append(f"{one.name}={brief(value)} is not one of {known}")
            return value
    if "columns" in one.metadata:
        if not isinstance(value, str) or value not in one.metadata["columns"]:
            known = ", ".join(map(repr, one.metadata["columns"]))
            problems.append(f"{one.name}={brief(value)} is no number that a shock may change; these are {known}")
        return value
    if "days" in one.metadata:
        return _as_days(one.name, value, problems)
    if "low" not in one.metadata:
        if not isinstance(value, str | None):
            problems.append(f"{one.name}={brief(value)} is not one name; join shocks to several places with +")
        return value
    return value if is_distribution(value) else _as_numbers(one, value, problems)


def _as_day(name: str, value: Any, problems: list[str]) -> date | None:
    if value is None:
        return None
    try:
        return day_of(value)
    except DayError as error:
        problems.append(f"{name}={brief(value)} {error.problem} ({error.remedy})")
        return None


def _as_days(name: str, value: Any, problems: list[str]) -> float:
    days = _floats(value)
    if days.ndim == 0 and 0.0 <= days < np.inf:
        return float(days)
    problems.append(f"{name}={brief(value)} must be a number of days, 0 or more")
    return 0.0


def _as_numbers(one: Field[Any], value: Any, problems: list[str]) -> Any:
    array = _floats(value)
    low, high = one.metadata["low"], one.metadata["high"]
    if array.ndim > 1 or array.size == 0 or not (np.isfinite(array) & (array >= low) & (array <= high)).all():
        limits = f" between {low:g} and {high:g}" if np.isfinite(low) or np.isfinite(high) else ""
        shown = brief(value) if one.default is MISSING or array.size < 4 else "some of its values"
        problems.append(f"{one.name}={shown} must be a number (or one per scenario){limits}")
        return value
    return float(array) if array.ndim == 0 else tuple(array.tolist())


def _floats(value: Any) -> NDArray[np.float64]:
    """Return numbers as an array; NaN in place of what is none: text, a truth value, a date, a masked entry."""
    none = np.array(np.nan)
    if isinstance(value, np.ma.MaskedArray) and np.ma.getmaskarray(value).any():
        return none
    try:
        array = np.asarray(value)
        # numpy turns a list of truth values and numbers into numbers, so that entries are looked at one by one.
        plain = isinstance(value, np.ndarray) or array.dtype.kind not in "iufO"
        entries = () if plain and array.dtype.kind != "O" else np.asarray(value, dtype=object).ravel()
        if array.dtype.kind not in "iufO" or not all(map(_is_number, entries)):
            return none
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return none


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)
