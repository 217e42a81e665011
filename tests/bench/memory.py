"""Memory: the most that an import holds of few documents, and of many times that."""

import tempfile
from pathlib import Path

from tests.bench.collection import JOBS, Load, write
from tests.bench.measuring import Row, number, rate, times_of

# So many documents for each of the bench's size: 1,000 and 50,000 of 500.
FEW, MANY = 2, 100


def measure(work):
    """Both loaded from a dump, one after the other, by the same process."""
    counts = [FEW * work.size, MANY * work.size]
    rows, memory = [], []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        first = 0
        for count in counts:
            load = Load(Path(folder, f"{count}"))
            write(load.folder, count, first=first)
            load.time()
            memory.append(load.memory)
            ratio = load.processes
            if len(memory) > 1:
                then = times_of(load.memory, memory[0], f"that at {counts[0]:,}")
                ratio = f"{then}; {ratio}"
            what = f"peak memory at {count:,} documents"
            rows.append(Row(what, f"{number(load.memory)} MB", ratio))
            first += count
    loaded = rate(count, load.took, "documents")
    return [*rows, Row(f"  {count:,} loaded, {JOBS} processes parsing", loaded)]
