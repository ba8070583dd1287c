"""Write the pages that code and data themselves describe: ``python docs/build.py``; a test holds them to it."""

from pathlib import Path

from gasflow.calibration.schema import OBSERVED
from gasflow.datasets.europe.adjustments_page import adjustments_page
from gasflow.network.schema import schema_markdown
from gasflow.reports.europe.blind_test import blind_test_page
from gasflow.results.quantities import QUANTITIES
from gasflow.sweeps.study_schema import study_help


def pages() -> dict[str, str]:
    """Name and text of every page."""
    heads = ("name", "one per", "is a", "unit", "meaning")
    rows = [(f"`{name}`", q.axis, q.nature, q.unit, q.meaning) for name, q in QUANTITIES.items()]
    quantities = "\n".join(f"| {' | '.join(row)} |" for row in [heads, ("---",) * len(heads), *rows])
    keys = "\n".join(f"* {line}" for line in study_help().splitlines())
    return {
        "tables.md": "# Tables of a network\n\nA network is a folder of CSV files, one per table. Headers name their "
        "unit; other units are converted\nwhen they are named, such as `capacity_mcm_per_day_20c`.\n\n"
        + schema_markdown().rstrip()
        + "\n",
        "observations.md": "# Tables of observations\n\nObservations are a folder of CSV files, one per table; a table "
        "without rows needs no file. Headers name their unit,\nas in the tables of a network. A month's figure is its "
        "mean day; where only days are given, a month takes the mean of\nthose that are there.\n\n"
        + schema_markdown(OBSERVED).rstrip()
        + "\n",
        "quantities.md": "# Quantities of the results\n\nEvery quantity is a table, (scenario, period) x place: "
        "`results.table(name)`, or an attribute such as\n`results.prices`. Rates are means over a period; they add up "
        "over places and over time (`total`). Stocks are there\nat the end of a period; they add up over places only. "
        "Prices add up over nothing; they have a `mean` over time.\n\n" + quantities + "\n",
        "studies.md": "# Study files\n\n`gasflow sweep STUDY.toml --folder FOLDER` runs one; "
        "[closure.toml](../notebooks/studies/closure.toml) is an example.\n\n" + keys + "\n",
    }


def data_pages() -> dict[str, str]:
    """Name, from this folder, and text of every page that stands beside the data."""
    return {"../src/gasflow/datasets/europe/ADJUSTMENTS.md": adjustments_page(), "blind_test.md": blind_test_page()}


if __name__ == "__main__":
    for name, text in (pages() | data_pages()).items():
        (Path(__file__).parent / name).write_text(text, encoding="utf-8")
