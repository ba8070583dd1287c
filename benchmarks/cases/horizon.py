"""Winters: twelve months with storage; cold, LNG price and outages are drawn."""

from scipy import stats

import gasflow as gf
from benchmarks.case import BenchmarkCase

SEED = 20221101


def scenarios(count: int):
    """Cold months from November to March, a world price, a closure of some share, and outages."""
    return gf.sample(
        count,
        SEED,
        gf.DemandChange(factor=stats.truncnorm(-3, 3, loc=1.0, scale=0.08), start="2022-11-01", end="2023-04-01"),
        gf.DemandChange(factor=stats.uniform(0.8, 0.25), sector="industry"),
        gf.Closure("Sokhranivka", share=stats.uniform(0.0, 1.0)),
        gf.LngPriceChange(factor=stats.lognorm(0.2)),
        outages={"Greifswald": 0.3, "Gate LNG": 0.05, "Sudzha": 0.1},
    )


CASE = BenchmarkCase("horizon", lambda: gf.horizon("2022-05-10", "2023-05-01"), scenarios, sizes=(1, 200, 1_000))
