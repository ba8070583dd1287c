"""Everyone side by side: in turns, so that a busy machine slows all alike, and by medians."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

import numpy as np

from benchmarks.peers.peer import Peer
from gasflow.core.problem import Array, FlowProblem

_WARM_UP = 16


@dataclass
class Runner:
    """One who takes part, with what was measured so far.

    Attributes:
        peer: solves.
        programme: what it solves, as printed.
        problem: the scenarios.
        count: how many of them it solves, spread over the rounds.
        whole: solve all of them in every round, as one batch, rather than a part in each.
    """

    peer: Peer
    programme: str
    problem: FlowProblem
    count: int
    whole: bool = False
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    objective: Array = field(init=False)
    certified: Array | None = field(init=False)

    def __post_init__(self) -> None:
        self.count = min(self.count, self.problem.scenario_count)
        self.objective = np.full(self.count, np.nan)
        self.certified = np.zeros(self.count, dtype=np.bool_)

    def part(self, number: int, rounds: int) -> range:
        """The scenarios of one round."""
        if self.whole:
            return range(self.count)
        return range(self.count * number // rounds, self.count * (number + 1) // rounds)

    def run(self, chosen: range) -> None:
        """Solve some scenarios under the clock; judge them when it has stopped."""
        wall, processor = time.perf_counter(), time.process_time()
        solved = self.peer.solve(chosen)
        self.processor.append((time.process_time() - processor) / len(chosen))
        self.wall.append((time.perf_counter() - wall) / len(chosen))
        self.objective[chosen.start : chosen.stop] = solved.objective(self.problem, chosen)
        certified = solved.certified(self.problem, chosen)
        if certified is None or self.certified is None:
            self.certified = None
        else:
            self.certified[chosen.start : chosen.stop] = certified

    @property
    def microseconds(self) -> float:
        """Median over the rounds of the wall time per scenario."""
        return 1e6 * float(np.median(self.wall))

    @property
    def processor_microseconds(self) -> float:
        """Median over the rounds of the processor time of this process per scenario, all threads together."""
        return 1e6 * float(np.median(self.processor))

    def off(self, reference: Runner) -> float:
        """Largest relative difference to the objectives of another, over the scenarios that both solved."""
        both = min(self.count, reference.count)
        wanted = reference.objective[:both]
        return float(np.max(np.abs(self.objective[:both] - wanted) / np.abs(wanted)))


def race(runners: list[Runner], rounds: int) -> tuple[float, float]:
    """Let all take turns; the load of the machine (processes that want to run) before and after."""
    before = os.getloadavg()[0]
    for runner in runners:
        runner.peer.solve(range(min(_WARM_UP, runner.count)))
    for number in range(rounds):
        for runner in runners:
            chosen = runner.part(number, rounds)
            if len(chosen):
                runner.run(chosen)
    return before, os.getloadavg()[0]
