"""Numbers as people write them: points or commas for decimals, and signs or blanks between thousands."""

from __future__ import annotations

import math
import re

_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_POINT_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
_COMMA_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]{1,3})?")
_LONGEST = 60
# No flow, store or price in any unit comes near; what exceeds it is a slip.
_LARGEST = 1e18
MISSING = frozenset({"", "-", "--", ":", "..", "...", "…", "n/a", "na", "nan", "null", "none"})


class NumberError(ValueError):
    """A text is no number, or could be two different ones.

    Example:
        >>> print(NumberError("is not a number"))
        is not a number
    """


def number(text: str, decimal_comma: bool = False) -> float | None:
    """Return the number that a text stands for, or None if it says that there is none.

    Args:
        text: as found in a cell.
        decimal_comma: whether the file writes decimals with a comma, so that 1.234 is in thousands.

    Raises:
        NumberError: if it is no number, not finite, or 1,234 in a file that does not say what its commas mean.

    Example:
        >>> number("12.5"), number("12,5"), number("1.234,5"), number("1,234.5"), number("1 234,5"), number("-")
        (12.5, 12.5, 1234.5, 1234.5, 1234.5, None)
        >>> number("1.234"), number("1.234", decimal_comma=True)
        (1.234, 1234.0)
    """
    if len(text) <= _LONGEST and not decimal_comma and _PLAIN.fullmatch(text):
        return _finite(float(text))
    text = text.strip().replace("\u00a0", "").replace("\u202f", "").replace("\u2212", "-")
    if text.casefold() in MISSING:
        return None
    if len(text) > _LONGEST:
        raise NumberError("is not a number")
    text = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", "", text)
    return _finite(float(_with_point(text, decimal_comma)))


def _finite(value: float) -> float:
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise NumberError("is too large for any quantity of gas")
    return value


def _with_point(text: str, decimal_comma: bool) -> str:
    if _PLAIN.fullmatch(text):
        if decimal_comma and _POINT_THOUSANDS.fullmatch(text):
            return text.replace(".", "")
        return text
    if _POINT_THOUSANDS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if _COMMA_THOUSANDS.fullmatch(text):
        if decimal_comma and text.count(",") == 1 and "." not in text:
            return text.replace(",", ".")
        if text.count(",") == 1 and "." not in text:
            raise NumberError("could have a decimal comma or be in thousands")
        return text.replace(",", "")
    if _COMMA.fullmatch(text):
        return text.replace(",", ".")
    raise NumberError("is not a number")


def has_decimal_comma(cells: list[str], separator: str) -> bool:
    """Whether a sample of cells writes decimals with commas: one plainly does, and none has a point for them.

    Between commas a cell such as "1,234" is no plain case, since it could be in thousands.

    Example:
        >>> has_decimal_comma(["12,5", "1.234"], ";"), has_decimal_comma(["12.5", "1,234"], ";")
        (True, False)
        >>> has_decimal_comma(["1,234"], ";"), has_decimal_comma(["1,234"], ",")
        (True, False)
    """
    plain = [cell for cell in cells if _COMMA.fullmatch(cell)]
    if separator == ",":
        plain = [cell for cell in plain if not _COMMA_THOUSANDS.fullmatch(cell)]
    pointed = [cell for cell in cells if "." in cell and _PLAIN.fullmatch(cell)]
    return bool(plain) and all(map(_POINT_THOUSANDS.fullmatch, pointed))
