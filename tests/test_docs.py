import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _pages() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("build_docs", DOCS / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


@pytest.mark.parametrize("page", ["tables.md", "quantities.md", "studies.md"])
def test_a_page_says_what_the_code_says(page) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == _pages()[page], "run: python docs/build.py"


def test_no_number_is_printed_as_minus_zero():
    """A format of a float may round a small negative number to -0.0, unless it says ``z``."""
    loose = re.compile(r":[+<>^]?,?\.(?:[0-9]|\{[a-z]+\})+f\}")
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")]
    found = [f"{path.name}: {form}" for path in files for form in loose.findall(path.read_text(encoding="utf-8"))]
    assert not found, "write {value:z.1f} instead of {value:.1f}"
