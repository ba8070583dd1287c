"""The commands horizon and backtest: what they print."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from gasflow.cli import commands

pytestmark = pytest.mark.slow


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, [*arguments])


@pytest.fixture(scope="module")
def page() -> Result:
    return run("horizon", "sokhranovka", "--from", "2022-06-15", "--notice", "0", "--end", "2022-10-01")


def test_the_page_answers_every_question(page):
    assert page.exit_code == 0, page.output
    for words in (
        "Sokhranivka from 2022-06-15", "when it begins", "TTF", "EU stores", "value", "price before", "change", "NBP",
        "revenue", "RU", "change of welfare", "how long supply lasts", "filling target", "optimal", "worth 97",
    ):  # fmt: skip
        assert words in page.output, words


def test_the_page_fits_80_columns_and_is_plain_when_piped(page):
    assert max(map(len, page.output.splitlines())) <= 80
    assert "\x1b" not in page.output


def test_a_year_and_winters_fit_too():
    result = run(
        "horizon", "strandzha", "--start", "2025-06-01", "--end", "2026-06-01", "--draws", "3", "--until", "2025-09-01"
    )
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert "TTF in 3 winters" in " ".join(result.output.split())
    assert "past the data" in result.output


@pytest.mark.parametrize("notice", [(), ("--notice", "1e9")])
def test_one_period_is_a_page_however_early_it_is_known(notice):
    result = run(
        "horizon", "sokhranivka", "--start", "2022-06-01", "--end", "2022-07-01", "--from", "2022-06-01", *notice
    )
    assert result.exit_code == 0, result.output
    assert "06/22" in result.output
    assert "certificate" in result.output


def test_json_is_one_object():
    result = run(
        "horizon", "sokhranivka", "--from", "2022-05-20", "--step", "week", "--end", "2022-06-20", "--end-slope", "50",
        "--json",
    )  # fmt: skip
    figures = json.loads(result.output)
    assert len(figures["periods"]) == 6
    assert figures["periods"][0]["marker_after"] > figures["periods"][0]["marker_before"]
    assert {price["hub"] for price in figures["prices"]} >= {"TTF", "NBP"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("horizon", "Atlantis"), "Atlantis"),
        (("horizon", "sokhranivka", "--end", "2022-01-01"), "follow one another"),
        (("horizon", "sokhranivka", "--from", "soon"), "soon"),
        (("horizon", "sokhranivka", "--notice", "10"), "give that day with --from"),
        (("horizon", "sokhranivka", "--end", "0001-01-01"), "follow one another"),
        (("horizon", "sokhranivka", "--end", "2999-01-01"), "choose an end up to 2029-04-01"),
        (("horizon", "sokhranivka", "--end", "9999-12-31", "--step", "day"), "choose an end up to"),
        (("horizon", "sokhranivka", "--start", "0001-01-01"), "No data"),
    ],
)
def test_misuse_is_a_message(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_the_backtest_prints_errors_and_what_they_mean():
    result = run("backtest")
    assert result.exit_code == 0, result.output
    text = " ".join(result.output.split())
    for words in ("accounting of observations", "bound 6", "bound 12", "met", "missed", "cannot explain", "optimal"):
        assert words in text, words
    assert max(map(len, result.output.splitlines())) <= 80
