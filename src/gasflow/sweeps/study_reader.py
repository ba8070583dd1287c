"""Reading the sections of a study file, noting everything that is wrong."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

import pandas as pd

from gasflow.core.curves import Curve
from gasflow.core.solvers.registry import SOLVERS
from gasflow.core.ties import Ties
from gasflow.errors import DayError, Finding, GasflowError
from gasflow.network import toys
from gasflow.network.days import day_of, day_or_month
from gasflow.network.network import Network
from gasflow.network.suggestions import nearest
from gasflow.scenarios.draws import Method
from gasflow.scenarios.levers import number_fields, shock_kinds
from gasflow.scenarios.periods import Step
from gasflow.scenarios.shock import Shock
from gasflow.sweeps.arguments import LARGEST_CHUNK
from gasflow.sweeps.study_numbers import correlation_of, is_number, is_pair, number_of
from gasflow.sweeps.study_schema import KEYS, keys_of

_SECTIONS = [section for section in dict.fromkeys(key.section for key in KEYS) if section]
# TOML knows whole numbers of 64 bits; what is beyond overflows somewhere.
_LARGEST = 2**63 - 1
_FROM_ZERO = "give 0 or more, at most 1e18"
# Nothing in a study is written deeper than a few levels.
_DEEPEST = 20


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
        self._check_sizes("", content)

    def found(self, section: str, key: str, value: object, problem: str, remedy: str) -> None:
        """Note something that is wrong."""
        self.findings.append(Finding(self.file, section, key, value, "", problem, remedy))

    def has(self, section: str) -> bool:
        """Whether a section is there."""
        return section in self.content

    def name(self) -> str:
        """Title of the study."""
        top = {key: value for key, value in self.content.items() if key in keys_of("")}
        return str(self._values("", top)["name"])

    def section(self, name: str) -> dict[str, Any]:
        """Return the values of a section with its defaults; in their place, too, where a value cannot be used."""
        given = self.content.get(name, {})
        if not isinstance(given, dict):
            self.found(name, "", given, "is not a section", f"write [{name}] and its keys below")
            given = {}
        values = self._values(name, given)
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
        if key == "folder" and "\0" in value:
            self.found("base", key, value, "is no path", "give the path of a folder")
        if key == "date":
            try:
                value = day_or_month(value)
            except DayError as error:
                self.found("base", key, value, error.problem, error.remedy)
        return key, value

    def horizon(self, base: tuple[str, str]) -> dict[str, Any] | None:
        """Return the section ``horizon``, its first day in place; none for a study of one day."""
        if not self.has("horizon"):
            return None
        values = self.section("horizon")
        self._check_choice("horizon", "step", values, list(Step))
        if values["start"] is None and base[0] == "date":
            # A month stands for its first day.
            values["start"] = f"{base[1]}-01"[:10]
        for key in ("start", "end"):
            if values[key] is None:
                continue
            try:
                values[key] = day_of(values[key])
            except DayError as error:
                self.found("horizon", key, values[key], error.problem, error.remedy)
        given = self.content["horizon"]
        if isinstance(given, dict) and "end" not in given:
            self.found("horizon", "end", None, "is missing", f"give {keys_of('horizon')['end'].meaning}")
        if not is_number(values["end_slope"]) or values["end_slope"] < 0:
            self.found("horizon", "end_slope", values["end_slope"], "is out of range", _FROM_ZERO)
        return values

    def model(self) -> dict[str, Any]:
        """Return how it is solved."""
        values = self.section("model")
        for key, choices in (("curve", list(Curve)), ("ties", list(Ties)), ("solver", list(SOLVERS))):
            self._check_choice("model", key, values, choices)
        notice = values["notice_days"]
        if notice is not None and not self.has("horizon"):
            self.found("model", "notice_days", notice, "has no horizon", "add a section [horizon], or leave it out")
        elif notice is not None and not (is_number(notice) and notice >= 0):
            self.found("model", "notice_days", notice, "is out of range", _FROM_ZERO)
        return values

    def kept(self) -> dict[str, Any]:
        """Return what to keep, and in which chunks."""
        values = self.section("sweep")
        if not 1 <= values["chunk"] <= LARGEST_CHUNK:
            self.found("sweep", "chunk", values["chunk"], "is out of range", f"give 1 to {LARGEST_CHUNK:,}")
        for output in values["keep"]:
            if not isinstance(output, str):
                self.found("sweep", "keep", output, "is no text", "name quantities such as 'prices.TTF'")
        return values

    def shocks(self) -> list[Shock]:
        """Return the shocks that can be made."""
        given = self.content.get("shocks", [])
        if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
            if not self.has("sample") or given:
                self.found("shocks", "", None, "are missing", "write at least one [[shocks]] with its kind")
            return []
        made = [self._shock(f"shocks {position}", one) for position, one in enumerate(given, start=1)]
        return [shock for shock in made if shock is not None]

    def correlation(self, pairs: list[Any]) -> pd.DataFrame | None:
        """Return the correlation of the levers named in pairs; none if there is none."""
        return correlation_of([pair for pair in pairs if is_pair(pair)])

    def _values(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """Defaults, and over them what is given and of the right kind."""
        known = keys_of(name)
        values = {key.name: key.default for key in known.values()}
        for key, value in given.items():
            if key not in known:
                self.found(name, key, None, "is no key of this section", _near(key, list(known)))
            elif not isinstance(value, known[key].takes) or isinstance(value, bool):
                self.found(name, key, value, "is of the wrong kind", f"give {known[key].meaning}")
            else:
                values[key] = value
        return values

    def _check_choice(self, section: str, key: str, values: dict[str, Any], choices: list[Any]) -> None:
        """Note a value that is none of the choices of its key."""
        if values[key] not in choices:
            self.found(section, key, values[key], "cannot be used", f"use one of {', '.join(choices)}")

    def _check_sizes(self, section: str, value: Any, levels: int = _DEEPEST) -> None:
        """Note whole numbers that no computer holds, wherever they stand, and what is deeper than some levels."""
        if isinstance(value, dict | list) and not levels:
            self.found(section, "", None, "goes too deep", f"write at most {_DEEPEST} levels of keys and lists")
        elif isinstance(value, dict | list):
            for key, one in value.items() if isinstance(value, dict) else enumerate(value, start=1):
                inner = f"{section} {key}" if isinstance(key, int) or not section else f"{section}.{key}"
                self._check_sizes(inner.strip(), one, levels - 1)
        elif isinstance(value, int) and abs(value) > _LARGEST:
            self.found(section, "", value, "is too large a number", "give one below 9e18, or write it as 1e30")

    def _check_sample(self, values: dict[str, Any]) -> None:
        for key in ("count", "seed"):
            if values[key] is None or values[key] < (1 if key == "count" else 0):
                self.found(
                    "sample", key, values[key], "is missing or too small", f"give {keys_of('sample')[key].meaning}"
                )
        self._check_choice("sample", "method", values, list(Method))
        for place, probability in values["outages"].items():
            if not is_number(probability) or not 0 <= probability <= 1:
                self.found("sample", f"outages.{place}", probability, "is no probability", "give a number from 0 to 1")
        seen = set()
        for pair in values["correlation"]:
            if not is_pair(pair):
                self.found("sample", "correlation", pair, "cannot be used",
                           "write { levers = ['one', 'other'], value = 0.5 }")  # fmt: skip
            elif frozenset(pair["levers"]) in seen:
                self.found("sample", "correlation", pair, "is given twice", "keep one of them")
            else:
                seen.add(frozenset(pair["levers"]))

    def _shock(self, section: str, given: dict[str, Any]) -> Shock | None:
        """Return a shock; none, with findings, if it cannot be made."""
        kind = shock_kinds().get(str(given.get("kind")))
        if kind is None:
            self.found(
                section, "kind", given.get("kind"), "is no kind of shock", f"use one of {', '.join(shock_kinds())}"
            )
            return None
        before = len(self.findings)
        known = {one.name: one for one in fields(kind)}
        values = {}
        for key, value in given.items():
            if key == "kind":
                continue
            if key not in known:
                self.found(section, key, None, f"is no parameter of {given['kind']}", _near(key, list(known)))
            else:
                values[key] = self._parameter(section, key, value, key in number_fields(kind))
        for key, one in known.items():
            if one.default is MISSING and one.default_factory is MISSING and key not in given:
                self.found(section, key, None, "is missing", f"say which {key}")
        if len(self.findings) > before:
            return None
        try:
            return kind(**values)
        except GasflowError as error:
            self.found(section, "", None, error.problem, error.remedy or "correct its parameters")
            return None

    def _parameter(self, section: str, key: str, value: Any, numbers: bool) -> Any:
        """Return the value of a parameter: text, a day, or numbers."""
        if numbers:
            value, problem, remedy = number_of(value, drawn=self.has("sample"))
            if problem:
                self.found(section, key, value, problem, remedy)
        elif isinstance(value, bool | dict | list) or (isinstance(value, int | float) and not is_number(value)):
            self.found(section, key, value, "is of the wrong kind", "give one text, day or number")
        return value


def _toys() -> list[str]:
    """Names of the toy networks."""
    return [name for name, made in vars(toys).items() if getattr(made, "__annotations__", {}).get("return") is Network]


def _near(word: str, known: list[str]) -> str:
    """Return a remedy with the nearest known words."""
    near = nearest(word, known)
    return f"did you mean {' or '.join(map(repr, near))}" if near else f"use one of {', '.join(known)}"
