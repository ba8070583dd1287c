"""What nobody saw is estimated in the open: by stated rules, each estimate a row that says so.

For everything that was seen within the year before and is missing on a date, and for every use, field and store of the
network, the first of these rules that applies:

1. *Mean of its month*: a day takes what is known of its month.
2. *Share of a total*: where a sum is known, its missing parts share what is left as they did in the last twelve months
   in which all were seen.
3. *Share of a country's use*: where a country's use is known and its sectors are not, they share it as in the season.
4. *Weather*: use of a country by least squares on heating degree days and time over the last three years.
5. *Last season*: the same month of the last year that has it.
6. *The network itself*: the volume that stands in the topology.

Where no rule applies the quantity stays open: the balance decides it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from gasflow.calibration.observations import Observations, filled
from gasflow.calibration.reconcile import members
from gasflow.calibration.schema import KEYS, Quality, Summed
from gasflow.network import Network
from gasflow.network.schema import NodeKind, Sector, SupplyKind

# Share of an estimate that it may be off (standard deviation), by what it is made from; those of shares of a total are
# the errors of a winter that is known, rebuilt as if it were not (`gasflow.reports.europe.blind_test`).
SHARE_DEVIATIONS = {str(Summed.FLOWS): 0.16, str(Summed.SEND_OUT): 0.28}
SEASON_DEVIATION, MONTH_DEVIATION, TOPOLOGY_DEVIATION = 0.15, 0.1, 0.3
LEAST_DEVIATION = 5.0  # GWh/d
# How far use may be moved that nobody saw.
BOUND = 0.15
# Months of use and weather that a regression needs, and that it looks back.
FEWEST_MONTHS, MOST_MONTHS = 18, 36
_TABLES = ("flows", "send_out", "demand", "production", "storage")


def complete(topology: Network, observations: Observations, label: str) -> tuple[Observations, pd.DataFrame]:
    """Return what was seen on a date, with an estimate for everything that was not.

    Args:
        topology: the network.
        observations: what was seen on the date, and before.
        label: day or month.

    Returns:
        The completed observations of the date; and the estimates: (row, ``table`` ``place`` ``value`` ``rule``), the
        value in GWh/d.
    """
    work = _Completion(topology, observations, observations.on(label), label)
    for table in _TABLES:
        work.complete(table)
    estimates = pd.DataFrame(work.rules, columns=["table", "place", "value", "rule"])
    return Observations(**work.tables), estimates


@dataclass
class _Completion:
    topology: Network
    known: Observations
    seen: Observations
    label: str
    tables: dict[str, pd.DataFrame] = field(init=False)
    past: dict[str, pd.DataFrame] = field(init=False)
    season: dict[str, pd.DataFrame] = field(init=False)
    fits: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    rules: list[tuple[str, str, float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables = self.seen.tables
        self.past = {table: _past(self.known.tables[table], self.label) for table in _TABLES}
        self.season = {table: _season(self.past[table], list(KEYS[table][1:]), self.label) for table in _TABLES}

    def complete(self, table: str) -> None:
        """Add a row for each thing that is wanted and was not seen."""
        if table == "demand":
            self.tables[table] = self._by_sector(self.tables[table])
        key = list(KEYS[table][1:])
        have = set(self.tables[table][key].itertuples(index=False, name=None))
        missing = [place for place in self._wanted(table) if place not in have]
        if not missing:
            return
        month = self.known.on(self.label[:7]).tables[table] if len(self.label) > len("2022-05") else None
        if month is not None and table == "demand":
            month = self._by_sector(month)
        rows = []
        for place in missing:
            row = _of_month(month, key, place) or self._of_total(table, place) or self._of_weather(table, place)
            row = row or self._of_season(table, place) or self._of_topology(table, place)
            if row is not None:
                estimate, rule = row
                rows.append(estimate | {"date": self.label, "quality": str(Quality.ESTIMATED)}
                            | dict(zip(key, place, strict=True)))  # fmt: skip
                self.rules.append((table, " ".join(place), float(estimate["value"]), rule))
        if rows:
            new = pd.DataFrame(rows).reindex(columns=self.tables[table].columns)
            self.tables[table] = pd.concat([self.tables[table], new], ignore_index=True)

    def _wanted(self, table: str) -> list[tuple[str, ...]]:
        nodes, pipes, supplies = self.topology.nodes, self.topology.pipes, self.topology.supplies
        demands = self.topology.demands
        if table == "demand":
            return list(dict.fromkeys(zip(demands["node"], demands["sector"], strict=True)))
        if table == "production":
            return [(node,) for node in dict.fromkeys(supplies.loc[supplies["kind"] == SupplyKind.PRODUCTION, "node"])]
        if table == "storage":
            return [(name,) for name in self.topology.storages.index]
        recent = _past(self.past[table], self.label, months=12)
        parts = [place for _, places, _ in self._sums(table) for place, _ in members(places)]
        named = dict.fromkeys([*parts, *recent[KEYS[table][1]].unique()])
        if table == Summed.FLOWS:
            there = set(pipes.index)
        else:
            terminals = nodes.index[nodes["kind"] == NodeKind.TERMINAL]
            there = set(pipes.loc[pipes["origin"].isin(terminals), "destination"])
        return [(place,) for place in named if place in there]

    def _sums(self, table: str) -> list[tuple[str, str, float]]:
        """Title, places and sum of the totals of a table."""
        sums = self.seen.totals[self.seen.totals["table"] == table]
        return list(zip(sums["title"], sums["places"], sums["value"], strict=True))

    def _of_total(self, table: str, place: tuple[str, ...]) -> tuple[dict[str, Any], str] | None:
        """Rule 2: its share of what is left of a sum when the parts that were seen are taken away."""
        if table not in set(Summed):
            return None
        column, frame = KEYS[table][1], self.seen.tables[table]
        for title, places, sum_ in self._sums(table):
            parts = dict(members(places))
            if place[0] not in parts or min(parts.values()) < 0.0:
                continue
            there = {part[0] for part in self._wanted(table)}
            seen = frame[frame[column].isin(parts)]
            open_parts = [part for part in parts if part in there and part not in set(seen[column])]
            shares = _shares(self.past[table], column, open_parts)
            left = max(sum_ - float(seen["value"].sum()), 0.0)
            if place[0] in shares:
                value = left * shares[place[0]]
                return _row(value, SHARE_DEVIATIONS[table], f"share of {title}")
        return None

    def _by_sector(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rule 3: a country's use, known as one figure, by sector."""
        demands, split, parts = self.topology.demands, [], []
        for position in np.flatnonzero(frame["sector"] == Sector.TOTAL).tolist():
            row = {str(name): cell for name, cell in frame.iloc[position].items()}
            sectors = list(dict.fromkeys(demands.loc[demands["node"] == row["node"], "sector"]))
            if not sectors or str(Sector.TOTAL) in sectors or (frame["node"] == row["node"]).sum() > 1:
                continue
            split.append(position)
            for sector, share in self._sector_shares(str(row["node"]), sectors).items():
                of_sector = {"value": share * row["value"], "deviation": share * row["deviation"]}
                parts.append(row | of_sector | {"sector": sector, "quality": str(Quality.DERIVED)})
        if not parts:
            return frame
        kept = frame.drop(index=frame.index[split])
        return pd.concat([kept, pd.DataFrame(parts)] if len(kept) else [pd.DataFrame(parts)], ignore_index=True)

    def _sector_shares(self, node: str, sectors: list[str]) -> dict[str, float]:
        """How a country's use was shared in the last season, else how it is in the network."""
        season, demands = self.season["demand"], self.topology.demands
        seen = season[season["node"] == node].set_index("sector")["value"].to_dict()
        weights = [float(seen.get(sector, 0.0)) for sector in sectors]
        if not sum(weights):
            of = demands[demands["node"] == node].groupby("sector")["volume"].sum()
            weights = [float(of.get(sector, 0.0)) or 1.0 for sector in sectors]
        return {sector: weight / sum(weights) for sector, weight in zip(sectors, weights, strict=True)}

    def _of_season(self, table: str, place: tuple[str, ...]) -> tuple[dict[str, Any], str] | None:
        """Rule 5."""
        season = self.season[table]
        key = place if len(place) > 1 else place[0]
        if key not in season.index:
            return None
        row = season.loc[[key]]
        return _widened(row, SEASON_DEVIATION, f"last season ({row['date'].iloc[0]})")

    def _of_weather(self, table: str, place: tuple[str, ...]) -> tuple[dict[str, Any], str] | None:
        """Rule 4: use of a country by degree days, split among its sectors as in the season."""
        if table != "demand":
            return None
        node, sector = place
        if node not in self.fits:
            self.fits[node] = self._fitted(node)
        fitted = self.fits[node]
        if fitted is None:
            return None
        value, deviation = fitted
        sectors = sorted({one for where, one in self._wanted("demand") if where == node})
        share = self._sector_shares(node, sectors)[sector]
        row = {"value": share * value, "deviation": share * deviation, "bound": BOUND, "source": "weather"}
        return row, "weather"

    def _fitted(self, node: str) -> tuple[float, float] | None:
        """Use of a country on the date by its degree days and the trend, with its deviation; none without weather."""
        here = self.seen.weather
        cold = here.loc[here["node"] == node, "degree_days"]
        past = _past(self.past["demand"], self.label, months=MOST_MONTHS)
        used = past[past["node"] == node].groupby("date")["value"].sum()
        weather = self.known.weather[self.known.weather["node"] == node].set_index("date")["degree_days"]
        both = pd.concat([used, weather], axis=1, keys=["used", "cold"]).dropna()
        if cold.empty or len(both) < FEWEST_MONTHS:
            return None
        months = np.array([_months(date) for date in both.index], dtype=np.float64)
        matrix = np.column_stack([np.ones(len(both)), both["cold"], months - months[-1]])
        fit, *_ = np.linalg.lstsq(matrix, both["used"].to_numpy(), rcond=None)
        ahead = _months(self.label) - months[-1]
        value = max(float(fit @ [1.0, float(cold.iloc[0]), ahead]), 0.3 * float(both["used"].min()))
        scatter = float(np.std(both["used"].to_numpy() - matrix @ fit, ddof=3))
        return value, float(np.hypot(scatter, 0.03 * value))

    def _of_topology(self, table: str, place: tuple[str, ...]) -> tuple[dict[str, Any], str] | None:
        """Rule 6: what stands in the network."""
        if table == "storage":
            stores = self.topology.storages
            here = stores.index == place[0]
            row, rule = _row(float(stores["action"].to_numpy()[here][0]), TOPOLOGY_DEVIATION, "the network itself")
            return row | {"level": float(stores["level"].to_numpy()[here][0])}, rule
        if table == "demand":
            frame, column = self.topology.demands, ["node", "sector"]
        elif table == "production":
            supplies = self.topology.supplies
            frame, column = supplies[supplies["kind"] == SupplyKind.PRODUCTION], ["node"]
        else:
            return None
        named = (frame[column] == list(place)).all(axis=1)
        return _row(float(frame.loc[named, "volume"].sum()), TOPOLOGY_DEVIATION, "the network itself")


