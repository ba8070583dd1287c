"""A handful of one-day scenarios: what somebody at a prompt waits for."""

import numpy as np

import gasflow as gf
from benchmarks.case import BenchmarkCase


def scenarios(count: int):
    """The closure in `count` shares."""
    return gf.grid(gf.Closure("Sokhranivka", share=np.linspace(1.0, 0.0, count)))


CASE = BenchmarkCase("day", lambda: gf.load_europe("2022-05-10"), scenarios, sizes=(1, 10, 100))
