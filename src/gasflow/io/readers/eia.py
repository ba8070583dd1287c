"""Gas prices of the US Energy Information Administration: series by week or month, in USD/MMBtu."""

from __future__ import annotations

from pathlib import Path

from gasflow.io.readers.gas_days import Order
from gasflow.io.readers.price_tables import PriceForm, read_prices
from gasflow.io.readers.reading import Reading

_FORM = PriceForm("eia", Order.MONTH_FIRST, ("seriesdescription", "seriesname", "series", "productname"))


def read_eia(path: Path) -> Reading:
    r"""Return the prices of one file.

    Args:
        path: CSV of a series (titles, then "Week of" or "Month" and the price), CSV of the API (``period``,
            ``series-description``, ``value``, ``units``), or a table with a column per price whose header ends in
            its unit. Days are month first, as 05/13/2022.

    Returns:
        Observations of ``gas_price`` in USD/MMBtu by day (of a weekly series the day that the source names) or by
        month; the place is the name of the series without its unit.

    Raises:
        RawFileError: if there is no price in that unit.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "monthly.csv"
        ...     _ = file.write_text("Month,Alpha Hub Spot Price Dollars per Million Btu\nMay 2022,8.1\n")
        ...     print(*read_eia(file).table.iloc[0])
        2022-05 Alpha Hub Spot Price gas_price 8.1 USD/MMBtu eia
    """
    return read_prices(path, _FORM)
