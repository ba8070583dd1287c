"""Gas in storage as AGSI publishes it, by country, company and facility."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gasflow.io.readers.gie import Fields, read_inventory
from gasflow.io.readers.reading import RawQuantity, Reading
from gasflow.units import convert

_TWH = {"": convert(1.0, "twh", "gwh"), "twh": convert(1.0, "twh", "gwh"), "gwh": 1.0}
_RATE = {"": 1.0, "gwhd": 1.0, "gwh": 1.0, "gwhday": 1.0}
_SHARE = {"": 1.0}
# Field of a record, what it measures, and the factor by stated unit; volumes are in TWh, rates in GWh/d.
_FIELDS = {
    "gasinstorage": (RawQuantity.GAS_IN_STORAGE, _TWH),
    "workinggasvolume": (RawQuantity.WORKING_VOLUME, _TWH),
    "full": (RawQuantity.FULL, _SHARE),
    "injection": (RawQuantity.INJECTION, _RATE),
    "withdrawal": (RawQuantity.WITHDRAWAL, _RATE),
    "netwithdrawal": (RawQuantity.NET_WITHDRAWAL, _RATE),
    "injectioncapacity": (RawQuantity.INJECTION_CAPACITY, _RATE),
    "withdrawalcapacity": (RawQuantity.WITHDRAWAL_CAPACITY, _RATE),
}


def read_agsi(path: Path) -> Reading:
    """Return what a file of AGSI says.

    Args:
        path: JSON of at most 128 MiB, or CSV.

    Returns:
        Observations by gas day, source ``agsi``: volumes in GWh, rates in GWh/d, the level in percent. Places are
        "DE", "DE|company", "DE|company|facility", or a region.

    Raises:
        RawFileError: if the file cannot be understood or gives no observation.

    Example:
        >>> import tempfile
        >>> record = '{"code": "AT", "gasDayStart": "2022-05-10", "gasInStorage": "21.5", "injection": "-"}'
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "storage.json"
        ...     _ = file.write_text(f'{{"last_page": 1, "data": [{record}]}}')
        ...     print(*read_agsi(file).table.iloc[0])
        2022-05-10 AT gas_in_storage 21500.0 GWh agsi
    """
    return read_inventory(path, "agsi", _take)


def _take(fields: Fields) -> Iterator[tuple[RawQuantity, str, str, float | None]]:
    for (name, unit), text in fields.items():
        if name in _FIELDS:
            quantity, factors = _FIELDS[name]
            yield quantity, name, text, factors.get(unit)
