"""Machine code on disk: kept where it can be, believed only if it is whole, and never needed for an answer."""

from __future__ import annotations

import inspect
import logging
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numba
import numpy as np
import pytest

import gasflow
from gasflow.core import compiled, kernels

KERNELS = ("gasflow.core.certificate_fused", "gasflow.core.solvers.lanes.batch")
PACKAGE = Path(gasflow.__file__).parent


def double(value):
    return 2.0 * value


@pytest.fixture
def places(monkeypatch, tmp_path):
    """Two folders for machine code, and nothing said yet."""
    folders = [tmp_path / "package", tmp_path / "home" / "cache"]
    monkeypatch.setattr(compiled, "_places", lambda: folders)
    compiled._say_that_nothing_is_kept.cache_clear()
    yield folders
    compiled._say_that_nothing_is_kept.cache_clear()


@pytest.fixture
def answer(caplog):
    """Run the function as a new Python would, and give what was said while it ran."""

    def run() -> str:
        caplog.clear()
        with caplog.at_level(logging.WARNING, logger="gasflow"):
            assert compiled.entry_point("a sum")(double)(3.5) == 7.0
        return caplog.text

    return run


def test_compiling_is_said_when_it_happens_and_happens_once(places, answer):
    said = answer()
    assert "compiling a sum" in said
    assert "once" in said
    assert len(list(places[0].iterdir())) == 1
    assert not places[1].exists()
    assert answer() == ""


def damaged(whole: bytes) -> list[bytes]:
    draw = np.random.default_rng(1)
    flipped = [bytearray(whole) for _ in range(3)]
    for content in flipped:
        content[draw.integers(len(whole))] ^= 1 << draw.integers(8)
    other = b"\x80\x04N."  # a pickle of None under a stamp that is right, as another version might write it
    return [b"", whole[:16], whole[: len(whole) // 2], whole[:-1], whole + b"0", *map(bytes, flipped),
            compiled.hashlib.sha256(other).digest() + other]  # fmt: skip


@pytest.mark.slow
def test_a_damaged_file_is_no_file_and_is_replaced(places, answer):
    answer()
    file = next(places[0].iterdir())
    whole = file.read_bytes()
    for content in damaged(whole):
        file.write_bytes(content)
        assert "compiling" in answer()
        assert file.read_bytes() != content
        assert answer() == ""


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_no_file(places, answer):
    answer()
    file = next(places[0].iterdir())
    file.unlink()
    file.mkdir()  # as unreadable for an administrator as for everybody
    assert "compiling" in answer()
    assert next(places[1].iterdir()).name == file.name
    assert answer() == ""


def test_where_nothing_can_be_written_it_is_said_once(places, answer):
    for place in places:
        place.parent.mkdir(exist_ok=True)
        place.write_text("no folder")
    said = answer()
    assert "compiling" in said
    assert "cannot be kept" in said
    assert "NUMBA_CACHE_DIR" in said
    assert "cannot be kept" not in answer()


@pytest.mark.slow
def test_a_package_that_others_may_only_read_can_bring_its_machine_code(places, answer):
    answer()
    places.reverse()  # now the second place has it, and the first would be written
    assert answer() == ""
    assert not places[0].exists()


def test_without_sources_nothing_is_kept_and_it_is_said(places, answer, monkeypatch):
    def missing(module):
        raise OSError("could not get source code")

    monkeypatch.setattr(inspect, "getsource", missing)
    assert "cannot be kept" in answer()
    assert not any(place.exists() for place in places)


@pytest.mark.slow
def test_machine_code_of_another_version_is_left_alone(places, answer, monkeypatch):
    answer()
    with monkeypatch.context() as patch:
        patch.setattr(numba, "__version__", "0.0")
        assert "compiling" in answer()
    assert len(list(places[0].iterdir())) == 2
    assert answer() == ""


def test_without_a_home_there_is_one_place_less(monkeypatch, tmp_path):
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert compiled._places()[1:] == [tmp_path / ".cache" / "gasflow"]
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    assert len(compiled._places()) == 1
    assert not (tmp_path / "nobody").exists()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "chosen"))
    assert compiled._places() == [tmp_path / "chosen"]


def compiled_modules() -> list[str]:
    """Modules of the package with functions for numba."""
    names = []
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if any(mark in text for mark in ("@inner\n", "@entry_point(", "@intrinsic\n")):
            names.append(".".join(("gasflow", *file.relative_to(PACKAGE).with_suffix("").parts)))
    return names


def test_every_source_of_a_kernel_is_in_its_key(monkeypatch):
    for name in KERNELS:
        kernels.kernels(name)
    before = {name: compiled.fingerprint(name) for name in KERNELS}
    read = inspect.getsource
    changes = {}
    for changed in [*compiled_modules(), "gasflow.core.compiled"]:
        text = lambda module, changed=changed: read(module) + "\n" * (module.__name__ == changed)  # noqa: E731
        monkeypatch.setattr(inspect, "getsource", text)
        changes[changed] = {name for name in KERNELS if compiled.fingerprint(name) != before[name]}
    assert len(changes) >= 7
    assert all(changes.values()), changes
    assert changes["gasflow.core.solvers.lanes.simd"] == set(KERNELS)
    assert changes["gasflow.core.solvers.lanes.cholesky"] == {"gasflow.core.solvers.lanes.batch"}


SCRIPT = """
import warnings
import numpy as np
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solve import solve
warnings.simplefilter("default")
one = np.ones((1, 1))
need = np.linspace(1.0, 5.0, 150)[None]
answer = solve(FlowProblem(Structure(one), 20 * one, 0 * one, 0 * one, 9 * one, need))
assert answer.certified.all() and np.allclose(answer.columns, need)
print(*set(answer.solver))
"""


def ran(*path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A new Python that finds the package in some places, and machine code where this one keeps it."""
    kept = {"NUMBA_CACHE_DIR": str(PACKAGE / "core" / "__pycache__")}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True,
        env=os.environ | kept | environment | {"PYTHONPATH": os.pathsep.join(map(str, path))},
    )  # fmt: skip


def test_without_a_compiler_the_reference_solver_answers_and_one_warning_says_so():
    done = ran(PACKAGE.parent, NUMBA_DISABLE_JIT="1")
    assert done.stdout.split() == ["reference"]
    assert done.stderr.count("cannot compile code here (NUMBA_DISABLE_JIT is set)") == 1


def test_it_runs_from_a_zip_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "gasflow.zip", "w") as archive:
        for file in PACKAGE.rglob("*.py"):
            archive.write(file, file.relative_to(PACKAGE.parent))
    done = ran(tmp_path / "gasflow.zip")
    assert done.stdout.split() == ["lanes"]
    assert "Warning" not in done.stderr
