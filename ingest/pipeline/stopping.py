"""Ctrl-C while rows are being written: it waits until what is in is counted."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass
class Stop:
    """Has somebody asked to stop?"""

    asked: bool = False


@contextmanager
def heeding() -> Iterator[Stop]:
    """Let Ctrl-C be asked for in the block, and raised when it has ended.

    Pressed a second time, it is raised at once. Other threads than the main one
    never hear of it.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def pressed(*_: Any) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = True

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
    if stop.asked:
        raise KeyboardInterrupt
