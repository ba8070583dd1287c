import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gasflow import units
from gasflow.units import UnitError


@pytest.mark.parametrize(
    ("value", "origin", "target", "expected"),
    [
        (95.8, "mcm_per_day_20c", "gwh_per_day", 1001.11),
        (1.0, "twh", "gwh", 1000.0),
        (1.0, "mwh", "kwh", 1000.0),
        (1.0, "gwh_per_hour", "gwh_per_day", 24.0),
        (365.0, "gwh_per_year", "gwh_per_day", 1.0),
        (1.0, "gw", "gwh_per_day", 24.0),
        (1.0, "bcm_20c", "twh", 10.45),
        (1.0, "mcm_0c", "mcm_20c", 293.15 / 273.15),
        (3.0, "ct_per_kwh", "eur_per_mwh", 30.0),
    ],
)
def test_conversions(value: float, origin: str, target: str, expected: float) -> None:
    assert units.convert(value, origin, target) == pytest.approx(expected, rel=1e-12)


def test_calorific_values_agree_with_measurements() -> None:
    assert units.kwh_per_cubic_metre("russian", 20) == 10.45
    assert units.kwh_per_cubic_metre("russian", 0) == pytest.approx(11.16, rel=0.006)
    assert units.kwh_per_cubic_metre("russian", 15) == pytest.approx(10.58, rel=0.006)
    assert units.kwh_per_cubic_metre("statistical", 15) == pytest.approx(11.11, abs=0.002)


def test_volumes_of_arrays() -> None:
    volumes = np.array([1.0, 23.8])
    np.testing.assert_allclose(units.mcm_from_gwh(units.gwh_from_mcm(volumes)), volumes, rtol=1e-15)


@given(st.sampled_from(sorted(units.UNITS)), st.sampled_from(["capacity", "anchor_price", "slope", "x"]))
def test_a_header_is_parsed_into_its_column_and_unit(suffix: str, column: str) -> None:
    assert units.parse_header(f"{column}_{suffix}") == (column, units.UNITS[suffix])


@given(st.sampled_from(sorted(units.UNITS)), st.floats(-1e9, 1e9))
def test_there_and_back(suffix: str, value: float) -> None:
    inside = units.inside_suffix(units.UNITS[suffix].quantity)
    if inside:
        there = units.convert(value, suffix, inside)
        assert units.convert(there, inside, suffix) == pytest.approx(value, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("suffix", ["mcm", "bcm_per_year", "mcm_per_day"])
def test_a_cubic_metre_without_temperature_is_refused(suffix: str) -> None:
    with pytest.raises(UnitError, match="temperature"):
        units.parse_header(f"volume_{suffix}")


def test_quantities_do_not_mix() -> None:
    with pytest.raises(UnitError, match="measures GWh/d, not GWh"):
        units.convert(1.0, "gwh_per_day", "gwh")
    with pytest.raises(UnitError, match="is unknown"):
        units.unit("barrel")
