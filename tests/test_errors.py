import dataclasses
import pickle

import pytest

from gasflow import errors
from gasflow.errors import Finding, GasflowError, NetworkError

FINDING = Finding("pipes", "A->B", "capacity", -3.0, "GWh/d", "is below 0", "give 0 or more", 4)
ERRORS = [
    NetworkError([FINDING, FINDING]),
    errors.UnknownPlace("Sudza", ["Sudzha"]),
    errors.UnknownPlace("nowhere"),
    errors.AmbiguousPlace("zeebrugge", ["Zeebrugge LNG", "Zeebrugge IZT"]),
    errors.GasflowError("There is no data for 2030-01-01", "ask for a day from 2021-01 to 2023-03"),
    errors.ShockError("Closure", "share is 2", "give a share from 0 to 1"),
    errors.FolderError("here", "is a file", "choose another name"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_survives_pickling_and_ends_with_a_step(error: GasflowError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert str(error).endswith((".", "?"))
    assert isinstance(error, GasflowError)


def test_all_findings_are_printed() -> None:
    text = str(NetworkError([FINDING] * 3))
    assert text.startswith("3 findings:")
    assert text.count("'A->B'") == 3


def test_a_finding_names_table_row_column_value_unit_and_remedy() -> None:
    assert str(FINDING) == "pipes, row 'A->B', column 'capacity': -3.0 GWh/d is below 0; give 0 or more."


def test_a_long_value_is_cut_and_kept_on_one_line() -> None:
    text = str(Finding("pipes", "A", "capacity", "x\n" * 10_000, "GWh/d", "is not a number", "give one"))
    assert len(text) < 200
    assert "\n" not in text


def _alike(count: int, table: str = "pipes", **changes: object) -> list[Finding]:
    return [dataclasses.replace(FINDING, table=table, row=f"P{k}", **changes) for k in range(count)]


def test_many_findings_of_one_kind_are_grouped() -> None:
    lines = str(NetworkError([*_alike(100), *_alike(5, "supplies"), *_alike(100, value=7.0, problem="is odd")]))
    assert lines.startswith("205 findings:\n")
    assert len(lines.splitlines()) == 2 + 3 * 4
    assert "  pipes, column 'capacity': 97 more likewise, 'P3' to 'P99'." in lines.splitlines()
    assert "  supplies, column 'capacity': 2 more likewise, 'P3' to 'P4'." in lines.splitlines()
    assert len(NetworkError(_alike(100)).findings) == 100


def test_findings_about_columns_are_grouped_over_the_columns() -> None:
    alike = [Finding("pipes", "", f"column {k}", None, "", "names no unit", "name one") for k in range(9)]
    assert errors.listed(alike)[3:] == ["pipes: 6 more likewise, 'column 3' to 'column 8'."]


def test_four_of_a_kind_are_shown() -> None:
    assert errors.listed(_alike(4)) == [str(finding) for finding in _alike(4)]


def test_warnings_say_so() -> None:
    (warning,) = _alike(1, severity=errors.Severity.WARNING)
    assert str(warning).startswith("warning: pipes, row 'P0'")
    assert errors.counted([warning, FINDING]) == "2 findings, 1 of them a warning"
    assert errors.counted([warning, warning]) == "2 warnings"
