"""Observations as a folder of CSV files, one per table; a table without rows needs no file."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import pandas as pd

from gasflow.calibration.observations import Observations, inspect
from gasflow.calibration.schema import OBSERVED
from gasflow.errors import Finding, ObservationsError
from gasflow.io.csv_text import csv_of, headers_of, located, read_text_table
from gasflow.io.folders import folder_of, write_folder


def write_observations(observations: Observations, folder: str | PathLike[str], overwrite: bool = False) -> Path:
    """Write observations as a folder, whole or not at all, and return its path.

    Args:
        observations: what to write.
        folder: where to; created with its parents.
        overwrite: whether to replace a folder that holds earlier observations, and nothing else.

    Raises:
        FolderError: if the folder is taken; nothing is changed.

    Example:
        >>> import tempfile
        >>> prices = pd.DataFrame({"date": ["2025-01"], "node": ["B"], "price": [48.0]})
        >>> with tempfile.TemporaryDirectory() as place:
        ...     folder = write_observations(Observations.from_tables(prices=prices), Path(place) / "seen")
        ...     read_observations(folder)
        Observations: 1 row of prices, 2025-01 to 2025-01
    """
    files = {
        f"{name}.csv": csv_of(
            [entry.header for entry in table.columns],
            [list(observations.tables[name][entry.name]) for entry in table.columns],
        )
        for name, table in OBSERVED.items()
    }
    return write_folder(files, folder, overwrite)


def read_observations(folder: str | PathLike[str]) -> Observations:
    """Return the observations that a folder holds; other units in the headers are converted.

    Raises:
        ObservationsError: with everything that is wrong, by file, line and column.

    Example:
        >>> read_observations("no/such/folder")
        Traceback (most recent call last):
        gasflow.errors.ObservationsError: 1 finding:
          no/such/folder: is not a folder with observations; ...
    """
    place = folder_of(folder)
    there = {name: table for name, table in OBSERVED.items() if (place / f"{name}.csv").exists()}
    if not there:
        remedy = f"give a folder that holds some of {', '.join(f'{name}.csv' for name in OBSERVED)}"
        problem = "is not a folder with observations"
        raise ObservationsError([Finding(str(place), "", "", None, "", problem, remedy)])
    readings = {name: read_text_table(place / f"{name}.csv", table) for name, table in there.items()}
    files = {name: file for name, (file, _) in readings.items() if file is not None}
    findings = [fault for _, faults in readings.values() for fault in faults]
    frames = {name: pd.DataFrame(file.rows, columns=file.header, dtype=object) for name, file in files.items()}
    tables, found = inspect(frames, from_text=True)
    headers = {name: headers_of(OBSERVED[name], file) for name, file in files.items()}
    findings += [located(finding, files.get(finding.table), headers) for finding in found]
    if findings:
        raise ObservationsError(findings)
    return Observations(**tables)
