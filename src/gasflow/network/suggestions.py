"""Spelling: names brought to one form, and the names nearest to a mistyped one."""

import difflib
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not take apart into a base and an accent.
_BASE_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def fold(text: str) -> str:
    """Return the text without case, accents and punctuation, words separated by single blanks.

    Example:
        >>> fold("Veľké  Kapušany"), fold("St. Fergus"), fold("Świnoujście")
        ('velke kapusany', 'st fergus', 'swinoujscie')
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_BASE_LETTERS)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


def nearest(text: str, names: Iterable[str], count: int = 3) -> list[str]:
    """Return up to ``count`` of the names, those that contain the text first.

    Example:
        >>> nearest("kapusany", ["Budince", "Velké Kapušany"])
        ['Velké Kapušany']
        >>> nearest("Sokranivka", ["Sudzha", "Sokhranivka"])
        ['Sokhranivka']
    """
    wanted = fold(text)
    folded = {name: fold(name) for name in names}
    within = [name for name, form in folded.items() if wanted and form and wanted in form]
    forms = list(dict.fromkeys(folded.values()))
    close = difflib.get_close_matches(wanted, forms, n=count, cutoff=0.6)
    alike = [name for form in close for name, other in folded.items() if other == form]
    return list(dict.fromkeys([*within, *alike]))[:count]
