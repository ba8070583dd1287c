"""Sweeps: many scenarios, streamed in chunks to a summary and, if wished, a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from gasflow.errors import FolderError, GasflowError
from gasflow.network.network import Network
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.sets import ScenarioSet
from gasflow.simulation.case import Case
from gasflow.simulation.chunks import CHUNK
from gasflow.sweeps.distributed import run_on_dask
from gasflow.sweeps.exact import RELATIVE_ERROR
from gasflow.sweeps.local import run_in_threads
from gasflow.sweeps.manifest import manifest_text
from gasflow.sweeps.plan import DEFAULT_OUTPUTS, SHORTAGE, Plan, plan_sweep, unpacked
from gasflow.sweeps.store import CHUNKS, Store, parquet_bytes
from gasflow.sweeps.summary import Summary

# Partial summaries wait until there are so many and are merged together: merging each by itself would sort all
# numbers again for every chunk.
_TOGETHER = 32


@dataclass(frozen=True)
class Progress:
    """How far a sweep is.

    Attributes:
        done: scenarios that are done, those found by a resumed sweep included.
        total: all scenarios.
        found: scenarios that a resumed sweep found done.
    """

    done: int
    total: int
    found: int


@dataclass(frozen=True)
class Finished:
    """One chunk: its number, its summary, and the bytes of its file if one is wanted."""

    number: int
    summary: Summary
    content: bytes


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """What came out of a sweep.

    Attributes:
        plan: what was done.
        summary: one row per output: unit, count, missing, mean, deviation, quantiles, extremes with the scenario that
            has them, mean of the highest 5 % (cvar95), share of scenarios above zero (for unserved gas the
            probability of shortage). The row ``shortage`` is gas unserved anywhere, GWh/d.
        certificates: how many scenarios ended with each status, and the worst certificate.
        folder: where the scenarios are kept; none: only the summary was kept.
    """

    plan: Plan
    summary: pd.DataFrame
    certificates: pd.DataFrame
    folder: Path | None

    @property
    def shortage_probability(self) -> float:
        """Share of scenarios in which gas goes unserved anywhere."""
        return float(self.summary["probability_positive"].loc[SHORTAGE])

    @property
    def quantile_error(self) -> float:
        """Largest relative error of the quantiles: 0 where they are exact."""
        return 0.0 if self.plan.exact else RELATIVE_ERROR

    def tables(self) -> Iterator[pd.DataFrame]:
        """The scenarios chunk by chunk: levers, outputs, shortage, certificate.

        Raises:
            FolderError: if the sweep kept no scenarios.
        """
        if self.folder is None:
            raise FolderError("", "was not given, so scenarios were not kept", "sweep again with folder=")
        for path in sorted((self.folder / CHUNKS).glob("*.parquet")):
            yield pq.read_table(path).to_pandas().set_index("scenario")

    def table(self, *columns: str) -> pd.DataFrame:
        """All scenarios, or some of their columns, in memory."""
        parts = [part[list(columns)] if columns else part for part in self.tables()]
        return pd.concat(parts)

    def __repr__(self) -> str:
        counts = ", ".join(f"{n:,} {status}" for status, n in self.certificates["scenarios"].items() if n)
        return f"Sweep: {self.plan.scenarios.count:,} scenarios ({counts}); {len(self.plan.outputs)} outputs"


def sweep(
    network: Network | Horizon | Case,
    scenarios: ScenarioSet,
    outputs: Sequence[str] = DEFAULT_OUTPUTS,
    folder: str | Path | None = None,
    chunk: int = CHUNK,
    workers: int | str | None = None,
    resume: bool = False,
) -> Sweep:
    """Solve any number of scenarios in bounded memory.

    Args:
        network: a network or a horizon; or a case, which also says how demand answers and who knows what when.
        scenarios: from `gasflow.grid`, `gasflow.sample` or `gasflow.scenarios_from_table`.
        outputs: what to keep: a quantity (``flows``), one of its places (``prices.TTF``) or its sum
            (``unserved.total``).
        folder: where to keep every scenario as Parquet, with summary and manifest; none: only the summary is kept.
        chunk: scenarios per chunk; memory is in proportion to it.
        workers: number of threads; none: one per processor; or the address of a Dask scheduler.
        resume: go on with what is in the folder already.

    Raises:
        StudyError: with all outputs that are not understood.
        FolderError: if the folder holds something else.

    Example:
        >>> import numpy as np, gasflow as gf
        >>> grid = gf.grid(gf.Closure("Sokhranivka", share=np.linspace(0, 1, 5)))
        >>> done = gf.sweep(gf.toys.transit_hub(), grid, outputs=["prices.SK", "flows.total"])
        >>> done
        Sweep: 5 scenarios (5 optimal); 2 outputs
        >>> done.summary.loc["prices.SK", ["mean", "lowest", "highest"]].astype(float).round(2).tolist()
        [79.58, 77.19, 81.96]
    """
    plan = plan_sweep(network, scenarios, outputs, chunk)
    return run_plan(plan, Path(folder) if folder is not None else None, workers, resume)


def run_plan(
    plan: Plan,
    folder: Path | None,
    workers: int | str | None,
    resume: bool,
    on_progress: Callable[[Progress], None] | None = None,
) -> Sweep:
    """Carry out a plan; see `sweep`. `on_progress` is called at the beginning and after every chunk."""
    total = plan.scenarios.count
    store = Store(folder, manifest_text(plan)) if folder is not None else None
    summaries: list[Summary] = []
    missing = list(range(len(plan.spans)))
    if store is not None:
        store.open(resume)
        missing = _found(plan, store, summaries)
    sizes = [stop - start for start, stop in plan.spans]
    found = done = total - sum(sizes[number] for number in missing)
    tell = on_progress or _silent
    tell(Progress(done, total, found))
    for finished in _stream(plan, [*missing], workers, keep=store is not None):
        if store is not None:
            store.write_chunk(plan, finished.number, finished.content)
        _gather(summaries, finished.summary)
        done += sizes[finished.number]
        missing.remove(finished.number)
        tell(Progress(done, total, found))
    if missing:
        raise GasflowError(f"{len(missing)} chunks were lost by the workers; sweep again with resume")
    summary = Summary.merged(summaries)
    if store is not None:
        store.write_summary(plan, summary)
    return Sweep(plan, summary.table(plan.units), summary.certificates(), folder)


def compute(packed: bytes, number: int, keep: bool) -> Finished:
    """Compute one chunk in this or any other process."""
    return _computed(unpacked(packed), number, keep)


def _computed(plan: Plan, number: int, keep: bool) -> Finished:
    columns = plan.columns(number)
    content = parquet_bytes(plan, number, columns) if keep else b""
    return Finished(number, plan.summary(columns), content)


def _stream(plan: Plan, numbers: list[int], workers: int | str | None, keep: bool) -> Iterator[Finished]:
    """Finished chunks, in any order."""
    if isinstance(workers, str):
        return run_on_dask(partial(compute, keep=keep), plan.packed(), numbers, workers)
    return run_in_threads(partial(_computed, replace(plan), keep=keep), numbers, workers)


def _found(plan: Plan, store: Store, summaries: list[Summary]) -> list[int]:
    """Gather the chunks that are in the folder; the numbers of the others."""
    missing = []
    for number in range(len(plan.spans)):
        columns = store.read_chunk(plan, number)
        if columns is None:
            missing.append(number)
        else:
            _gather(summaries, plan.summary(columns))
    return missing


def _gather(summaries: list[Summary], summary: Summary) -> None:
    summaries.append(summary)
    if len(summaries) >= _TOGETHER:
        summaries[:] = [Summary.merged(summaries)]


def _silent(progress: Progress) -> None:
    """Nobody asked."""
