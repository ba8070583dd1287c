from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import gasflow as gf
from gasflow.core.solve import SolverChoice
from gasflow.simulation.case import Case

CHUNKS = 40
SWEEP = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from tests.sweeps.test_resume import swept
swept(Path(sys.argv[1]))
"""


def swept(folder: Path, resume: bool = False) -> gf.Sweep:
    """A sweep of some seconds in many chunks, one after the other."""
    case = Case(gf.toys.transit_hub(), solver=SolverChoice.REFERENCE)
    grid = gf.grid(
        gf.Closure("Sokhranivka", share=np.linspace(0, 1, CHUNKS)), gf.DemandChange(np.linspace(0.9, 1.1, 10))
    )
    return gf.sweep(case, grid, ["prices.SK", "flows"], folder, chunk=10, workers=1, resume=resume)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed") / "out"
    swept(folder)
    return contents(folder)


def test_a_sweep_that_was_killed_resumes_to_the_same_files(tmp_path, undisturbed):
    folder = tmp_path / "out"
    chunks = folder / "chunks"
    places = [entry for entry in sys.path if entry] + [str(Path(__file__).parents[2])]
    running = subprocess.Popen([sys.executable, "-c", SWEEP, str(folder), *places])  # noqa: S603 - our own code
    give_up = time.monotonic() + 60
    while len(list(chunks.glob("*.parquet"))) < 3 and running.poll() is None and time.monotonic() < give_up:
        time.sleep(0.002)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    done = len(list(chunks.glob("*.parquet")))
    assert 3 <= done < CHUNKS, "the sweep must be killed in the middle"
    assert not (folder / "summary.csv").exists()
    swept(folder, resume=True)
    assert contents(folder) == undisturbed


def test_half_written_and_foreign_chunks_are_never_read(tmp_path, undisturbed):
    folder = tmp_path / "out"
    swept(folder)
    chunks = sorted((folder / "chunks").glob("*.parquet"))
    whole = chunks[5].read_bytes()
    chunks[5].write_bytes(whole[: len(whole) // 2])
    chunks[6].write_bytes(whole)
    chunks[7].write_bytes(b"")
    chunks[8].unlink()
    (folder / "chunks" / (chunks[9].name + ".part")).write_bytes(whole[:100])
    (folder / "summary.csv").unlink()
    swept(folder, resume=True)
    assert contents(folder) == undisturbed


def test_nothing_that_is_compared_holds_a_time_or_a_path(undisturbed):
    text = undisturbed["manifest.json"].decode() + undisturbed["summary.csv"].decode()
    assert str(Path.cwd()) not in text
    assert time.strftime("%Y-%m-%d") not in text


def test_a_resumed_sweep_counts_what_it_found(tmp_path):
    from gasflow.sweeps.sweep import run_plan

    done = swept(tmp_path / "out")
    told = []
    run_plan(done.plan, tmp_path / "out", None, True, told.append)
    assert [(progress.done, progress.total, progress.found) for progress in told] == [(400, 400, 400)]
