"""What keeps a pipe from carrying more."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A flow that is short of its bound by less than this share of 1 GWh/d and itself fills the pipe.
_FULL = 1e-6


class Bound(StrEnum):
    """What a flow has reached."""

    CAPACITY = "capacity"
    NOMINATION = "nomination"
    NOTHING = ""


def binding(
    flows: NDArray[np.float64], least: NDArray[np.float64], technical: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return what each flow has reached, as text.

    Args:
        flows: GWh/d, any shape.
        least: the tightest of capacity and nomination, same shape.
        technical: the technical capacity, same shape.

    Example:
        >>> binding(np.array([5.0, 5.0, 4.0]), np.array([5.0, 5.0, 5.0]), np.array([5.0, 9.0, 9.0])).tolist()
        ['capacity', 'nomination', '']
    """
    texts: Any = np.array([str(Bound.NOTHING), str(Bound.NOMINATION), str(Bound.CAPACITY)], dtype=object)
    full = flows >= least - _FULL * (1.0 + np.abs(flows))
    bound: NDArray[np.object_] = texts[np.where(full, np.where(least < technical, 1, 2), 0)]
    return bound
