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
    errors.CoverageError("2030-01-01", "2021-01 to 2023-03"),
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
