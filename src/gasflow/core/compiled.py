"""How kernels are compiled, and where machine code is kept between one run of Python and the next.

Compiling takes up to half a minute, so the machine code of an entry point is written to disk: beside the package or,
where that cannot be written, in the cache folder of the user. numba's own cache watches the source file of the compiled
function alone, although code from other files is inside, refuses to compile where it cannot write, and stumbles over
a damaged file. Here the name of a file is a hash of everything that the machine code depends on (the sources of
the kernels, the versions of Python and numba, the processor), and its content is stamped with a hash of itself: what
cannot be found, read or verified does not exist.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import logging
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from typing import Any
from uuid import uuid4

import llvmlite
import numba
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

if numba.config.DISABLE_JIT:
    raise ImportError("NUMBA_DISABLE_JIT is set")

_PACKAGE = __name__.partition(".")[0]
_STAMP = hashlib.sha256().digest_size

_log = logging.getLogger(_PACKAGE)

# No fast-math: a NaN must stay one. numpy's error model, because a check for division by zero stops vectors.
inner = numba.njit(nogil=True, error_model="numpy", boundscheck=False)


def entry_point(what: str) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function that Python calls, and keep its machine code on disk.

    Args:
        what: what a user waits for while it is compiled, such as "the batched solver".
    """

    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher = inner(function)
        dispatcher._cache = _Disk(function, what)
        return dispatcher

    return compiled


class _Disk:
    """What numba asks for the machine code of one function before it compiles, and hands it to afterwards."""

    def __init__(self, function: Callable[..., Any], what: str) -> None:
        self._module, self._function, self._what = function.__module__, function.__name__, what

    def load_overload(self, types: Any, target: Any) -> Any:
        """Return the machine code for arguments of some types; None, said to the user, if it has to be compiled."""
        target.refresh()
        for file in self._files(types, target.codegen()):
            with suppress(Exception):  # whatever is the matter with it, it is compiled again
                content = file.read_bytes()
                if content[:_STAMP] == hashlib.sha256(content[_STAMP:]).digest():
                    # As trustworthy as the package: who can write here can write that.
                    return CompileResult._rebuild(target, *pickle.loads(content[_STAMP:]))  # noqa: S301
        _log.warning(
            "gasflow: compiling %s; this takes up to half a minute, and happens once where the code can be kept",
            self._what,
        )
        return None

    def save_overload(self, types: Any, compiled: Any) -> None:
        """Write machine code to the first place that takes it."""
        code = dumps(compiled._reduce())
        for file in self._files(types, compiled.codegen):
            with suppress(OSError):
                _write(file, hashlib.sha256(code).digest() + code)
                return
        _say_that_nothing_is_kept()

    def _files(self, types: Any, codegen: Any) -> list[Path]:
        """Where the machine code may be, the best place first; nowhere if there are no sources to tell its age by."""
        versions = numba.__version__, llvmlite.__version__, sys.implementation.cache_tag
        try:
            key = repr((versions, codegen.magic_tuple(), types, fingerprint(self._module)))
        except OSError:
            return []
        name = f"{self._module}.{self._function}-{hashlib.sha256(key.encode()).hexdigest()[:32]}.code"
        return [place / name for place in _places()]


def fingerprint(module: str) -> str:
    """Return a hash of the sources of a module and of all modules of the package that it imports, directly or not.

    Raises:
        OSError: if a source is missing.
    """
    sources = dict(sorted(_sources(module, {}).items()))
    return hashlib.sha256(repr(sources).encode()).hexdigest()


def _sources(module: str, found: dict[str, str]) -> dict[str, str]:
    """Add the source of a module to those that were found, and of what it imports."""
    found[module] = inspect.getsource(sys.modules[module])
    for node in ast.walk(ast.parse(found[module])):
        for name in _imported(node, module.rpartition(".")[0]):
            if name in sys.modules and name.partition(".")[0] == _PACKAGE and name not in found:
                _sources(name, found)
    return found


def _imported(node: ast.AST, package: str) -> Iterator[str]:
    """Names that are those of modules, or may be, in an import statement."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        base = resolve_name("." * node.level + (node.module or ""), package)
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)


def _places() -> list[Path]:
    """Folders for machine code, the best first; the one that the user names, if any, alone."""
    if numba.config.CACHE_DIR:
        return [Path(numba.config.CACHE_DIR)]
    places = [Path(__file__).parent / "__pycache__"]
    with suppress(RuntimeError):  # nobody's home can be told
        home = Path.home()
        caches = os.environ.get("XDG_CACHE_HOME") or (home / ".cache" if home.is_dir() else None)
        places += [Path(caches) / _PACKAGE] if caches else []
    return places


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@cache
def _say_that_nothing_is_kept() -> None:
    """Say once that the next run of Python will compile again."""
    _log.warning(
        "gasflow: compiled code cannot be kept, so it is compiled again the next time; set NUMBA_CACHE_DIR to a folder "
        "that can be written (tried %s)",
        ", ".join(str(place) for place in _places()),
    )
