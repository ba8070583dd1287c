r"""Monthly gas statistics of Eurostat: balances (``nrg_cb_gasm``) and trade by partner (``nrg_ti_gasm``).

Two forms: TSV, whose first column holds all keys (``freq,nrg_bal,siec,unit,geo\TIME_PERIOD``) and whose cells hold a
number and perhaps a flag (``123.4 p``, ``:``, ``0 n``, ``:c``); and SDMX-CSV with one observation per row. TJ (gross)
and million cubic metres at 15 degC become the mean GWh/d of the month; where both are there, TJ counts, since it is
what was measured. A place is a country ("GR" for EL), or "NO->DE" for trade from a partner.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gasflow.io.readers.figures import Figures
from gasflow.io.readers.gas_days import DateError, month_of_text
from gasflow.io.readers.number_text import NumberError, number
from gasflow.io.readers.reading import Notes, RawQuantity, Reading, notes_for
from gasflow.io.readers.records import field_name, unreadable
from gasflow.io.readers.text import Rows, open_rows
from gasflow.network.countries import country_code
from gasflow.units import Gas, convert, gwh_from_mcm

_BALANCES = {
    ("IPRD", "G3000"): RawQuantity.PRODUCTION,
    ("IMP", "G3000"): RawQuantity.IMPORTS,
    ("EXP", "G3000"): RawQuantity.EXPORTS,
    ("IMP", "G3200"): RawQuantity.LNG_IMPORTS,
    ("EXP", "G3200"): RawQuantity.LNG_EXPORTS,
    ("STK_CHG_MG", "G3000"): RawQuantity.STOCK_CHANGE,
    ("STK_CHG", "G3000"): RawQuantity.STOCK_CHANGE,
    ("IC_CAL_MG", "G3000"): RawQuantity.CONSUMPTION_CALCULATED,
    ("IC_OBS", "G3000"): RawQuantity.CONSUMPTION_OBSERVED,
    ("TI_EHG_MAP", "G3000"): RawQuantity.POWER_PLANT_USE,
    ("STATDIFF", "G3000"): RawQuantity.STATISTICAL_DIFFERENCE,
}
# Factor to GWh, and which unit counts where both are there.
_UNITS = {
    "TJ_GCV": (convert(1.0, "tj", "gwh"), 2),
    "MIO_M3": (gwh_from_mcm(1.0, 15, Gas.STATISTICAL), 1),
}
# Flags: break, confidential, differs, estimated, forecast, not significant, provisional, revised, ...
_CELL = re.compile(r"(\S+?)\s*([bcdefnprsuvz]*)")
_LEFT_OUT = "it is left out"


def read_eurostat(path: Path) -> Reading:
    r"""Return the monthly statistics of one file.

    Args:
        path: TSV or SDMX-CSV, unpacked, read a line at a time. Trade is exports if the name of the file or its
            data flow says ``nrg_te``, else imports.

    Returns:
        Observations by month in GWh/d, the mean of the month, source ``eurostat``.

    Raises:
        RawFileError: if the file cannot be understood or gives no observation.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "nrg_cb_gasm.tsv"
        ...     head = "freq,nrg_bal,siec,unit,geo\\TIME_PERIOD\t2022-04 \t2022-05 "
        ...     _ = file.write_text(f"{head}\nM,IC_OBS,G3000,TJ_GCV,EL\t: \t11160 p\n")
        ...     print(*read_eurostat(file).table.iloc[0])
        2022-05 GR consumption_observed 100.0 GWh/d eurostat
    """
    notes = notes_for(path)
    seen = Figures("eurostat", notes)
    with_tabs = open_rows(path, notes, "\t")
    header = next(with_tabs.lines, (0, []))[1]
    is_tsv = len(header) > 1 and "," in header[0]
    statistics = _Statistics(seen, notes, path.name.casefold())
    for row in _of_tsv(header, with_tabs, notes) if is_tsv else _of_csv(path, notes):
        statistics.take(row)
    return seen.reading()


@dataclass(frozen=True)
class _Row:
    """A row: its keys, named as in SDMX, and its cells as month and text."""

    line: int
    keys: Mapping[str, str]
    cells: Sequence[tuple[str, str]]
    decimal_comma: bool


def _of_tsv(header: list[str], rows: Rows, notes: Notes) -> Iterator[_Row]:
    names = [word.split("\\")[0].strip() for word in header[0].split(",")]
    for line, cells in rows.lines:
        words = [word.strip() for word in cells[0].split(",")]
        if len(words) != len(names) or len(cells) > len(header):
            notes.add(
                line, header[0], cells[0], f"has not {len(names)} keys, or too many cells", "the line is left out"
            )
            continue
        keys = dict(zip(names, words, strict=True))
        yield _Row(line, keys, [*zip(header[1:], cells[1:], strict=False)], rows.decimal_comma)


def _of_csv(path: Path, notes: Notes) -> Iterator[_Row]:
    rows = open_rows(path, notes)
    header = [word.strip() for word in next(rows.lines, (0, []))[1]]
    names = [field_name(word) for word in header]
    if not {"siec", "unit", "geo", "timeperiod", "obsvalue"} <= set(names):
        raise notes.refuse("is neither TSV nor SDMX-CSV of gas statistics", "download nrg_cb_gasm or nrg_ti_gasm again")
    plain = [word.casefold() for word in header]
    for line, cells in rows.lines:
        if len(cells) < len(names):
            notes.add(line, "", len(cells), f"has not {len(names)} cells, as the header has", "the line is left out")
            continue
        # Codes may come with their labels, as "DE: Germany".
        keys = {word: cell.split(":")[0].strip() for word, cell in zip(plain, cells, strict=False)}
        keys["dataflow"] = dict(zip(names, cells, strict=False)).get("dataflow", "")
        values = dict(zip(names, cells, strict=False))
        yield _Row(line, keys, [(values["timeperiod"], values["obsvalue"])], rows.decimal_comma)


@dataclass(frozen=True)
class _Statistics:
    """Takes in the cells of one file, whose name may say which trade it holds."""

    seen: Figures
    notes: Notes
    name: str

    def take(self, row: _Row) -> None:
        """Take in the cells of a row that hold a number."""
        cells = [(month, text) for month, text in row.cells if text and not text.startswith(":")]
        meaning = self._meaning(row.line, row.keys) if cells else None
        for month_text, text in cells if meaning else []:
            parts = _CELL.fullmatch(text)
            try:
                month = month_of_text(month_text)
                value = number(parts[1] if parts else text, row.decimal_comma)
            except (DateError, NumberError) as error:
                self.notes.add(row.line, month_text, text, str(error), _LEFT_OUT)
                continue
            if meaning and value is not None:
                factor, rank = _UNITS[row.keys["unit"]]
                self.seen.add(month, meaning[1], meaning[0], value * factor / _days(month), row.line, (rank, 0))

    def _meaning(self, line: int, keys: Mapping[str, str]) -> tuple[RawQuantity, str] | None:
        """Return quantity and place of a row; none if it is not among those that are read."""
        if keys.get("freq", "M") != "M":
            self.notes.add(line, "freq", keys["freq"], "is not monthly", _LEFT_OUT)
        elif keys.get("unit") not in _UNITS:
            self.notes.add(line, "unit", keys.get("unit"), "is neither TJ_GCV nor MIO_M3", _LEFT_OUT)
        elif "partner" in keys:
            return self._trade(line, keys)
        elif (quantity := _BALANCES.get((keys.get("nrg_bal", ""), keys.get("siec", "")))) is None:
            code = f"{keys.get('nrg_bal', '')}, {keys.get('siec', '')}"
            self.notes.add(line, "nrg_bal", code, "is not among the balances that are read", _LEFT_OUT)
        elif (place := _place(keys.get("geo", ""))) is None:
            self.notes.add(line, "geo", keys.get("geo"), "is no place", _LEFT_OUT)
        else:
            return quantity, place
        return None

    def _trade(self, line: int, keys: Mapping[str, str]) -> tuple[RawQuantity, str] | None:
        fuel, partner, reporter = keys.get("siec", ""), _place(keys["partner"]), _place(keys.get("geo", ""))
        if fuel not in ("G3000", "G3200") or partner is None or reporter is None:
            self.notes.add(line, "siec", f"{fuel}, {keys['partner']}", "is no trade that is read", _LEFT_OUT)
            return None
        lng = fuel == "G3200"
        if "nrg_te" in f"{keys.get('dataflow', '').casefold()} {self.name}":
            return (RawQuantity.LNG_EXPORTS if lng else RawQuantity.EXPORTS), f"{reporter}->{partner}"
        return (RawQuantity.LNG_IMPORTS if lng else RawQuantity.IMPORTS), f"{partner}->{reporter}"


@lru_cache(maxsize=4096)
def _place(code: str) -> str | None:
    """Return a country as gasflow keeps it, or a region as it is."""
    if not code or unreadable(code) or len(code) > 60:
        return None
    return country_code(code) or code


@lru_cache(maxsize=4096)
def _days(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]
