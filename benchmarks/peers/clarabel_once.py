"""Clarabel called by hand for one large programme: set-up and solve, nothing kept."""

from __future__ import annotations

from benchmarks.peers.clarabel_qp import ClarabelLoop
from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows


class ClarabelOnce(Peer):
    """From prebuilt matrices to an answer."""

    name = "Clarabel by hand"

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def solve(self, chosen: range) -> Solved:
        """Set up and solve."""
        return ClarabelLoop(self.rows).solve(chosen)
