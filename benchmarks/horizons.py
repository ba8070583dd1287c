"""Winters of twelve months, and a year of days, beside Clarabel."""


def compare(winters: int, rounds: int) -> None:
    """Print both comparisons."""
    raise NotImplementedError
