"""What public functions ask of their arguments, in one wording: what was given, and what to give instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from enum import StrEnum
from numbers import Integral, Real
from typing import Any, TypeVar

import numpy as np

from gasflow.errors import ArgumentError

# More scenarios, or a larger seed, than this have no meaning: a count of scenarios must fit into 64 bits.
MOST = 2**63 - 1

Choice = TypeVar("Choice", bound=StrEnum)
Kind = TypeVar("Kind")


def one_of(choices: type[Choice], value: object, function: str, name: str) -> Choice:
    """Return a member of an enum by itself or by its value.

    Raises:
        ArgumentError: if it is none; the message lists them.

    Example:
        >>> from gasflow.network.schema import Group
        >>> one_of(Group, "EU", "f", "group")
        <Group.EU: 'EU'>
    """
    for choice in choices:
        if isinstance(value, str) and value == choice.value:
            return choice
    known = ", ".join(repr(choice.value) for choice in choices)
    raise ArgumentError(function, name, value, f"give one of {known}")


def instance(kinds: type[Kind] | tuple[type[Kind], ...], value: object, function: str, name: str, remedy: str) -> Any:
    """Return the value, if it is of one of some kinds.

    Example:
        >>> instance(str, 5, "f", "title", "give a text")
        Traceback (most recent call last):
        ...
        gasflow.errors.ArgumentError: f: title is 5, which cannot be used; give a text.
    """
    if not isinstance(value, kinds):
        raise ArgumentError(function, name, value, remedy)
    return value


def number(value: object, function: str, name: str, low: float = -np.inf, high: float = np.inf) -> float:
    """Return a number between two limits; no bool, no text, not NaN.

    Example:
        >>> number(0.5, "f", "share", 0.0, 1.0)
        0.5
    """
    if isinstance(value, Real) and not isinstance(value, bool | np.bool_):
        with suppress(OverflowError):  # a whole number may have more digits than a float can hold
            if low <= float(value) <= high:
                return float(value)
    raise ArgumentError(function, name, value, f"give a number{_within(low, high)}")


def finite(value: object, function: str, name: str, low: float = -np.inf) -> float:
    """Return a number that is not infinite.

    Example:
        >>> finite(80.0, "f", "price")
        80.0
    """
    found = number(value, function, name, low)
    if np.isinf(found):
        raise ArgumentError(function, name, value, f"give a finite number{_within(low, np.inf)}")
    return found


def whole(value: object, function: str, name: str, low: float = -np.inf, high: float = np.inf) -> int:
    """Return a whole number between two limits; no bool, no text.

    Example:
        >>> whole(3, "f", "count", low=1)
        3
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high:
        return int(value)
    raise ArgumentError(function, name, value, f"give a whole number{_within(low, high)}")


def entries(value: object) -> tuple[Any, ...] | None:
    """Return what a list, a set or an array with one axis holds; None for all else: a text, a table, a single value.

    Example:
        >>> entries([1, 2]), entries("prices"), entries(np.array(1.0))
        ((1, 2), None, None)
    """
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping) or getattr(value, "ndim", 1) != 1:
        return None
    return tuple(value)


def texts(value: object, function: str, name: str, what: str = "name") -> tuple[str, ...]:
    """Several texts; one text stands for itself.

    Example:
        >>> texts("prices", "f", "keep"), texts(["prices", "flows"], "f", "keep")
        (('prices',), ('prices', 'flows'))
    """
    if isinstance(value, str):
        return (value,)
    several = entries(value)
    if several is not None and all(isinstance(one, str) for one in several):
        return several
    raise ArgumentError(function, name, value, f"give a {what} or a list of {what}s")


def numbers(value: object, function: str, name: str, low: float, high: float) -> tuple[float, ...]:
    """At least one number, each between two limits.

    Example:
        >>> numbers([0.05, 0.95], "f", "levels", 0.0, 1.0)
        (0.05, 0.95)
    """
    if several := None if isinstance(value, Set) else entries(value):
        return tuple(number(one, function, name, low, high) for one in several)
    raise ArgumentError(function, name, value, f"give a list of numbers{_within(low, high)}")


def _within(low: float, high: float) -> str:
    if np.isfinite(low) and np.isfinite(high):
        return f" from {low:g} to {high:g}"
    return f", {low:g} or more" if np.isfinite(low) else ""
