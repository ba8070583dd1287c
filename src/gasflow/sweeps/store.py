"""The folder of a sweep: a manifest, one Parquet file per chunk, and the summary at the end.

A file is written under another name and renamed when it is complete, so a file that has its name can be trusted after
any crash. Nothing in the folder holds a time: the same sweep gives the same bytes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gasflow.core.solution import SolverName, Status
from gasflow.errors import FolderError
from gasflow.sweeps.plan import Columns, Plan
from gasflow.sweeps.summary import Summary

MANIFEST = "manifest.json"
CHUNKS = "chunks"
SUMMARY = "summary.csv"
CERTIFICATES = "certificates.csv"
_UNFINISHED = ".part"
_MARK = b"gasflow"


def parquet_bytes(plan: Plan, number: int, columns: Columns) -> bytes:
    """A chunk as the bytes of a Parquet file that says which sweep and which scenarios it belongs to."""
    arrays = {name: pa.array(array) for name, array in columns.items()}
    arrays["status"] = _named(columns["status"], [status.name.lower() for status in Status])
    arrays["solver"] = _named(columns["solver"], [solver.name.lower() for solver in SolverName])
    start, stop = plan.spans[number]
    table = pa.table(arrays).replace_schema_metadata({_MARK: f"{start}:{stop}"})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


@dataclass(frozen=True)
class Store:
    """The folder in which a sweep is kept.

    Attributes:
        folder: where it is.
        manifest: text of the manifest, see `gasflow.sweeps.manifest`.
    """

    folder: Path
    manifest: str

    def open(self, resume: bool) -> None:
        """Make the folder ready.

        Raises:
            FolderError: if it holds anything else than this sweep, or this sweep and `resume` is false.
        """
        there = self.folder / MANIFEST
        if there.is_file():
            if there.read_text(encoding="utf-8") != self.manifest:
                raise FolderError(
                    str(self.folder), f"holds another sweep: its {MANIFEST} differs in {self._differences()}",
                    "choose another folder, or repeat that sweep with the same versions",
                )  # fmt: skip
            if not resume:
                raise FolderError(str(self.folder), "already holds this sweep", "resume it, or choose another folder")
        elif self.folder.exists() and (not self.folder.is_dir() or any(self._foreign())):
            raise FolderError(str(self.folder), "holds other files", "choose another folder")
        (self.folder / CHUNKS).mkdir(parents=True, exist_ok=True)
        for leftover in [*self.folder.glob(f"*{_UNFINISHED}"), *(self.folder / CHUNKS).glob(f"*{_UNFINISHED}")]:
            leftover.unlink()
        self._write(there, self.manifest.encode())

    def path(self, plan: Plan, number: int) -> Path:
        """The file of a chunk; names sort in the order of the scenarios."""
        digits = max(len(str(len(plan.spans) - 1)), 4)
        return self.folder / CHUNKS / f"chunk-{number:0{digits}d}.parquet"

    def write_chunk(self, plan: Plan, number: int, content: bytes) -> None:
        """Write a chunk, whole or not at all."""
        self._write(self.path(plan, number), content)

    def read_chunk(self, plan: Plan, number: int) -> Columns | None:
        """The columns of a chunk; none if it is not there or is not what the plan says."""
        path = self.path(plan, number)
        if not path.is_file():
            return None
        start, stop = plan.spans[number]
        try:
            table = pq.read_table(path)
        except (pa.ArrowInvalid, OSError):
            return None
        if (table.schema.metadata or {}).get(_MARK) != f"{start}:{stop}".encode() or table.num_rows != stop - start:
            return None
        columns = {name: table[name].to_numpy() for name in table.column_names if name not in ("status", "solver")}
        codes = {status.name.lower(): int(status) for status in Status}
        columns["status"] = np.array([codes[name] for name in table["status"].to_pylist()], dtype=np.int8)
        return columns

    def write_summary(self, plan: Plan, summary: Summary) -> None:
        """Write the summary table and the count of certificates."""
        self._write(self.folder / SUMMARY, summary.table(plan.units).to_csv(lineterminator="\n").encode())
        self._write(self.folder / CERTIFICATES, summary.certificates().to_csv(lineterminator="\n").encode())

    def _write(self, path: Path, content: bytes) -> None:
        unfinished = path.with_name(path.name + _UNFINISHED)
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)

    def _foreign(self) -> list[Path]:
        """What lies in the folder, apart from leftovers of a sweep killed before its manifest was complete."""
        expected = {CHUNKS, MANIFEST + _UNFINISHED}
        return [path for path in self.folder.iterdir() if path.name not in expected]

    def _differences(self) -> str:
        """Keys of the manifest that differ, in the words of its lines."""
        old = (self.folder / MANIFEST).read_text(encoding="utf-8").splitlines()
        new = self.manifest.splitlines()
        keys = {line.strip().split(":")[0].strip('"{},') for line in set(old) ^ set(new)}
        return ", ".join(sorted(key for key in keys if key)) or "its layout"


def _named(codes: NDArray[np.generic], names: list[str]) -> pa.DictionaryArray:
    """Codes under their names, stored as codes."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(names))
