"""Units of gas: the only module that converts, and the only place where a factor is written.

Inside, energy flow is GWh/d (gross calorific value, 25/0 degC), energy GWh, price EUR/MWh, time days. At the
edge a number names its unit in the name of its column, ``capacity_gwh_per_day`` or ``volume_mcm_20c``:

    inside value = value at the edge x factor of the unit

A cubic metre means nothing without its reference temperature (at 1,013 mbar): 0 degC in the figures of grid
operators, 15 degC in those of statistical offices, 20 degC in the Russian and Ukrainian press. Volumes shrink
with the temperature ratio, so a gas with H kWh per cubic metre at 0 degC has H x 273.15 / (273.15 + t) at t.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

DAYS_PER_YEAR = 365.0
_GJ_PER_MWH = 3.6
_FREEZING = 273.15

Amount = TypeVar("Amount", float, NDArray[np.float64])


class UnitError(ValueError):
    """A unit is unknown, of the wrong kind, or leaves open what a cubic metre is.

    Example:
        >>> print(UnitError("mcm", "has no reference temperature", "write mcm_0c, mcm_15c or mcm_20c"))
        Unit 'mcm' has no reference temperature; write mcm_0c, mcm_15c or mcm_20c.
    """

    def __init__(self, unit: str, problem: str, remedy: str) -> None:
        self.unit = unit
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message with the remedy."""
        return f"Unit {self.unit!r} {self.problem}; {self.remedy}."


class Quantity(StrEnum):
    """What a number measures; the value is the unit used inside.

    Example:
        >>> Quantity.FLOW.value
        'GWh/d'
    """

    FLOW = "GWh/d"
    ENERGY = "GWh"
    PRICE = "EUR/MWh"
    SLOPE = "EUR/MWh per GWh/d"
    ANGLE = "deg"
    SHARE = "fraction"
    RATIO = "1"


class Gas(StrEnum):
    """Gases by origin, each with its own calorific value.

    Example:
        >>> round(kwh_per_cubic_metre(Gas.LNG, 0), 2)
        11.7
    """

    RUSSIAN = "russian"
    NORWEGIAN = "norwegian"
    LNG = "lng"
    GRONINGEN = "groningen"
    STATISTICAL = "statistical"


# Gross calorific value as (kWh per cubic metre, at degC). Russian: 1,000 GWh against 95.8 mcm gives 10.44,
# operators measure 10.44-10.5 (11.16 kWh at 0 degC on the quality maps would be 10.40). Norwegian, LNG and
# Groningen: mid-range of what European operators publish. Statistical: the convention of 40 MJ at 15 degC.
_CALORIFIC_VALUE = {
    Gas.RUSSIAN: (10.45, 20.0),
    Gas.NORWEGIAN: (11.45, 0.0),
    Gas.LNG: (11.70, 0.0),
    Gas.GRONINGEN: (9.77, 0.0),
    Gas.STATISTICAL: (40.0 / 3.6, 15.0),
}


def kwh_per_cubic_metre(gas: Gas | str = Gas.RUSSIAN, temperature: float = 20.0) -> float:
    """Return the gross calorific value of a gas per cubic metre measured at a temperature in degC.

    The same figure converts mcm to GWh, since a million cubic metres of 10.45 kWh are 10.45 GWh.

    Example:
        >>> kwh_per_cubic_metre("russian", 20)
        10.45
        >>> round(kwh_per_cubic_metre("russian", 0), 3), round(kwh_per_cubic_metre("russian", 15), 3)
        (11.215, 10.631)
    """
    value, reference = _CALORIFIC_VALUE[Gas(gas)]
    if temperature == reference:
        return value
    return value * (_FREEZING + reference) / (_FREEZING + temperature)


def gwh_from_mcm(volume: Amount, temperature: float = 20.0, gas: Gas | str = Gas.RUSSIAN) -> Amount:
    """Return the energy in GWh of a volume in million cubic metres, or GWh/d of mcm/d.

    Example:
        >>> round(gwh_from_mcm(95.8), 2)
        1001.11
    """
    return volume * kwh_per_cubic_metre(gas, temperature)


def mcm_from_gwh(energy: Amount, temperature: float = 20.0, gas: Gas | str = Gas.RUSSIAN) -> Amount:
    """Return the volume in million cubic metres of an energy in GWh, or mcm/d of GWh/d.

    Example:
        >>> round(mcm_from_gwh(1001.11), 2)
        95.8
    """
    return energy / kwh_per_cubic_metre(gas, temperature)


@dataclass(frozen=True)
class Unit:
    """A unit as it ends the name of a column: ``value x factor`` is the value inside.

    Example:
        >>> UNITS["twh"]
        Unit(suffix='twh', quantity=<Quantity.ENERGY: 'GWh'>, factor=1000.0)
    """

    suffix: str
    quantity: Quantity
    factor: float


