"""Sums and histograms that come out the same in any order, to the last bit.

Floating-point addition rounds, so its result depends on the order. Here a number is taken apart into an integer and a
power of two, and integers are added without rounding; a histogram counts the leading bits of numbers, which is exact
too. Both can be merged in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gasflow.scenarios.conditions import Array

# Every finite float is an integer times 2**-1126: 1073 for the smallest exponent, 53 for the digits.
_SCALE = 1126
_HALF = 27
# A bin is a sign, an exponent and the leading 12 binary digits: its middle is within 2**-13 = 0.012 % of its members.
BITS = 12
RELATIVE_ERROR = 0.5 ** (BITS + 1)
_SHIFT = 52 - BITS


def exact_sum(numbers: Array) -> int:
    """Return the sum of finite numbers times 2**1126, without rounding.

    Example:
        >>> import numpy as np
        >>> exact_mean(exact_sum(np.array([1e300, 1.0, -1e300, 2.0])), 4)
        0.75
    """
    if numbers.size == 0:
        return 0
    fraction, exponent = np.frexp(numbers)
    digits = (fraction * 2.0**53).astype(np.int64)
    lowest = int(exponent.min())
    place = exponent - lowest
    # Halves of 26 and 27 bits, so that float sums of up to 2**26 of them are exact.
    high = np.bincount(place, weights=(digits >> _HALF).astype(np.float64))
    low = np.bincount(place, weights=(digits & (2**_HALF - 1)).astype(np.float64))
    shift = lowest - 53 + _SCALE
    return sum(
        ((int(h) << _HALF) + int(part)) << (k + shift)
        for k, (h, part) in enumerate(zip(high, low, strict=True))
        if h or part
    )


def exact_mean(total: int, count: int) -> float:
    """Return the mean from an exact sum, rounded once; NaN of nothing."""
    return float(Fraction(total, count << _SCALE)) if count else float("nan")


def exact_deviation(total: int, squares: int, count: int) -> float:
    """Return the deviation from exact sums of numbers and of their (rounded) squares; NaN of fewer than two."""
    if count < 2:
        return float("nan")
    one, two = Fraction(total, 1 << _SCALE), Fraction(squares, 1 << _SCALE)
    return max(float((two - one * one / count) / (count - 1)), 0.0) ** 0.5


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many numbers fall into each bin, or, where it is exact, how often each number occurs.

    Attributes:
        values: a value per bin, ascending.
        counts: how many numbers have it.
    """

    values: Array
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, numbers: Array, exact: bool) -> Histogram:
        """Count numbers, exactly or in bins of relative width ``2**-12``."""
        values, counts = np.unique(numbers if exact else _middle_of_bin(numbers), return_counts=True)
        return cls(values, counts.astype(np.int64))

    @classmethod
    def merged(cls, parts: list[Histogram]) -> Histogram:
        """All parts together; the order does not matter."""
        values, position = np.unique(np.concatenate([part.values for part in parts]), return_inverse=True)
        counts = np.zeros(values.size, dtype=np.int64)
        np.add.at(counts, position, np.concatenate([part.counts for part in parts]))
        return cls(values, counts)

    def quantile(self, level: float) -> float:
        """Return the smallest value that at least the share `level` of the numbers do not exceed; NaN of nothing."""
        if not self.values.size:
            return float("nan")
        reached = np.cumsum(self.counts)
        rank = max(int(np.ceil(level * reached[-1] - 1e-9)), 1)
        return float(self.values[np.searchsorted(reached, rank)])

    def upper_mean(self, level: float) -> float:
        """Return the mean of the highest ``1 - level`` of the numbers (conditional value at risk); NaN of nothing."""
        total = int(self.counts.sum())
        if not total:
            return float("nan")
        tail = max(int(np.ceil((1.0 - level) * total - 1e-9)), 1)
        above = np.cumsum(self.counts[::-1])[::-1] - self.counts
        taken = np.clip(tail - above, 0, self.counts)
        terms = [Fraction(float(v)) * int(n) for v, n in zip(self.values[taken > 0], taken[taken > 0], strict=True)]
        return float(sum(terms, Fraction(0)) / tail)


def _middle_of_bin(numbers: Array) -> Array:
    """Return the middle of the bin of every number."""
    bits = np.abs(numbers).view(np.int64)
    # Everything below the smallest normal number, zero foremost, is zero.
    middle = np.where(bits < 2**52, 0, (bits >> _SHIFT << _SHIFT) | (1 << (_SHIFT - 1))).view(np.float64)
    signed: Array = np.where(numbers < 0, -middle, middle)
    return signed
