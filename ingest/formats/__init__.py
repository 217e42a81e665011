"""The register of formats: how one file's bytes become one document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ingest.formats import cable, plain
from ingest.reading import Read, decode
from ingest.records import Document


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file; `parse` is pure and raises nothing but ImportFault."""

    label: str
    parser: str
    version: str
    parse: Callable[[Read], Document]


def _parse_cable(read: Read) -> Document:
    return cable.parse(read.data, read.name)


def _parse_plain(read: Read) -> Document:
    decoded = decode(read.data, read.name)
    document = plain.parse(decoded.text, read.name)
    return replace(document, problems=(*decoded.problems, *document.problems))


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "cable": Format("Diplomatic cable", cable.PARSER, cable.VERSION, _parse_cable),
        "plain": Format("Plain text", plain.PARSER, plain.VERSION, _parse_plain),
    }
)
