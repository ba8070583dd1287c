"""Figures as they are read: some forty bytes each, whatever their texts, and one row per day, place and quantity.

Where a file says a thing twice, the better word wins: the higher rank (confirmed before provisional), then the newest.
Rows that are still equal in both and give another value are a conflict: the larger value is kept, because a second
publication is more often a blank zero than an excess, and a finding says so. The table does not depend on the order
of the rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import pandas as pd

from gasflow.io.readers.reading import COLUMNS, UNIT_OF, Notes, RawQuantity, Reading

_QUANTITIES = list(RawQuantity)
_POSITION = {quantity: position for position, quantity in enumerate(_QUANTITIES)}
_RELATIVE = 1e-12
Edition = tuple[int, int]


class Figures:
    """Collects observations of one file.

    Example:
        >>> seen = Figures("agsi", Notes("storage.json"))
        >>> seen.add("2022-05-10", "Alpha", RawQuantity.INJECTION, 3.0, line=2)
        >>> seen.add("2022-05-10", "Alpha", RawQuantity.INJECTION, 4.0, line=3, edition=(1, 0))
        >>> seen.reading().table
                 date  place   quantity  value   unit source
        0  2022-05-10  Alpha  injection    4.0  GWh/d   agsi
    """

    def __init__(self, source: str, notes: Notes) -> None:
        self._source = source
        self._notes = notes
        self._dates: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self._codes = {name: array("i") for name in ("date", "place", "quantity", "rank", "line")}
        self._updated = array("q")
        self._values = array("d")

    def __len__(self) -> int:
        return len(self._values)

    def add(
        self, date: str, place: str, quantity: RawQuantity, value: float, line: int, edition: Edition = (0, 0)
    ) -> None:
        """Take in one observation, its value in the unit of the quantity.

        Args:
            date: day as 2022-05-10, or month as 2022-05.
            place: as the source names it.
            quantity: what is measured.
            value: in the unit that `UNIT_OF` says.
            line: where it was found.
            edition: rank, the higher the better, and a number that grows with the time of publication.
        """
        codes = self._codes
        codes["date"].append(self._dates.setdefault(date, len(self._dates)))
        codes["place"].append(self._places.setdefault(place, len(self._places)))
        codes["quantity"].append(_POSITION[quantity])
        codes["rank"].append(edition[0])
        codes["line"].append(line)
        self._updated.append(edition[1])
        self._values.append(value)

    def reading(self) -> Reading:
        """Return the tidy table and the findings.

        Raises:
            RawFileError: if there is not a single observation.
        """
        if not len(self):
            raise self._notes.refuse("gives no observation", "check that the file is of this kind")
        table = self.table()
        return Reading(table, self._notes.findings)

    def table(self) -> pd.DataFrame:
        """Return the tidy table; conflicts are noted."""
        dates, date_rank = _sorted(self._dates)
        places, place_rank = _sorted(self._places)
        codes = {name: np.frombuffer(column, dtype=np.int32) for name, column in self._codes.items()}
        date, place = date_rank[codes["date"]], place_rank[codes["place"]]
        values, updated = np.frombuffer(self._values), np.frombuffer(self._updated, dtype=np.int64)
        # The first of each group is the one to keep.
        order = np.lexsort((-values, -updated, -codes["rank"], codes["quantity"], place, date))
        same = np.ones(len(order), dtype=bool)
        same[:1] = False
        for column in (date, place, codes["quantity"]):
            same[1:] &= column[order[1:]] == column[order[:-1]]
        kept = order[~same]
        group = np.cumsum(~same) - 1
        rivals = order[same]
        self._note_conflicts(rivals, kept[group[same]], codes, values, updated)
        texts = {
            "date": dates[date[kept]],
            "place": places[place[kept]],
            "quantity": _texts(_QUANTITIES)[codes["quantity"][kept]],
            "value": values[kept],
            "unit": _texts([UNIT_OF[quantity] for quantity in _QUANTITIES])[codes["quantity"][kept]],
            "source": _texts([self._source])[np.zeros(len(kept), dtype=int)],
        }
        return pd.DataFrame(texts, columns=list(COLUMNS))

    def _note_conflicts(
        self,
        rivals: np.ndarray,
        winners: np.ndarray,
        codes: dict[str, np.ndarray],
        values: np.ndarray,
        updated: np.ndarray,
    ) -> None:
        equal = (codes["rank"][rivals] == codes["rank"][winners]) & (updated[rivals] == updated[winners])
        other = np.abs(values[rivals] - values[winners]) > _RELATIVE * np.abs(values[winners])
        problem = "is another value for the same time, place and quantity"
        for rival in rivals[equal & other]:
            line = int(codes["line"][rival])
            self._notes.add(line, "value", float(values[rival]), problem, "the larger of the two is kept")


def _sorted(texts: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return texts in order, and the rank of each code."""
    names = _texts([*texts])
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(names), dtype=np.int32)
    rank[order] = np.arange(len(names), dtype=np.int32)
    return names[order], rank


def _texts(words: Sequence[str]) -> np.ndarray:
    texts = np.empty(len(words), dtype=object)
    texts[:] = [str(word) for word in words]
    return texts
