import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


def _pages() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("build_docs", DOCS / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


@pytest.mark.parametrize("page", ["tables.md", "quantities.md", "studies.md"])
def test_a_page_says_what_the_code_says(page) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == _pages()[page], "run: python docs/build.py"
