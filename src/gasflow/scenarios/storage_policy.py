"""What storage aims at over a horizon: filling targets, and what the gas left at the end is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gasflow.arguments import finite, instance, number, one_of
from gasflow.network.days import day_of
from gasflow.network.schema import Group

# What a winter commonly leaves in store: European stores held 30 % on 31 March 2021, 26 % a year later, 56 % in 2023.
COMMON_END_LEVEL = 0.35


@dataclass(frozen=True)
class FillingTarget:
    """Stores shall be filled to a share of their volume by a day.

    A target prices, it does not break: what is missing costs `penalty` per MWh, so a winter in which the target
    cannot be met still has an answer, and the shortfall is a result.

    Attributes:
        day: the target holds at the end of the period that ends on this day, or else contains it.
        share: of the working gas volume, 0 to 1.
        penalty: cost of a missing MWh, EUR/MWh.
        group: the group of nodes whose stores it binds.
    """

    day: date
    share: float
    penalty: float = 100.0
    group: Group = Group.EU

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", day_of(self.day))
        where = "FillingTarget"
        number(self.share, where, "share", 0.0, 1.0)
        finite(self.penalty, where, "penalty", 0.0)
        object.__setattr__(self, "group", one_of(Group, self.group, where, "group"))


@dataclass(frozen=True)
class StoragePolicy:
    """Targets and end of a horizon.

    Attributes:
        targets: filling targets.
        end_value: worth of a MWh left in store at the end, EUR/MWh; none: the `value` of the network's storages.
        end_slope: by how much that worth falls from an empty to a full store, EUR/MWh: gas that is left over makes
            the next season cheaper. Nil: the same worth at any level, which holds the price of winter to it.
        end_level: share of the volume at which a MWh is worth `end_value`, where that worth falls with the level.
        end_share: share of the volume below which a missing MWh at the end costs `end_penalty`.
        end_penalty: EUR/MWh.

    Example:
        >>> from datetime import date
        >>> StoragePolicy(targets=(FillingTarget(date(2022, 11, 1), 0.8),), end_value=80.0).targets[0].share
        0.8
    """

    targets: tuple[FillingTarget, ...] = ()
    end_value: float | None = None
    end_slope: float = 0.0
    end_level: float = COMMON_END_LEVEL
    end_share: float = 0.0
    end_penalty: float = 100.0

    def __post_init__(self) -> None:
        where = "StoragePolicy"
        for target in instance((tuple, list), self.targets, where, "targets", "give a tuple of filling targets"):
            instance(FillingTarget, target, where, "targets", "give a tuple of filling targets")
        object.__setattr__(self, "targets", tuple(self.targets))
        if self.end_value is not None:
            finite(self.end_value, where, "end_value")
        for name in ("end_slope", "end_penalty"):
            finite(getattr(self, name), where, name, 0.0)
        for name in ("end_level", "end_share"):
            number(getattr(self, name), where, name, 0.0, 1.0)
