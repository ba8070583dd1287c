"""Every error of gasflow: one base class, messages in the words of the network that end with the next step.

Errors hold their parts, which are joined only when they are shown: a program reads `problem`, `remedy` and what else
there is, and nobody takes a text apart. They survive pickling, so that a worker process can raise them.
"""

import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

_SHOWN = 3
_SHOWN_OF_A_FILE = 20


class GasflowError(Exception):
    """Base of all errors raised by gasflow on purpose; each knows what is wrong and the next step.

    Attributes:
        problem: what is wrong.
        remedy: the next step; empty if there is none.

    Example:
        >>> error = GasflowError("A horizon needs one network per period, not 2 networks for 3", "give as many")
        >>> print(error)
        A horizon needs one network per period, not 2 networks for 3; give as many.
        >>> error.remedy, issubclass(UnknownPlace, GasflowError)
        ('give as many', True)
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the problem and the next step."""
        return f"{'; '.join(filter(None, (self.problem, self.remedy)))}."


class GasflowWarning(UserWarning):
    """Something that a user should know, and that stops nothing.

    Example:
        >>> issubclass(GasflowWarning, UserWarning)
        True
    """


class Severity(StrEnum):
    """Whether a finding stops the work.

    Example:
        >>> Severity("warning") is Severity.WARNING
        True
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a table, and what to do about it.

    Attributes:
        table: name of the table, or of the file if the table was read from one.
        row: name of the row, or its line in the file; empty if the whole table is meant.
        column: the column, or the header in the file; empty if the whole row or table is meant.
        value: the offending value as found.
        unit: unit of the value, empty for text.
        problem: what is wrong, as a clause that follows the value.
        remedy: the next step, as an imperative sentence without full stop.
        position: number of the row in the table counted from 0, or -1 if no single row is meant.
        severity: whether the table can be used all the same.

    Example:
        >>> print(Finding("pipes", "A->B", "capacity", -3.0, "GWh/d", "is below 0", "give 0 or more"))
        pipes, row 'A->B', column 'capacity': -3.0 GWh/d is below 0; give 0 or more.
    """

    table: str
    row: str
    column: str
    value: object
    unit: str
    problem: str
    remedy: str
    position: int = -1
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self._where(self.row)}{self._what()}"

    def _where(self, row_name: str) -> str:
        kind = "" if self.severity is Severity.ERROR else f"{self.severity}: "
        row = f", row {_name(row_name)}" if row_name else ""
        column = f", column {_name(self.column)}" if self.column else ""
        return f"{kind}{self.table}{row}{column}: "

    def _what(self) -> str:
        value = "" if self.value is None else f"{brief(self.value)} "
        unit = f"{self.unit} " if self.unit and isinstance(self.value, float) else ""
        return f"{value}{unit}{self.problem}; {self.remedy}{'' if self.remedy.endswith('?') else '.'}"


def listed(findings: Iterable[Finding]) -> list[str]:
    r"""Return findings as lines for people: of many that say the same about a column, the first three and a count.

    Example:
        >>> many = [Finding("pipes", f"P{k}", "loss", 2.0, "", "is not below 1", "give less than 1") for k in range(90)]
        >>> print(*listed(many)[2:], sep="\n")
        pipes, row 'P2', column 'loss': 2.0 is not below 1; give less than 1.
        pipes, column 'loss': 87 more likewise, 'P3' to 'P89'.
    """
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        kind = (finding.table, finding.column if finding.row else None, finding.problem, finding.severity)
        kinds.setdefault(kind, []).append(finding)
    lines = []
    for alike in kinds.values():
        shown = alike if len(alike) <= _SHOWN + 1 else alike[:_SHOWN]
        lines += [str(finding) for finding in shown]
        if len(shown) < len(alike):
            first, last = (finding.row or finding.column for finding in (alike[_SHOWN], alike[-1]))
            where = replace(alike[0], column=alike[0].column if alike[0].row else "")._where("")
            lines.append(f"{where}{len(alike) - _SHOWN} more likewise, {_name(first)} to {_name(last)}.")
    return lines