def _of_month(month: pd.DataFrame | None, key: list[str], place: tuple[str, ...]) -> tuple[dict[str, Any], str] | None:
    """Rule 1."""
    if month is None:
        return None
    rows = month[(month[key] == list(place)).all(axis=1)]
    return _widened(rows.iloc[-1:], MONTH_DEVIATION, "mean of its month") if len(rows) else None


def _season(past: pd.DataFrame, key: list[str], label: str) -> pd.DataFrame:
    """Return the same month of the last year that has it, one row per place."""
    same = past[(past["date"].str[5:7] == label[5:7]) & (past["date"].str.len() == len("2022-05"))]
    return same.sort_values("date", kind="stable").drop_duplicates(key, keep="last").set_index(key, drop=False)


def _widened(last: pd.DataFrame, share: float, rule: str) -> tuple[dict[str, Any], str]:
    """Take a known figure, one row, as an estimate of another time: its own deviation, and the rule's on top."""
    row: dict[str, Any] = {str(column): cell for column, cell in last.iloc[0].items()}
    deviation = float(np.hypot(filled(last).iloc[0], share * abs(row["value"]) + LEAST_DEVIATION))
    wide = {"bound": max(row["bound"], BOUND)} if "bound" in row else {}
    return row | wide | {"deviation": deviation, "full_days": np.nan}, rule


