import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_docs", DOCS / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["tables.md", "quantities.md", "studies.md"])
def test_a_page_says_what_the_code_says(page) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == _builder().pages()[page], "run: python docs/build.py"


@pytest.mark.slow
def test_what_calibration_changed_is_what_the_page_says() -> None:
    """To the last digit shown, but for figures that lie on the edge of rounding on another machine."""
    for page, text in _builder().data_pages().items():
        written = (DOCS / page).read_text(encoding="utf-8").splitlines()
        differing = [line for line, now in zip(written, text.splitlines(), strict=True) if line != now]
        assert len(differing) <= 0.01 * len(written), "run: python docs/build.py"


def test_no_number_is_printed_as_minus_zero():
    """A format of a float may round a small negative number to -0.0, unless it says ``z``."""
    loose = re.compile(r":[+<>^]?,?\.(?:[0-9]|\{[a-z]+\})+f\}")
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")]
    found = [f"{path.name}: {form}" for path in files for form in loose.findall(path.read_text(encoding="utf-8"))]
    assert not found, "write {value:z.1f} instead of {value:.1f}"
