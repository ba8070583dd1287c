"""What all tests share: numpy errors raise, Hypothesis draws what it is told to, and one list of solvers.

Random cases are the same in every run. With ``GASFLOW_SEED=fresh`` they are others in every run; a failure prints what
repeats it.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from gasflow.core.solvers.registry import SOLVERS

for profile in ("repeatable", "fresh"):
    settings.register_profile(
        profile,
        derandomize=profile == "repeatable",
        print_blob=profile == "fresh",
        deadline=None,
        max_examples=15,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("GASFLOW_SEED", "repeatable"))


@pytest.fixture(autouse=True)
def _numpy_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture(params=[name for name in SOLVERS if name != "auto"])
def solver(request) -> str:
    """Each solver in turn; a new one needs its line in the registry and nothing here."""
    return request.param
