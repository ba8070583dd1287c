"""Small networks for documentation and tests, each with an answer that can be worked out by hand."""

from collections.abc import Iterable

import pandas as pd

from gasflow.network.network import Network


def two_nodes() -> Network:
    """Return one pipe of 50 GWh/d from a field at 20 EUR/MWh to a town that needs 40.

    The flow is 40 and, with a tariff of 2, the prices are 20 and 22 EUR/MWh.

    Example:
        >>> two_nodes()
        Network 'two nodes': 2 nodes, 1 pipe, 1 supply, 1 demand, 0 storages
    """
    pipes = [("A", "B", 50.0)]
    supplies = pd.DataFrame({"name": ["field"], "node": ["A"], "volume": [80.0], "cost": [20.0]})
    demands = pd.DataFrame({"name": ["town"], "node": ["B"], "volume": [40.0]})
    return Network(_nodes("AB"), _pipes(pipes, tariff=2.0), supplies, demands, name="two nodes")


def line() -> Network:
    """Return three nodes in a row, a field at the first and a town at the last, tariffs of 1 EUR/MWh.

    The flow is 30 on both pipes, the prices are 10, 11 and 12 EUR/MWh.

    Example:
        >>> line().pipes["capacity"].tolist()
        [60.0, 40.0]
    """
    supplies = pd.DataFrame({"name": ["field"], "node": ["A"], "volume": [100.0], "cost": [10.0]})
    demands = pd.DataFrame({"name": ["town"], "node": ["C"], "volume": [30.0]})
    pipes = _pipes([("A", "B", 60.0), ("B", "C", 40.0)], tariff=1.0)
    return Network(_nodes("ABC"), pipes, supplies, demands, name="line")


def triangle() -> Network:
    """Return a direct pipe of 10 GWh/d and a way round for a town that needs 25; tariffs of 1 EUR/MWh a pipe.

    The direct pipe is full and earns a rent of 1, 15 go round, the prices are 10, 11 and 12 EUR/MWh.

    Example:
        >>> triangle().pipes.index.tolist()
        ['A->C', 'A->B', 'B->C']
    """
    supplies = pd.DataFrame({"name": ["field"], "node": ["A"], "volume": [100.0], "cost": [10.0]})
    demands = pd.DataFrame({"name": ["town"], "node": ["C"], "volume": [25.0]})
    pipes = _pipes([("A", "C", 10.0), ("A", "B", 50.0), ("B", "C", 50.0)], tariff=1.0)
    return Network(_nodes("ABC"), pipes, supplies, demands, name="triangle")


def transit_hub() -> Network:
    """Return a transit zone with two entries, an exit, a market with storage and an LNG terminal.

    Gas of RU is nominated on two routes, 249 and 752 GWh/d, that meet in a transit zone. The transit
    country's own balance UA stands apart. Market SK can also buy LNG and use its store.

    Example:
        >>> transit_hub().supplies["volume"].to_dict()
        {'RU via Sokhranivka': 249.0, 'RU via Sudzha': 752.0, 'UA fields': 520.0, 'LNG': 900.0}
    """
    pipes = _pipes(
        [
            ("RU", "Sokhranivka", 340.0),
            ("RU", "Sudzha", 2550.0),
            ("Sokhranivka", "UA transit", 340.0),
            ("Sudzha", "UA transit", 2550.0),
            ("UA transit", "Veľké Kapušany", 2200.0),
            ("Veľké Kapušany", "SK", 2200.0),
            ("LNG", "Gate LNG", 1000.0),
            ("Gate LNG", "SK", 500.0),
        ],
        tariff=1.0,
        slope=0.001,
    )
    pipes["booked"] = [340.0, 806.0, *[float("nan")] * 6]
    pipes["nominated"] = [249.0, 752.0, *[float("nan")] * 6]
    store = {"name": "SK store", "node": "SK", "volume": 40_000.0, "injection": 450.0, "withdrawal": 500.0}
    store |= {"level": 12_000.0, "action": -150.0, "value": 82.0, "slope": 0.02}
    tables = (_hub_nodes(), pipes, _hub_supplies(), _hub_demands(), pd.DataFrame([store]))
    return Network(*tables, name="transit hub", date="2022-05-10")


