"""The tenth of May 2022, and the names people use."""

import pytest

import gasflow as gf
from gasflow.datasets.europe import load_europe
from gasflow.errors import AmbiguousPlace

pytestmark = pytest.mark.slow

MCM = 10.45  # GWh per million cubic metres at 20 degC


@pytest.fixture(scope="module")
def europe() -> gf.Network:
    return load_europe("2022-05-10")


def _exits(flows: object, network: gf.Network) -> float:
    pipes = network.pipes
    return float(flows[pipes.index[pipes["origin"] == "UA transit"]].iloc[0].sum())  # type: ignore[index]


def test_entries_are_the_nominations_of_the_day(europe: gf.Network) -> None:
    nominated = europe.pipes["nominated"] / MCM
    assert nominated["RU->Sokhranivka"] == pytest.approx(23.8, rel=1e-3)
    assert nominated["RU->Sudzha"] == pytest.approx(72.0, rel=1e-3)
    booked = europe.pipes["booked"] / MCM
    assert booked["RU->Sokhranivka"] / (booked["RU->Sokhranivka"] + booked["RU->Sudzha"]) == pytest.approx(
        0.297, abs=0.001
    )
    assert booked["RU->Sudzha"] - nominated["RU->Sudzha"] == pytest.approx(5.2, abs=0.01)


def test_what_is_lost_between_entry_and_exit_is_explained(europe: gf.Network) -> None:
    flows = gf.simulate(europe).flows.iloc[0]
    entry = flows["RU->Sokhranivka"] + flows["RU->Sudzha"]
    fuel = 0.04 * entry
    # The statistical difference of the zone goes with the throughput: it is what the entries lose beside fuel gas.
    losses = europe.pipes.loc[["Sokhranivka->UA transit", "Sudzha->UA transit"], "loss"]
    difference = fuel - float(losses.iloc[0]) * entry
    exits = flows["UA transit->Velke Kapusany"] + flows["UA transit->MD"]
    assert flows["UA transit->Velke Kapusany"] == pytest.approx(883.9, rel=0.005)
    assert flows["UA transit->UA"] == 0.0
    assert entry - fuel + difference - exits == pytest.approx(0.0, abs=0.1)
    assert abs(difference) < 0.02 * entry
    assert losses.nunique() == 1
    assert europe.nodes.at["UA transit", "statistical_difference"] == 0.0


def test_closing_the_hub(europe: gf.Network) -> None:
    base, closed = gf.simulate(europe), gf.simulate(europe, gf.Closure("Sokhranovka"))
    before, after = base.flows.iloc[0], closed.flows.iloc[0]
    entries = ["RU->Sokhranivka", "RU->Sudzha"]
    assert after["RU->Sokhranivka"] == 0.0
    assert -0.26 < after[entries].sum() / before[entries].sum() - 1.0 < -0.23
    assert -0.26 < _exits(closed.flows, europe) / _exits(base.flows, europe) - 1.0 < -0.15
    assert closed.demand["UA total"].iloc[0] == pytest.approx(base.demand["UA total"].iloc[0], rel=1e-4)
    assert 0.0 < closed.prices["NL"].iloc[0] / base.prices["NL"].iloc[0] - 1.0 < 0.06


def test_the_answer_is_monotone_in_share_and_storage_slope() -> None:
    rises = []
    for slope in ("low", "central", "high"):
        network = load_europe("2022-05-10", storage_slope=slope)
        closed = gf.simulate(network, gf.Closure("Sokhranivka", share=(0.0, 0.5, 1.0))).prices["NL"].tolist()
        assert closed[0] < closed[1] < closed[2]
        rises.append(closed[2] - closed[0])
    assert rises[0] < rises[1] < rises[2]


@pytest.mark.parametrize(
    ("spoken", "name"),
    [
        ("Novopskov", "Sokhranivka"),
        ("sokhranovka", "Sokhranivka"),
        ("Suja", "Sudzha"),
        ("Nord Stream 1", "Greifswald"),
        ("NS1", "Greifswald"),
        ("Yamal", "Kondratki"),
        ("TurkStream", "Strandzha"),
        ("TAP", "Melendugno"),
        ("Medgaz", "Almeria"),
        ("Almería", "Almeria"),
        ("Velké Kapušany", "Velke Kapusany"),
        ("Zeebrugge ZPT", "Zeebrugge ZPT"),
        ("TTF", "NL"),
        ("GB", "UK"),
        ("EL", "GR"),
        ("Swinoujscie", "Swinoujscie LNG"),
    ],
)
def test_places_are_found_by_the_names_people_use(europe: gf.Network, spoken: str, name: str) -> None:
    assert europe.find(spoken, among=("nodes",)).name == name


def test_zeebrugge_is_a_pipeline_or_a_terminal(europe: gf.Network) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        europe.find("Zeebrugge")
    assert {"Zeebrugge ZPT", "Zeebrugge LNG"} <= set(caught.value.candidates)


@pytest.mark.parametrize(
    ("pipe", "first", "last"),
    [
        ("RU->Greifswald", "2021-01", "2022-09"),
        ("DZ->Tarifa", "2021-01", "2021-10"),
        ("PL->LT", "2022-05", "2023-03"),
        ("NO->Nybro", "2022-11", "2023-03"),
        ("GR->BG (IGB)", "2022-10", "2023-03"),
        ("LNG->Eemshaven LNG", "2022-09", "2023-03"),
        ("LNG->Hamina LNG", "2022-10", "2023-03"),
        ("LNG->Inkoo LNG", "2023-01", "2023-03"),
        ("FR->DE", "2022-10", "2023-03"),
        ("LNG->Wilhelmshaven LNG", "2022-12", "2023-03"),
    ],
)
def test_pipes_come_and_go_by_date(pipe: str, first: str, last: str) -> None:
    there = {label: pipe in load_europe(label).pipes.index for label in ("2021-01", "2023-03", first, last)}
    assert there[first]
    assert there[last]
    assert there["2021-01"] == (first == "2021-01")
    assert there["2023-03"] == (last == "2023-03")


@pytest.mark.parametrize("label", ["2022-05-10", "2022-01"])
def test_no_closure_of_a_terminal_or_a_main_entry_lowers_the_price(label: str) -> None:
    network = load_europe(label)
    before = gf.simulate(network).prices["NL"].iloc[0]
    terminals = network.nodes.index[network.nodes["kind"] == "terminal"].tolist()
    for place in ["Nord Stream 1", "Kondratki", "Almeria", "Zeebrugge ZPT", *terminals]:
        after = gf.simulate(network, gf.Closure(place), keep=("prices",))
        assert after.certificate["status"].iloc[0] != "uncertified", place
        assert after.prices["NL"].iloc[0] >= before - 1e-6, place
