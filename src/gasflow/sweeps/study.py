"""Study files: a sweep as a text that can be read, checked and repeated.

A study says what it starts from, what happens, how scenarios are made of it, over which months if more than one day
counts, how it is solved, and what to keep::

    name = "Sokhranivka closes"

    [base]
    date = "2022-05-10"

    [[shocks]]
    kind = "closure"
    place = "Sokhranivka"
    share = { from = 0, to = 1, steps = 11 }
    reroute = [0, 0.5, 1]

    [[shocks]]
    kind = "elasticity_change"
    factor = [0.5, 1, 2]

    [horizon]
    end = "2023-04-01"

    [model]
    notice_days = 0

    [sweep]
    keep = ["prices.TTF", "unserved.total"]
    chunk = 2000

`gasflow.sweeps.study_schema.study_help` explains every key. Everything that is wrong with a study is reported at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from gasflow.core.solvers.abstract import Hints
from gasflow.errors import Finding, GasflowError, StudyError
from gasflow.io.csv_folder import read_csv_folder
from gasflow.io.folders import folder_of
from gasflow.network import toys
from gasflow.network.network import Network
from gasflow.scenarios.grid import grid
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.sample import sample
from gasflow.scenarios.sets import ScenarioSet
from gasflow.scenarios.shock import Shock
from gasflow.simulation.model import Model
from gasflow.simulation.simulate import solved
from gasflow.sweeps.outputs import outputs_of
from gasflow.sweeps.plan import Plan, plan_sweep
from gasflow.sweeps.study_reader import StudyReader


@dataclass(frozen=True)
class Study:
    """A study that has been read and checked, as far as that is possible without its network.

    Attributes:
        name: title.
        file: name of the file, for messages.
        base: which network: key and value of the section ``base``.
        over: the section ``horizon``; none for a study of one day.
        how: the section ``model``.
        scenarios: the scenarios.
        keep: what to keep.
        chunk: scenarios per chunk.
        text: the file as it was read.
    """

    name: str
    file: Path
    base: tuple[str, str]
    over: dict[str, Any] | None
    how: dict[str, Any]
    scenarios: ScenarioSet
    keep: tuple[str, ...]
    chunk: int
    text: str = field(repr=False)

    def on(self, folder: str | Path) -> Study:
        """Return the study of another network, in a folder."""
        return replace(self, base=("folder", str(folder_of(folder).absolute())))

    def model(self, load: Callable[[str], Network], load_over: Callable[..., Horizon]) -> Model:
        """Return the model of the study; see `plan_study`."""
        how = dict(self.how)
        notice = how.pop("notice_days")
        foresight = None if notice is None else Foresight(notice_days=notice)
        return Model(self._subject(load, load_over), foresight=foresight, **how)

    def _subject(self, load: Callable[[str], Network], load_over: Callable[..., Horizon]) -> Network | Horizon:
        if self.over is None:
            return self._network(load)
        start, end, step = (self.over[name] for name in ("start", "end", "step"))
        if self.base[0] == "date":
            horizon = load_over(start, end, step, contracts=self.over["contracts"])
        else:
            network = self._network(load)
            horizon = Horizon.steady(network, Periods.between(start or network.date, end, step))
        return horizon.with_policy(end_slope=float(self.over["end_slope"]))

    def _network(self, load: Callable[[str], Network]) -> Network:
        key, value = self.base
        if key == "date":
            return load(value)
        if key == "folder":
            return read_csv_folder(self.file.parent / folder_of(value))
        toy: Network = getattr(toys, value)()
        return toy


def read_study(path: str | Path) -> Study:
    """Read and check a study file.

    Raises:
        StudyError: with everything that is wrong, each with section, key and what to do.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> text = '''
        ... base.toy = "transit_hub"
        ... [[shocks]]
        ... kind = "closure"
        ... place = "Sokhranivka"
        ... share = { from = 0, to = 1, steps = 5 }
        ... '''
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "closure.toml"
        ...     _ = file.write_text(text)
        ...     read_study(file).scenarios
        ScenarioSet: 5 scenarios; share 5
    """
    path = folder_of(path)
    findings: list[Finding] = []
    text, content = _parsed(path, findings)
    reader = StudyReader(path.name, content, findings)
    base = reader.base()
    over, how = reader.horizon(base), reader.model()
    shocks = reader.shocks()
    drawn = reader.section("sample")
    kept = reader.kept()
    name = reader.name()
    scenarios = None
    if not findings:
        scenarios = _scenarios(reader, shocks, drawn)
    if findings or scenarios is None:
        raise StudyError(findings)
    return Study(name, path, base, over, how, scenarios, tuple(kept["keep"]), kept["chunk"], text)


def plan_study(study: Study, load: Callable[[str], Network], load_over: Callable[..., Horizon]) -> Plan:
    """Return the plan of a study.

    Args:
        study: the study.
        load: gives the bundled network of a day.
        load_over: gives it over a horizon: start, end, step and contracts.

    Raises:
        StudyError: with every place and output that the network does not have.
        GasflowError: if its network cannot be read, or its horizon not be made.
    """
    model = study.model(load, load_over)
    findings = []
    base = model.base
    first = study.scenarios.chunk(0, 1)
    for position, shock in enumerate(first.shocks, start=1):
        try:
            shock.apply(base)
        except GasflowError as error:
            shown = f"shocks {position} ({type(shock).__name__})"
            findings.append(Finding(study.file.name, shown, "", None, "", error.problem, error.remedy or "correct it"))
    try:
        outputs_of(solved(model, replace(first, shocks=()), pd.RangeIndex(1), (), Hints()), study.keep)
    except StudyError as error:
        findings += [replace(finding, table=study.file.name, row="keep") for finding in error.findings]
    if findings:
        raise StudyError(findings)
    return plan_sweep(model, study.scenarios, study.keep, study.chunk, study.text)


def _parsed(path: Path, findings: list[Finding]) -> tuple[str, dict[str, Any]]:
    """Text and content of a file; with a finding and nothing else if it cannot be read."""
    try:
        # Some editors put a mark of three bytes in front.
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except OSError as error:
        problem, remedy = f"cannot be read: {error.strerror}", "give the path of a study file"
    except (ValueError, RecursionError) as error:
        problem, remedy = f"is not TOML: {error}", "correct this place first, the rest is read afterwards"
    raise StudyError([*findings, Finding(path.name, "", "", None, "", problem, remedy)])


def _scenarios(reader: StudyReader, shocks: list[Shock], how: dict[str, Any]) -> ScenarioSet | None:
    """Return the scenarios of a study; none, with a finding, if they cannot be made."""
    try:
        if not reader.has("sample"):
            return grid(*shocks)
        return sample(
            how["count"],
            how["seed"],
            *shocks,
            outages=how["outages"],
            method=how["method"],
            correlation=reader.correlation(how["correlation"]),
        )
    except GasflowError as error:
        reader.found("sample" if reader.has("sample") else "shocks", "", None, error.problem, error.remedy)
        return None