def belgium() -> Network:
    """Return the Belgian network of De Wolf and Smeers, without pressures: cost 89.08584, price 2.28.

    Quantities (million cubic metres a day) and costs are as published, entered as if they were GWh/d and
    EUR/MWh. Pipes are unlimited there, here 100, one for each direction. The price is the same at every node;
    how the three sources at 2.28 share is not unique. Data: the instance ``gastrans`` of MINLPLib.

    Example:
        >>> round(float(belgium().demands["volume"].sum()), 3)
        46.318
    """
    arcs = """Zeebrugge-Dudzele Dudzele-Brugge Brugge-Zomergem Loenhout-Antwerpen Antwerpen-Gent Gent-Zomergem
        Zomergem-Peronnes Voeren-Berneau Berneau-Liege Liege-Warnand Warnand-Namur Namur-Anderlues
        Anderlues-Peronnes Peronnes-Mons Mons-Blaregnies Warnand-Wanze Wanze-Sinsin Sinsin-Arlon
        Arlon-Petange"""
    ends = [(origin, destination) for origin, destination in (arc.split("-") for arc in arcs.split())]
    both_ways = [
        (*pair, 100.0) for origin, destination in ends for pair in ((origin, destination), (destination, origin))
    ]
    sources = [
        ("Anderlues", 0.0, 1.2, 0.0),
        ("Dudzele", 0.0, 8.4, 2.28),
        ("Loenhout", 0.0, 4.8, 2.28),
        ("Peronnes", 0.0, 0.96, 1.68),
        ("Voeren", 20.344, 22.012, 1.68),
        ("Zeebrugge", 8.870, 11.594, 2.28),
    ]
    supplies = pd.DataFrame(sources, columns=["node", "minimum", "volume", "cost"])
    needs = {"Antwerpen": 4.034, "Arlon": 0.222, "Blaregnies": 15.616, "Brugge": 3.918, "Gent": 5.256}
    needs |= {"Liege": 6.385, "Mons": 6.848, "Namur": 2.120, "Petange": 1.919}
    demands = pd.DataFrame({"node": list(needs), "volume": list(needs.values())})
    return Network(
        _nodes(dict.fromkeys(town for pair in ends for town in pair)),
        _pipes(both_ways),
        supplies.assign(name=supplies["node"]),
        demands.assign(name=demands["node"]),
        name="Belgium",
    )


def _nodes(names: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame({"name": list(names)})


def _pipes(rows: list[tuple[str, str, float]], **same_for_all: float) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["origin", "destination", "capacity"])
    return frame.assign(name=frame["origin"] + "->" + frame["destination"], **same_for_all)


def _hub_nodes() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("RU", "country", "RU", "exporter", ""),
            ("Sokhranivka", "entry", "UA", "other", "Sokhranovka; Novopskov"),
            ("Sudzha", "entry", "UA", "other", "Suja; Sudja"),
            ("UA transit", "transit", "UA", "other", ""),
            ("UA", "country", "UA", "other", "Ukraine"),
            ("Veľké Kapušany", "entry", "SK", "EU", "Uzhhorod"),
            ("SK", "country", "SK", "EU", "Slovakia"),
            ("LNG", "world", "", "exporter", ""),
            ("Gate LNG", "terminal", "NL", "EU", "Gate; Rotterdam LNG"),
        ],
        columns=["name", "kind", "country", "group", "aliases"],
    )


def _hub_supplies() -> pd.DataFrame:
    contract = {"node": "RU", "kind": "contract", "exporter": "RU", "delivery": "Veľké Kapušany"}
    return pd.DataFrame(
        [
            contract | {"name": "RU via Sokhranivka", "volume": 249.0, "route": "RU->Sokhranivka"},
            contract | {"name": "RU via Sudzha", "volume": 752.0, "route": "RU->Sudzha"},
            {"name": "UA fields", "node": "UA", "exporter": "UA", "volume": 520.0, "cost": 10.0},
            {"name": "LNG", "node": "LNG", "kind": "market", "volume": 900.0, "elasticity": 0.3}
            | {"anchor_price": 80.0},
        ]
    )


def _hub_demands() -> pd.DataFrame:
    rows = [
        ("SK households", "SK", "households", 300.0, -0.05, 82.0),
        ("SK industry", "SK", "industry", 500.0, -0.15, 82.0),
        ("SK power", "SK", "power", 300.0, -0.3, 82.0),
        ("UA total", "UA", "total", 500.0, 0.0, None),
    ]
    return pd.DataFrame(rows, columns=["name", "node", "sector", "volume", "elasticity", "anchor_price"])
