"""Downloaded files of the public sources, each into one tidy table or the tables of a network.

One file per kind. Nothing is fetched, executed or guessed: what cannot be understood is left out and named.
"""

from gasflow.io.readers.kinds import READERS, read_raw
from gasflow.io.readers.reading import NetworkReading, RawQuantity, RawUnit, Reading

__all__ = ["READERS", "NetworkReading", "RawQuantity", "RawUnit", "Reading", "read_raw"]
