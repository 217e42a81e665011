"""A file of many sittings, cut into them; any other is handed on as it is."""

from collections.abc import Callable, Iterator
from io import BufferedReader

from ingest import reading
from ingest.reading import Read
from ingest.records import ImportFault


def pieces(
    name: str,
    file: BufferedReader,
    holds_many: Callable[[bytes], bool],
    cut: Callable[[Read], Iterator[Read]],
) -> Iterator[Read | ImportFault]:
    """What `cut` makes of a file whose bytes may hold many sittings, or its fault."""
    for read in reading.whole(name, file):
        if isinstance(read, ImportFault) or not holds_many(read.data):
            yield read
            continue
        try:
            yield from cut(read)
        except ImportFault as fault:
            yield fault
