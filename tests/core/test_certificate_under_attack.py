"""The certificate against single wrong numbers, beside an independent one; and its bits, in any company."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from gasflow.core import certificate as certificates
from gasflow.core.certificate import Certificate, certify
from gasflow.core.problem import FlowProblem
from gasflow.core.solve import solve
from gasflow.core.solvers.abstract import Hints
from gasflow.core.solvers.lanes.solver import LanesSolver
from gasflow.core.solvers.registry import SOLVERS
from gasflow.core.tolerances import COLUMN_TOLERANCE, TOLERANCE
from tests.core.networks import Shape, random_problem
from tests.core.random_horizons import Stores, random_horizon
from tests.core.torture import strange_problem

PROBLEMS = [
    random_problem(np.random.default_rng(3), 1, Shape(nodes=12, chords=6)),
    random_problem(np.random.default_rng(5), 1, Shape(nodes=7, chords=4, curved=False)),
    *(strange_problem(np.random.default_rng(seed), 1) for seed in (11, 23, 30, 35, 38)),
]
ANSWERS = [(problem, solve(problem)) for problem in PROBLEMS]

NUMBERS = ("cost", "curvature", "lower", "upper", "balance")

# What a single number may turn into.
WRONG = (
    lambda v: np.inf, lambda v: -np.inf, lambda v: np.nan, lambda v: 1e308, lambda v: -1e308, lambda v: -v,
    lambda v: v + 1.0, lambda v: v - 1.0, lambda v: v + 1e-5, lambda v: v - 1e-5, lambda v: v * (1 + 1e-5),
    lambda v: v * 1e12, lambda v: 0.0, lambda v: v + 1e-11,
)  # fmt: skip


@pytest.fixture(params=["numpy", "compiled"])
def path(request, monkeypatch):
    """Certificates by one path or the other, however many there are."""
    if request.param == "numpy":
        monkeypatch.setattr(certificates, "kernels", lambda module: None)
    else:
        monkeypatch.setattr(certificates, "_FEW", 0)


def wrong_versions(values: np.ndarray) -> np.ndarray:
    """Every entry of a column of numbers wrong in every way, one per scenario, shape (entry, scenario)."""
    versions = np.repeat(values, values.size * len(WRONG), axis=1)
    for place in range(values.size):
        for way, wrong in enumerate(WRONG):
            versions[place, place * len(WRONG) + way] = wrong(values[place, 0])
    return versions


def proven(problem: FlowProblem, flows: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """Whether numbers are optimal by their dual function, in longer numbers: no reduced cost, no complementarity.

    With slopes of the dual, ``d(y) = b'y + sum_k min over the bounds of (c - A'y) x + q x**2 / 2``, what is lost is
    ``c x + q x**2 / 2 - d(y)``, column by column.
    """
    with np.errstate(all="ignore"):
        return _proven(problem, flows.astype(np.longdouble), prices.astype(np.longdouble))


def _proven(problem, x, y):
    a = problem.incidence.toarray().astype(np.longdouble)
    cost, curvature, lower, upper = (
        np.broadcast_to(values, x.shape).astype(np.longdouble)
        for values in (problem.cost, problem.curvature, problem.lower, problem.upper)
    )
    finite = np.isfinite(x).all(axis=0) & np.isfinite(y).all(axis=0)
    x, y = np.where(finite, x, 0.0), np.where(finite, y, 0.0)
    ok = 1.0 + 1e-6
    near = TOLERANCE * ok * (1.0 + np.abs(x))
    inside = ((x >= lower - near) & (x <= upper + near)).all(axis=0)
    throughput = np.abs(a) @ np.abs(x)
    balanced = (np.abs(problem.balance - a @ x) <= TOLERANCE * ok * (1.0 + throughput)).all(axis=0)
    priced = cost - a.T @ y
    # On an infinite bound a slope of the wrong sign may be as steep as a rounding.
    steep = TOLERANCE * ok * (1.0 + np.abs(cost))
    no_end = np.where(curvature > 0.0, -priced / curvature, np.where(priced < 0.0, upper, lower))
    best = np.clip(np.nan_to_num(no_end, nan=0.0), lower, upper)
    endless = ~np.isfinite(best)
    right = np.where(endless, np.abs(priced) <= steep, True).all(axis=0)
    best = np.where(endless, x, best)
    lost = (priced + curvature * (x + best) / 2) * (x - best)
    slanted = np.where(endless | ~np.isfinite(upper) | ~np.isfinite(lower), steep * np.abs(x - best), 0.0)
    scale = 1.0 + 0.5 * (np.abs(y) * throughput).sum(axis=0)
    # Doubles cannot tell a reduced cost below this from zero.
    exact = 1e-15 * (np.abs(cost) + np.abs(curvature * x) + np.abs(a.T) @ np.abs(y)) * (np.abs(x) + np.abs(x - best))
    little = (lost - slanted - exact).sum(axis=0) <= TOLERANCE * ok * scale
    width = np.where(np.isfinite(upper - lower), upper - lower, np.abs(x))
    price = np.max(np.where(a[:, :, None] != 0, np.abs(y)[:, None, :], 0.0), axis=0, initial=0.0)
    columns = (lost - slanted - exact <= COLUMN_TOLERANCE * ok * (1.0 + width) * (1.0 + price)).all(axis=0)
    return finite & inside & balanced & right & little & columns


@pytest.mark.parametrize("which", range(len(ANSWERS)))
@pytest.mark.usefixtures("path")
def test_a_single_wrong_flow_or_price_is_never_certified(which):
    problem, answer = ANSWERS[which]
    for flows, prices in (
        (wrong_versions(answer.columns), answer.duals),
        (answer.columns, wrong_versions(answer.duals)),
    ):
        count = max(flows.shape[1], prices.shape[1])
        x, y = np.repeat(flows, count // flows.shape[1], axis=1), np.repeat(prices, count // prices.shape[1], axis=1)
        accepted = certify(problem, x, y).accepted
        assert not accepted.all()
        assert proven(problem, x[:, accepted], y[:, accepted]).all()
        numbers = np.concatenate([x, y])
        right = np.concatenate([answer.columns, answer.duals])
        assert accepted[(numbers == right).all(axis=0)].all(), "-0 is 0"
        assert not accepted[~np.isfinite(numbers).all(axis=0)].any()


@pytest.mark.parametrize("which", range(len(ANSWERS)))
@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.usefixtures("path")
def test_an_answer_to_a_programme_with_one_other_number_is_never_certified(which, name):
    problem, answer = ANSWERS[which]
    arrays = {n: getattr(problem, n) for n in NUMBERS}
    arrays[name] = wrong_versions(getattr(problem, name))
    with np.errstate(invalid="ignore"):
        meant = (np.isfinite(arrays[name]) | (name in ("lower", "upper"))).all(axis=0)
        meant &= (arrays["lower"] <= arrays["upper"]).all(axis=0) & (arrays["lower"] < np.inf).all(axis=0)
        meant &= (arrays["curvature"] >= 0).all(axis=0) & (arrays["upper"] > -np.inf).all(axis=0)
    arrays[name] = arrays[name][:, meant]
    other = FlowProblem(problem.structure, **arrays)
    x, y = (np.repeat(values, other.scenario_count, axis=1) for values in (answer.columns, answer.duals))
    accepted = certify(other, x, y).accepted
    assert proven(other.scenarios(np.flatnonzero(accepted)), x[:, accepted], y[:, accepted]).all()
    outside = ((x < other.lower - 1e-6 * (1 + abs(x))) | (x > other.upper + 1e-6 * (1 + abs(x)))).any(axis=0)
    assert not accepted[outside].any()


@pytest.mark.usefixtures("path")
def test_every_infinite_flow_is_rejected_however_its_column_is_bounded():
    problem, answer = ANSWERS[0]
    for sign in (1.0, -1.0):
        flows = np.repeat(answer.columns, problem.column_count, axis=1)
        np.fill_diagonal(flows, sign * np.inf)
        prices = np.repeat(answer.duals, problem.column_count, axis=1)
        assert not certify(problem, flows, prices).accepted.any()


def mixed_batch() -> tuple[FlowProblem, np.ndarray, np.ndarray]:
    """Three hundred answers, right, nearly right and wrong in every way."""
    draw = np.random.default_rng(11)
    problem = random_problem(draw, 300, Shape(nodes=12, chords=6))
    found = LanesSolver().prepare(problem.structure).solve(problem, Hints(threads=1))
    flows, prices = found.columns.copy(), found.duals.copy()
    for scenario in range(0, 300, 3):
        place, wrong = draw.integers(flows.shape[0]), WRONG[int(draw.integers(len(WRONG)))]
        flows[place, scenario] = wrong(flows[place, scenario])
    for scenario in range(1, 300, 5):
        place, wrong = draw.integers(prices.shape[0]), WRONG[int(draw.integers(len(WRONG)))]
        prices[place, scenario] = wrong(prices[place, scenario])
    return problem, flows, prices


def parts(certificate: Certificate) -> np.ndarray:
    return np.stack([getattr(certificate, part.name) for part in fields(certificate)])


def test_every_bit_is_the_same_in_any_company(monkeypatch):
    problem, flows, prices = mixed_batch()
    whole = parts(certify(problem, flows, prices, threads=1))
    assert 0.3 < np.isfinite(whole).all(axis=0).mean() < 1.0
    draw = np.random.default_rng(1)
    for size in (1, 2, 7, 8, 63, 64, 65, 255, 257, 300):
        for _ in range(4):
            chosen = draw.permutation(300)[:size]
            part = problem.scenarios(chosen)
            np.testing.assert_array_equal(parts(certify(part, flows[:, chosen], prices[:, chosen])), whole[:, chosen])
    np.testing.assert_array_equal(parts(certify(problem, flows, prices, threads=2)), whole)
    monkeypatch.setattr(certificates, "kernels", lambda module: None)
    np.testing.assert_array_equal(parts(certify(problem, flows, prices)), whole)


def test_every_bit_is_the_same_with_shared_numbers_and_read_only_ones():
    problem, flows, prices = mixed_batch()
    one = problem.scenarios(slice(0, 1))
    for name in ("cost", "curvature", "lower", "upper", "balance"):
        arrays = {
            n: getattr(problem if n == name else one, n) for n in ("cost", "curvature", "lower", "upper", "balance")
        }
        shared = FlowProblem(problem.structure, **arrays)
        whole = parts(certify(shared, flows, prices))
        flows.flags.writeable = False
        for chosen in (slice(0, 300), slice(3, 40), slice(7, 8)):
            part = shared.scenarios(chosen)
            np.testing.assert_array_equal(parts(certify(part, flows[:, chosen], prices[:, chosen])), whole[:, chosen])


def awkward(problem: FlowProblem, draw: np.random.Generator) -> FlowProblem:
    """The same with lower bounds off zero and widths that no double holds exactly."""
    shift = np.where(np.isfinite(problem.lower), draw.choice([0.1, -0.3, 1e5 / 3, -1e7 / 7], problem.lower.shape), 0.0)
    return FlowProblem(
        problem.structure, problem.cost, problem.curvature, problem.lower + shift, problem.upper + shift,
        problem.balance + problem.incidence @ shift,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_every_solver_returns_flows_inside_their_bounds(seed):
    draw = np.random.default_rng([7, seed])
    horizon = random_horizon(draw, 4, Shape(nodes=5, chords=3), Stores())
    for problem in (strange_problem(draw, 9), random_problem(draw, 3, Shape(nodes=9, chords=4)), horizon):
        for version in (problem, awkward(problem, draw)):
            for solver in SOLVERS.values():
                flows = solver.prepare(version.structure).solve(version).columns
                assert np.isfinite(flows).all() or solver.name == "periods"  # which leaves a single period alone
                assert not ((flows < version.lower) | (version.upper < flows)).any(), solver
