"""Records: frozen dataclasses whose fields are arrays with the scenario as last axis, or records themselves.

What is done with all their fields at once is written here: some of the scenarios, several batches one after another,
the worst of several answers to the same scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Record = TypeVar("Record")


def each(edit: Callable[..., Any], *records: Record) -> Record:
    """Return the record that `edit` makes of the arrays of one record, or of those of several field by field."""
    first: Any = records[0]
    if isinstance(first, np.ndarray):
        return edit(*records)
    parts = {one.name: each(edit, *(getattr(record, one.name) for record in records)) for one in fields(first)}
    return replace(first, **parts)


def take(record: Record, chosen: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Record:
    """Return the record of some of the scenarios."""
    return each(lambda array: array[..., chosen], record)


def concatenated(records: Sequence[Record]) -> Record:
    """Return the record of the scenarios of several, one after another."""
    return each(lambda *arrays: np.concatenate(arrays, axis=-1), *records)


def worst(records: Sequence[Record]) -> Record:
    """Return the largest number of each scenario, NaN above all, and the last of its names."""
    return each(lambda *arrays: np.max(arrays, axis=0) if arrays[0].dtype.kind in "biuf" else arrays[-1], *records)


def placed(record: Record, where: NDArray[np.intp], part: Record) -> Record:
    """Return the record in which the scenarios of some places are those of another record.

    Example:
        >>> from gasflow.core.certificate import Certificate
        >>> good, bad = (Certificate(*np.full((5, count), value)) for count, value in ((3, 0.0), (1, 1.0)))
        >>> placed(good, np.array([1]), bad).worst.tolist(), take(good, slice(1)).worst.tolist()
        ([0.0, 1.0, 0.0], [0.0])
        >>> worst([good, concatenated([bad, bad, bad])]).worst.tolist()
        [1.0, 1.0, 1.0]
    """

    def put(array: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
        array = array.copy()
        array[..., where] = values
        return array

    return each(put, record, part)
