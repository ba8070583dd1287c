"""Random days: demand, capacities, outages, costs, the LNG price and elasticities are all drawn.

Demand is drawn per sector and for the large countries on top, elasticities per sector, capacities and outages place by
place, and every tariff, production cost and value of stored gas moves, so that hardly any two scenarios have the same
columns at their bounds.
"""

from __future__ import annotations

from scipy import stats

import gasflow as gf
from benchmarks.case import BenchmarkCase

SEED = 20220510
SECTORS = ("households", "industry", "power")
LARGE = ("DE", "IT", "UK", "FR", "NL", "ES", "PL")
VARIABLE = (
    "CZ->DE", "DE->CZ", "NL->DE", "NL->BE", "BE->FR", "DE->FR", "AT->IT", "SK->AT", "SK->HU", "PL->DE", "ES->FR",
    "Emden", "Dornum", "Greifswald", "Mazara", "Velke Kapusany", "South Hook LNG", "Montoir LNG", "Barcelona LNG",
)  # fmt: skip
OUTAGES = {
    "Sokhranivka": 0.3, "Sudzha": 0.1, "Greifswald": 0.1, "Gate LNG": 0.05, "Dunkerque LNG": 0.05, "IUK": 0.05,
    "Zeebrugge ZPT": 0.05, "Gela": 0.05, "Strandzha": 0.05, "Krk LNG": 0.05,
}  # fmt: skip


def scenarios(count: int):
    """The same draws for the same number of a scenario, whatever `count` is."""
    spread = stats.truncnorm(-3, 3, loc=1.0, scale=0.06)
    shocks: list[gf.Shock] = [gf.DemandChange(factor=spread, sector=sector) for sector in SECTORS]
    shocks += [gf.DemandChange(factor=spread, country=country) for country in LARGE]
    shocks += [gf.ElasticityChange(factor=stats.uniform(0.5, 1.5), sector=sector) for sector in SECTORS]
    shocks += [gf.CapacityChange(place, factor=stats.uniform(0.6, 0.45)) for place in VARIABLE]
    shocks += [
        gf.LngPriceChange(factor=stats.lognorm(0.2)),
        gf.StorageResponse(slope_factor=stats.loguniform(0.25, 4.0), value_change=stats.norm(0.0, 4.0)),
        gf.PipeChange("tariff", factor=stats.uniform(0.7, 0.8)),
        gf.SupplyChange("cost", factor=stats.uniform(0.7, 0.8)),
    ]
    return gf.sample(count, SEED, *shocks, outages=OUTAGES)


CASE = BenchmarkCase("monte_carlo", lambda: gf.load_europe("2022-05-10"), scenarios, sizes=(200, 1_000, 10_000))
