"""Names that mean something to a table, a picture or a page: they are names and nothing more."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

import gasflow as gf
from gasflow import plots
from gasflow.errors import NetworkError, StudyError
from gasflow.io.csv_folder import read_csv_folder, write_csv_folder
from gasflow.sweeps.study import plan_study, read_study

NAMES = ["scenario", "period", "value", "$x^2$", "a.b", 'a,"b', "=1+1", "[red]x[/]", "[/b]", "A@2022-05-10", "total"]
every_name = pytest.mark.parametrize("name", NAMES)
AFTER = {"share": [0.0, 0.5, 1.0]}


def _network(name: str) -> gf.Network:
    """Every row but one node has the same odd name."""
    nodes = {"name": [name, "B"], "latitude": [50.0, 52.0], "longitude": [4.0, 8.0], "kind": ["entry", "country"]}
    pipes = {"name": [f"{name}->"], "origin": [name], "destination": ["B"], "capacity": [50.0], "slope": [0.01]}
    supplies = {"name": [name], "node": [name], "volume": [80.0], "cost": [20.0]}
    demands = {"name": [name], "node": ["B"], "volume": [40.0], "elasticity": [-0.2], "anchor_price": [22.0]}
    tables = (pd.DataFrame(one) for one in (nodes | {"hub": [f"{name} hub", ""]}, pipes, supplies, demands))
    return gf.Network(*tables, name=name, date="2022-05-10")


def _words(figure: Figure) -> set[str]:
    figure.draw_without_rendering()
    return {text.get_text() for axes in figure.axes for text in axes.findobj(lambda one: hasattr(one, "get_text"))}


@every_name
def test_tables_and_datasets(name: str) -> None:
    network = _network(name)
    results = gf.simulate(network, gf.grid(gf.Closure(name, **AFTER), gf.DemandChange(factor=[1.0, 1.2])))
    table = results.tidy("prices", "demand")
    assert list(table.columns) == ["share", "factor", "period", "quantity", "place", "value", "unit"]
    assert len(table) == results.prices.size + results.demand.size
    chosen = table[(table["quantity"] == "prices") & (table["place"] == name)]["value"].to_numpy()
    assert chosen.tolist() == pytest.approx(results.price_at(name).tolist(), nan_ok=True)
    assert results.to_xarray()["prices"].sel(node=name).shape == (3, 2, 1)
    assert name in results.quantiles().columns
    assert gf.compare(gf.simulate(network), results).prices.index.get_level_values("node").isin([name]).any()
    listed = gf.scenarios_from_table(pd.DataFrame({f"closure.{name}.share": [0.0, 1.0]}))
    assert gf.simulate(network, listed).to_xarray().sizes["scenario"] == 2


@every_name
def test_sweeps(name: str, tmp_path: Path) -> None:
    scenarios = gf.grid(gf.Closure(name, **AFTER), gf.DemandChange(factor=[1.0, 1.2]))
    sweep = gf.sweep(_network(name), scenarios, ["prices", "demand.total"], tmp_path / "out")
    columns = pq.read_table(next((tmp_path / "out").rglob("*.parquet"))).column_names
    assert {f"prices.{name}", "prices.B", "demand.total"} <= set(columns)
    assert f"prices.{name}" in sweep.summary.index


@every_name
def test_files_and_studies(name: str, tmp_path: Path) -> None:
    network = _network(name)
    assert read_csv_folder(write_csv_folder(network, tmp_path / "network")) == network
    closure = f"[[shocks]]\nkind = 'closure'\nplace = {json.dumps(name)}\nshare = [0.5, 1.0]\n"
    text = f"base.folder = 'network'\n{closure}[sweep]\nkeep = [{json.dumps(f'prices.{name}')}]\n"
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    study = read_study(tmp_path / "study.toml")
    assert plan_study(study, gf.load_europe, gf.horizon).scenarios.count == 2


@pytest.mark.parametrize("name", ["$x^2$", "$\\frac$", "value"])
def test_pictures_show_the_name_as_it_is(name: str) -> None:
    network = _network(name)
    many = gf.simulate(network, gf.grid(gf.Closure(name, **AFTER), gf.DemandChange(factor=[1.0, 1.2])))
    before, after = many.scenario(0), many.scenario(4)
    assert f"{name}->" in _words(plots.flow_map(gf.compare(before, after)))  # the only pipe there is closed
    curve = many.price_at("B").unstack("factor").droplevel("period").rename(columns={1.0: name})
    assert {name, f"{name} "} <= _words(plots.curves(curve, label=name, title=f"{name} "))
    assert f"prices of {name}, EUR/MWh" in _words(plots.fan(many, "prices", name))
    assert name in _words(plots.distribution(many.price_at("B"), label=name))
    report = gf.closure_report(network, gf.Closure(name, share=0.5))
    assert any(name in words for words in _words(plots.price_ranges(report)))
    assert _words(plots.absorption(report))


@every_name
def test_pages_show_the_name_as_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    print(gf.closure_report(_network(name), gf.Closure(name, share=0.5)))
    page = capsys.readouterr().out
    assert page.splitlines()[0].startswith(name)
    assert f"{name} hub ({name})" in page


def test_a_study_of_any_title_runs_on_the_command_line(tmp_path: Path) -> None:
    from gasflow.cli import commands

    (tmp_path / "study.toml").write_text(
        "name = '[/b] :cat:'\nbase.toy = 'line'\n[[shocks]]\nkind = 'demand_change'\nfactor = [1.0, 1.1]\n"
    )
    done = CliRunner().invoke(commands, ["sweep", str(tmp_path / "study.toml"), "--folder", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output


def test_a_place_called_total_is_not_taken_for_the_sum() -> None:
    with pytest.raises(StudyError, match="is the sum and a place called 'total'"):
        gf.sweep(_network("total"), gf.grid(gf.DemandChange(factor=[1.0, 1.1])), ["unserved", "unserved.total"])


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\tb", "a\0b", "\x1b[31m", " a", "a ", "", "\u202ea"])
def test_what_nobody_could_read_is_no_name(name: str) -> None:
    with pytest.raises(NetworkError):
        gf.Network().with_node(name)


def test_more_lines_than_colours_are_all_drawn() -> None:
    table = pd.DataFrame({f"case {k}": [float(k), 1.0] for k in range(14)})
    lines = plots.curves(table).axes[0].get_lines()
    assert len(lines) == 14
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 14
