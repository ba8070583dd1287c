from __future__ import annotations

import os
import signal
from functools import partial

import pytest

import gasflow as gf
from gasflow.errors import GasflowError
from gasflow.sweeps.distributed import run_on_dask
from gasflow.sweeps.plan import plan_sweep
from gasflow.sweeps.sweep import Executor, run_plan
from gasflow.sweeps.work import computed_elsewhere, packed
from tests.sweeps.test_resume import contents
from tests.sweeps.test_sweep import draws

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]


def test_a_cluster_with_a_dead_and_a_silent_worker_gives_the_same_files(tmp_path, monkeypatch):
    """One worker is killed and another one stopped, with chunks in hand, done and not done."""
    monkeypatch.setattr("gasflow.sweeps.sweep.run_on_dask", partial(run_on_dask, patience=1.5))
    plan = plan_sweep(gf.toys.transit_hub(), draws(48), ["prices", "unserved.total"], chunk=2)
    told = []

    def disturb(progress) -> None:
        told.append(progress)
        if len(told) == 4:
            os.kill(dead, signal.SIGKILL)
        if len(told) == 8:
            os.kill(silent, signal.SIGSTOP)

    options = {"n_workers": 3, "threads_per_worker": 1, "processes": True, "host": "127.0.0.1"}
    with distributed.LocalCluster(**options, dashboard_address=None, silence_logs=50) as cluster:
        dead, silent, _ = (worker.pid for worker in cluster.workers.values())
        try:
            run_plan(plan, tmp_path / "dask", Executor(cluster=cluster.scheduler_address), False, disturb)
        finally:
            os.kill(silent, signal.SIGCONT)
    assert len(told) == plan.chunk_count + 1
    run_plan(plan, tmp_path / "local", Executor(1), False)
    assert contents(tmp_path / "dask") == contents(tmp_path / "local")


def test_a_worker_with_other_versions_does_not_add_its_numbers(monkeypatch):
    plan = plan_sweep(gf.toys.transit_hub(), draws(12), ["prices"], chunk=12)
    parcel = packed(plan)
    monkeypatch.setattr("gasflow.sweeps.manifest.__version__", "0.0")
    with pytest.raises(GasflowError, match=r"gasflow 0\.0 instead of"):
        computed_elsewhere(parcel, 0, "")


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr("gasflow.sweeps.distributed._CONNECT", "1s")
    with pytest.raises(GasflowError, match=r"127\.0\.0\.1:9"):
        gf.sweep(gf.toys.transit_hub(), draws(3), ["prices.SK"], cluster="tcp://127.0.0.1:9")
