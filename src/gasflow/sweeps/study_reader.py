"""Reading the sections of a study file, noting everything that is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from gasflow.core.curves import Curve
from gasflow.errors import DayError, Finding, ShockError
from gasflow.network import toys
from gasflow.network.days import day_or_month
from gasflow.network.network import Network
from gasflow.network.suggestions import nearest
from gasflow.scenarios.draws import Method
from gasflow.scenarios.levers import SHOCKS, number_fields
from gasflow.scenarios.shock import Shock
from gasflow.sweeps.study_schema import DISTRIBUTION_KEY, KEYS, RANGE_KEYS, keys_of

_SECTIONS = [section for section in dict.fromkeys(key.section for key in KEYS) if section]


class StudyReader:
    """The content of a study file, and what is wrong with it.

    Args:
        file: its name.
        content: what it says.
        findings: what is wrong is added here.
    """

    def __init__(self, file: str, content: dict[str, Any], findings: list[Finding]) -> None:
        self.file, self.content, self.findings = file, content, findings
        for name in content:
            if name not in _SECTIONS and name not in keys_of(""):
                self.found("", name, None, "is no section or key", _near(name, [*_SECTIONS, *keys_of("")]))

    def found(self, section: str, key: str, value: object, problem: str, remedy: str) -> None:
        """Note something that is wrong."""
        self.findings.append(Finding(self.file, section, key, value, "", problem, remedy))

    def has(self, section: str) -> bool:
        """Whether a section is there."""
        return section in self.content

    def section(self, name: str) -> dict[str, Any]:
        """The values of a section with its defaults; in their place, too, where a value cannot be used."""
        known = keys_of(name)
        given = self.content.get(name, {})
        if not isinstance(given, dict):
            self.found(name, "", given, "is not a section", f"write [{name}] and its keys below")
            given = {}
        values = {key.name: key.default for key in known.values()}
        for key, value in given.items():
            if key not in known:
                self.found(name, key, None, "is no key of this section", _near(key, list(known)))
            elif not isinstance(value, known[key].takes) or isinstance(value, bool):
                self.found(name, key, value, "is of the wrong kind", f"give {known[key].meaning}")
            else:
                values[key] = value
        if name == "sample" and self.has(name):
            self._check_sample(values)
        return values

    def base(self) -> tuple[str, str]:
        """Which network the study starts from."""
        values = {key: value for key, value in self.section("base").items() if value is not None}
        if len(values) != 1:
            self.found("base", "", None, f"names {len(values)} networks", "give one of date, folder and toy")
            return ("", "")
        ((key, value),) = values.items()
        if key == "toy" and value not in _toys():
            self.found("base", key, value, "is no toy network", _near(value, _toys()))
        if key == "date":
            try:
                value = day_or_month(value)
            except DayError as error:
                self.found("base", key, value, error.problem, error.remedy)
        return key, value

    def curve(self, values: dict[str, Any]) -> Curve:
        """How demand answers to the price."""
        try:
            return Curve(values["curve"])
        except ValueError:
            self.found("sweep", "curve", values["curve"], "is no curve", f"use one of {', '.join(Curve)}")
            return Curve.CONSTANT

    def shocks(self) -> list[Shock]:
        """The shocks that can be made."""
        given = self.content.get("shocks", [])
        if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
            if not self.has("sample") or given:
                self.found("shocks", "", None, "are missing", "write at least one [[shocks]] with its kind")
            return []
        made = [self._shock(f"shocks {position}", one) for position, one in enumerate(given, start=1)]
        return [shock for shock in made if shock is not None]

    def correlation(self, pairs: list[Any]) -> pd.DataFrame | None:
        """The correlation of the levers named in pairs; none if there is none."""
        usable = [pair for pair in pairs if _is_pair(pair)]
        if not usable:
            return None
        names = list(dict.fromkeys(name for pair in usable for name in pair["levers"]))
        matrix = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
        for pair in usable:
            one, other = pair["levers"]
            matrix.loc[one, other] = matrix.loc[other, one] = float(pair["value"])
        return matrix

    def _check_sample(self, values: dict[str, Any]) -> None:
        for key in ("count", "seed"):
            if values[key] is None or values[key] < (1 if key == "count" else 0):
                self.found(
                    "sample", key, values[key], "is missing or too small", f"give {keys_of('sample')[key].meaning}"
                )
        if values["method"] not in list(Method):
            self.found("sample", "method", values["method"], "is no method", f"use one of {', '.join(Method)}")
        for place, probability in values["outages"].items():
            if not isinstance(probability, int | float) or not 0 <= probability <= 1:
                self.found("sample", f"outages.{place}", probability, "is no probability", "give a number from 0 to 1")
        for pair in values["correlation"]:
            if not _is_pair(pair):
                self.found("sample", "correlation", pair, "cannot be used",
                           "write { levers = ['one', 'other'], value = 0.5 }")  # fmt: skip

    def _shock(self, section: str, given: dict[str, Any]) -> Shock | None:
        """A shock; none, with findings, if it cannot be made."""
        kind = SHOCKS.get(str(given.get("kind")))
        if kind is None:
            self.found(section, "kind", given.get("kind"), "is no kind of shock", f"use one of {', '.join(SHOCKS)}")
            return None
        before = len(self.findings)
        known = list(kind.__dataclass_fields__)
        values = {}
        for key, value in given.items():
            if key == "kind":
                continue
            if key not in known:
                self.found(section, key, None, f"is no parameter of {given['kind']}", _near(key, known))
            else:
                values[key] = self._number(section, key, value) if key in number_fields(kind) else value
        if len(self.findings) > before:
            return None
        try:
            return kind(**values)
        except (ShockError, TypeError, ValueError) as error:
            problem, _, remedy = str(error).rstrip(".").rpartition("; ")
            self.found(section, "", None, problem or str(error), remedy if problem else "correct its parameters")
            return None

    def _number(self, section: str, key: str, value: Any) -> Any:
        """A number, a list, a range or a distribution."""
        if not isinstance(value, dict):
            if not isinstance(value, int | float | list) or isinstance(value, bool):
                self.found(section, key, value, "is no number", "give a number, a list, a range or a distribution")
            return value
        if DISTRIBUTION_KEY in value:
            return self._distribution(section, key, value)
        numbers = [value[name] for name in RANGE_KEYS if isinstance(value.get(name), int | float)]
        if len(numbers) == len(value) == len(RANGE_KEYS) and numbers[2] >= 1:
            return np.linspace(numbers[0], numbers[1], int(numbers[2])).tolist()
        self.found(section, key, value, "is no range", "write { from = 0, to = 1, steps = 11 }")
        return None

    def _distribution(self, section: str, key: str, value: dict[str, Any]) -> Any:
        if not self.has("sample"):
            self.found(section, key, value, "is a distribution, but the study is a grid", "add the section [sample]")
        family = getattr(stats, str(value[DISTRIBUTION_KEY]), None)
        if not isinstance(family, stats.rv_continuous | stats.rv_discrete):
            self.found(section, key, value[DISTRIBUTION_KEY], "is no distribution of scipy.stats",
                       "use uniform, norm, lognorm, triang, bernoulli or another of its names")  # fmt: skip
            return None
        try:
            return family(**{name: number for name, number in value.items() if name != DISTRIBUTION_KEY})
        except (TypeError, ValueError) as error:
            self.found(section, key, value, f"does not fit: {error}", "give the parameters that scipy.stats names")
            return None


def _toys() -> list[str]:
    """Names of the toy networks."""
    return [name for name, made in vars(toys).items() if getattr(made, "__annotations__", {}).get("return") is Network]


def _is_pair(pair: Any) -> bool:
    """Whether this correlates two levers."""
    if not isinstance(pair, dict) or set(pair) != {"levers", "value"}:
        return False
    return isinstance(pair["levers"], list) and len(pair["levers"]) == 2 and isinstance(pair["value"], int | float)


def _near(word: str, known: list[str]) -> str:
    """A remedy with the nearest known words."""
    near = nearest(word, known)
    return f"did you mean {' or '.join(map(repr, near))}" if near else f"use one of {', '.join(known)}"
