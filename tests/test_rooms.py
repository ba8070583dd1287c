"""Europe stays in its own rooms: elsewhere no code goes by a country, a hub, a place or a year."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import gasflow as gf

PACKAGE = Path(gf.__file__).parent
# The rooms of Europe; small networks that are examples; the codes of all countries of the world.
ROOMS = ("datasets/europe", "reports/europe", "network/toys.py", "network/countries.py", "commands/backtest.py")
# Words of the schema that are names of nothing.
PLAIN = {"", "EU", "LNG", "total"}
_NAMED = re.compile(r"ukrain|russia|sokhran|sudzha|(^|_)ttf(_|$)|(19|20)\d\d", re.IGNORECASE)
# Units are those of named gases, and a day that nobody sees stands for none.
_KNOWN = {"RUSSIAN", "russian"}


def _texts(tree: ast.AST) -> set[str]:
    """Every text of the code but those of docstrings."""
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose]
    return {node.value for node in constants if isinstance(node.value, str)}


def _identifiers(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_no_code_outside_the_rooms_of_europe_goes_by_its_names() -> None:
    europe = gf.load_europe("2022-05-10")
    places = {*europe.nodes.index, *europe.nodes["hub"], *europe.nodes["country"], *europe.pipes.index}
    places |= {*europe.supplies.index, *europe.supplies["exporter"], *europe.storages.index} - PLAIN
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if name.startswith(ROOMS):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {one for one in _identifiers(tree) if _NAMED.search(one)} - _KNOWN
        if bad := (_texts(tree) & (places - PLAIN)) | named:
            found[name] = bad
    assert not found
