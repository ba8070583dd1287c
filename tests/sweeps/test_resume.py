from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import gasflow as gf

pytestmark = pytest.mark.slow

CHUNKS = 40
SWEEP = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from tests.sweeps.test_resume import swept
swept(Path(sys.argv[1]))
"""

COMMAND = """
import json, os, sys
sys.path[:0] = sys.argv[1:]
sys.argv[1:] = json.loads(os.environ["ARGUMENTS"])
from gasflow.cli import main
main()
"""
STUDY = """
base.toy = "transit_hub"
[[shocks]]
kind = "closure"
place = "Sokhranivka"
share = { from = 0, to = 1, steps = 400 }
[sweep]
chunk = 10
"""


def swept(folder: Path, resume: bool = False) -> gf.Sweep:
    """A sweep of some seconds in many chunks, one after the other."""
    model = gf.Model(gf.toys.transit_hub(), solver="reference", threads=1)
    grid = gf.grid(
        gf.Closure("Sokhranivka", share=np.linspace(0, 1, CHUNKS)), gf.DemandChange(np.linspace(0.9, 1.1, 4))
    )
    return gf.sweep(model, grid, ["prices.SK", "flows"], folder, chunk=4, resume=resume)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def written(folder: Path) -> int:
    return len(list((folder / "chunks").glob("*.parquet")))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed") / "out"
    swept(folder)
    return contents(folder)


def test_a_sweep_that_was_killed_resumes_to_the_same_files(tmp_path, undisturbed):
    folder = tmp_path / "out"
    places = [entry for entry in sys.path if entry] + [str(Path(__file__).parents[2])]
    running = subprocess.Popen([sys.executable, "-c", SWEEP, str(folder), *places])  # noqa: S603 - our own code
    give_up = time.monotonic() + 60
    while written(folder) < 3 and running.poll() is None and time.monotonic() < give_up:
        time.sleep(0.002)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    done = written(folder)
    assert 3 <= done < CHUNKS, "the sweep must be killed in the middle"
    assert not (folder / "summary.csv").exists()
    swept(folder, resume=True)
    assert contents(folder) == undisturbed


def test_a_command_that_is_stopped_by_ctrl_c_says_what_is_kept_and_how_to_go_on(tmp_path):
    study, folder = tmp_path / "study.toml", tmp_path / "out"
    study.write_text(STUDY)
    command = [sys.executable, "-c", COMMAND, *[entry for entry in sys.path if entry]]
    arguments = json.dumps(["sweep", str(study), "--folder", str(folder), "--threads", "1"])
    running = subprocess.Popen(command, env={**os.environ, "ARGUMENTS": arguments}, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own code
    give_up = time.monotonic() + 60
    while (
        len(list((folder / "chunks").glob("*.parquet"))) < 2 and running.poll() is None and time.monotonic() < give_up
    ):
        time.sleep(0.002)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == -signal.SIGINT
    # It may be stopped between a chunk and its count.
    assert any(f"keeps {done * 10} of 400 scenarios" in said for done in (written(folder), written(folder) - 1))
    assert f"gasflow sweep {study} --folder {folder} --resume --threads 1" in said
    assert "Traceback" not in said


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
    with pytest.warns(UserWarning, match="3 chunks"):
        swept(folder, resume=True)
    assert contents(folder) == undisturbed


def test_nothing_that_is_compared_holds_a_time_or_a_path(undisturbed):
    text = undisturbed["manifest.json"].decode() + undisturbed["summary.csv"].decode()
    assert str(Path.cwd()) not in text
    assert time.strftime("%Y-%m-%d") not in text


def test_a_resumed_sweep_counts_what_it_found(tmp_path):
    from gasflow.sweeps.sweep import Executor, run_plan

    done = swept(tmp_path / "out")
    told = []
    run_plan(done.plan, tmp_path / "out", Executor(), True, told.append)
    assert [(progress.done, progress.total, progress.found) for progress in told] == [(160, 160, 160)]
