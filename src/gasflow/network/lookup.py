"""From what a user types to the one row that is meant.

The exact name wins; then a name equal up to case, accents and punctuation; then an alias, the hub of a node,
or the other code of a country (EL, GB). Several hits on one step are ambiguous; no hit on any is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from gasflow.errors import AmbiguousPlace, UnknownPlace
from gasflow.network.countries import SYNONYMS
from gasflow.network.suggestions import fold, nearest


@dataclass(frozen=True, order=True)
class Place:
    """One row of one table.

    Example:
        >>> print(Place("nodes", "TTF"))
        TTF
    """

    table: str
    name: str

    def __str__(self) -> str:
        """Return the name."""
        return self.name


def find(tables: Mapping[str, pd.DataFrame], place: str, among: Sequence[str]) -> Place:
    """Return the row that is meant.

    Args:
        tables: the tables of a network by name.
        place: a name, in any spelling described above.
        among: the tables to look in; an exact name in an earlier one wins.

    Raises:
        AmbiguousPlace: if several rows answer to the name.
        UnknownPlace: if none does; it carries the nearest names.

    Example:
        >>> from gasflow.network.toys import transit_hub
        >>> find(transit_hub().tables, "novopskov", ("nodes",))
        Place(table='nodes', name='Sokhranivka')
    """
    for table in among:
        if isinstance(place, str) and place in tables[table].index:
            return Place(table, place)
    wanted = fold(place) if isinstance(place, str) else ""
    every = [Place(table, name) for table in among for name in tables[table].index]
    for spellings in ([(entry.name, entry) for entry in every], _aliases(tables, among)):
        hits = sorted({entry for spelling, entry in spellings if wanted and fold(spelling) == wanted})
        if len(hits) > 1:
            raise AmbiguousPlace(place, [entry.name for entry in hits])
        if hits:
            return hits[0]
    raise UnknownPlace(place, _suggestions(tables, place, among) if isinstance(place, str) else [])


def _suggestions(tables: Mapping[str, pd.DataFrame], place: str, among: Sequence[str]) -> list[str]:
    """Return the nearest names of the first table that has any: a node is not lost among its pipes."""
    for table in among:
        words = {spelling: entry.name for spelling, entry in _aliases(tables, (table,))}
        words |= {name: name for name in tables[table].index}
        near = list(dict.fromkeys(words[word] for word in nearest(place, words)))
        if near:
            return near
    return []


def _aliases(tables: Mapping[str, pd.DataFrame], among: Sequence[str]) -> list[tuple[str, Place]]:
    if "nodes" not in among:
        return []
    nodes = tables["nodes"]
    pairs = [
        (alias, Place("nodes", name))
        for name, text, hub in zip(nodes.index, nodes["aliases"], nodes["hub"], strict=True)
        for alias in (*text.split(";"), hub)
        if alias.strip()
    ]
    return pairs + [(other, Place("nodes", name)) for other, name in SYNONYMS.items() if name in nodes.index]
