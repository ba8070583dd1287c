"""Folders of text files that are written whole or not at all."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import pandas as pd

from gasflow.errors import FolderError

_LITTER = (".ds_store", "thumbs.db", "desktop.ini", ".directory")


def write_folder(files: Mapping[str, str], folder: str | PathLike[str], overwrite: bool = False) -> Path:
    """Write texts as the files of a folder, whole or not at all, and return its path.

    Args:
        files: text by file name.
        folder: where to; created with its parents. An empty folder is fine.
        overwrite: whether to replace a folder that holds files of these names, and nothing else.

    Raises:
        FolderError: if the folder is taken; nothing is changed.
        OSError: if the disk refuses; nothing is changed.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as place:
        ...     write_folder({"a.txt": "one"}, Path(place) / "new").name
        'new'
    """
    target = _resolved(folder)
    _refuse_if_taken(target, frozenset(files), overwrite)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    beside.mkdir()
    try:
        for name, text in files.items():
            (beside / name).write_text(text, encoding="utf-8", newline="")
        _exchange(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def is_litter(path: Path) -> bool:
    """Whether a file was left by the program that shows folders, and nobody misses it.

    Example:
        >>> is_litter(Path("data/.DS_Store")), is_litter(Path("data/nodes.csv"))
        (True, False)
    """
    return path.name.lower() in _LITTER or path.name.startswith("._")


def folder_of(path: str | PathLike[str]) -> Path:
    """Return a path with ``~`` as the home of the user.

    Raises:
        FolderError: if it is no path, or there is no such home.

    Example:
        >>> folder_of("data/europe").as_posix()
        'data/europe'
    """
    try:
        return Path(path).expanduser()
    except TypeError:
        raise FolderError(str(path), "is not a path", "give the name of a folder as text") from None
    except RuntimeError:
        raise FolderError(str(path), "names a home that there is not", "write the path in full") from None


def write_tables(tables: Mapping[str, pd.DataFrame], folder: str | PathLike[str]) -> Path:
    r"""Write tables as CSV files with their index, replacing an earlier set of the same tables.

    Args:
        tables: by name; NaN becomes an empty cell.
        folder: where to, as in `write_folder`.

    Raises:
        FolderError: if the folder holds anything else; nothing is changed.
        OSError: if the disk refuses; nothing is changed.

    Example:
        >>> import tempfile
        >>> table = pd.DataFrame({"flow_gwh_per_day": [1.5]}, index=pd.Index(["A->B"], name="pipe"))
        >>> with tempfile.TemporaryDirectory() as place:
        ...     (write_tables({"flows": table}, Path(place)) / "flows.csv").read_text()
        'pipe,flow_gwh_per_day\nA->B,1.5\n'
    """
    return write_folder({f"{name}.csv": table.to_csv() for name, table in tables.items()}, folder, overwrite=True)


def _resolved(folder: str | PathLike[str]) -> Path:
    try:
        return folder_of(folder).resolve()
    except (ValueError, RuntimeError, OSError):
        # Links that lead to one another are a RuntimeError to some versions of Python, an OSError to others.
        raise FolderError(str(folder), "cannot be the name of a folder", "choose another name") from None


def _refuse_if_taken(target: Path, names: frozenset[str], overwrite: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise FolderError(str(target), "is a file", "choose another name")
    held = {entry.name for entry in target.iterdir() if not is_litter(entry)}
    if held - names:
        raise FolderError(str(target), f"holds other files, such as {min(held - names)}", "choose another")
    if held and not overwrite:
        raise FolderError(str(target), f"holds {min(held)} already", "choose another, or pass overwrite=True")


def _exchange(beside: Path, target: Path) -> None:
    if not target.exists():
        beside.rename(target)
        return
    old = target.with_name(f"{beside.name}-old")
    target.rename(old)
    try:
        beside.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
