"""The plan of a sweep: what is solved, what is kept, and how one chunk is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.solution import are_answers
from gasflow.core.solvers.abstract import Hints
from gasflow.errors import ShockError
from gasflow.network.network import Network
from gasflow.results.quantities import QUANTITIES, Axis
from gasflow.results.results import Results
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.sets import SCENARIO, ScenarioSet
from gasflow.simulation.model import Model
from gasflow.simulation.simulate import CHUNK, solved
from gasflow.sweeps.arguments import check_chunk, check_keep, check_subject
from gasflow.sweeps.outputs import Output, outputs_of
from gasflow.sweeps.summary import EXACT_BYTES, Summary

SHORTAGE = "shortage"
CERTIFICATE = ("worst", "worst_column", "status", "solver", "iterations")
DEFAULT_KEEP = ("prices", "unserved.total")

Columns = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Plan:
    """Everything that fixes the numbers of a sweep; who computes which chunk, and when, does not.

    Attributes:
        model: what is solved, by one thread per chunk.
        scenarios: the scenarios.
        outputs: the columns to keep beside levers, shortage and certificate.
        chunk: scenarios per chunk.
        study: text of the study file; empty for a sweep called from Python.
    """

    model: Model
    scenarios: ScenarioSet
    outputs: tuple[Output, ...]
    chunk: int = CHUNK
    study: str = field(default="", repr=False)

    @property
    def chunk_count(self) -> int:
        """How many chunks there are."""
        return -(-self.scenarios.count // self.chunk)

    def span(self, number: int) -> tuple[int, int]:
        """First scenario and end of a chunk."""
        start = number * self.chunk
        return start, min(start + self.chunk, self.scenarios.count)

    def size(self, number: int) -> int:
        """Scenarios in a chunk."""
        start, stop = self.span(number)
        return stop - start

    @property
    def summarised(self) -> list[str]:
        """The columns that are summarised."""
        return [*(output.name for output in self.outputs), SHORTAGE]

    @property
    def headlines(self) -> list[str]:
        """The summarised columns to read first: where all nodes are kept, those that have a hub, if any has."""
        hub = self.model.network.nodes["hub"].to_numpy(dtype=str) != ""
        return [
            output.name
            for output in self.outputs
            if output.named or QUANTITIES[output.quantity].axis is not Axis.NODE or hub[output.item] or not hub.any()
        ] + [SHORTAGE]

    @property
    def units(self) -> dict[str, str]:
        """Unit of each summarised column."""
        return {**{output.name: output.unit for output in self.outputs}, SHORTAGE: "GWh/d"}

    @property
    def column_names(self) -> list[str]:
        """The columns of a chunk after the number of the scenario."""
        return [*self.scenarios.names, *self.summarised, *CERTIFICATE]

    @property
    def exact(self) -> bool:
        """Whether quantiles are exact: all numbers, and how often they occur, fit into `EXACT_BYTES`."""
        return 16 * self.scenarios.count * len(self.summarised) <= EXACT_BYTES

    def columns(self, number: int) -> Columns:
        """Solve a chunk: scenario number, levers, outputs, shortage and certificate of each of its scenarios."""
        start, stop = self.span(number)
        keep = sorted({output.quantity for output in self.outputs} | {"unserved"})
        numbers = self.scenarios.design.numbers(start, stop)
        hints = Hints(total=self.scenarios.count)
        results = solved(self.model, self.scenarios.filled(numbers), pd.RangeIndex(start, stop), keep, hints)
        ended = results.diagnostics
        return {
            SCENARIO: np.arange(start, stop, dtype=np.int64),
            **{
                lever.name: np.ascontiguousarray(row) for lever, row in zip(self.scenarios.levers, numbers, strict=True)
            },
            **{output.name: output.of(results) for output in self.outputs},
            SHORTAGE: _shortage(results),
            "worst": ended.certificate.worst,
            "worst_column": ended.certificate.worst_column,
            "status": ended.status,
            "solver": ended.solver,
            "iterations": ended.iterations,
        }

    def summary(self, columns: Columns) -> Summary:
        """Return the summary of a chunk's columns."""
        return Summary.of(columns, self.summarised, self.exact)


def plan_sweep(
    model: Model | Network | Horizon,
    scenarios: ScenarioSet,
    keep: Sequence[str] = DEFAULT_KEEP,
    chunk: int = CHUNK,
    study: str = "",
) -> Plan:
    """Plan a sweep; everything that can be wrong with it is found here, not in the middle.

    Args:
        model: a network, a horizon, or a model, which also says how it is solved.
        scenarios: the scenarios.
        keep: what to keep, see `outputs_of`.
        chunk: scenarios per chunk.
        study: text of the study file, kept in the manifest.

    Raises:
        StudyError: with all outputs that are not understood.
        ShockError: if the first scenario cannot be applied, a lever has the name of another column, or an argument is
            of another type or out of range.
    """
    check_subject(model, scenarios)
    check_keep(keep)
    check_chunk(chunk)
    model = Model.of(model)
    first = solved(model, scenarios.chunk(0, 1), pd.RangeIndex(1), (), Hints())
    chosen = outputs_of(first, keep)
    taken = {SCENARIO, SHORTAGE, *CERTIFICATE, *(output.name for output in chosen)}
    clash = sorted(taken & set(scenarios.names))
    if clash:
        raise ShockError("sweep", f"levers are called as other columns: {', '.join(clash)}", "keep something else")
    return Plan(replace(model, threads=1), scenarios, chosen, int(chunk), study)


def _shortage(results: Results) -> NDArray[np.float64]:
    """Gas that goes unserved anywhere, mean over the periods in GWh/d; zero below what the certificate can tell."""
    days = results.periods.days
    short = np.einsum("its,t->s", results.array("unserved"), days / days.sum())
    certified = are_answers(results.diagnostics.status)
    return np.where(certified, short, np.nan)
