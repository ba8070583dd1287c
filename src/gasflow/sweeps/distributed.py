"""Chunks on a Dask cluster; the only file that knows Dask.

A chunk depends on the plan and its number only, so the cluster may compute it anywhere, and again after losing a
worker, and the answer is the same to the last bit on processors of one family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from gasflow.errors import GasflowError

# A chunk whose worker died is computed again by another one; after so many dead workers the chunk is to blame.
_ATTEMPTS = 5


def run_on_dask(
    task: Callable[[bytes, int], Any], packed: bytes, numbers: Sequence[int], address: str
) -> Iterator[Any]:
    """Do tasks by number on a cluster and yield them as they are done.

    Args:
        task: what to do, a function of a module that the workers can import.
        packed: its first argument, see `Plan.packed`; a worker that is new gets it too.
        numbers: its second argument.
        address: of the scheduler, such as ``tcp://127.0.0.1:8786``.

    Raises:
        GasflowError: if Dask is not installed or the scheduler cannot be reached.
    """
    try:
        from dask.distributed import Client, wait
    except ImportError as missing:
        raise GasflowError("Dask is not installed; install gasflow[dask], or sweep with local workers") from missing
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as unreachable:
        raise GasflowError(f"no scheduler answers at {address}; start one, or correct the address") from unreachable
    with client:
        waiting = iter(numbers)
        running: set[Any] = set()
        while True:
            # As many again as can be at work wait for a worker; a cluster may grow and shrink meanwhile.
            window = 2 * max(sum(client.nthreads().values()), 1)
            room = max(window - len(running), 0)
            running |= {_submit(client, task, packed, number) for number in islice(waiting, room)}
            if not running:
                return
            # Not `as_completed`: it forgets a chunk that was done on a worker which died before handing it over.
            for future in wait(list(running), return_when="FIRST_COMPLETED").done:
                result = future.result()
                running.remove(future)
                yield result


def _submit(client: Any, task: Callable[[bytes, int], Any], packed: bytes, number: int) -> Any:
    return client.submit(task, packed, number, pure=False, retries=_ATTEMPTS)
