"""Every phase of every case by size; without timing (`--benchmark-disable`) the smallest size only."""

import pytest

from benchmarks.cases import CASES
from benchmarks.phases import PHASES, peak_memory, phases

SIZES = [(name, count) for name, case in CASES.items() for count in case.sizes]
_made: dict = {}  # the phases of the size at hand; making them takes longer than most of them do


def phases_of(name, count):
    if (name, count) not in _made:
        _made.clear()
        _made[name, count] = phases(CASES[name], count)
    return _made[name, count]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(("name", "count"), SIZES)
def test_phase(benchmark, pytestconfig, name, count, phase):
    timing = not pytestconfig.getoption("benchmark_disable")
    if not timing and count > CASES[name].sizes[0]:
        pytest.skip("larger sizes are for timing")
    work = phases_of(name, count)[phase]
    benchmark.group = f"{name} {count}"
    if timing:
        benchmark.extra_info["peak_mib"] = round(peak_memory(work) / 2**20, 2)
    benchmark.pedantic(work, rounds=3, warmup_rounds=1)
