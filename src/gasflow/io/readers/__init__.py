"""Readers of files that people download: each takes one kind of file and gives one tidy table.

A reading has a row per day (or month), place and quantity, in GWh/d, GWh or the price unit of the source, and a finding
for everything that was odd. Places keep the names of the source; `gasflow.calibration.placing` finds them in a network.
Files are text that is parsed, never code that is run; nothing is fetched.
"""

from gasflow.io.readers.kinds import READERS, read_raw
from gasflow.io.readers.reading import Reading

__all__ = ["READERS", "Reading", "read_raw"]
