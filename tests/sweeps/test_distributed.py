from __future__ import annotations

import os
import signal

import pytest

import gasflow as gf
from gasflow.errors import GasflowError
from gasflow.sweeps.plan import plan_sweep
from gasflow.sweeps.sweep import run_plan
from tests.sweeps.test_resume import contents
from tests.sweeps.test_sweep import draws

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def cluster():
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "host": "127.0.0.1"}
    with distributed.LocalCluster(**options, dashboard_address=None, silence_logs=50) as made:
        yield made


def test_a_cluster_that_loses_a_worker_gives_the_same_files(cluster, tmp_path):
    plan = plan_sweep(gf.toys.transit_hub(), draws(240), ["prices", "unserved.total"], chunk=12)
    told = []

    def kill_one(progress) -> None:
        told.append(progress)
        if len(told) == 4:
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

    run_plan(plan, tmp_path / "dask", cluster.scheduler_address, False, kill_one)
    assert len(told) == plan.chunk_count + 1
    run_plan(plan, tmp_path / "local", 1, False)
    assert contents(tmp_path / "dask") == contents(tmp_path / "local")


def test_a_scheduler_that_does_not_answer_is_named():
    with pytest.raises(GasflowError, match=r"127\.0\.0\.1:9"):
        gf.sweep(gf.toys.transit_hub(), draws(3), ["prices.SK"], workers="tcp://127.0.0.1:9")
