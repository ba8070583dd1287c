"""Every notebook runs from beginning to end, and is stored without its outputs."""

from __future__ import annotations

import warnings
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# Seconds that one cell may take before it counts as hung; how long a notebook takes is printed, not asserted.
PATIENCE = 300


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None


# Kernels warn about their transport, their event loop, files they leave to be collected: nothing of ours.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path):
    notebook = nbformat.read(path, as_version=4)
    # The kernel starts where the tests do, so that a source tree on a relative path is found there too.
    client = NotebookClient(notebook, timeout=PATIENCE, resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    for place, cell in enumerate(notebook.cells):
        told = [output for output in cell.get("outputs", []) if output.get("name") == "stderr"]
        for output in told:
            warnings.warn(f"{path.name}, cell {place}: {output['text']}", stacklevel=1)
