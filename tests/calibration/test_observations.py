"""Observations: checked at the door, the same after a trip through files, months from days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gasflow.calibration import Observations, read_observations, write_observations
from gasflow.calibration.schema import OBSERVED
from gasflow.errors import FolderError, ObservationsError

FLOWS = pd.DataFrame(
    {
        "date": ["2025-01-01", "2025-01-02", "2025-02"],
        "pipe": ["A->B", "A->B", "C, the other"],
        "value_gwh_per_day": [10.0, 30.0, 5.5],
        "source": ["a page", "", "another"],
        "quality": ["observed", "derived", "assumed"],
    }
)


def test_a_folder_holds_what_was_written(tmp_path: Path) -> None:
    seen = Observations.from_tables(flows=FLOWS)
    again = read_observations(write_observations(seen, tmp_path / "seen"))
    for name in OBSERVED:
        pd.testing.assert_frame_equal(seen.tables[name], again.tables[name])
    with pytest.raises(FolderError):
        write_observations(seen, tmp_path / "seen")
    write_observations(seen, tmp_path / "seen", overwrite=True)


def test_files_of_spreadsheets_are_read(tmp_path: Path) -> None:
    (tmp_path / "flows.csv").write_text(
        "\ufeffDate;Pipe;Value_mcm_per_day_20c\r\n2025-01;A->B;1,5\r\n", encoding="utf-8"
    )
    seen = read_observations(tmp_path)
    assert seen.flows["value"].tolist() == pytest.approx([15.675])
    assert seen.flows["quality"].tolist() == ["observed"]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "flows.csv").write_text(
        "date,pipe,value_gwh_per_day,quality\n2025-13,A->B,1,observed\n2025-01,A->B,-2,seen\n2025-01,A->B,3,observed\n"
    )
    (tmp_path / "demand.csv").write_text("date,node,sector,value_gwh_per_day\n2025-01,B,heating,4\n2025-01,,total,x\n")
    with pytest.raises(ObservationsError) as caught:
        read_observations(tmp_path)
    text = str(caught.value)
    for part in ("flows.csv, row 'line 2", "'2025-13'", "-2.0 GWh/d is below 0", "'seen' is no choice",
                 "comes a second time", "'heating' is no choice", "'x' is not a number"):  # fmt: skip
        assert part in text


@given(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=28))
def test_a_month_is_the_mean_of_its_days_and_less_sure_the_fewer_they_are(values: list[float]) -> None:
    days = [f"2025-02-{k:02d}" for k in range(1, len(values) + 1)]
    flows = pd.DataFrame({"date": days, "pipe": "A->B", "value": values, "deviation": 1.0})
    month = Observations.from_tables(flows=flows).on("2025-02").flows
    assert month["value"].tolist() == pytest.approx([np.mean(values)])
    deviation = float(month["deviation"].iloc[0])
    assert deviation >= 1.0 - 1e-12
    if len(values) == 28:
        assert deviation == pytest.approx(1.0)
    assert 0.0 <= month["full_days"].iloc[0] <= 1.0


def test_a_month_of_its_own_counts_before_its_days() -> None:
    flows = pd.DataFrame({"date": ["2025-01", "2025-01-01", "2025-01-01"], "pipe": ["A->B", "A->B", "B->C"],
                          "value": [1.0, 9.0, 4.0]})  # fmt: skip
    seen = Observations.from_tables(flows=flows).on("2025-01").flows
    assert dict(zip(seen["pipe"], seen["value"], strict=True)) == {"A->B": 1.0, "B->C": 4.0}


def test_what_is_joined_later_counts() -> None:
    one = Observations.from_tables(flows=FLOWS)
    two = Observations.from_tables(flows=FLOWS.assign(value_gwh_per_day=1.0)[:1])
    assert one.joined(two).flows["value"].tolist() == [30.0, 5.5, 1.0]
