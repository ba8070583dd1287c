"""What tests of readers share: the small files, and tables as lists."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gasflow.io.readers import Reading, read_raw

FILES = Path(__file__).parent / "files"


def observed(kind: str, path: Path) -> Reading:
    """Reading of a file that gives observations."""
    reading = read_raw(kind, path)
    assert isinstance(reading, Reading)
    return reading


def values(table: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Value by date, place and quantity."""
    keys = zip(table["date"], table["place"], table["quantity"], strict=True)
    return dict(zip(keys, table["value"], strict=True))


def problems(reading: Reading) -> list[str]:
    """What the findings say is wrong, with line and column."""
    return [f"{finding.row} {finding.column}: {finding.problem}" for finding in reading.findings]
