"""What all tests share: numpy errors raise, Hypothesis is deterministic, and one list of solvers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from gasflow.core.solve import SolverChoice

settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _numpy_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture(params=[SolverChoice.REFERENCE, SolverChoice.BATCHED], ids=str)
def solver(request) -> SolverChoice:
    """Each solver in turn; a new one only needs its name above."""
    return request.param
