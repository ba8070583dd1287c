"""One year of days beside Clarabel called by hand on the same programme.

Each of them runs in a process of its own, because of the peak of the memory:

    python -m benchmarks.year                  # everybody; Clarabel takes minutes
    python -m benchmarks.year staged scaled    # some of them, see `SOLVERS`
    python -m benchmarks.year --step week --end 2022-08-01 staged clarabel
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import clarabel
import numpy as np
import scipy.sparse as sp

import gasflow as gf
from benchmarks.problems import Ready
from benchmarks.tables import machine, markdown
from gasflow.core.certificate import certify
from gasflow.core.problem import Array, FlowProblem
from gasflow.core.solution import Status
from gasflow.core.solve import solve

Answer = tuple[Array, Array, int, str]


def by_hand(problem: FlowProblem, unit: Array) -> Answer:
    """Clarabel with its default settings, columns in some unit: flows, prices, iterations, what it says."""
    lower, upper = problem.lower[:, 0] / unit, problem.upper[:, 0] / unit
    bounded, eye = np.isfinite(upper), sp.diags_array(np.ones(unit.size), format="csr")
    matrix = sp.vstack([(problem.incidence @ sp.diags_array(unit)).tocsr(), eye[bounded], -eye], format="csc")
    limits = np.concatenate([problem.balance[:, 0], upper[bounded], -lower])
    cones = [clarabel.ZeroConeT(problem.row_count), clarabel.NonnegativeConeT(int(bounded.sum()) + unit.size)]
    curvature = sp.csc_matrix(sp.diags_array(problem.curvature[:, 0] * unit**2, format="csc"))
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    answer = clarabel.DefaultSolver(
        curvature, problem.cost[:, 0] * unit, sp.csc_matrix(matrix), limits, cones, settings
    ).solve()
    prices = -np.asarray(answer.z)[: problem.row_count]
    return unit * np.asarray(answer.x), prices, answer.iterations, str(answer.status)


def in_gwh(problem: FlowProblem) -> Answer:
    """Clarabel on the programme as it is, in GWh."""
    return by_hand(problem, np.ones(problem.column_count))


def scaled(problem: FlowProblem) -> Answer:
    """Clarabel with columns in units of the root of their width, in which it needs far fewer iterations."""
    width = (problem.upper - problem.lower)[:, 0]
    usual = np.isfinite(width) & (width > 0)
    return by_hand(problem, np.sqrt(np.where(usual, width, np.median(width[usual]))))


def by_gasflow(name: str) -> Callable[[FlowProblem], Answer]:
    """One of gasflow's solvers, certificate and polish included."""

    def run(problem: FlowProblem) -> Answer:
        solution = solve(problem, name)
        said = Status(solution.status[0]).name
        return solution.columns[:, 0], solution.duals[:, 0], int(solution.iterations[0]), said

    return run


SOLVERS = {
    "periods": ("gasflow, staged", by_gasflow("periods")),
    "reference": ("gasflow, reference", by_gasflow("reference")),
    "scaled": ("Clarabel by hand, columns scaled", scaled),
    "clarabel": ("Clarabel by hand, in GWh", in_gwh),
}


def measure(name: str, programme: Path) -> dict[str, float | str]:
    """Solve under the clock; judge when it has stopped."""
    problem = pickle.loads(programme.read_bytes())  # noqa: S301  written by the parent process
    before = _peak()
    wall, processor = time.perf_counter(), time.process_time()
    flows, prices, iterations, said = SOLVERS[name][1](problem)
    processor, wall = time.process_time() - processor, time.perf_counter() - wall
    after = _peak()
    certificate = certify(problem, flows[:, None], prices[:, None])
    return {
        "processor": processor, "wall": wall, "before": before, "peak": after, "iterations": iterations, "said": said,
        "worst": float(certificate.worst[0]), "column": float(certificate.worst_column[0]),
        "objective": float(problem.objective(flows[:, None])[0]),
    }  # fmt: skip


def _peak() -> float:
    """Largest memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(names: list[str], start: str, end: str, step: str) -> None:
    """Build the programme, let everybody solve it in turn, and print the table."""
    clock = time.process_time()
    problem = Ready.of(gf.horizon(start, end, step=step)).base_problem()
    print(
        f"{start} to {end} by {step}: {problem.structure.period_count} periods, {problem.row_count:,} rows, "
        f"{problem.column_count:,} columns, built in {time.process_time() - clock:.1f} s of processor time\n"
    )
    head = ["solver", "processor s", "wall s", "iterations", "memory MB", "of which solving", "certificate",
            "worst column", "objective, mEUR", "says"]  # fmt: skip
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        programme = Path(folder) / "programme.pkl"
        programme.write_bytes(pickle.dumps(problem))
        for name in names:
            command = [sys.executable, "-m", "benchmarks.year", "--alone", str(programme), name]
            out = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
            found = json.loads(out.stdout)
            rows.append(
                [SOLVERS[name][0], f"{found['processor']:.2f}", f"{found['wall']:.2f}", f"{found['iterations']}",
                 f"{found['peak']:.0f}", f"{found['peak'] - found['before']:.0f}", f"{found['worst']:.0e}",
                 f"{found['column']:.0e}", f"{found['objective'] / 1e3:,.6f}", found["said"]]
            )  # fmt: skip
            print(f"{SOLVERS[name][0]}: {found}", file=sys.stderr)
    print(markdown(head, rows))
    print(f"\n{machine()}")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("solvers", nargs="*", default=list(SOLVERS), metavar="solver", help=", ".join(SOLVERS))
    parser.add_argument("--start", default="2022-05-10")
    parser.add_argument("--end", default="2023-05-10")
    parser.add_argument("--step", default="day")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        print(json.dumps(measure(chosen.solvers[0], chosen.alone)))
    else:
        compare(chosen.solvers, chosen.start, chosen.end, chosen.step)


if __name__ == "__main__":
    main()
