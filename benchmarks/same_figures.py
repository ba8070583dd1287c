"""Are the figures still the same? A digest of every answer over all bases and shocks, before and after a change.

    python -m benchmarks.same_figures --write figures.json      # before
    python -m benchmarks.same_figures --against figures.json    # after; names what differs, to the last bit

Every bundled base under every kind of shock, horizons with every kind of foresight, grids and draws through the
compiled solver, and flows made unique. A digest is the same only where every bit is; beside it stands the sum, so that
a difference says how large it is. Figures of another machine, or with other versions of the libraries, may differ in
their last digits.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy.stats

import gasflow as gf
from gasflow.datasets.europe.tables import labels

SHOCKS: dict[str, gf.Scenario | gf.Closure] = {
    "base": gf.Scenario(),
    "closure": gf.Closure("Sokhranivka"),
    "closures in shares": gf.Closure("Sudzha", share=[0.25, 0.5, 1.0], reroute=[0.0, 0.5, 1.0]),
    "closure of a terminal": gf.Closure("Gate", share=0.7),
    "capacity": gf.CapacityChange("NO", factor=0.8),
    "supply": gf.SupplyCut(exporter="RU", share=[0.5, 1.0]),
    "elasticity": gf.SupplyCut(exporter="NO", share=0.3) + gf.ElasticityChange(factor=2.0, sector="industry"),
    "world price": gf.LngPriceChange(factor=1.5),
    "storage": gf.StorageResponse(slope_factor=2.0, value_change=3.0, persistence=0.2),
    "siphoning": gf.Siphoning("Sudzha", volume=5.0),
    "nodes": gf.NodeChange("value_of_lost_load", 0.5) + gf.SupplyCut(exporter="RU"),
    "pipes": gf.PipeChange("tariff", change=1.0),
    "supplies": gf.SupplyChange("cost", change=2.0),
    "demands": gf.DemandChange(factor=1.2, country="DE"),
    "storages": gf.StorageChange("withdrawal", factor=0.5),
}


def figures() -> Iterator[tuple[str, gf.Results]]:
    """Names and results."""
    for base in labels():
        europe = gf.load_europe(base)
        for name, shock in SHOCKS.items():
            try:
                yield f"{base}: {name}", gf.simulate(europe, shock)
            except gf.errors.GasflowError as error:
                print(f"{base}: {name} does not apply: {error}", file=sys.stderr)
    europe = gf.load_europe("2022-05-10")
    closed = gf.Closure("Sokhranivka")
    yield "linear curves", gf.simulate(gf.Model(europe, curve="linear"), closed)
    yield "least ties", gf.simulate(gf.Model(europe, ties="least"), closed)
    winter = gf.horizon("2022-05-10", "2023-04-01")
    later = gf.Closure("Sokhranivka", start="2022-09-01")
    yield "horizon", gf.simulate(winter, closed)
    yield "horizon with news", gf.simulate(gf.Model(winter, foresight=gf.Foresight(notice_days=0)), later)
    rolling = gf.Foresight(rolling=True, lookahead=4)
    yield "rolling horizon", gf.simulate(gf.Model(winter, foresight=rolling), later)
    drained = gf.StorageChange("volume", factor=[0.8, 0.9, 1.0])
    yield "horizon in groups", gf.simulate(winter, drained, keep=["prices", "levels", "welfare"])
    shares = gf.Closure("Sokhranivka", share=np.linspace(0.0, 1.0, 12))
    grid = gf.grid(shares, gf.ElasticityChange(factor=np.linspace(0.5, 2.0, 20)))
    yield "grid", gf.simulate(europe, grid)
    uniform = scipy.stats.uniform(0.5, 1.0)
    draws = gf.sample(500, 7, gf.DemandChange(factor=uniform), gf.LngPriceChange(factor=uniform))
    yield "draws", gf.simulate(europe, draws)
    yield "draws of horizons", gf.simulate(gf.horizon("2022-05-10", "2022-10-01"), draws, keep=["prices", "levels"])


def digests() -> dict[str, tuple[str, float]]:
    """Digest and sum of every quantity of every result."""
    found = {}
    for name, results in figures():
        for quantity, array in results.arrays.items():
            values = np.ascontiguousarray(array)
            digest = hashlib.sha256(values.tobytes()).hexdigest()[:16]
            found[f"{name}: {quantity}"] = (digest, float(np.nansum(np.where(np.isfinite(values), values, 0.0))))
    return found


def main() -> None:
    """Write the digests, or hold them against those that were written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--write", type=Path, help="file for the digests")
    which.add_argument("--against", type=Path, help="file with digests from before")
    arguments = parser.parse_args()
    now = digests()
    if arguments.write:
        arguments.write.write_text(json.dumps(now, indent=1))
        print(f"{len(now):,} quantities written")
        return
    before = {name: tuple(value) for name, value in json.loads(arguments.against.read_text()).items()}
    other = [name for name in before if now.get(name) != before[name]]
    for name in other:
        print(f"{name}: {before[name]} is now {now.get(name)}")
    print(f"{len(before):,} quantities before, {len(before) - len(other):,} of them the same to the last bit")
    sys.exit(bool(other))


if __name__ == "__main__":
    main()
