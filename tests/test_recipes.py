"""The recipes of CONTRIBUTING, followed in a copy of the package: what is said to come free comes.

Every recipe is the text that it says to write, and nothing else. The copy is used in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gasflow as gf

SHOCK = '''

@dataclass(frozen=True)
class Narrowing(Shock):
    """Every pipe carries less."""

    factor: Number = number(1.0, 0.0, 1.0)

    def apply(self, conditions: Conditions) -> Conditions:
        """Scale all capacities."""
        every = np.arange(len(conditions.network.pipes))
        scale = 1.0 - self.coverage(conditions) * (1.0 - self.array("factor"))
        return conditions.scaled("pipes", "capacity", every, scale)
'''
USE_SHOCK = """
from pathlib import Path
import pandas as pd
from scipy.stats import uniform
import gasflow as gf
from gasflow.errors import GasflowError
from gasflow.sweeps.study import plan_study, read_study
from gasflow.sweeps.study_schema import study_help

hub = gf.toys.transit_hub()
narrow = gf.simulate(hub, gf.Narrowing(factor=0.5))
assert narrow.technical_capacity.to_numpy().tolist() == [(hub.pipes["capacity"] / 2).tolist()]
assert gf.simulate(hub, gf.Narrowing(0.5) + gf.DemandChange(1.1)).diagnostics.status.max() <= 1
grid = gf.grid(gf.Narrowing([0.5, 1.0]), gf.Closure("Sudzha", share=[0, 1]))
assert gf.sweep(hub, grid, ["prices.SK"]).plan.scenarios.dims == {"factor": 2, "share": 2}
months = gf.Horizon.steady(hub, gf.Periods.between("2022-05-01", "2022-07-01"))
later = gf.simulate(months, gf.Narrowing(0.5, start="2022-06-01")).technical_capacity.to_numpy()
assert (later[1] == later[0] / 2).all()
assert gf.scenarios_from_table(pd.DataFrame({"narrowing.factor": [0.5, 0.7]})).count == 2
assert gf.sample(3, 1, gf.Narrowing(uniform(0.5, 0.5))).names == ["factor"]
study = 'base.toy = "transit_hub"\\n[[shocks]]\\nkind = "narrowing"\\nfactor = [0.5, 1]\\n'
Path("study.toml").write_text(study)
assert plan_study(read_study("study.toml"), gf.load_europe, gf.horizon).scenarios.count == 2
assert "narrowing" in study_help()
try:
    gf.Narrowing(2.0)
except GasflowError:
    pass
else:
    raise AssertionError("limits are checked")
"""
USE_COLUMN = """
import gasflow as gf
from gasflow.errors import GasflowError
from gasflow.io.csv_folder import read_csv_folder, write_csv_folder

hub = gf.toys.transit_hub()
assert hub.nodes["owner"].eq("").all()
write_csv_folder(hub.with_node("SK", owner="someone"), "own")
assert read_csv_folder("own").nodes.loc["SK", "owner"] == "someone"
try:
    hub.with_node("SK", owner=5)
except GasflowError as error:
    assert "owner" in str(error)
else:
    raise AssertionError("kinds are checked")
"""
USE_QUANTITY = """
import gasflow as gf

hub = gf.toys.transit_hub()
results = gf.simulate(hub, gf.Closure("Sokhranivka", share=[0, 1]))
assert (results.spare.to_numpy() >= 0).all()
assert results.unit("spare") == "GWh/d"
done = gf.sweep(hub, gf.grid(gf.Closure("Sudzha", share=[0, 1])), ["spare.total"], "answers")
assert len(done.table("spare.total")) == 2
assert gf.compare(results.scenario(0), results.scenario(1)).spare["change"].abs().max() > 0
"""
USE_SOLVER = """
import gasflow as gf
from gasflow.core.solvers.registry import SOLVERS

assert "patient" in SOLVERS
model = gf.Model(gf.toys.transit_hub(), solver="patient")
results = gf.simulate(model, gf.Closure("Sokhranivka"))
assert results.diagnostics.certificate.worst.max() < 1e-6
"""
SOLVER = '''

@dataclass(frozen=True)
class PatientSolver(Solver):
    """The reference solver under another name."""

    name: ClassVar[str] = "patient"

    def prepare(self, structure: Structure) -> Prepared:
        """Prepare the reference solver."""
        return ReferenceSolver(tolerance=1e-10).prepare(structure)
'''
SPARE = '''    @cached_property
    def spare(self) -> Array:
        """What each pipe could still carry."""
        return np.maximum(self.capacity - self.flows, 0.0)
'''
# For each recipe what is written, and where: before the first place that begins so, or at the end of the file.
RECIPES = {
    "shock": (
        [("scenarios/shocks.py", "", SHOCK), ("__init__.py", '        "LngPriceChange",', '        "Narrowing",')],
        USE_SHOCK,
    ),
    "column": ([("network/schema.py", '        _text("hub", ', '        _text("owner", "who owns it"),')], USE_COLUMN),
    "quantity": (
        [
            ("simulation/answers.py", "    @cached_property\n    def losses(self)", SPARE),
            ("results/quantities.py", '    "losses": Quantity(',
             '    "spare": Quantity(Axis.PIPE, Nature.RATE, "GWh/d", "what each pipe could still carry"),'),
        ],
        USE_QUANTITY,
    ),
    "solver": (
        [
            ("core/solvers/reference.py", "", SOLVER),
            ("core/solvers/registry.py", "        LanesSolver(),", "        PatientSolver(),"),
            ("core/solvers/registry.py", "from gasflow.core.solvers.reference",
             "from gasflow.core.solvers.reference import PatientSolver"),
        ],
        USE_SOLVER,
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_what_comes_free_with_a_recipe_comes(name: str, tmp_path: Path) -> None:
    recipe, use = RECIPES[name]
    package = tmp_path / "src" / "gasflow"
    shutil.copytree(Path(gf.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, before, text in recipe:
        content = (package / file).read_text(encoding="utf-8")
        at = content.index(before) if before else len(content)
        (package / file).write_text(f"{content[:at]}{text}\n{content[at:]}", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "ignore", "-c", use]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
