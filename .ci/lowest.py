"""Print the lowest version that pyproject.toml allows of each package that the tests need, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path


def lowest(requirements: list[str], extras: dict[str, list[str]]) -> Iterator[str]:
    """Give ``name==version`` for every ``name[extra]>=version``, and those of the extras of the package itself."""
    for requirement in requirements:
        if own := re.fullmatch(r"gasflow-europe\[(.+)\]", requirement):
            for extra in own[1].split(","):
                yield from lowest(extras[extra], extras)
        else:
            name, version = re.fullmatch(r"([\w-]+)(?:\[.+\])?>=([\d.]+)", requirement).groups()
            yield f"{name}=={version}"


project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
print("\n".join(lowest(project["dependencies"] + extras["test"], extras)))
