"""Monthly gas prices of the World Bank's commodity data (the "Pink Sheet"), in USD/MMBtu."""

from __future__ import annotations

from pathlib import Path

from gasflow.io.readers.gas_days import Order
from gasflow.io.readers.price_tables import PriceForm, read_prices
from gasflow.io.readers.reading import Reading

_FORM = PriceForm("worldbank", Order.DAY_FIRST, ("commodity", "series", "seriesname", "indicator", "indicatorname"))


def read_worldbank(path: Path) -> Reading:
    r"""Return the gas prices of one file.

    Args:
        path: the sheet of monthly prices saved as CSV (titles, names, units, then 1960M01, ...), or a long table
            (month, commodity, value, unit).

    Returns:
        Observations of ``gas_price`` in USD/MMBtu by month; the place is the name of the series, as
        "Natural gas, Europe". What is priced per barrel or per tonne is passed over.

    Raises:
        RawFileError: if there is no price in that unit.

    Example:
        >>> import tempfile
        >>> text = ',"Crude oil, average","Natural gas, Europe"\n,($/bbl),($/mmbtu)\n2022M05,110.1,29.2\n'
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "pink_sheet.csv"
        ...     _ = file.write_text(text)
        ...     print(*read_worldbank(file).table.iloc[0])
        2022-05 Natural gas, Europe gas_price 29.2 USD/MMBtu worldbank
    """
    return read_prices(path, _FORM)
