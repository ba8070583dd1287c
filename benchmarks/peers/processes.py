"""A peer in two processes, one per core: what someone gets who splits the loop by hand."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows

_own: dict[str, Any] = {}  # the peer of a worker process, and its problem


class TwoProcesses(Peer):
    """Each process makes its own peer ready before any clock starts, and solves one half.

    Only objectives travel back, so nothing but solving is timed.
    """

    name = "the same in two processes"
    threads = 2
    in_this_process = False

    def __init__(self, rows: Rows, kind: type[Peer]) -> None:
        fork = multiprocessing.get_context("fork")  # the numbers are shared, not sent
        self.pool = ProcessPoolExecutor(2, fork, initializer=_make_ready, initargs=(kind, rows))
        list(self.pool.map(time.sleep, (0.2, 0.2)))

    def solve(self, chosen: range) -> Solved:
        """Solve both halves at once."""
        middle = (chosen.start + chosen.stop) // 2
        halves = (range(chosen.start, middle), range(middle, chosen.stop))
        return Solved(stated=np.concatenate(list(self.pool.map(_objectives, halves))))


def _make_ready(kind: type[Peer], rows: Rows) -> None:
    _own.update(peer=kind(rows), problem=rows.problem)


def _objectives(chosen: range) -> np.ndarray:
    return _own["peer"].solve(chosen).objective(_own["problem"], chosen)
