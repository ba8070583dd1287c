"""Chunks on a Dask cluster; the only file that knows Dask.

A chunk depends on the plan and its number only, so the cluster may compute it anywhere, and again after losing a
worker, and the answer is the same to the last bit on processors of one family.

A worker that dies is noticed by Dask, and its chunks are computed by others. One that is merely silent (stopped, out of
memory, behind a broken cable) keeps its connection, and with it its chunks. So the sweep calls the roll: a worker that
has not reported for `PATIENCE` seconds while another one has gets nothing more, and its chunks go elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Any

from gasflow.errors import GasflowError

PATIENCE = 60.0
# A chunk whose worker died is computed again by another one; after so many dead workers the chunk is to blame.
_ATTEMPTS = 5
_CONNECT = "10s"
# Roll calls within the patience.
_CALLS = 4


def run_on_dask(
    task: Callable[[bytes, int], Any],
    packed: bytes,
    numbers: Iterable[int],
    address: str,
    patience: float = PATIENCE,
) -> Iterator[Any]:
    """Do tasks by number on a cluster and yield them as they are done.

    Args:
        task: what to do, a function of a module that the workers can import.
        packed: its first argument, see `gasflow.sweeps.work.packed`; a worker that is new gets it too.
        numbers: its second argument, taken as they are needed.
        address: of the scheduler, such as ``tcp://127.0.0.1:8786``.
        patience: seconds of silence, while others report, after which the tasks of a worker go elsewhere.

    Raises:
        GasflowError: if Dask is not installed, the scheduler cannot be reached or is lost, or the workers cannot do
            the tasks.
    """
    try:
        from dask.distributed import Client, KilledWorker, wait
    except ImportError as missing:
        raise GasflowError("Dask is not installed", "install gasflow-europe[dask], or sweep in threads") from missing
    try:
        client = Client(address, timeout=_CONNECT)
    except (OSError, ValueError) as unreachable:
        raise GasflowError(f"no scheduler answers at {address}", "start one, or correct the address") from unreachable
    with client:
        cluster = _Cluster(client, patience)
        waiting = iter(numbers)
        try:
            while True:
                cluster.call_the_roll()
                for number in islice(waiting, cluster.room):
                    cluster.submit(task, packed, number)
                if not cluster.running:
                    return
                yield from cluster.finished(wait)
        except KilledWorker as killed:
            raise GasflowError(
                f"one chunk after another ended its worker ({killed})",
                "give workers more memory, or take a smaller chunk, and resume",
            ) from killed
        except (ImportError, AttributeError) as missing:
            raise GasflowError(
                f"a worker cannot do the work ({missing})", "install the same gasflow there, and resume"
            ) from missing
        except (OSError, CancelledError) as lost:
            raise GasflowError(f"the scheduler at {address} is lost ({lost})", "start it again, and resume") from lost


@dataclass(eq=False)
class _Cluster:
    """The tasks at work on a cluster, and which of its workers report.

    Attributes:
        client: the connection to the scheduler.
        patience: seconds of silence, while others report, after which a worker gets nothing.
        running: task, argument and number of every future.
        silent: addresses of the workers that do not report.
        bound: futures that only some workers may have.
        called: when the roll was called.
    """

    client: Any
    patience: float
    running: dict[Any, tuple[Callable[[bytes, int], Any], bytes, int]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    bound: set[Any] = field(default_factory=set)
    called: float = float("-inf")

    @property
    def room(self) -> int:
        """How many more tasks to submit: as many as are at work wait; a cluster may grow and shrink meanwhile."""
        threads = sum(count for address, count in self.client.nthreads().items() if address not in self.silent)
        return max(2 * max(threads, 1) - len(self.running), 0)

    def submit(self, task: Callable[[bytes, int], Any], packed: bytes, number: int) -> None:
        """Submit a task to the workers that report."""
        reporting = (
            [address for address in self.client.nthreads() if address not in self.silent] if self.silent else None
        )
        future = self.client.submit(task, packed, number, pure=False, retries=_ATTEMPTS, workers=reporting)
        self.running[future] = task, packed, number
        if reporting:
            self.bound.add(future)

    def call_the_roll(self) -> None:
        """Take from silent workers what they have; the scheduler goes on trusting them for minutes."""
        if monotonic() - self.called < self.patience / _CALLS:
            return
        self.called = monotonic()
        workers = self.client.scheduler_info(n_workers=-1)["workers"]
        latest = max((worker["last_seen"] for worker in workers.values()), default=0.0)
        self.silent = {name for name, worker in workers.items() if latest - worker["last_seen"] > self.patience}
        suspects = [*self.running] if self.silent else [*self.bound]
        if not suspects:
            return
        safe = {key for name, keys in self.client.processing().items() if name not in self.silent for key in keys}
        safe |= {key for key, names in self.client.who_has(suspects).items() if set(names) - self.silent}
        for future in suspects:
            if future.key not in safe and future.status in ("pending", "finished"):
                work = self._forget(future)
                future.cancel()
                self.submit(*work)

    def finished(self, wait: Callable[..., Any]) -> Iterator[Any]:
        """Return what is done by the next roll call."""
        try:
            done = wait([*self.running], timeout=self.patience / _CALLS, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            return
        # Not `as_completed`: it forgets a chunk that was done on a worker which died before handing it over.
        for future in done:
            try:
                result = future.result(timeout=self.patience)
            except TimeoutError:
                # The worker fell silent before it handed the chunk over; the roll call takes care of it.
                continue
            self._forget(future)
            yield result

    def _forget(self, future: Any) -> tuple[Callable[[bytes, int], Any], bytes, int]:
        self.bound.discard(future)
        return self.running.pop(future)
