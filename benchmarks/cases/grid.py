"""Two levers, closure share and elasticity, in all combinations."""

import numpy as np

import gasflow as gf
from benchmarks.case import BenchmarkCase


def scenarios(count: int):
    """A square grid of about `count` scenarios."""
    side = round(count**0.5)
    return gf.grid(
        gf.Closure("Sokhranivka", share=np.linspace(0.0, 1.0, side)),
        gf.ElasticityChange(factor=np.linspace(0.5, 2.0, side)),
    )


CASE = BenchmarkCase("grid", lambda: gf.load_europe("2022-05-10"), scenarios, sizes=(121, 961, 101 * 101))
