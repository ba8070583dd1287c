"""LNG terminals as ALSI publishes them, by country, company and terminal: inventory, send-out and their limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gasflow.io.readers.gie import Fields, read_inventory
from gasflow.io.readers.reading import RawQuantity, Reading

# Field of a record, stated unit, what it measures. A number without a unit is a volume of LNG in older files.
_FIELDS = {
    ("inventory", "gwh"): RawQuantity.LNG_INVENTORY,
    ("inventory", "lng"): RawQuantity.LNG_INVENTORY_VOLUME,
    ("inventory", ""): RawQuantity.LNG_INVENTORY_VOLUME,
    ("dtmi", "gwh"): RawQuantity.LNG_TANK_SIZE,
    ("dtmi", "lng"): RawQuantity.LNG_TANK_SIZE_VOLUME,
    ("dtmi", ""): RawQuantity.LNG_TANK_SIZE_VOLUME,
    ("sendout", "gwhd"): RawQuantity.SEND_OUT,
    ("sendout", ""): RawQuantity.SEND_OUT,
    ("dtrs", "gwhd"): RawQuantity.SEND_OUT_CAPACITY,
    ("dtrs", ""): RawQuantity.SEND_OUT_CAPACITY,
}
_VOLUME_WORDS = ("103m3lng", "103m3", "10m3lng", "1000m3", "1000m3lng", "thousandm3lng")


def read_alsi(path: Path) -> Reading:
    """Return what a file of ALSI says.

    Args:
        path: JSON of at most 128 MiB, or CSV.

    Returns:
        Observations by gas day, source ``alsi``: inventory and tank size in GWh and in 1,000 cubic metres of LNG,
        send-out and its capacity in GWh/d. Places are "ES", "ES|company", "ES|company|terminal", or a region.

    Raises:
        RawFileError: if the file cannot be understood or gives no observation.

    Example:
        >>> import tempfile
        >>> record = '{"code": "ES", "gasDayStart": "2022-05-10", "lngInventory": {"lng": "90.1", "gwh": "607"}}'
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "terminals.json"
        ...     _ = file.write_text(f"[{record}]")
        ...     read_alsi(file).table[["quantity", "value", "unit"]].values.tolist()
        [['lng_inventory', 607.0, 'GWh'], ['lng_inventory_volume', 90.1, '1000 m3 LNG']]
    """
    return read_inventory(path, "alsi", _take)


def _take(fields: Fields) -> Iterator[tuple[RawQuantity, str, str, float | None]]:
    for (name, unit), text in fields.items():
        bare = "inventory" if name == "lnginventory" else name
        quantity = _FIELDS.get((bare, "lng" if unit in _VOLUME_WORDS else unit))
        if quantity is not None:
            yield quantity, name, text, 1.0
