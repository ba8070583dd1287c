"""Uniform numbers that depend on the number of a scenario only, and how they are tied together.

A generator with a counter can jump to any scenario, so a draw is the same whatever chunk it is made in. Each lever has
a stream of its own, named by seed and lever: adding a lever leaves the draws of the others as they were.
"""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from gasflow.errors import ShockError
from gasflow.scenarios.conditions import Array

# Philox gives four numbers per step of its counter.
_PER_STEP = 4
# Draws lie in the middle of 2**52 equal cells, so that they are never 0 or 1, where quantiles may be infinite.
LOWEST_DRAW = 0.5**53
_SOBOL_BITS = 30
_SOBOL_LONGEST = 2**_SOBOL_BITS
# A Latin hypercube is one permutation per lever of all scenarios and cannot be made in chunks.
LATIN_BYTES = 512 * 2**20


class Method(StrEnum):
    """How scenarios are drawn."""

    RANDOM = "random"
    SOBOL = "sobol"
    LATIN = "latin"


class Uniforms(ABC):
    """Uniform numbers between 0 and 1 for levers and scenarios."""

    @abstractmethod
    def draw(self, start: int, stop: int) -> Array:
        """Numbers of scenarios `start` to `stop` (excluded), shape (lever, scenario)."""


@dataclass(frozen=True)
class RandomUniforms(Uniforms):
    """Independent draws, one stream per lever."""

    seed: int
    names: tuple[str, ...]

    def draw(self, start: int, stop: int) -> Array:
        """Jump every stream to the first scenario."""
        first, skip = divmod(start, _PER_STEP)
        cells = np.empty((len(self.names), stop - start), dtype=np.uint64)
        for row, name in zip(cells, self.names, strict=True):
            stream = np.random.Philox(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())]))
            row[:] = stream.advance(first).random_raw(skip + stop - start)[skip:]
        return ((cells >> np.uint64(12)).astype(np.float64) + 0.5) * 0.5**52


@dataclass(frozen=True)
class SobolUniforms(Uniforms):
    """A scrambled Sobol sequence, entered at any scenario by fast-forward."""

    seed: int
    names: tuple[str, ...]

    def draw(self, start: int, stop: int) -> Array:
        """Points `start` to `stop` of the sequence."""
        points: Array
        sequence = qmc.Sobol(len(self.names), scramble=True, bits=_SOBOL_BITS, rng=np.random.default_rng(self.seed))
        if start:
            points = sequence.fast_forward(start).random(stop - start)
        else:
            # The first point alone: scipy warns of first draws that are no power of two, which chunks need not be.
            points = sequence.random(1)
            points = np.concatenate([points, sequence.random(stop - 1)]) if stop > 1 else points
        uniform: Array = points.T + 0.5 ** (_SOBOL_BITS + 1)
        return uniform


@dataclass(frozen=True)
class LatinUniforms(Uniforms):
    """A Latin hypercube: each lever takes each of `count` equal strata exactly once."""

    seed: int
    names: tuple[str, ...]
    count: int

    def draw(self, start: int, stop: int) -> Array:
        """Return a part of the hypercube, which is made as a whole when it is first used."""
        return self._points[:, start:stop]

    @cached_property
    def _points(self) -> Array:
        sampler = qmc.LatinHypercube(len(self.names), rng=np.random.default_rng(self.seed))
        points: Array = np.clip(sampler.random(self.count).T, LOWEST_DRAW, 1.0 - LOWEST_DRAW)
        return points


@dataclass(frozen=True)
class Correlated(Uniforms):
    """Uniform numbers tied together by a Gaussian copula: ``Phi(L Phi^-1(u))`` with ``L L' = correlation``.

    Attributes:
        inner: independent uniform numbers.
        factor: ``L``, lower triangular, by rows.
    """

    inner: Uniforms
    factor: tuple[tuple[float, ...], ...] = field(repr=False)

    def draw(self, start: int, stop: int) -> Array:
        """Sum lever by lever: a matrix product may round otherwise in another chunk."""
        normal = ndtri(self.inner.draw(start, stop))
        tied = np.zeros_like(normal)
        for row, weights in zip(tied, self.factor, strict=True):
            for weight, other in zip(weights, normal, strict=True):
                if weight:
                    row += weight * other
        uniform: Array = np.clip(ndtr(tied), LOWEST_DRAW, 1.0 - LOWEST_DRAW)
        return uniform


def uniforms(method: Method, seed: int, names: Sequence[str], count: int) -> Uniforms:
    """Uniform numbers by one of the methods.

    Raises:
        ShockError: if the method cannot make that many.
    """
    names = tuple(names)
    if method is Method.RANDOM:
        return RandomUniforms(seed, names)
    if method is Method.SOBOL:
        if count > _SOBOL_LONGEST:
            raise ShockError("sample", f"a Sobol sequence ends after {_SOBOL_LONGEST:,} points", "use method='random'")
        return SobolUniforms(seed, names)
    need = 8 * count * len(names)
    if need > LATIN_BYTES:
        raise ShockError(
            "sample",
            f"a Latin hypercube of {count:,} scenarios and {len(names)} levers takes {need / 2**20:z,.0f} MiB at once",
            f"use method='sobol', which is made in chunks, or stay below {LATIN_BYTES / 2**20:z,.0f} MiB",
        )
    return LatinUniforms(seed, names, count)
