"""Chunks on the processors of this machine: threads, since solving lets go of the interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Done = TypeVar("Done")


def run_in_threads(task: Callable[[int], Done], numbers: Sequence[int], workers: int | None) -> Iterator[Done]:
    """Do tasks by number and yield them as they are done; as many wait as are at work, so memory stays bounded.

    Args:
        task: what to do with a number.
        numbers: of the tasks.
        workers: threads; none: one per processor.

    Example:
        >>> sorted(run_in_threads(lambda number: number**2, [1, 2, 3], workers=2))
        [1, 4, 9]
    """
    workers = workers or os.cpu_count() or 1
    waiting = iter(numbers)
    with ThreadPoolExecutor(workers, thread_name_prefix="sweep") as pool:
        running: set[Future[Done]] = set()
        try:
            while True:
                for number in waiting:
                    running.add(pool.submit(task, number))
                    if len(running) >= 2 * workers:
                        break
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in running:
                future.cancel()
