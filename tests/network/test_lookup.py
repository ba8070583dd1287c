import pytest

from gasflow.errors import AmbiguousPlace, UnknownPlace
from gasflow.network import toys
from gasflow.network.lookup import Place
from gasflow.network.network import Network


@pytest.fixture
def network() -> Network:
    zeebrugge = (
        toys.transit_hub()
        .with_node("Zeebrugge LNG", aliases="Zeebrugge")
        .with_node("Zeebrugge IZT", aliases="Zeebrugge")
    )
    return zeebrugge.with_node("NL", hub="TTF").with_node("UK").with_node("GR").with_node("ttf", aliases="sk")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sokhranivka", "Sokhranivka"),
        ("SOKHRANIVKA", "Sokhranivka"),
        ("Novopskov", "Sokhranivka"),
        ("suja", "Sudzha"),
        ("velke kapusany", "Veľké Kapušany"),
        ("Velke-Kapusany", "Veľké Kapušany"),
        ("GB", "UK"),
        ("el", "GR"),
        ("ttf", "ttf"),
        ("TTF", "ttf"),
        ("sk", "SK"),
        ("RU->Sudzha", "RU->Sudzha"),
        ("ru -> sudzha", "RU->Sudzha"),
        ("zeebrugge lng", "Zeebrugge LNG"),
    ],
)
def test_found(network: Network, typed: str, name: str) -> None:
    assert network.find(typed).name == name


def test_a_hub_is_found_where_no_name_is_in_its_way(network: Network) -> None:
    assert network.without("nodes", "ttf").find("TTF") == Place("nodes", "NL")


def test_an_ambiguous_name_lists_its_candidates(network: Network) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        network.find("zeebrugge")
    assert set(caught.value.candidates) == {"Zeebrugge LNG", "Zeebrugge IZT"}
    assert network.with_node("Zeebrugge").find("Zeebrugge").name == "Zeebrugge"


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [("Sokranivka", "Sokhranivka"), ("kapusany", "Veľké Kapušany"), ("Novopskow", "Sokhranivka")],
)
def test_an_unknown_name_gets_the_nearest(network: Network, typed: str, suggestion: str) -> None:
    with pytest.raises(UnknownPlace) as caught:
        network.find(typed)
    assert suggestion in caught.value.suggestions


@pytest.mark.parametrize("typed", ["", "   ", "->", "\x1b[31m", "qqqqqqq", None, 3, "🜁"])
def test_nonsense_is_unknown(network: Network, typed: object) -> None:
    with pytest.raises(UnknownPlace):
        network.find(typed)


def test_other_tables_are_searched_on_request(network: Network) -> None:
    assert network.find("ua fields", among=("supplies",)) == Place("supplies", "UA fields")
    with pytest.raises(UnknownPlace):
        network.find("ua fields")
