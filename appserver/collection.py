"""How often Python looks for garbage that refers to itself.

Source: `gc`; measured by `bench.appserver`.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager

# One solve allocates thousands of containers and leaves next to no cycles.
_ALLOCATIONS, _SECOND, _THIRD = 20_000, 20, 100


@contextmanager
def collecting_rarely() -> Generator[None]:
    """Look less often, and never again at what the start has loaded (contracts, schemas, code)."""
    earlier = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, _SECOND, _THIRD)
    try:
        yield
    finally:
        gc.set_threshold(*earlier)
        gc.unfreeze()
