"""Sweeps: many scenarios, streamed in chunks to a summary and, if wished, a folder."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from gasflow.arguments import instance
from gasflow.errors import FolderError, GasflowError
from gasflow.network.network import Network
from gasflow.network.suggestions import nearest
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.sets import ScenarioSet
from gasflow.simulation.model import Model
from gasflow.simulation.simulate import CHUNK
from gasflow.sweeps.arguments import check_cluster, check_folder
from gasflow.sweeps.distributed import run_on_dask
from gasflow.sweeps.exact import RELATIVE_ERROR
from gasflow.sweeps.local import run_in_threads
from gasflow.sweeps.manifest import manifest_text
from gasflow.sweeps.plan import DEFAULT_KEEP, SHORTAGE, Plan, plan_sweep
from gasflow.sweeps.store import Store
from gasflow.sweeps.summary import Summary
from gasflow.sweeps.work import Finished, computed, computed_elsewhere, packed

# Partial summaries wait until there are so many and are merged together: merging each by itself would sort all
# numbers again for every chunk.
_TOGETHER = 32
# So many chunks that are not trusted are named one by one.
_NAMED = 5


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
class Executor:
    """Who computes the chunks: threads of this process, or the workers of a cluster.

    Attributes:
        threads: how many threads; none: one per processor.
        cluster: address of a Dask scheduler; none: threads.
    """

    threads: int | None = None
    cluster: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """What came out of a sweep.

    Attributes:
        plan: what was done.
        summary: one row per output: unit, count, missing, mean, deviation, quantiles, extremes with the scenario that
            has them, mean of the highest 5 % (cvar95), share of scenarios above zero (for unserved gas the
            probability of shortage). The row ``shortage`` is gas unserved anywhere, GWh/d.
        certificates: how many scenarios ended with each status, and the worst certificate.
        store: where the scenarios are kept; none: only the summary was kept.
    """

    plan: Plan
    summary: pd.DataFrame
    certificates: pd.DataFrame
    store: Store | None

    @property
    def folder(self) -> Path | None:
        """The folder in which the scenarios are kept, if there is one."""
        return self.store.folder if self.store else None

    @property
    def shortage_probability(self) -> float:
        """Share of scenarios in which gas goes unserved anywhere."""
        return float(self.summary["probability_positive"].loc[SHORTAGE])

    @property
    def quantile_error(self) -> float:
        """Largest relative error of the quantiles: 0 where they are exact."""
        return 0.0 if self.plan.exact else RELATIVE_ERROR

    def tables(self) -> Iterator[pd.DataFrame]:
        """Return the scenarios chunk by chunk: levers, outputs, shortage, certificate.

        Raises:
            FolderError: if the sweep kept no scenarios, or a chunk is not as it was written.
        """
        if self.store is None:
            raise FolderError("", "was not given, so scenarios were not kept", "sweep again with folder=")
        for number in range(self.plan.chunk_count):
            yield self.store.read_chunk(self.plan, number).to_pandas().set_index("scenario")

    def table(self, *columns: str) -> pd.DataFrame:
        """All scenarios, or some of their columns, in memory.

        Raises:
            FolderError: as `tables`.
            GasflowError: if there is no such column.
        """
        for name in columns:
            instance(str, name, "Sweep.table", "columns", 'give names one by one: "prices.TTF", "shortage"')
        known = self.plan.column_names
        unknown = [name for name in columns if name not in known]
        if unknown:
            near = nearest(unknown[0], known) or known
            raise GasflowError(f"The sweep has no column {unknown[0]!r}", f"take some of {', '.join(near)}")
        return pd.concat([part[list(columns)] if columns else part for part in self.tables()])

    def __repr__(self) -> str:
        counts = ", ".join(f"{n:,} {status}" for status, n in self.certificates["scenarios"].items() if n)
        return f"Sweep: {self.plan.scenarios.count:,} scenarios ({counts}); {len(self.plan.outputs)} outputs"


def sweep(
    model: Model | Network | Horizon,
    scenarios: ScenarioSet,
    keep: Sequence[str] = DEFAULT_KEEP,
    folder: str | Path | None = None,
    *,
    chunk: int = CHUNK,
    cluster: str | None = None,
    resume: bool = False,
) -> Sweep:
    """Solve any number of scenarios in bounded memory.

    Args:
        model: a network, a horizon, or a `gasflow.Model`, which also says how it is solved and by how many threads.
        scenarios: from `gasflow.grid`, `gasflow.sample` or `gasflow.scenarios_from_table`.
        keep: what to keep: a quantity (``flows``), one of its places (``prices.TTF``) or its sum
            (``unserved.total``).
        folder: where to keep every scenario as Parquet, with summary and manifest; none: only the summary is kept.
        chunk: scenarios per chunk; memory is in proportion to it.
        cluster: the address of a Dask scheduler whose workers compute the chunks; none: threads of this process.
            Chunks of a worker that is silent for a minute while others report go to those.
        resume: go on with what is in the folder already. Every chunk is verified; what is damaged or of another sweep
            is computed again, with a warning.

    Raises:
        StudyError: with all outputs that are not understood.
        ShockError: if another argument cannot be used.
        FolderError: if the folder holds something else, or another sweep is at work in it.

    Example:
        >>> import numpy as np, gasflow as gf
        >>> grid = gf.grid(gf.Closure("Sokhranivka", share=np.linspace(0, 1, 5)))
        >>> done = gf.sweep(gf.toys.transit_hub(), grid, keep=["prices.SK", "flows.total"])
        >>> done
        Sweep: 5 scenarios (5 optimal); 2 outputs
        >>> done.summary.loc["prices.SK", ["mean", "lowest", "highest"]].astype(float).round(2).tolist()
        [79.58, 77.19, 81.96]
    """
    plan = plan_sweep(model, scenarios, keep, chunk)
    return run_plan(plan, folder, Executor(Model.of(model).threads, cluster), resume)


def run_plan(
    plan: Plan,
    folder: str | Path | None,
    executor: Executor,
    resume: bool,
    on_progress: Callable[[Progress], None] | None = None,
) -> Sweep:
    """Carry out a plan; see `sweep`. `on_progress` is called at the beginning and after every chunk."""
    place = check_folder(folder, resume)
    check_cluster(executor.cluster)
    store = Store(place, manifest_text(plan)) if place is not None else None
    run = _Run(plan, store, executor, on_progress or _silent)
    with store.opened(resume) if store is not None else nullcontext():
        summary = run.summary()
    return Sweep(plan, summary.table(plan.units), summary.certificates(), store)


@dataclass
class _Run:
    """A plan at work.

    Attributes:
        plan: what is done.
        store: where chunks are kept.
        executor: who computes them.
        tell: called at the beginning and after every chunk.
        summaries: of the chunks that are done, many of them merged already.
        done: scenarios that are done.
    """

    plan: Plan
    store: Store | None
    executor: Executor
    tell: Callable[[Progress], None]
    summaries: list[Summary] = field(default_factory=list)
    done: int = 0

    def summary(self) -> Summary:
        """Compute every chunk that is not there, and summarise all of them."""
        found = self._found()
        there, at_start = set(found), self.done
        self.tell(Progress(self.done, self.plan.scenarios.count, at_start))
        chunks = len(there)
        numbers = (number for number in range(self.plan.chunk_count) if number not in there)
        try:
            for finished in self._stream(numbers):
                if self.store is not None:
                    self.store.write_chunk(self.plan, finished.number, finished.content)
                self._gather(finished.summary, finished.number)
                chunks += 1
                self.tell(Progress(self.done, self.plan.scenarios.count, at_start))
        except KeyboardInterrupt as stopped:
            if self.store is not None:
                kept = f"{self.done:,} of {self.plan.scenarios.count:,} scenarios are kept in {self.store.folder}"
                stopped.add_note(f"{kept}; go on with resume=True.")
            raise
        if chunks < self.plan.chunk_count:
            raise GasflowError(
                f"{self.plan.chunk_count - chunks} chunks were lost by the workers", "sweep again, resuming"
            )
        summary = Summary.merged(self.summaries)
        if self.store is not None:
            self.store.write_summary(self.plan, summary)
        return summary

    def _found(self) -> list[int]:
        """Gather the chunks that the folder holds and that can be trusted; their numbers."""
        if self.store is None:
            return []
        found, distrusted = [], []
        for number in self.store.held(self.plan):
            try:
                columns = self.store.read_columns(self.plan, number)
            except FolderError as error:
                distrusted.append(error.problem.removeprefix("holds "))
                continue
            self._gather(self.plan.summary(columns), number)
            found.append(number)
        if distrusted:
            warnings.warn(_distrust(self.store.folder, distrusted), stacklevel=4)
        return found

    def _stream(self, numbers: Iterator[int]) -> Iterator[Finished]:
        """Finished chunks, in any order."""
        stamp = self.store.stamp if self.store is not None else ""
        if self.executor.cluster is not None:
            task = partial(computed_elsewhere, stamp=stamp)
            return run_on_dask(task, packed(self.plan), numbers, self.executor.cluster)
        return run_in_threads(partial(computed, self.plan, stamp=stamp), numbers, self.executor.threads)

    def _gather(self, summary: Summary, number: int) -> None:
        self.summaries.append(summary)
        if len(self.summaries) >= _TOGETHER:
            self.summaries[:] = [Summary.merged(self.summaries)]
        self.done += self.plan.size(number)


def _distrust(folder: Path, chunks: list[str]) -> str:
    """Return what is said of chunks that are not trusted."""
    count, rest = len(chunks), len(chunks) - _NAMED
    shown = "; ".join([*chunks[:_NAMED], *([f"and {rest} more"] if rest > 0 else [])])
    subject, verb = ("1 chunk", "is") if count == 1 else (f"{count} chunks", "are")
    return f"{subject} in {folder} {verb} not trusted and {verb} computed again: {shown}"


def _silent(progress: Progress) -> None:
    """Tell nobody."""
