"""Chunks on the processors of this machine: threads, since solving lets go of the interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

Done = TypeVar("Done")


def run_in_threads(task: Callable[[int], Done], numbers: Iterable[int], threads: int | None) -> Iterator[Done]:
    """Do tasks by number and yield them as they are done; as many wait as are at work, so memory stays bounded.

    Whoever stops in the middle, because of an error or Ctrl-C, does not wait for the tasks at work.

    Args:
        task: what to do with a number.
        numbers: of the tasks, taken as they are needed.
        threads: how many, 1 or more; none: one per processor.

    Example:
        >>> sorted(run_in_threads(lambda number: number**2, [1, 2, 3], threads=2))
        [1, 4, 9]
    """
    threads = threads or os.cpu_count() or 1
    waiting = iter(numbers)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="sweep")
    running: set[Future[Done]] = set()
    try:
        while True:
            running |= {pool.submit(task, number) for number in islice(waiting, 2 * threads - len(running))}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