def _units() -> dict[str, Unit]:
    energy = {"gwh": 1.0, "twh": 1e3, "mwh": 1e-3, "kwh": 1e-6}
    energy |= {"gj": 1e-3 / _GJ_PER_MWH, "tj": 1.0 / _GJ_PER_MWH, "pj": 1e3 / _GJ_PER_MWH}
    for temperature in (0, 15, 20):
        # Without a named gas a cubic metre is one of Russian transit gas, at whichever temperature.
        energy[f"mcm_{temperature}c"] = kwh_per_cubic_metre(Gas.RUSSIAN, temperature)
        energy[f"bcm_{temperature}c"] = 1e3 * kwh_per_cubic_metre(Gas.RUSSIAN, temperature)
    flow = {"gw": 24.0, "mw": 0.024}
    for suffix, factor in energy.items():
        amount, _, temperature_part = suffix.partition("_")
        reference = f"_{temperature_part}" if temperature_part else ""
        flow[f"{amount}_per_hour{reference}"] = factor * 24.0
        flow[f"{amount}_per_day{reference}"] = factor
        flow[f"{amount}_per_year{reference}"] = factor / DAYS_PER_YEAR
    price = {"eur_per_mwh": 1.0, "eur_per_gwh": 1e-3, "eur_per_kwh": 1e3, "ct_per_kwh": 10.0, "eur_per_gj": _GJ_PER_MWH}
    table = {
        Quantity.FLOW: flow,
        Quantity.ENERGY: energy,
        Quantity.PRICE: price,
        Quantity.SLOPE: {"eur_per_mwh_per_gwh_per_day": 1.0},
        Quantity.ANGLE: {"deg": 1.0},
        Quantity.SHARE: {"percent": 0.01},
    }
    return {suffix: Unit(suffix, quantity, factor) for quantity, row in table.items() for suffix, factor in row.items()}


UNITS = _units()
_OPEN_VOLUMES = tuple(
    f"{amount}{period}" for amount in ("mcm", "bcm", "cm") for period in ("", "_per_hour", "_per_day", "_per_year")
)
_LONGEST_FIRST = sorted(UNITS, key=len, reverse=True)


def unit(suffix: str) -> Unit:
    """Return the unit with this suffix.

    Raises:
        UnitError: if there is none, or if it is a volume without a reference temperature.

    Example:
        >>> unit("mcm_per_day_20c").factor
        10.45
        >>> unit("mcm")
        Traceback (most recent call last):
        gasflow.units.UnitError: Unit 'mcm' leaves open ...
    """
    if suffix in UNITS:
        return UNITS[suffix]
    if suffix in _OPEN_VOLUMES:
        raise UnitError(
            suffix,
            "leaves open at which temperature the cubic metre was measured",
            f"add it at the end, as in {suffix}_20c (or _0c, _15c)",
        )
    raise UnitError(suffix, "is unknown", "use one of " + ", ".join(UNITS))


def convert(value: Amount, origin: str, target: str) -> Amount:
    """Convert between two units of the same quantity, both given by their suffix.

    Raises:
        UnitError: if a unit is unknown or the two measure different things.

    Example:
        >>> convert(2.0, "twh", "gwh")
        2000.0
        >>> round(convert(1001.11, "gwh_per_day", "mcm_per_day_20c"), 2)
        95.8
    """
    old, new = unit(origin), unit(target)
    if old.quantity is not new.quantity:
        raise UnitError(origin, f"measures {old.quantity}, not {new.quantity}", "convert within one quantity")
    return value * (old.factor / new.factor)


def parse_header(header: str) -> tuple[str, Unit | None]:
    """Split the header of a column into its name and its unit; the longest known suffix wins, in any case.

    Returns:
        The name and the unit, or the whole header and None where no unit ends it.

    Raises:
        UnitError: if it ends in a volume without a reference temperature.

    Example:
        >>> parse_header("capacity_gwh_per_day")
        ('capacity', Unit(suffix='gwh_per_day', quantity=<Quantity.FLOW: 'GWh/d'>, factor=1.0))
        >>> parse_header("source"), parse_header("capacity_MW")[1].suffix
        (('source', None), 'mw')
    """
    lower = header.casefold()
    for suffix in (*_LONGEST_FIRST, *_OPEN_VOLUMES):
        if lower.endswith(f"_{suffix}"):
            return header[: -len(suffix) - 1], unit(suffix)
    return header, None


def inside_suffix(quantity: Quantity) -> str:
    """Return the suffix of the unit used inside, empty for numbers without a unit.

    Example:
        >>> inside_suffix(Quantity.FLOW), inside_suffix(Quantity.RATIO)
        ('gwh_per_day', '')
    """
    return _INSIDE[quantity]


_INSIDE = {
    Quantity.FLOW: "gwh_per_day",
    Quantity.ENERGY: "gwh",
    Quantity.PRICE: "eur_per_mwh",
    Quantity.SLOPE: "eur_per_mwh_per_gwh_per_day",
    Quantity.ANGLE: "deg",
    Quantity.SHARE: "",
    Quantity.RATIO: "",
}
