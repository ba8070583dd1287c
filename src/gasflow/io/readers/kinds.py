"""Which kinds of files are read, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from gasflow.errors import ArgumentError
from gasflow.io.readers.entsog import read_entsog
from gasflow.io.readers.eurostat import read_eurostat
from gasflow.io.readers.gie import read_agsi, read_alsi
from gasflow.io.readers.prices import read_prices
from gasflow.io.readers.reading import Reading

READERS: dict[str, Callable[[Path], Reading]] = {
    "entsog": read_entsog,
    "agsi": read_agsi,
    "alsi": read_alsi,
    "eurostat": read_eurostat,
    "prices": read_prices,
}


def read_raw(kind: str, path: str | PathLike[str]) -> Reading:
    r"""Return what a downloaded file says.

    Args:
        kind: ``entsog`` (operational data, CSV or JSON), ``agsi`` and ``alsi`` (storage and LNG, CSV or JSON),
            ``eurostat`` (nrg_cb_gasm, TSV or CSV), ``prices`` (date, place, price).
        path: the file.

    Raises:
        ArgumentError: if there is no such kind.
        GasflowError: if nothing of the file can be used.
        OSError: if it cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "agsi.csv"
        ...     _ = file.write_text("name;code;gasDayStart;gasInStorage;injection;withdrawal\n"
        ...                         "Austria;AT;2025-01-01;71,5;3,2;412,9\n")
        ...     read_raw("agsi", file).table[["date", "place", "quantity", "value"]].values.tolist()
        [['2025-01-01', 'AT', 'level', 71500.0], ['2025-01-01', 'AT', 'net withdrawal', 409.7]]
    """
    if kind not in READERS:
        raise ArgumentError("read_raw", "kind", kind, f"use one of {', '.join(READERS)}")
    return READERS[kind](Path(path))
