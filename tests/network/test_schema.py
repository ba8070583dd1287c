import math

from gasflow.network.columns import Kind
from gasflow.network.schema import SCHEMA, TABLES, schema_markdown, schema_table
from gasflow.units import UNITS, parse_header


def test_every_header_is_parsed_back_into_its_column() -> None:
    for table in SCHEMA.values():
        for entry in table.columns:
            name, unit = (entry.name, None) if entry.header == entry.name else parse_header(entry.header)
            assert name == entry.name
            assert unit is None or (unit.quantity is entry.quantity and unit.factor == 1.0)


def test_no_column_is_mistaken_for_another_with_a_unit() -> None:
    for table in SCHEMA.values():
        headers = {f"{name}_{suffix}" for name in table.names for suffix in UNITS}
        assert not headers & set(table.names)


def test_defaults_keep_their_own_limits() -> None:
    for table in SCHEMA.values():
        for entry in table.columns:
            if isinstance(entry.default, float) and not math.isnan(entry.default):
                assert entry.minimum <= entry.default <= entry.maximum
                assert entry.default < entry.below
            if entry.kind is Kind.CHOICE:
                assert entry.default in entry.choices


def test_the_documentation_names_every_column() -> None:
    text = schema_markdown()
    for table in SCHEMA.values():
        assert f"### {table.name}" in text
        for entry in table.columns:
            assert f"| {entry.header} |" in text
            assert entry.meaning
    assert len(schema_table()) == sum(len(table.columns) for table in SCHEMA.values())
    assert (*SCHEMA,) == ("network", *TABLES)
