"""Processes that parse while this one loads.

They find this module before Django is set up in them: it imports nothing that needs it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

import django

from ingest.pipeline.garbage import seek_seldom


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """So many processes, ended with this one, however it ends."""
    # Not copies of this process, which would have its connection to the database.
    executor = ProcessPoolExecutor(
        count, multiprocessing.get_context("spawn"), initializer=_begin
    )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _begin() -> None:
    """Ctrl-C is for the process that loads, and none goes on when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    seek_seldom()
    django.setup()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
