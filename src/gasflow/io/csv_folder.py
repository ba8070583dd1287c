"""A network as a folder of CSV files, one per table, that any spreadsheet opens.

The files are written as UTF-8, comma-separated, with a header that names every unit (``capacity_gwh_per_day``); what
other programmes make of them is read as well, see `gasflow.io.csv_text`. The
schema says which columns there are. Floats are written with all the digits needed to read the same bits back:
writing and reading is the identity. An empty cell is the default of its column, which may be NaN; infinity is
not allowed. Cells are read as text and numbers only: nothing in a file is ever executed.
"""

import warnings
from os import PathLike
from pathlib import Path

import pandas as pd

from gasflow.errors import Finding, GasflowWarning, NetworkError, Severity, listed
from gasflow.io.csv_text import csv_of, headers_of, located, read_text_table
from gasflow.io.folders import folder_of, write_folder
from gasflow.network.checks import inspect
from gasflow.network.columns import Table
from gasflow.network.network import Network
from gasflow.network.schema import SCHEMA, TABLES

FILES = tuple(f"{table}.csv" for table in SCHEMA)


def write_csv_folder(network: Network, folder: str | PathLike[str], overwrite: bool = False) -> Path:
    """Write the network as a folder, whole or not at all, and return its path.

    Args:
        network: what to write.
        folder: where to; created with its parents. An empty folder is fine.
        overwrite: whether to replace a folder that holds an earlier network, and nothing else.

    Raises:
        FolderError: if the folder is taken; nothing is changed.
        OSError: if the disk refuses; nothing is changed.

    Example:
        >>> import tempfile
        >>> from gasflow.network.toys import line
        >>> with tempfile.TemporaryDirectory() as place:
        ...     folder = write_csv_folder(line(), Path(place) / "line")
        ...     read_csv_folder(folder) == line()
        True
    """
    files = {f"{name}.csv": _csv(SCHEMA[name], frame) for name, frame in network.tables.items()}
    return write_folder(files, folder, overwrite)


def read_csv_folder(folder: str | PathLike[str]) -> Network:
    """Return the network that a folder holds; other units in the headers are converted.

    What a user should know and what forbids nothing comes as a `GasflowWarning`, and what is
    about the network itself stays in ``network.findings``.

    Raises:
        NetworkError: with everything that is wrong, by file, line and column.

    Example:
        >>> read_csv_folder("no/such/folder")
        Traceback (most recent call last):
        gasflow.errors.NetworkError: 1 finding:
        ...
    """
    tables, findings = _read(folder_of(folder))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise NetworkError(findings)
    if findings:
        warnings.warn("\n".join(listed(findings)), GasflowWarning, stacklevel=2)
    settings = tables["network"].iloc[0]
    return Network(
        **{table: tables[table] for table in TABLES},
        name=str(settings.name),
        date=settings["date"],
        value_of_lost_load=settings["value_of_lost_load"],
        price_floor=settings["price_floor"],
        marker=settings["marker"],
    )


def check_folder(folder: str | PathLike[str]) -> list[Finding]:
    """Return everything that is wrong with a folder, by file, line and column; nothing if it holds a network.

    Example:
        >>> print(check_folder("no/such/folder")[0])
        no/such/folder: is not a folder; give the folder that holds nodes.csv.
    """
    return _read(folder_of(folder))[1]


def _csv(table: Table, frame: pd.DataFrame) -> str:
    header = ["name", *(entry.header for entry in table.columns)]
    return csv_of(header, [list(frame.index), *(list(frame[entry.name]) for entry in table.columns)])


def _read(folder: Path) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    if not _is_folder(folder):
        remedy = "give the folder that holds nodes.csv"
        return {}, [Finding(str(folder), "", "", None, "", "is not a folder", remedy)]
    readings = {name: read_text_table(folder / f"{name}.csv", table) for name, table in SCHEMA.items()}
    files = {name: file for name, (file, _) in readings.items()}
    findings = [finding for _, faults in readings.values() for finding in faults]
    frames = {
        name: pd.DataFrame(file.rows, columns=file.header, dtype=object)
        for name, file in files.items()
        if file is not None
    }
    if "network" in frames and len(frames["network"]) != 1:
        problem = f"has {len(frames['network'])} rows"
        findings.append(Finding("network.csv", "", "", None, "", problem, "give the settings in one row"))
        del frames["network"]
    tables, found = inspect(frames, from_text=True)
    headers = {name: headers_of(SCHEMA[name], file) for name, file in files.items() if file is not None}
    return tables, findings + [located(finding, files[finding.table], headers) for finding in found]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
