"""Python's search for cycles, made rare while documents become rows.

A batch is a great many tuples and no cycle: looking through all of them every few
hundred takes a fifteenth of an import, and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# So many new objects come before the youngest are searched; Python's own is 700.
SELDOM = 50_000


def seek_seldom() -> None:
    """From now on, in a process that does nothing else."""
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])


@contextmanager
def sought_seldom() -> Iterator[None]:
    """In the block, as it was before when the block ends."""
    before = gc.get_threshold()
    seek_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
