"""The work of a sweep: one chunk, computed in this process or in another one."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import lru_cache

from gasflow.errors import GasflowError
from gasflow.sweeps.manifest import versions
from gasflow.sweeps.plan import Plan
from gasflow.sweeps.store import parquet_bytes
from gasflow.sweeps.summary import Summary


@dataclass(frozen=True)
class Finished:
    """One chunk: its number, its summary, and the bytes of its file if one is wanted."""

    number: int
    summary: Summary
    content: bytes


def computed(plan: Plan, number: int, stamp: str) -> Finished:
    """Compute one chunk; its file carries the stamp of its sweep, and is not made if that is empty."""
    columns = plan.columns(number)
    content = parquet_bytes(plan, number, columns, stamp) if stamp else b""
    return Finished(number, plan.summary(columns), content)


def packed(plan: Plan) -> bytes:
    """Return a plan for another process, without what that can build itself, and with the versions it must have."""
    bare = replace(plan, scenarios=replace(plan.scenarios))
    return pickle.dumps((versions(), pickle.dumps(bare, protocol=5)), protocol=5)


def computed_elsewhere(parcel: bytes, number: int, stamp: str) -> Finished:
    """Compute one chunk of a plan from `packed`.

    Raises:
        GasflowError: if this process has other versions than the one that packed the plan.
    """
    return computed(_unpacked(parcel), number, stamp)


@lru_cache(maxsize=2)
def _unpacked(parcel: bytes) -> Plan:
    """Return the plan; a process that computes many chunks of one plan unpacks it once."""
    needed, content = pickle.loads(parcel)  # noqa: S301 - made by `packed` in the process that runs the sweep
    here = versions()
    other = [f"{name} {here[name]} instead of {needed[name]}" for name in needed if here[name] != needed[name]]
    if other:
        raise GasflowError(
            f"a worker has {', '.join(other)}", "its numbers would be those of another sweep. Install the same versions"
        )
    plan: Plan = pickle.loads(content)  # noqa: S301 - as above
    return plan
