"""The version of gasflow, read by the build and by the manifest of a sweep."""

__version__ = "0.1.0"
