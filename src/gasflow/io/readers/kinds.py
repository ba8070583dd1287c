"""The one way in: a kind and a path to a reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike

from gasflow.errors import ArgumentError
from gasflow.io.folders import folder_of
from gasflow.io.readers.acer import read_acer
from gasflow.io.readers.agsi import read_agsi
from gasflow.io.readers.alsi import read_alsi
from gasflow.io.readers.eia import read_eia
from gasflow.io.readers.entsog import read_entsog
from gasflow.io.readers.entsog_points import read_entsog_points
from gasflow.io.readers.eurostat import read_eurostat
from gasflow.io.readers.gaslib import read_gaslib
from gasflow.io.readers.reading import NetworkReading, Reading, notes_for
from gasflow.io.readers.scigrid import read_scigrid
from gasflow.io.readers.worldbank import read_worldbank

READERS: Mapping[str, Callable[..., Reading | NetworkReading]] = {
    "acer": read_acer,
    "agsi": read_agsi,
    "alsi": read_alsi,
    "eia": read_eia,
    "entsog": read_entsog,
    "entsog-points": read_entsog_points,
    "eurostat": read_eurostat,
    "gaslib": read_gaslib,
    "scigrid": read_scigrid,
    "worldbank": read_worldbank,
}


def read_raw(kind: str, path: str | PathLike[str]) -> Reading | NetworkReading:
    """Return what a downloaded file says, as one tidy table or as the tables of a network.

    Args:
        kind: one of `READERS`.
        path: the file; of ``scigrid`` a folder.

    Returns:
        A `NetworkReading` for ``scigrid`` and ``gaslib``, else a `Reading`.

    Raises:
        ArgumentError: if there is no such kind.
        FolderError: if the path is none.
        RawFileError: if the file cannot be used, with everything that is wrong.

    Example:
        >>> read_raw("acer", "no/such/file.csv")
        Traceback (most recent call last):
        gasflow.errors.RawFileError: 1 finding:
          file.csv: is not a file; give the path of a downloaded file.
    """
    if kind not in READERS:
        raise ArgumentError("read_raw", "kind", kind, f"give one of {', '.join(READERS)}")
    where = folder_of(path)
    try:
        where.exists()
    except (OSError, ValueError):
        raise notes_for(where).refuse("is no path", "give the path of a downloaded file") from None
    return READERS[kind](where)