def counted(findings: Sequence[Finding]) -> str:
    """Return how many findings there are, in words.

    Example:
        >>> finding = Finding("nodes", "", "name", None, "", "is missing", "add the column")
        >>> counted([finding]), counted([replace(finding, severity=Severity.WARNING), finding, finding])
        ('1 finding', '3 findings, 1 of them a warning')
    """
    text = f"{len(findings)} finding{'' if len(findings) == 1 else 's'}"
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    if not warnings:
        return text
    if warnings == len(findings):
        return f"{warnings} warning{'' if warnings == 1 else 's'}"
    return f"{text}, {warnings} of them {'a warning' if warnings == 1 else 'warnings'}"


class NetworkError(GasflowError):
    """The tables do not make a network; ``findings`` holds everything that is wrong, not only the first.

    Example:
        >>> finding = Finding("nodes", "", "name", None, "", "is missing", "add the column")
        >>> print(NetworkError([finding]))
        1 finding:
          nodes, column 'name': is missing; add the column.
        Correct the rows named above and build the network again.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        self.problem = f"the tables do not make a network: {counted(self.findings)}"
        self.remedy = "correct the rows named above and build the network again"

    def __str__(self) -> str:
        """Return all findings, one a line; many of one kind are grouped."""
        return _with_findings(self.findings, self.remedy)


class StudyError(GasflowError):
    """A study file or a table of scenarios cannot be used; ``findings`` holds everything that is wrong.

    Example:
        >>> finding = Finding("closure.toml", "sample", "count", -5, "", "is below 1", "give the number of scenarios")
        >>> print(StudyError([finding]))
        1 finding:
          closure.toml, row 'sample', column 'count': -5 is below 1; give the number of scenarios.
        Correct what is named above and try again.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        self.problem = f"the study cannot be used: {counted(self.findings)}"
        self.remedy = "correct what is named above and try again"

    def __str__(self) -> str:
        """Return all findings, one a line; many of one kind are grouped."""
        return _with_findings(self.findings, self.remedy)


class ObservationsError(GasflowError):
    """Observations cannot be used; ``findings`` holds everything that is wrong, not only the first.

    Example:
        >>> finding = Finding("prices", "2025-01 NL", "price", None, "", "is empty", "give a value")
        >>> print(ObservationsError([finding]))
        1 finding:
          prices, row '2025-01 NL', column 'price': is empty; give a value.
        Correct what is named above and try again.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        self.problem = f"the observations cannot be used: {counted(self.findings)}"
        self.remedy = "correct what is named above and try again"

    def __str__(self) -> str:
        """Return all findings, one a line; many of one kind are grouped."""
        return _with_findings(self.findings, self.remedy)


class RawFileError(GasflowError):
    """A downloaded file cannot be used; ``findings`` holds everything that is wrong, of which the first are shown.

    Example:
        >>> finding = Finding("flows.csv", "", "value", None, "", "is missing", "download it again")
        >>> print(RawFileError([finding]))
        1 finding:
          flows.csv, column 'value': is missing; download it again.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        self.problem = f"the file cannot be used: {counted(self.findings)}"
        self.remedy = self.findings[0].remedy if self.findings else ""

    def __str__(self) -> str:
        """Return the first findings, one a line, and how many there are."""
        shown = [f"  {finding}" for finding in self.findings[:_SHOWN_OF_A_FILE]]
        more = len(self.findings) - len(shown)
        return "\n".join([f"{counted(self.findings)}:", *shown, *([f"  and {more} more."] if more else [])])


