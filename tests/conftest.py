"""What all tests share: numpy errors raise, Hypothesis is deterministic, and one list of solvers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from gasflow.core.solvers.registry import SOLVERS

settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _numpy_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture(params=[name for name in SOLVERS if name != "auto"])
def solver(request) -> str:
    """Each solver in turn; a new one needs its line in the registry and nothing here."""
    return request.param
