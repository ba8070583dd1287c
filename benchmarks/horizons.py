"""Winters of twelve months, and a year of days, beside Clarabel."""

from __future__ import annotations

import gasflow as gf
from benchmarks.cases import CASES
from benchmarks.field import QP, result_table
from benchmarks.peers.clarabel_once import ClarabelOnce
from benchmarks.peers.clarabel_qp import ClarabelLoop
from benchmarks.peers.gasflow_batch import GasflowBatch
from benchmarks.problems import Ready, Rows
from benchmarks.race import Runner, race

_CLARABEL_WINTERS = 20


def compare(winters: int, rounds: int) -> None:
    """Print both comparisons."""
    _winters(winters, rounds)
    _year(rounds)


def _winters(count: int, rounds: int) -> None:
    case = CASES["horizon"]
    problem = Ready.of(case.subject, scenarios := case.scenarios(count)).problem(scenarios)
    few = Rows(problem.scenarios(slice(0, min(count, _CLARABEL_WINTERS))))
    whole = Runner(GasflowBatch(problem), QP, problem, count, whole=True)
    loop = Runner(ClarabelLoop(few), QP, few.problem, _CLARABEL_WINTERS)
    load = race([whole, loop], rounds)
    print(f"{count:,} winters of twelve months, {problem.row_count} rows, {problem.column_count} columns; "
          f"load {load[0]:.1f} before, {load[1]:.1f} after\n\n{result_table([whole, loop])}")  # fmt: skip


def _year(rounds: int) -> None:
    horizon = gf.horizon("2022-05-10", "2023-05-10", "day")
    problem = Ready.of(horizon).base_problem()
    once = Runner(GasflowBatch(problem, "auto"), QP, problem, 1, whole=True)
    by_hand = Runner(ClarabelOnce(Rows(problem)), QP, problem, 1, whole=True)
    load = race([once, by_hand], rounds)
    print(f"\nOne year of days, {problem.row_count:,} rows, {problem.column_count:,} columns; "
          f"load {load[0]:.1f} before, {load[1]:.1f} after\n\n{result_table([once, by_hand])}")  # fmt: skip
