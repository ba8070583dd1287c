"""Storage in the programme: within one period by the value of stored gas, over a horizon by its level."""

from __future__ import annotations

import numpy as np

from gasflow.scenarios.conditions import Conditions
from gasflow.simulation.layout import Kind
from gasflow.simulation.parts import Columns, Frame, Part


class NetAction(Part):
    """Storage within a single period: one column per storage, its net withdrawal (negative: injection).

    Stored gas has a marginal value that rises with the net withdrawal: ``value`` at the anchor ``action``, and
    ``slope`` EUR/MWh more for every GWh/d more. Injection and withdrawal bound it, and so do the room left and the
    level.
    """

    kind = Kind.STORAGE

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.node = frame.node(frame.storages["node"])
        self.entries = (frame.balance_entries(self.node, 1.0),)

    def columns(self, conditions: Conditions) -> Columns:
        """Value of gas, its slope, and the bounds of injection and withdrawal."""
        days = self.frame.days
        value, slope, action, injection, withdrawal, level, volume = (
            conditions.value("storages", column)
            for column in ("value", "slope", "action", "injection", "withdrawal", "level", "volume")
        )
        return Columns(
            cost=value - slope * action,
            curvature=slope / days,
            lower=-np.minimum(injection * days, np.maximum(volume - level, 0.0)),
            upper=np.minimum(withdrawal * days, np.maximum(level, 0.0)),
        )
