"""Summaries of a sweep: computed per chunk, merged in any order, the same to the last bit.

Means and deviations come from exact sums. Quantiles are exact where all numbers fit into memory, else from bins whose
middle is within 0.012 % of their members (`gasflow.sweeps.exact.RELATIVE_ERROR`). A quantile is a number that occurs:
the smallest that at least the given share of scenarios do not exceed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.solution import Status, are_answers
from gasflow.core.tolerances import NOTHING
from gasflow.scenarios.conditions import Array
from gasflow.sweeps.exact import Histogram, exact_deviation, exact_mean, exact_sum

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
# Mean of the worst five scenarios in a hundred.
TAIL = 0.95
# Numbers of all scenarios are kept for exact quantiles up to this size.
EXACT_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Extreme:
    """The lowest or highest number, and the first scenario that has it."""

    value: float
    scenario: int


@dataclass(frozen=True, eq=False)
class ColumnSummary:
    """What is known of one column of some scenarios.

    Attributes:
        count: scenarios with a number.
        missing: scenarios without one: not certified, or a price that is not unique.
        total: exact sum, see `exact_sum`.
        squares: exact sum of the squares.
        positive: scenarios with more than nothing.
        lowest: the lowest number; none of nothing.
        highest: the highest.
        histogram: numbers, or bins, and how often they occur.
    """

    count: int
    missing: int
    total: int
    squares: int
    positive: int
    lowest: Extreme | None
    highest: Extreme | None
    histogram: Histogram

    @classmethod
    def of(cls, scenarios: NDArray[np.int64], numbers: Array, exact: bool) -> ColumnSummary:
        """Summarise a column; NaN is missing."""
        known = np.isfinite(numbers)
        # Adding zero turns -0.0 into 0.0, which of the two comes first would depend on the order.
        numbers, scenarios = numbers[known] + 0.0, scenarios[known]
        lowest = highest = None
        if numbers.size:
            low, high = int(numbers.argmin()), int(numbers.argmax())
            lowest = Extreme(float(numbers[low]), int(scenarios[low]))
            highest = Extreme(float(numbers[high]), int(scenarios[high]))
        return cls(
            numbers.size, int(known.size - numbers.size), exact_sum(numbers), exact_sum(numbers * numbers),
            int((numbers > NOTHING).sum()), lowest, highest, Histogram.of(numbers, exact),
        )  # fmt: skip

    @classmethod
    def merged(cls, parts: Sequence[ColumnSummary]) -> ColumnSummary:
        """All parts together; the order does not matter."""
        lowest = [part.lowest for part in parts if part.lowest]
        highest = [part.highest for part in parts if part.highest]
        return cls(
            sum(part.count for part in parts),
            sum(part.missing for part in parts),
            sum(part.total for part in parts),
            sum(part.squares for part in parts),
            sum(part.positive for part in parts),
            min(lowest, key=lambda extreme: (extreme.value, extreme.scenario), default=None),
            min(highest, key=lambda extreme: (-extreme.value, extreme.scenario), default=None),
            Histogram.merged([part.histogram for part in parts]),
        )

    def row(self) -> dict[str, float]:
        """Return the figures of the summary table."""
        low = self.lowest or Extreme(float("nan"), -1)
        high = self.highest or Extreme(float("nan"), -1)
        return {
            "count": self.count,
            "missing": self.missing,
            "mean": exact_mean(self.total, self.count),
            "deviation": exact_deviation(self.total, self.squares, self.count),
            "lowest": low.value,
            "lowest_scenario": low.scenario,
            **{f"q{100 * level:02.0f}": self.histogram.quantile(level) for level in QUANTILES},
            "highest": high.value,
            "highest_scenario": high.scenario,
            f"cvar{100 * TAIL:z.0f}": self.histogram.upper_mean(TAIL),
            "probability_positive": self.positive / self.count if self.count else float("nan"),
        }


@dataclass(frozen=True, eq=False)
class Summary:
    """What is known of some scenarios.

    Attributes:
        columns: summary of each column.
        statuses: how many scenarios ended with each code of `Status`.
        worst: the largest certificate ratio among certified scenarios.
        worst_column: the largest ratio of a single column among them.
    """

    columns: Mapping[str, ColumnSummary]
    statuses: Counter[int]
    worst: float
    worst_column: float

    @classmethod
    def of(cls, table: Mapping[str, NDArray[np.generic]], names: Sequence[str], exact: bool) -> Summary:
        """Summarise the named columns of a chunk that also has scenario, status and certificate."""
        status = np.asarray(table["status"], dtype=np.int64)
        scenarios = np.asarray(table["scenario"], dtype=np.int64)
        certified = are_answers(status)
        return cls(
            {name: ColumnSummary.of(scenarios, np.asarray(table[name], np.float64), exact) for name in names},
            Counter(status.tolist()),
            float(np.max(np.asarray(table["worst"], np.float64), where=certified, initial=0.0)),
            float(np.max(np.asarray(table["worst_column"], np.float64), where=certified, initial=0.0)),
        )

    @classmethod
    def merged(cls, parts: Sequence[Summary]) -> Summary:
        """All parts together; the order does not matter."""
        return cls(
            {name: ColumnSummary.merged([part.columns[name] for part in parts]) for name in parts[0].columns},
            reduce(lambda one, two: one + two, (part.statuses for part in parts)),
            max(part.worst for part in parts),
            max(part.worst_column for part in parts),
        )

    def table(self, units: Mapping[str, str]) -> pd.DataFrame:
        """One row per column: count, mean, deviation, quantiles, extremes with their scenario, CVaR, probability."""
        frame = pd.DataFrame({name: column.row() for name, column in self.columns.items()}).T
        whole = ["count", "missing", "lowest_scenario", "highest_scenario"]
        frame = frame.astype(dict.fromkeys(whole, np.int64))
        frame.insert(0, "unit", [units[name] for name in frame.index])
        frame.index.name = "output"
        return frame

    def certificates(self) -> pd.DataFrame:
        """How many scenarios ended with each status, and the worst certificate of those that have one."""
        return pd.DataFrame(
            {
                "scenarios": [self.statuses.get(status, 0) for status in Status],
                "meaning": [status.message for status in Status],
                "worst": self.worst,
                "worst_column": self.worst_column,
            },
            index=pd.Index([status.name.lower() for status in Status], name="status"),
        )
