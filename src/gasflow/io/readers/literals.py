"""Literals in text, such as "{'length_km': 12.5, 'method': None}": read as data and never run."""

from __future__ import annotations

import ast
import re
from typing import Any

LONGEST_LITERAL = 100_000
_DEEPEST = 20
_NAN = re.compile(r"(?<=[\[(:,\s])(nan|NaN|null|inf|-inf)(?=\s*[,}\])])")
_WORDS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


class LiteralTextError(ValueError):
    """A text is no literal, or too large for one.

    Example:
        >>> print(LiteralTextError("is not a list or a record of plain values"))
        is not a list or a record of plain values
    """


def literal(text: str) -> Any:
    """Return the value that a text writes down: numbers, words, lists and records of them; nan is None.

    Args:
        text: at most 100,000 characters, nested at most 20 deep.

    Raises:
        LiteralTextError: if it holds anything else, such as a call.

    Example:
        >>> literal("{'max_cap_M_m3_per_d': 90.4, 'end_year': nan, 'nodes': ['A', 'B']}")
        {'max_cap_M_m3_per_d': 90.4, 'end_year': None, 'nodes': ['A', 'B']}
        >>> literal("__import__('os').getcwd()")
        Traceback (most recent call last):
        gasflow.io.readers.literals.LiteralTextError: is not a list or a record of plain values
    """
    if len(text) > LONGEST_LITERAL:
        raise LiteralTextError(f"has more than {LONGEST_LITERAL:,} characters")
    if _depth(_WORDS.sub("", text)) > _DEEPEST:
        raise LiteralTextError("is nested too deeply")
    try:
        return ast.literal_eval(_NAN.sub("None", text.strip()))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise LiteralTextError("is not a list or a record of plain values") from None


def _depth(bare: str) -> int:
    """Return how deep brackets are nested, and signs before a number count as well."""
    deepest = depth = 0
    for sign in bare:
        depth += (sign in "[({") - (sign in "])}")
        deepest = max(deepest, depth)
    return max(deepest, *(len(run) for run in re.findall(r"[-+~]+", bare)), 0)
