"""Pictures hold the numbers they are given, and say what they are; nobody looks at pixels."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

import gasflow as gf
from gasflow import plots
from gasflow.errors import GasflowError
from gasflow.plots.style import DIVERGING, SEQUENTIAL


def drawn(figure: Figure) -> Figure:
    """Draw as a file would be drawn; layouts and tick labels exist only then."""
    FigureCanvasAgg(figure).draw()
    return figure


def texts(figure: Figure) -> set[str]:
    return {text.get_text() for axes in figure.axes for text in axes.texts}


@pytest.fixture(scope="module")
def report() -> gf.ClosureReport:
    hub = gf.toys.transit_hub().with_node("SK", hub="SK VTP", latitude=48.7, longitude=19.4)
    places = {"RU": (55.7, 40.0), "Sokhranivka": (49.5, 39.1), "UA transit": (49.0, 29.0), "Sudzha": (51.2, 35.3)}
    for name, (latitude, longitude) in {**places, "Veľké Kapušany": (48.5, 22.1)}.items():
        hub = hub.with_node(name, latitude=latitude, longitude=longitude)
    dear = hub.with_storage("SK store", value=90.0)
    return gf.closure_report(hub, gf.Closure("Sokhranivka"), ends=[dear])


@pytest.fixture(scope="module")
def prices() -> pd.Series:
    grid = gf.grid(gf.Closure("Sokhranivka", share=[0, 0.5, 1], reroute=[0, 1]), gf.ElasticityChange(factor=[0.5, 2]))
    return gf.simulate(gf.toys.transit_hub(), grid, keep=["prices"]).price_at("SK")


def test_settings_of_others_stay_as_they_are(report):
    before = dict(mpl.rcParams)
    drawn(plots.absorption(report))
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("scale", [SEQUENTIAL, DIVERGING], ids=["sequential", "diverging"])
def test_scales_survive_a_black_and_white_printer(scale):
    luminance = scale(np.linspace(0.0, 1.0, 101))[:, :3] @ [0.2126, 0.7152, 0.0722]
    steps = np.diff(luminance if scale is SEQUENTIAL else luminance[50:])
    assert (steps < 1e-3).all()
    assert (np.diff(luminance[:51]) > -1e-3).all() or scale is SEQUENTIAL


def test_absorption_adds_up_to_the_loss(report):
    axes = drawn(plots.absorption(report)).axes[0]
    widths = [bar.get_width() for bar in axes.patches]
    assert sum(widths[:-1]) == pytest.approx(widths[-1], abs=0.05)
    assert widths[-1] == pytest.approx(249.0, abs=0.01)
    assert axes.get_xlabel() == "GWh/d"
    assert axes.get_yticklabels()[-1].get_text() == "flow lost"


def test_price_ranges_hold_before_after_and_both_ends(report):
    axes = drawn(plots.price_ranges(report)).axes[0]
    row = report.prices.loc["SK"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["SK VTP (SK)"]
    assert [float(line.get_xdata()[0]) for line in axes.lines] == pytest.approx([row["baseline"], row["after"]])
    ((ends, _),) = [segment.T for segment in axes.collections[1].get_segments()]
    assert ends == pytest.approx([row["low"], row["high"]])
    assert axes.get_xlabel() == "EUR/MWh"
    assert row["high"] > row["after"]


def test_heat_map_holds_the_means_over_other_levers(prices):
    axes, bar = drawn(plots.heat_map(prices, x="share", y="reroute", label="price, EUR/MWh")).axes
    (mesh,) = [one for one in axes.collections if isinstance(one, QuadMesh)]
    expected = prices.groupby(["reroute", "share"]).mean().unstack().to_numpy()
    assert np.asarray(mesh.get_array()).reshape(2, 3) == pytest.approx(expected)
    assert (axes.get_xlabel(), axes.get_ylabel(), bar.get_ylabel()) == ("share", "reroute", "price, EUR/MWh")
    assert len(axes.texts) == 6


def test_heat_map_has_one_scale_for_all_panels(prices):
    figure = drawn(plots.heat_map(prices, x="share", y="reroute", panel="factor"))
    meshes = [one for axes in figure.axes[:2] for one in axes.collections if isinstance(one, QuadMesh)]
    assert [axes.get_title(loc="left") for axes in figure.axes[:2]] == ["0.5", "2.0"]
    assert meshes[0].get_clim() == meshes[1].get_clim() == (prices.min(), prices.max())


def test_large_heat_map_has_contour_lines():
    share = np.linspace(0, 1, 12)
    index = pd.MultiIndex.from_product([share, share], names=["share", "reroute"])
    values = pd.Series([a * (1 - b) for a, b in index], index)
    axes = drawn(plots.heat_map(values, x="share", y="reroute")).axes[0]
    assert len(axes.collections) == 2
    assert {"0.2", "0.4"} & {text.get_text() for text in axes.texts}


def test_unknown_lever_is_named(prices):
    with pytest.raises(GasflowError, match="no lever 'shares'; choose from share, reroute, factor"):
        plots.heat_map(prices, x="shares", y="reroute")


def test_distribution_adds_up_and_counts_what_has_no_number():
    numbers = pd.Series([*np.arange(100.0), np.nan])
    figure = drawn(plots.distribution({"May": numbers, "January": numbers / 2}, label="rise, percent"))
    assert [float(np.sum(axes.patches[0].get_data().values)) for axes in figure.axes] == pytest.approx([1.0, 1.0])
    assert "May\n100 scenarios, 1 NaN" in texts(figure)
    assert "5%: 4.00    50%: 49.00    95%: 94.00" in texts(figure)
    assert figure.axes[-1].get_xlabel() == "rise, percent"


def test_distribution_of_one_number_is_a_spike():
    figure = drawn(plots.distribution(pd.Series([3.0, 3.0])))
    assert figure.axes[0].patches[0].get_data().values.max() == 1.0


def test_distribution_without_a_number_is_refused():
    with pytest.raises(GasflowError, match="no number in May"):
        plots.distribution({"May": pd.Series([np.nan])})


def test_curves_name_axes_cases_and_what_was_observed():
    table = pd.DataFrame({"technical": [3.0, 0.0], "booked": [3.0, 2.0]}, index=pd.Index([0.0, 1.0], name="reroute"))
    seen = pd.Series([1.0], index=[0.5], name="observed")
    axes = drawn(plots.curves(table, label="TTF, percent", title="The dispute", observed=seen)).axes[0]
    assert [line.get_label() for line in axes.lines] == ["technical", "booked", "observed"]
    assert list(axes.lines[1].get_ydata()) == [3.0, 2.0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("reroute", "TTF, percent")


def test_flow_map_draws_an_arrow_per_flow_that_can_be_placed(report):
    axes = drawn(plots.flow_map(report.central.base, title="May")).axes[0]
    flows, pipes = report.central.base.flows.iloc[0], report.network.pipes
    placed = report.network.nodes["latitude"].notna()
    shown = (flows > 5) & pipes["origin"].map(placed) & pipes["destination"].map(placed)
    assert len(axes.patches) == shown.sum()
    assert axes.get_title(loc="left") == "May"
    assert "1,001" in texts(axes.figure)


def test_map_of_a_comparison_shows_changes_and_what_closed(report):
    figure = drawn(plots.flow_map(report.central))
    assert {"-249", "Sokhranivka"} <= texts(figure)
    assert [axes.get_ylabel() for axes in figure.axes[1:]] == ["change of price, EUR/MWh", "change of flow, GWh/d"]


def placed(network):
    """The network with nodes on a circle, so that all of them can be drawn."""
    for row, name in enumerate(network.nodes.index):
        network = network.with_node(name, latitude=50.0 + row % 3, longitude=5.0 + row)
    return network


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shock", "crossed"),
    [
        (gf.Closure("Sokhranivka"), {"Sokhranivka"}),
        (gf.Closure("Sokhranivka", share=0.5), set()),
        (gf.Closure("Veľké Kapušany->SK"), {"Veľké Kapušany->SK"}),
        (gf.Closure("Sudzha") + gf.Closure("Veľké Kapušany"), {"Sudzha", "Veľké Kapušany"}),
        (gf.CapacityChange("UA transit", factor=0.0), {"UA transit"}),
        (gf.SupplyCut(exporter="RU"), set()),
        (gf.SupplyCut("RU via Sudzha"), set()),
        (gf.DemandChange(factor=0.0), set()),
    ],
    ids=range(8),
)
def test_the_map_crosses_out_what_the_shocks_closed_and_only_that(shock, crossed):
    hub = placed(gf.toys.transit_hub())
    axes = drawn(plots.flow_map(gf.compare(gf.simulate(hub), gf.simulate(hub, shock)))).axes[0]
    marks = [line for line in axes.lines if line.get_marker() == "X"]
    assert len(marks) == len(crossed)
    assert {text.get_text() for text in axes.texts if text.get_fontsize() == 8.5} == crossed


def test_flow_map_takes_results_without_prices_and_without_coordinates():
    figure = drawn(plots.flow_map(gf.simulate(gf.toys.two_nodes(), keep=["flows"])))
    assert len(figure.axes) == 1
    assert len(figure.axes[0].patches) == 0


def test_fan_holds_quantiles_by_period():
    results = gf.simulate(gf.toys.two_nodes(), gf.DemandChange(factor=[0.5, 0.75, 1.0]))
    axes = drawn(plots.fan(results, "flows", "A->B", levels=[0.0, 0.5, 1.0])).axes[0]
    assert list(axes.lines[0].get_ydata()) == pytest.approx([30.0, 30.0])
    heights = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx((20.0, 40.0))
    assert axes.get_ylabel() == "flows of A->B, GWh/d"


def test_fan_of_one_scenario_is_a_line_beside_what_was_observed():
    results = gf.simulate(gf.toys.transit_hub())
    seen = pd.Series([12.0], index=pd.to_datetime(["2022-05-11"]))
    axes = drawn(plots.fan(results, "levels", observed=seen)).axes[0]
    assert [line.get_label() for line in axes.lines] == ["model", "observed"]
    assert axes.get_ylabel() == "levels of all, GWh"
    assert not axes.collections


@pytest.mark.parametrize(
    ("terms", "message"),
    [({"levels": [0.1, 0.9]}, "odd number"), ({"place": "nowhere"}, "nowhere")],
    ids=["levels", "place"],
)
def test_fan_refuses_what_it_cannot_draw(terms, message):
    results = gf.simulate(gf.toys.two_nodes())
    with pytest.raises(GasflowError, match=message):
        plots.fan(results, "demand", **terms)


def test_pictures_can_be_put_together(report, prices):
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert plots.absorption(report, axes=left) is figure
    assert plots.heat_map(prices, x="share", y="reroute", axes=right) is figure
    drawn(figure)


def test_dates_below_curves_do_not_overlap():
    days = pd.date_range("2022-05-10", "2023-04-01", freq="D")
    axes = drawn(plots.curves(pd.DataFrame({"level": np.arange(len(days), dtype=float)}, index=days))).axes[0]
    boxes = [label.get_window_extent() for label in axes.get_xticklabels() if label.get_text()]
    assert len(boxes) > 4
    assert all(one.x1 < two.x0 for one, two in pairwise(boxes))


def test_without_matplotlib_the_package_to_install_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("gasflow.plots", "matplotlib"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(GasflowError, match=r"install gasflow-europe\[plots\]"):
        import_module("gasflow.plots")
