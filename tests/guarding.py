"""A stop for code that would never end; it asserts nothing about speed."""

import signal
from contextlib import contextmanager


@contextmanager
def hang_guard(cpu_seconds=60):
    """Fail what has used so much processor time that it will not end.

    Counts the process's own time, so a busy machine does not set it off.
    """

    def stop(*_):
        raise AssertionError(f"It was not done after {cpu_seconds} s of work.")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
