"""The manifest: what must be the same for a sweep to be repeated bit for bit. It holds no times and no paths."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gasflow.core.solvers.registry import solver_of
from gasflow.network.network import Network
from gasflow.scenarios.horizon import Horizon
from gasflow.sweeps.plan import Plan
from gasflow.sweeps.seal import BLANK, is_sealed, sealed
from gasflow.version import __version__

_PACKAGES = ("numpy", "scipy", "numba", "clarabel", "pandas", "pyarrow")
# Enough scenarios to notice that a seed, a distribution or a list of values has changed.
_SAMPLE = 64


def manifest_text(plan: Plan) -> str:
    """Return the manifest of a plan as JSON, sealed: a manifest that was changed is no manifest."""
    subject = plan.model.subject
    networks = plan.model.networks
    content = {
        "study": plan.study.splitlines(),
        "network": {"name": networks[0].name, "date": networks[0].date, "fingerprint": data_fingerprint(*networks)},
        "periods": {
            "starts": plan.model.periods.labels,
            "end": plan.model.periods.end.isoformat(),
            "policy": repr(subject.policy) if isinstance(subject, Horizon) else "",
            "foresight": repr(plan.model.foresight),
        },
        "curve": str(plan.model.curve),
        "solver": solver_of(plan.model.solver).name,
        "ties": str(plan.model.ties),
        "scenarios": {
            "count": plan.scenarios.count,
            "chunk": plan.chunk,
            "description": plan.scenarios.described().splitlines(),
            "fingerprint": _scenario_fingerprint(plan),
        },
        "columns": plan.units,
        "versions": {"python": platform.python_version(), **versions()},
        "processor": processor_family(),
        "seal": BLANK,
    }
    return sealed((json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()).decode()


def manifest_content(text: bytes) -> dict[str, Any] | None:
    """Return what a manifest says; none if it was changed, is damaged, or never was one."""
    try:
        content = json.loads(text) if is_sealed(text) else None
    except ValueError:
        # Another sealed file under the name of a manifest.
        return None
    return content if isinstance(content, dict) else None


def differences(old: dict[str, Any], text: str) -> list[str]:
    """Where a manifest differs from another one, as ``scenarios.count``."""
    return sorted(_differences(old, json.loads(text))) or ["its layout"]


def versions() -> dict[str, str]:
    """Return the versions of everything that fixes numbers.

    Example:
        >>> sorted(versions())[:3]
        ['clarabel', 'gasflow', 'numba']
    """
    return {"gasflow": __version__, **{name: _version(name) for name in _PACKAGES}}


def data_fingerprint(*networks: Network) -> str:
    """Return a fingerprint of all numbers and names of networks.

    Example:
        >>> import gasflow as gf
        >>> data_fingerprint(gf.toys.line()) == data_fingerprint(gf.toys.line())
        True
        >>> data_fingerprint(gf.toys.line()) == data_fingerprint(gf.toys.line().with_pipe("A->B", capacity=61.0))
        False
    """
    total = hashlib.sha256()
    for network in networks:
        for name, table in network.tables.items():
            total.update(name.encode())
            total.update(table.to_csv(lineterminator="\n").encode())
    return total.hexdigest()


def processor_family() -> str:
    """Architecture, maker, family and model of the processor, as far as the system tells.

    Example:
        >>> len(processor_family()) > 0
        True
    """
    parts = [platform.machine()]
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        found: dict[str, str] = {}
        for line in facts.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            found.setdefault(key.strip(), value.strip())
        parts += [found.get(key, "") for key in ("vendor_id", "cpu family", "model")]
    else:
        parts.append(platform.processor())
    return " ".join(part for part in parts if part)


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    found = []
    for key in {*old, *new} - {"seal"}:
        one, other = old.get(key), new.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            found += [f"{key}.{inner}" for inner in _differences(one, other)]
        elif one != other:
            found.append(key)
    return found


def _scenario_fingerprint(plan: Plan) -> str:
    """Return a fingerprint of the first and last scenarios."""
    count = plan.scenarios.count
    total = hashlib.sha256()
    for start, stop in ((0, min(_SAMPLE, count)), (max(count - _SAMPLE, 0), count)):
        total.update(plan.scenarios.design.numbers(start, stop).tobytes())
    return total.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