def _row(value: float, share: float, rule: str) -> tuple[dict[str, Any], str]:
    deviation = share * abs(value) + LEAST_DEVIATION
    return {"value": value, "deviation": deviation, "bound": BOUND, "source": rule}, rule


def _shares(past: pd.DataFrame, column: str, parts: list[str]) -> dict[str, float]:
    """How parts shared their sum over the last twelve months in which all were seen."""
    rows = past[past[column].isin(parts) & (past["date"].str.len() == len("2022-05"))]
    seen = rows.groupby("date")[column].nunique()
    months = sorted(seen.index[seen == len(parts)])[-12:]
    mean = rows[rows["date"].isin(months)].groupby(column)["value"].sum()
    return {str(part): float(value) / float(mean.sum()) for part, value in mean.items()} if mean.sum() > 0.0 else {}


def _past(frame: pd.DataFrame, label: str, months: int | None = None) -> pd.DataFrame:
    """Return the rows before a date, of so many months at most."""
    rows = frame[frame["date"].str[:7] < label[:7]]
    if months is not None:
        first = str(pd.Period(label[:7], freq="M") - months)
        rows = rows[rows["date"].str[:7] >= first]
    return rows


def _months(date: str) -> int:
    return 12 * int(date[:4]) + int(date[5:7])
