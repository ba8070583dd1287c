"""The folder of a sweep: a manifest, one Parquet file per chunk, and at the end the summary.

Nothing in the folder is trusted: each chunk is sealed with a digest of its bytes and carries the digest of the
manifest, so that one flipped bit, an edited number and a chunk of another sweep are noticed, on resume and on reading.
Nothing holds a time: the same sweep gives the same bytes. A summary is there if, and only if, the sweep is complete.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gasflow.core.solution import Status
from gasflow.errors import FolderError
from gasflow.io.folders import is_litter
from gasflow.sweeps.manifest import differences, manifest_content
from gasflow.sweeps.plan import Columns, Plan
from gasflow.sweeps.seal import BLANK, is_sealed, sealed
from gasflow.sweeps.summary import Summary

if sys.platform != "win32":
    import fcntl

MANIFEST = "manifest.json"
CHUNKS = "chunks"
SUMMARY = "summary.csv"
CERTIFICATES = "certificates.csv"
_UNFINISHED = ".part"
_CHUNK = re.compile(r"chunk-([0-9]+)\.parquet")


def parquet_bytes(plan: Plan, number: int, columns: Columns, stamp: str) -> bytes:
    """Return a chunk as the bytes of a Parquet file, sealed, with the stamp of its sweep and its scenarios."""
    arrays = {name: pa.array(array) for name, array in columns.items()}
    arrays["status"] = _named(columns["status"], [status.name.lower() for status in Status])
    arrays["solver"] = pa.array(columns["solver"]).dictionary_encode()
    table = pa.table(arrays)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, table.schema, compression="zstd") as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"gasflow": _mark(plan, number, stamp) + BLANK})
    return sealed(bytes(sink.getvalue()))


@dataclass(frozen=True)
class Store:
    """The folder in which a sweep is kept.

    Attributes:
        folder: where it is.
        manifest: text of the manifest, see `gasflow.sweeps.manifest`.
    """

    folder: Path
    manifest: str

    @cached_property
    def stamp(self) -> str:
        """What each chunk of this sweep carries: the digest of the manifest."""
        return hashlib.sha256(self.manifest.encode()).hexdigest()

    @contextmanager
    def opened(self, resume: bool) -> Iterator[None]:
        """Keep the folder for this sweep alone.

        Raises:
            FolderError: if it holds anything else than this sweep, or chunks and `resume` is false, or another sweep
                is at work in it; nothing in it was changed then.
        """
        with self._disk():
            if self.folder.exists() and not self.folder.is_dir():
                raise FolderError(str(self.folder), "is a file", "choose another name")
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = self._lock()
        try:
            with self._disk():
                self._inspect(resume)
                self._clear()
            yield
        finally:
            if handle is not None:
                os.close(handle)

    def held(self, plan: Plan) -> list[int]:
        """Numbers of the chunks of a plan that have a file."""
        with self._disk():
            names = self._names(CHUNKS)
        numbers = sorted({int(found[1]) for found in map(_CHUNK.fullmatch, names) if found})
        return [number for number in numbers if number < plan.chunk_count and self.path(plan, number).name in names]

    def path(self, plan: Plan, number: int) -> Path:
        """Return the file of a chunk; names sort in the order of the scenarios."""
        digits = max(len(str(plan.chunk_count - 1)), 4)
        return self.folder / CHUNKS / f"chunk-{number:0{digits}d}.parquet"

    def write_chunk(self, plan: Plan, number: int, content: bytes) -> None:
        """Write a chunk, whole or not at all; the manifest comes with the first."""
        with self._disk():
            (self.folder / CHUNKS).mkdir(exist_ok=True)
            if not (self.folder / MANIFEST).exists():
                self._write(self.folder / MANIFEST, self.manifest.encode())
            self._write(self.path(plan, number), content)

    def read_chunk(self, plan: Plan, number: int) -> pa.Table:
        """Return a chunk of this sweep as it was written.

        Raises:
            FolderError: if it is not there, was changed, or belongs to another sweep or to other scenarios.
        """
        path = self.path(plan, number)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise self._distrusted(path, f"cannot be read ({error.strerror})") from error
        if not is_sealed(content):
            raise self._distrusted(path, "is damaged or was changed")
        if _mark(plan, number, self.stamp).encode() not in content:
            raise self._distrusted(path, "is of another sweep or other scenarios")
        return pq.read_table(pa.BufferReader(content))

    def read_columns(self, plan: Plan, number: int) -> Columns:
        """Return the columns of a chunk as they were computed.

        Raises:
            FolderError: as `read_chunk`, or if the levers have other numbers than in the plan.
        """
        table = self.read_chunk(plan, number)
        columns = {name: table[name].to_numpy() for name in table.column_names if name not in ("status", "solver")}
        codes = {status.name.lower(): int(status) for status in Status}
        columns["status"] = np.array([codes[name] for name in table["status"].to_pylist()], dtype=np.int8)
        # A distribution may say about itself no more than its name.
        levers = zip(plan.scenarios.names, plan.scenarios.design.numbers(*plan.span(number)), strict=True)
        if not all(np.array_equal(columns[name], row) for name, row in levers):
            raise self._distrusted(self.path(plan, number), "is of other draws")
        return columns

    def write_summary(self, plan: Plan, summary: Summary) -> None:
        """Write the summary table and the count of certificates, and the manifest if it is gone."""
        with self._disk():
            self._write(self.folder / MANIFEST, self.manifest.encode())
            self._write(self.folder / SUMMARY, summary.table(plan.units).to_csv(lineterminator="\n").encode())
            self._write(self.folder / CERTIFICATES, summary.certificates().to_csv(lineterminator="\n").encode())

    def _inspect(self, resume: bool) -> None:
        """Refuse a folder that is not for this sweep."""
        here = str(self.folder)
        self._refuse_wrong_kinds()
        names = set(self._names())
        chunks = any(_CHUNK.fullmatch(name) for name in self._names(CHUNKS))
        kept = chunks or bool({SUMMARY, CERTIFICATES} & names)
        if MANIFEST not in names:
            if names - {CHUNKS, MANIFEST + _UNFINISHED, *((SUMMARY, CERTIFICATES) if chunks else ())}:
                raise FolderError(here, "holds other files", "choose another folder")
            if chunks and not resume:
                raise FolderError(
                    here, f"holds chunks, but no {MANIFEST}",
                    "resume, which keeps those that are of this sweep, or choose another folder",
                )  # fmt: skip
            return
        content = (self.folder / MANIFEST).read_bytes()
        if content == self.manifest.encode():
            if kept and not resume:
                raise FolderError(here, "already holds this sweep", "resume it, or choose another folder")
            return
        other = manifest_content(content)
        if other is None:
            raise FolderError(
                here, f"holds a {MANIFEST} that is damaged, was changed or is of no sweep",
                "choose another folder; or, if the sweep is yours, remove that file and resume: "
                "every chunk is verified by itself",
            )  # fmt: skip
        if kept:
            keys = ", ".join(differences(other, self.manifest))
            raise FolderError(
                here, f"holds another sweep: its {MANIFEST} differs in {keys}",
                "choose another folder, or repeat that sweep with the same versions",
            )  # fmt: skip

    def _refuse_wrong_kinds(self) -> None:
        """Refuse a directory where a file must be, and the other way round."""
        chunks = self.folder / CHUNKS
        if chunks.exists() and not chunks.is_dir():
            raise FolderError(str(self.folder), f"holds a file {CHUNKS} where a directory must be", "remove it")
        tables = {MANIFEST, SUMMARY, CERTIFICATES}
        files = [self.folder / name for name in self._names() if name.removesuffix(_UNFINISHED) in tables]
        files += [chunks / name for name in self._names(CHUNKS) if _ours(name)]
        for path in files:
            if not path.is_file():
                shown = path.relative_to(self.folder)
                raise FolderError(str(self.folder), f"holds {shown}, which must be a file and is none", "remove it")

    def _clear(self) -> None:
        """Remove what is half written or no longer true."""
        stale = [self.folder / SUMMARY, self.folder / CERTIFICATES]
        manifest = self.folder / MANIFEST
        if manifest.exists() and manifest.read_bytes() != self.manifest.encode():
            # Of a sweep that ended before its first chunk.
            stale.append(manifest)
        stale += [self.folder / f"{name}{_UNFINISHED}" for name in (MANIFEST, SUMMARY, CERTIFICATES)]
        stale += [self.folder / CHUNKS / n for n in self._names(CHUNKS) if _ours(n) and n.endswith(_UNFINISHED)]
        for path in stale:
            path.unlink(missing_ok=True)

    def _lock(self) -> int | None:
        """Lock the folder, where the system can; the lock goes with the process, however it ends."""
        if sys.platform == "win32":
            return None
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            problem, remedy = "is in use by another sweep", "wait until that one is done, or choose another folder"
            raise FolderError(str(self.folder), problem, remedy) from None
        except OSError:
            # Some network file systems have no locks. Two sweeps at once then write the same bytes, or notice by the
            # stamps that they do not.
            pass
        return handle

    @contextmanager
    def _disk(self) -> Iterator[None]:
        """Say what the disk refuses in our words."""
        try:
            yield
        except OSError as error:
            problem = f"cannot be used: {error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
            remedy = "make room or correct the permissions, then resume; or choose another folder"
            raise FolderError(str(self.folder), problem, remedy) from error

    def _write(self, path: Path, content: bytes) -> None:
        unfinished = path.with_name(path.name + _UNFINISHED)
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)

    def _names(self, within: str = "") -> list[str]:
        """Names in the folder, or in a directory within; none if there is no such directory."""
        place = self.folder / within
        return sorted(path.name for path in place.iterdir() if not is_litter(path)) if place.is_dir() else []

    def _distrusted(self, path: Path, why: str) -> FolderError:
        problem = f"holds {CHUNKS}/{path.name}, which {why}"
        return FolderError(str(self.folder), problem, "resume the sweep, which computes it again")


def _ours(name: str) -> bool:
    """Whether a chunk, finished or not, has this name."""
    return _CHUNK.fullmatch(name.removesuffix(_UNFINISHED)) is not None


def _mark(plan: Plan, number: int, stamp: str) -> str:
    """Return what a chunk says about itself; its seal follows."""
    start, stop = plan.span(number)
    return f"sweep {stamp} scenarios {start}:{stop} "


def _named(codes: NDArray[np.generic], names: list[str]) -> pa.DictionaryArray:
    """Codes under their names, stored as codes."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(names))
