"""Where compiled code comes from, for callers that can do without it.

numba is imported when the first kernel is asked for: who never solves a batch never waits for it.
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib import import_module
from typing import Any


@cache
def kernels(module: str) -> Any | None:
    """Import a module of kernels; None, with a warning, where nothing can be compiled.

    Args:
        module: its full name.
    """
    try:
        return import_module(module)
    except Exception as error:  # numba refuses a Python or a numpy that it does not know with various errors
        warnings.warn(
            f"gasflow cannot compile code here ({error}), so the reference solver takes the place of the batched one: "
            "the answers are as good, but many scenarios take many times longer",
            RuntimeWarning,
            stacklevel=1,
        )
        return None
