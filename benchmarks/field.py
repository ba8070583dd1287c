"""Who takes part: the peers that were asked for and are installed, each with the programme it can solve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

from benchmarks.peers.gasflow_batch import GasflowBatch
from benchmarks.peers.peer import Peer
from benchmarks.peers.processes import TwoProcesses
from benchmarks.problems import Rows
from benchmarks.race import Runner
from benchmarks.steps import with_costs_of, with_steps
from benchmarks.tables import markdown
from gasflow.core.problem import FlowProblem
from gasflow.simulation.layout import Layout

QP, LP, BOUNDS = "QP", "LP in steps", "LP of bounds only"
REUSE = ", reuse"
_HEAD = ("solver", "programme", "threads", "scenarios", "us/scenario", "ratio", "CPU us", "CPU ratio", "certificate",
         "objective off")  # fmt: skip


@dataclass(frozen=True)
class Programmes:
    """The same scenarios as quadratic programme, with steps, and with steps and the costs of the base."""

    problem: FlowProblem
    base: FlowProblem
    layout: Layout

    @cached_property
    def qp(self) -> Rows:
        """The programme that gasflow solves."""
        return Rows(self.problem)

    @cached_property
    def lp(self) -> Rows:
        """With steps."""
        return Rows(with_steps(self.problem, self.base, self.layout))

    @cached_property
    def bounds(self) -> Rows:
        """With steps and shared costs."""
        return Rows(with_costs_of(self.lp.problem, with_steps(self.base, self.base, self.layout)))


def gasflow_runner(problem: FlowProblem, row: int = 0) -> Runner:
    """gasflow on its own programme; `row` is the length of a row of a grid, along which active columns are reused."""
    programme = QP + REUSE if row else QP
    return Runner(GasflowBatch(problem, row=row), programme, problem, problem.scenario_count, whole=True)


def peer_runners(names: Sequence[str], programmes: Programmes, counts: Mapping[str, int]) -> list[Runner]:
    """The peers, each on as many scenarios as its speed allows; who is not installed is named and left out."""
    makers: dict[str, Callable[[], list[Runner]]] = {
        "clarabel": lambda: _alone_and_twice("clarabel_qp", "ClarabelLoop", QP, programmes.qp, counts["clarabel"]),
        "highs": lambda: [
            *_alone_and_twice("highs_lp", "HighsWarm", LP, programmes.lp, counts["highs"]),
            _alone("highs_lp", "HighsWarmBounds", BOUNDS, programmes.bounds, counts["highs"]),
        ],
        "manylp": lambda: [_alone("manylp_lp", "ManyLp", BOUNDS, programmes.bounds, counts["manylp"])],
        "osqp": lambda: [_alone("osqp_qp", "OsqpLoop", QP, programmes.qp, counts["osqp"])],
        "linprog": lambda: [_alone("linprog_lp", "LinprogLoop", LP, programmes.lp, counts["linprog"])],
        "pypsa": lambda: [_alone("pypsa_lp", "PypsaModel", LP, programmes.lp, counts["pypsa"])],
    }
    runners = []
    for name in names:
        try:
            runners += makers[name]()
        except ModuleNotFoundError as missing:
            print(f"{name} is left out: {missing}")
    return runners


def _kind(module: str, name: str) -> type[Peer]:
    kind: type[Peer] = getattr(import_module(f"benchmarks.peers.{module}"), name)
    return kind


def _alone(module: str, name: str, programme: str, rows: Rows, count: int) -> Runner:
    return Runner(_kind(module, name)(rows), programme, rows.problem, count)


def _alone_and_twice(module: str, name: str, programme: str, rows: Rows, count: int) -> list[Runner]:
    twice = TwoProcesses(rows, _kind(module, name))
    return [_alone(module, name, programme, rows, count), Runner(twice, programme, rows.problem, count // 5)]


def result_table(runners: Sequence[Runner]) -> str:
    """One row each; the first is the unit of ratios, the first peer of a programme the reference of the rest."""
    unit = runners[0]
    references: dict[str, Runner] = {}
    for runner in runners:
        if not isinstance(runner.peer, GasflowBatch):
            references.setdefault(runner.programme, runner)
    rows = [_row(runner, unit, references.get(runner.programme.removesuffix(REUSE), runner)) for runner in runners]
    return markdown(_HEAD, rows)


def _row(runner: Runner, unit: Runner, reference: Runner) -> list[str]:
    measured = runner.peer.in_this_process
    own, others = runner.processor_microseconds, unit.processor_microseconds
    return [
        runner.peer.name,
        runner.programme,
        str(runner.peer.threads),
        f"{runner.count:,}",
        f"{runner.microseconds:,.1f}",
        f"{runner.microseconds / unit.microseconds:,.1f}",
        f"{own:,.1f}" if measured else "-",
        f"{own / others:,.1f}" if measured else "-",
        "-" if runner.certified is None else f"{runner.certified.mean():.2%}",
        "reference" if reference is runner else f"{runner.off(reference):.0e}",
    ]
