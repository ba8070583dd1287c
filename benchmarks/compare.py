"""gasflow beside its peers, on the same scenarios of the bundled network, in one run.

    python -m benchmarks.compare                        10,000 random days beside every peer that is installed
    python -m benchmarks.compare --peers clarabel,highs
    python -m benchmarks.compare --grid                 101 x 101: closure share by elasticity
    python -m benchmarks.compare --horizon              winters of 12 months, and a year of days

See README.md for what the columns mean.
"""

from __future__ import annotations

import argparse

from benchmarks import horizons, random_days, two_levers
from benchmarks.tables import machine

PEERS = ("clarabel", "highs", "manylp", "osqp", "linprog", "pypsa")


def main() -> None:
    """Print the tables that were asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scenarios", type=int, default=10_000, help="random days")
    options.add_argument("--peers", default=",".join(PEERS), help="comma-separated, some of %(default)s")
    options.add_argument("--rounds", type=int, default=5, help="turns that everyone takes")
    options.add_argument("--grid", action="store_true", help="the grid instead of random days")
    options.add_argument("--side", type=int, default=101, help="of the grid")
    options.add_argument("--horizon", action="store_true", help="horizons instead of random days")
    options.add_argument("--winters", type=int, default=1_000)
    chosen = options.parse_args()
    peers = [name.strip() for name in chosen.peers.split(",") if name.strip()]
    unknown = sorted(set(peers) - set(PEERS))
    if unknown:
        options.error(f"there is no peer {', '.join(unknown)}; choose from {', '.join(PEERS)}")
    if chosen.grid:
        two_levers.compare(chosen.side, peers, chosen.rounds)
    elif chosen.horizon:
        horizons.compare(chosen.winters, chosen.rounds)
    else:
        random_days.compare(chosen.scenarios, peers, chosen.rounds)
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
