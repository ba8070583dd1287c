"""What a quantity has values for, and which of these a name means: the one place where results look a place up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gasflow.errors import UnknownPlace
from gasflow.network.network import Network
from gasflow.network.schema import Group
from gasflow.network.suggestions import nearest
from gasflow.network.tables import spelled
from gasflow.results.quantities import Axis

ACTORS = ("consumers", "producers", "storage", "pipes")


def items(network: Network, axis: Axis) -> pd.Index[Any]:
    """Return the labels along an axis, such as the names of the nodes, in the order of the arrays."""
    labels: pd.Index[Any]
    if axis is Axis.SURPLUS:
        labels = pd.MultiIndex.from_product([ACTORS, map(str, Group)], names=["actor", "group"])
    elif axis is Axis.EXPORTER:
        labels = pd.Index(np.unique(network.supplies["exporter"].to_numpy(dtype=str)), name="exporter")
    else:
        labels = pd.Index(network.tables[axis.table].index, name=str(axis))
    return labels


def joined(label: object) -> str:
    """Return a label as one text: ``consumers.EU`` for an actor and a group."""
    return ".".join(map(str, label)) if isinstance(label, tuple) else str(label)


def place_called(network: Network, axis: Axis, place: str) -> tuple[int, str]:
    """Position and label of the item that a name means, by any of its names and in any spelling.

    Raises:
        UnknownPlace: if there is none; it suggests the nearest.

    Example:
        >>> from gasflow.network.toys import transit_hub
        >>> place_called(transit_hub(), Axis.NODE, "Slovakia"), place_called(transit_hub(), Axis.EXPORTER, "RU")
        ((6, 'SK'), (1, 'RU'))
    """
    labels = [joined(label) for label in items(network, axis)]
    if isinstance(place, str) and place in labels:
        return labels.index(place), place
    if axis.table:
        place = network.find(place, among=(axis.table,)).name
    elif isinstance(place, str):
        place = spelled(place)
    if not isinstance(place, str) or place not in labels:
        raise UnknownPlace(place, nearest(str(place), labels))
    return labels.index(place), place
