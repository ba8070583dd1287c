"""A digest that stands within the bytes it is the digest of, so that whoever reads a file notices any change of it.

It is the SHA-256 of the bytes with zeros in its place. No second file is needed, which a crash could part from the
first.
"""

from __future__ import annotations

import hashlib

_MARK = b"sha256:"
_ZEROS = b"0" * 64
# Stands once in the bytes to be sealed; nothing after it may contain its first seven letters.
BLANK = (_MARK + _ZEROS).decode()


def sealed(content: bytes) -> bytes:
    """Return the bytes with their digest in place of the blank.

    Example:
        >>> is_sealed(sealed(b"price 80, " + BLANK.encode()))
        True
        >>> is_sealed(sealed(b"price 80, " + BLANK.encode()).replace(b"80", b"81"))
        False
    """
    start = content.rindex(BLANK.encode()) + len(_MARK)
    return content[:start] + _digest(content, start) + content[start + len(_ZEROS) :]


def is_sealed(content: bytes) -> bool:
    """Whether the bytes are those that were sealed."""
    start = content.rfind(_MARK) + len(_MARK)
    return start >= len(_MARK) and content[start : start + len(_ZEROS)] == _digest(content, start)


def _digest(content: bytes, start: int) -> bytes:
    view = memoryview(content)
    total = hashlib.sha256(view[:start])
    total.update(_ZEROS)
    total.update(view[start + len(_ZEROS) :])
    return total.hexdigest().encode()
