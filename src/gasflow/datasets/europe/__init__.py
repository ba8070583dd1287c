"""The European gas network of 2021 to 2026, from public figures; `SOURCES.md` beside it explains every table."""

from gasflow.datasets.europe.horizon import Known, horizon
from gasflow.datasets.europe.inventory import bases, grade_note
from gasflow.datasets.europe.load import DEFAULT_DAY, day_before_closing, load_europe
from gasflow.datasets.europe.tables import Level

__all__ = ["DEFAULT_DAY", "Known", "Level", "bases", "day_before_closing", "grade_note", "horizon", "load_europe"]
