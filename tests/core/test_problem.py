"""The programme as it is handed over: whatever holds the incidence matrix, a solver sees compressed columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from gasflow.core.problem import Structure
from gasflow.core.solve import solve
from gasflow.core.solvers.lanes.solver import LanesSolver
from tests.core.networks import Shape, random_problem

PROBLEM = random_problem(np.random.default_rng(3), 5, Shape(nodes=12, chords=6))
DENSE = PROBLEM.incidence.toarray()


FORMATS = ("csc", "csr", "coo", "lil", "dok", "bsr")
HOLDERS = [getattr(sparse, f"{form}_{kind}") for form in FORMATS for kind in ("array", "matrix")]
HOLDERS += [np.asarray, np.ndarray.tolist, lambda a: sparse.csc_array(a.astype(np.float32))]


def unsorted_with_duplicates(a: np.ndarray) -> sparse.csc_array:
    """Every entry as two halves, the last row first."""
    rows, columns = (np.tile(places[::-1], 2) for places in np.nonzero(a))
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], np.arange(a.shape[1] + 1))
    return sparse.csc_array((a[rows, columns][order] / 2, rows[order], starts), shape=a.shape)


@pytest.mark.parametrize("hold", [*HOLDERS, unsorted_with_duplicates])
@pytest.mark.parametrize("solver", ["lanes", "reference"])
def test_any_matrix_gives_the_same_answer(hold, solver):
    exact = np.round(DENSE)  # losses of whole halves, so that every type of number holds them
    problem = replace(PROBLEM, structure=Structure(hold(exact)))
    assert isinstance(problem.incidence, sparse.csc_array)
    assert problem.incidence.has_canonical_format
    np.testing.assert_array_equal(problem.incidence.toarray(), exact)
    wanted = solve(replace(PROBLEM, structure=Structure(sparse.csc_array(exact))), solver)
    np.testing.assert_array_equal(solve(problem, solver).columns, wanted.columns)


def test_the_caller_keeps_his_matrix():
    given = unsorted_with_duplicates(DENSE)
    before = given.data.copy(), given.indices.copy()
    replace(PROBLEM, structure=Structure(given))
    np.testing.assert_array_equal(given.data, before[0])
    np.testing.assert_array_equal(given.indices, before[1])


def broken(change):
    a = sparse.csc_array(DENSE)
    a.indptr, a.indices, a.data = a.indptr.copy(), a.indices.copy(), a.data.copy()
    change(a)
    return a


@pytest.mark.parametrize(
    "incidence",
    [
        broken(lambda a: a.indices.__setitem__(3, 99)),
        broken(lambda a: a.indices.__setitem__(0, -1)),
        broken(lambda a: a.indptr.__setitem__(-1, 10_000)),
        broken(lambda a: a.indptr.__setitem__(2, 0)),
        broken(lambda a: a.data.__setitem__(0, np.nan)),
        broken(lambda a: a.data.__setitem__(0, np.inf)),
        sparse.csr_array(DENSE.T), DENSE[:, :-1], DENSE[0], 3.0, None, "matrix",
    ],
)  # fmt: skip
def test_what_is_no_matrix_of_this_programme_is_refused(incidence):
    with pytest.raises((ValueError, TypeError)):
        replace(PROBLEM, structure=Structure(incidence))


def test_a_solver_prepared_for_one_matrix_refuses_a_problem_with_another():
    other = random_problem(np.random.default_rng(4), 2, Shape(nodes=5, chords=2))
    with pytest.raises(ValueError, match="prepared for"):
        LanesSolver().prepare(other.structure).solve(PROBLEM)


def test_some_scenarios_are_those_of_the_whole():
    part = PROBLEM.scenarios(np.array([4, 1]))
    for name in ("cost", "curvature", "lower", "upper", "balance"):
        whole, chosen = getattr(PROBLEM, name), getattr(part, name)
        np.testing.assert_array_equal(chosen, whole[:, [4, 1]] if whole.shape[1] > 1 else whole)
        assert chosen.flags.c_contiguous
        assert not chosen.flags.writeable
