"""What a sweep refuses at the door: arguments of another type or out of range, each with the next step."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from gasflow.errors import FolderError, ShockError
from gasflow.io.folders import folder_of
from gasflow.network.network import Network
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.sets import ScenarioSet
from gasflow.simulation.model import Model

# A chunk is held in memory, with all columns of the programme of each of its scenarios.
LARGEST_CHUNK = 2**20


def check_subject(model: object, scenarios: object) -> None:
    """Refuse what is no network, horizon or model, and what is no set of scenarios."""
    if not isinstance(model, Model | Network | Horizon):
        _refuse(f"model is {_shown(model)}", "give a Network, such as gasflow.load_europe('2022-05-10')")
    if not isinstance(scenarios, ScenarioSet):
        remedy = "make a set with gasflow.grid, gasflow.sample or gasflow.scenarios_from_table"
        _refuse(f"scenarios is {_shown(scenarios)}", remedy)


def check_keep(keep: object) -> None:
    """Refuse what is no sequence of texts."""
    texts = isinstance(keep, Sequence) and not isinstance(keep, str | bytes)
    if not texts or not all(isinstance(one, str) for one in keep):  # type: ignore[attr-defined]
        _refuse(f"keep is {_shown(keep)}", "give a list of texts, such as ['prices', 'unserved.total']")


def check_chunk(chunk: object) -> None:
    """Refuse a length of chunks that is no whole number within limits."""
    if not _is_whole(chunk) or not 1 <= chunk <= LARGEST_CHUNK:  # type: ignore[operator]
        _refuse(f"chunk is {_shown(chunk)}", f"give the number of scenarios per chunk, 1 to {LARGEST_CHUNK:,}")


def check_cluster(cluster: object) -> None:
    """Refuse what is no address of a scheduler."""
    if cluster is not None and not (isinstance(cluster, str) and cluster.strip()):
        _refuse(f"cluster is {_shown(cluster)}", "give the address of a Dask scheduler, or leave it out")


def check_folder(folder: object, resume: object) -> Path | None:
    """Return the folder as a path; refuse what is none, and a resume without one."""
    if not isinstance(resume, bool | np.bool):
        _refuse(f"resume is {_shown(resume)}", "give True or False")
    if folder is None:
        if resume:
            _refuse("resume is True, but no folder is given", "give the folder of the sweep to go on with")
        return None
    if not isinstance(folder, str | PathLike) or not str(folder) or "\0" in str(folder):
        raise FolderError(str(folder), "is no path", "give the path of a new or empty folder")
    return folder_of(folder)


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """Return a value for a message: numbers and short texts as they are, others by their type."""
    if (
        value is None
        or isinstance(value, int | float | np.number | np.bool)
        or (isinstance(value, str) and len(value) < 40)
    ):
        return str(value) if not isinstance(value, str) else repr(value)
    return f"a {type(value).__name__}"


def _refuse(problem: str, remedy: str) -> None:
    raise ShockError("sweep", problem, remedy)
