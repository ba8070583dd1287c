"""What spreadsheets, scripts and systems make of a folder: read where the meaning is plain, else one finding."""

import unicodedata
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pandas as pd
import pytest

from gasflow.errors import FolderError, GasflowWarning, NetworkError, Severity
from gasflow.io.csv_folder import FILES, check_folder, read_csv_folder, write_csv_folder
from gasflow.network import toys
from gasflow.network.columns import Table
from gasflow.network.network import Network
from gasflow.network.tables import column_of

HUB = toys.transit_hub()
Change = Callable[[str], str]


def _frame(text: str, **options: object) -> pd.DataFrame:
    lines = [line.split(",") for line in text.splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0], **options)


def _separated(sign: str, comma: bool) -> Change:
    def change(text: str) -> str:
        quoted = text.replace(";", "\0").replace(",", sign).replace("\0", ",")
        return quoted.replace(".", ",") if comma else quoted

    return change


def _each_line(change: Change) -> Change:
    return lambda text: "".join(change(line) + "\n" for line in text.splitlines())


# The toy hub has aliases with semicolons; with other separators they become commas, which are read as one alias.
PLAIN: dict[str, Change] = {
    "semicolons": _separated(";", comma=False),
    "semicolons and decimal commas": _separated(";", comma=True),
    "tabs": _separated("\t", comma=False),
    "tabs and decimal commas": _separated("\t", comma=True),
    "a hint of the separator": lambda text: "sep=,\n" + text,
    "a hint of semicolons": lambda text: "sep=;\n" + _separated(";", comma=False)(text),
    "a quoted hint": lambda text: '"sep=,"\r\n' + text,
    "a trailing comma": _each_line(lambda line: line + ","),
    "three trailing commas": _each_line(lambda line: line + ",,,"),
    "a trailing comma in the rows alone": lambda text: text.replace("\n", ",\n").replace(",\n", "\n", 1),
    "blank lines": lambda text: text.replace("\n", "\n\n") + "\n  \n",
    "lines of commas": lambda text: text + ",,,\n,,\n",
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of old": lambda text: text.replace("\n", "\r"),
    "no last line end": str.rstrip,
    "a byte order mark": lambda text: "\ufeff" + text,
    "blanks behind commas": lambda text: text.replace(",", ", "),
    "the index of a frame": lambda text: _frame(text).to_csv(),
    "an index that starts at one": lambda text: _frame(text).set_axis(range(1, text.count("\n"))).to_csv(),
    "an index with a header": lambda text: _frame(text).reset_index().to_csv(index=False),
    "an index kept twice": lambda text: _frame(text).reset_index(names="Unnamed: 0").to_csv(index=False),
    "the index of some rows": lambda text: _frame(text).set_axis(range(7, 3 * text.count("\n") + 4, 3)).to_csv(),
    "names without a header": lambda text: text.replace("name,", ",", 1),
    "headers in capitals": lambda text: text.replace(text.partition("\n")[0], text.partition("\n")[0].upper(), 1),
    "blanks around headers": lambda text: text.replace(text.partition("\n")[0], " " + text.partition("\n")[0], 1),
    "every cell quoted": _each_line(lambda line: ",".join(f'"{cell}"' for cell in line.split(","))),
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = write_csv_folder(HUB, tmp_path_factory.mktemp("sound") / "network")
    return {name: (folder / name).read_bytes().decode() for name in FILES}


def _written(folder: Path, texts: dict[str, str], encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode(encoding))
    return folder


def _without_aliases(network: Network) -> Network:
    return network.with_table("nodes", network.nodes.assign(aliases=""))


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_plain_is_read(name: str, texts: dict[str, str], tmp_path: Path) -> None:
    folder = _written(tmp_path / "network", {file: PLAIN[name](text) for file, text in texts.items()})
    assert check_folder(folder) == []
    assert _without_aliases(read_csv_folder(folder)) == _without_aliases(HUB)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_text_with_a_mark_of_its_encoding_is_read(encoding: str, texts: dict[str, str], tmp_path: Path) -> None:
    assert read_csv_folder(_written(tmp_path / "network", texts, encoding)) == HUB


def test_only_one_file_may_have_its_accents_apart(texts: dict[str, str], tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", texts["pipes.csv"])
    assert apart != texts["pipes.csv"]
    assert read_csv_folder(_written(tmp_path / "network", texts | {"pipes.csv": apart})) == HUB
    decomposed = unicodedata.normalize("NFD", "Veľké Kapušany")
    assert HUB.with_node(decomposed, source="here").nodes.index.tolist() == HUB.nodes.index.tolist()
    assert decomposed not in HUB.without("nodes", decomposed).nodes.index


PIPES = "name,origin,destination,capacity_gwh_per_day,tariff_eur_per_mwh\nA->B,A,B,50,2\n"
UNITS = {
    "capacity_MW": 50 / 0.024, "Capacity_GWh_per_Day": 50.0, "capacity_tj_per_day": 180.0,
    "capacity_gj_per_hour": 180_000 / 24, "capacity_twh_per_year": 50 * 365 / 1e3,
}  # fmt: skip


@pytest.mark.parametrize("header", UNITS)
def test_known_units_are_read_in_any_case(header: str, tmp_path: Path) -> None:
    folder = write_csv_folder(toys.two_nodes(), tmp_path / "network")
    (folder / "pipes.csv").write_text(
        PIPES.replace("capacity_gwh_per_day", header).replace(",50,", f",{UNITS[header]},")
    )
    assert read_csv_folder(folder).pipes.loc["A->B", "capacity"] == pytest.approx(50.0, rel=1e-12)


# What is not plain: the text of pipes.csv, and what its one finding says.
NOT_PLAIN = {
    "unknown unit": (PIPES.replace("_gwh_per_day", "_boe_per_day"), "has a unit that is unknown"),
    "unit without a temperature": (PIPES.replace("_gwh_per_day", "_mcm_per_day"), "at which temperature"),
    "unit of another quantity": (PIPES.replace("_gwh_per_day", "_gwh"), "is in a unit of GWh"),
    "no unit": (PIPES.replace("_gwh_per_day", ""), "names no unit"),
    "a column without a header": (PIPES.replace("origin,", "origin,,").replace("A,B,5", "A,what,B,5"), "in column 3"),
    "thousands or decimals": (PIPES.replace(",50,", ',"1,234",'), "is not a number"),
    "commas and points": (PIPES.replace(",50,2", ',"50,5",2.5'), "is not a number"),
    "separated by bars": (PIPES.replace(",", "|"), "no header of this table"),
    "a letter of Latin-1": (PIPES + "é", "byte 0xE9 in line 3"),
    "a cell without end": (PIPES + "A" * 200_000, "keep cells below 131,072 characters"),
    "a first column of numbers given twice": (
        PIPES.replace("name", ",name").replace("A->B", "5,A->B") + "5,C,A,B,5,2\n",
        "in column 1",
    ),
    "an open quotation mark": (PIPES + '"A', "is no CSV"),
    "a picture": ("\x89PNG\r\n\x1a\n\0\0", "is not UTF-8"),
    "blanks": ("  \n \n", "is empty"),
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_plain_is_one_finding(name: str, tmp_path: Path) -> None:
    text, problem = NOT_PLAIN[name]
    folder = write_csv_folder(toys.two_nodes(), tmp_path / "network")
    (folder / "pipes.csv").write_bytes(text.encode("latin-1"))
    (finding,) = check_folder(folder)
    assert problem in str(finding)
    assert finding.table == "pipes.csv"


# What stands between semicolons as capacity and tariff of two pipes, and of which of it a warning says so.
THOUSANDS = {
    "points": (("2.200", "2"), ("50", "3"), ["2.200"]),
    "points in both columns": (("2.200", "1.125"), ("50", ""), ["2.200", "1.125"]),
    "points beside decimals": (("2.200", "2"), ("50.5", "3"), []),
    "points behind a zero": (("0.200", "2"), ("50", "3"), []),
    "commas": (("1,500", "2"), ("50", "3"), ["1,500"]),
    "commas beside decimals": (("1,500", "2"), ("50,5", "3"), []),
    "plain numbers": (("1500", "2"), ("50", "3"), []),
}


@pytest.mark.parametrize("name", THOUSANDS)
def test_what_could_be_thousands_is_read_as_decimals_with_a_warning(name: str, tmp_path: Path) -> None:
    first, second, doubtful = THOUSANDS[name]
    folder = write_csv_folder(toys.two_nodes(), tmp_path / "network")
    rows = [PIPES.splitlines()[0], f"A->B,A,B;{';'.join(first)}", f"twin,A,B;{';'.join(second)}"]
    (folder / "pipes.csv").write_text(
        "\n".join(rows).replace(",A,B;", ";A;B;").replace(rows[0], rows[0].replace(",", ";"))
    )
    found = check_folder(folder)
    assert [finding.value for finding in found] == doubtful
    assert all(finding.severity is Severity.WARNING and "in thousands" in finding.problem for finding in found)
    with pytest.warns(GasflowWarning) if doubtful else nullcontext():
        capacity = read_csv_folder(folder).pipes.loc["A->B", "capacity"]
    assert capacity == float(first[0].replace(",", "."))


def test_a_hundred_wrong_cells_are_shown_as_three_and_a_count(tmp_path: Path) -> None:
    folder = write_csv_folder(toys.two_nodes(), tmp_path / "network")
    rows = "".join(f'P{k},A,B,"1,234",2.5\n' for k in range(100))
    (folder / "pipes.csv").write_text(PIPES + rows)
    with pytest.raises(NetworkError) as caught:
        read_csv_folder(folder)
    assert len(caught.value.findings) == 100
    assert len(str(caught.value).splitlines()) == 1 + 3 + 1 + 1
    assert "97 more likewise, 'line 6 (P3)' to 'line 102 (P99)'" in str(caught.value)


def test_headers_are_read_once_however_many_cells_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(table: Table, header: str) -> str | None:
        asked.append(header)
        return column_of(table, header)

    folder = write_csv_folder(toys.two_nodes(), tmp_path / "network")
    wide = [f"extra_{k}" for k in range(50)]
    header = PIPES.splitlines()[0]
    (folder / "pipes.csv").write_text(f"{header},{','.join(wide)}\n" + f"A->B,A,B,many,2{',1' * len(wide)}\n" * 20)
    monkeypatch.setattr("gasflow.io.csv_text.column_of", counted)
    found = check_folder(folder)
    assert {finding.column for finding in found} == {"name", "capacity_gwh_per_day", *wide}
    assert len(found) > 60
    # To tell the separator, and to say where findings are: twenty rows ask no more than one.
    assert asked.count("capacity_gwh_per_day") <= 3


LITTER = [".DS_Store", "Thumbs.db", "desktop.ini", "._nodes.csv"]


def test_litter_of_the_system_is_no_file_of_others(tmp_path: Path) -> None:
    folder = write_csv_folder(toys.line(), tmp_path / "network")
    for name in LITTER:
        (folder / name).write_bytes(b"\0\1")
    assert read_csv_folder(folder) == toys.line()
    write_csv_folder(toys.two_nodes(), folder, overwrite=True)
    assert read_csv_folder(folder) == toys.two_nodes()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".DS_Store").write_bytes(b"\0\1")
    assert read_csv_folder(write_csv_folder(toys.line(), tmp_path / "new")) == toys.line()


def test_a_tilde_is_the_home_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = write_csv_folder(toys.line(), "~/deep/network")
    assert folder == tmp_path / "deep" / "network"
    assert read_csv_folder("~/deep/network") == toys.line()
    with pytest.raises(FolderError, match="home"):
        read_csv_folder("~no such user/network")


@pytest.mark.parametrize("path", [None, 5, ["network"], b"network"])
def test_what_is_no_path_is_refused(path: object) -> None:
    for call in (read_csv_folder, check_folder, lambda path: write_csv_folder(toys.line(), path)):
        with pytest.raises(FolderError, match="is not a path"):
            call(path)


def test_links_that_lead_to_one_another_are_no_folder(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "one")
    for path in (tmp_path / "one", tmp_path / "one" / "network"):
        assert "is not a folder" in str(check_folder(path)[0])
        with pytest.raises((FolderError, OSError)):
            write_csv_folder(toys.line(), path, overwrite=True)


@pytest.mark.parametrize("path", ["no\0where", "x" * 5000])
def test_an_impossible_path_is_a_message(path: str) -> None:
    assert "is not a folder" in str(check_folder(path)[0])
    with pytest.raises((FolderError, OSError)):
        write_csv_folder(toys.line(), path)
