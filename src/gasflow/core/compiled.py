"""How kernels are compiled, and when compiled code on disk is stale.

numba keeps compiled code in a cache and compares it with the source file of the compiled function alone, although
the code of everything it calls, from other files, is inside. So inner functions are never cached; an entry point
is, under a key that contains a fingerprint of all kernel sources.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numba

_HERE = Path(__file__).parent
_SOURCES = (
    "simd.py",
    "compiled.py",
    "certificate_fused.py",
    "solvers/factor.py",
    "solvers/kernel.py",
    "solvers/face.py",
    "solvers/block.py",
)

# Entry points close over this number and return it: numba puts what a function closes over into the key.
BUILD = zlib.crc32(b"".join((_HERE / name).read_bytes() for name in _SOURCES))

# No fast-math: a NaN must stay one. numpy's error model, because a check for division by zero stops vectors.
inner = numba.njit(nogil=True, error_model="numpy", boundscheck=False)
entry_point = numba.njit(nogil=True, error_model="numpy", boundscheck=False, cache=True)