class DayError(GasflowError):
    """What was given is no day, or holds more than a day.

    Example:
        >>> print(DayError("yesterday", "is not a day", "write it as 2022-05-10"))
        'yesterday' is not a day; write it as 2022-05-10.
    """

    def __init__(self, value: object, problem: str, remedy: str) -> None:
        self.value = value
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message with the remedy."""
        return f"{brief(self.value)} {self.problem}; {self.remedy}."


class UnknownPlace(GasflowError):  # noqa: N818 - reads as the answer to a question, like LookupError's children
    """No node, pipe or other row has this name; ``suggestions`` holds the nearest names, best first.

    Example:
        >>> print(UnknownPlace("Sokranivka", ("Sokhranivka",)))
        There is no 'Sokranivka' in the network. Did you mean 'Sokhranivka'?
    """

    def __init__(self, place: object, suggestions: Sequence[str] = ()) -> None:
        self.place = place
        self.suggestions = tuple(suggestions)
        self.problem = f"there is no {brief(place)} in the network"
        near = " or ".join(repr(name) for name in self.suggestions)
        self.remedy = f"did you mean {near}?" if near else "choose a name from the tables of nodes and pipes"

    def __str__(self) -> str:
        """Return the problem, and the nearest names or where to look."""
        return f"{_sentence(self.problem)} {_sentence(self.remedy)}"


class AmbiguousPlace(GasflowError):  # noqa: N818 - sister of UnknownPlace
    """Several rows answer to this name; ``candidates`` holds their full names.

    Example:
        >>> print(AmbiguousPlace("zeebrugge", ("Zeebrugge LNG", "Zeebrugge IZT")))
        'zeebrugge' may mean 'Zeebrugge LNG' or 'Zeebrugge IZT'. Give one of these names in full.
    """

    def __init__(self, place: str, candidates: Sequence[str]) -> None:
        self.place = place
        self.candidates = tuple(candidates)
        self.problem = f"{brief(place)} may mean {' or '.join(repr(name) for name in self.candidates)}"
        self.remedy = "give one of these names in full"

    def __str__(self) -> str:
        """Return the problem with the candidates, and what to do."""
        return f"{_sentence(self.problem)} {_sentence(self.remedy)}"


class ShockError(GasflowError):
    """A shock cannot be built, or cannot be applied to this network.

    Example:
        >>> print(ShockError("Closure", "share is 1.5", "give a share from 0 to 1"))
        Closure: share is 1.5; give a share from 0 to 1.
    """

    def __init__(self, shock: str, problem: str, remedy: str) -> None:
        self.shock = shock
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message with the remedy."""
        return f"{self.shock}: {self.problem}; {self.remedy}."


class ArgumentError(GasflowError):
    """An argument of a function cannot be used.

    Example:
        >>> print(ArgumentError("simulate", "curve", "lin", "give one of 'constant', 'linear'"))
        simulate: curve is 'lin', which cannot be used; give one of 'constant', 'linear'.
    """

    def __init__(self, function: str, name: str, value: object, remedy: str) -> None:
        self.function = function
        self.name = name
        self.value = value
        self.problem = f"{name} is {brief(value)}, which cannot be used"
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message with the remedy."""
        return f"{self.function}: {self.problem}; {self.remedy}."


class FolderError(GasflowError):
    """A folder cannot be written to; nothing was changed in it.

    Example:
        >>> print(FolderError("data", "holds other files", "choose another folder"))
        Folder 'data' holds other files; choose another folder.
    """

    def __init__(self, folder: str, problem: str, remedy: str) -> None:
        self.folder = folder
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message with the remedy."""
        return f"Folder {self.folder!r} {self.problem}; {self.remedy}."


def brief(value: object) -> str:
    """Return a value as a message shows it: a float with all its digits, a page of text or a long number cut.

    Example:
        >>> brief(0.1), brief("x" * 100)
        ('0.1', "'xxxxxxxxxxxx...xxxxxxxxxxxxx'")
    """
    if isinstance(value, float):
        return repr(float(value))
    try:
        return _BRIEF.repr(value)
    except ValueError:  # Python writes no whole number of more than some thousand digits
        return "a number too long to show"


def _name(text: str) -> str:
    return _LONG_NAMES.repr(text)


_BRIEF, _LONG_NAMES = reprlib.Repr(), reprlib.Repr()
_LONG_NAMES.maxstring = 100
_BRIEF.maxother = 60  # a time stamp with its zone


def _sentence(clause: str) -> str:
    """Return a clause with a capital letter, if it begins with a word, and an end."""
    return f"{clause[:1].upper()}{clause[1:]}{'' if clause.endswith('?') else '.'}"


def _with_findings(findings: Sequence[Finding], remedy: str) -> str:
    return "\n".join([f"{counted(findings)}:", *(f"  {line}" for line in listed(findings)), _sentence(remedy)])
