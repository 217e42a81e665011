"""The register of formats: what a file's bytes say, as one document or as tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from types import MappingProxyType

from ingest.formats import (
    cable,
    climate,
    dna,
    docx,
    frus,
    json_objects,
    markdown,
    matrix,
    pdf,
    plain,
    treaty,
    votes,
)
from ingest.formats.debates import akoma_ntoso, parlamint
from ingest.formats.sheets import or_table
from ingest.reading import Read, Split, decode, whole
from ingest.records import Document, ImportFault, Tables

Fits = Callable[[str, bytes], bool]


def _anything(name: str, head: bytes) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file; everything in it is pure.

    `parse` reads one document's bytes and raises nothing but ImportFault. `split`
    cuts a file of many documents into one Read for each, without holding them all.
    `fits` tells by a file's name and first bytes whether it may be of this kind.
    `states`: its documents state rows or speakers, tried again where the text is known.
    """

    label: str
    parser: str
    version: str
    parse: Callable[[Read], Document | Tables]
    split: Split = whole
    fits: Fits = _anything
    states: bool = False


def parse(read: Read) -> Document | Tables:
    """What one document's bytes say, read in the format the Read names."""
    return FORMATS[read.format].parse(read)


def finding_out(names: Sequence[str]) -> Split:
    """Cut files in the first of these formats that fits; the last takes what is left.

    Each Read names its format.
    """

    def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
        chosen = which(names, name, file.peek())
        for read in FORMATS[chosen].split(name, file):
            yield read.in_format(chosen) if isinstance(read, Read) else read

    return split


def which(names: Sequence[str], name: str, head: bytes) -> str:
    """The first of the formats that a file of this name and beginning fits."""
    *others, last = names
    return next((f for f in others if FORMATS[f].fits(name, head)), last)


def _parse_plain(read: Read) -> Document:
    decoded = decode(read.data, read.name)
    document = plain.parse(decoded.text, read.name)
    return replace(document, problems=(*decoded.problems, *document.problems))


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "akoma_ntoso": Format(
            "Debate in Akoma Ntoso",
            akoma_ntoso.PARSER,
            akoma_ntoso.VERSION,
            akoma_ntoso.parse,
            akoma_ntoso.split,
            akoma_ntoso.fits,
            states=True,
        ),
        "cable": Format(
            "Diplomatic cable",
            cable.PARSER,
            cable.VERSION,
            cable.parse_read,
            cable.split,
            cable.fits,
        ),
        "climate": Format(
            "Section of climate talks",
            climate.PARSER,
            climate.VERSION,
            climate.parse,
            json_objects.split,
            climate.fits,
        ),
        "dna": Format(
            "Discourse Network Analyzer",
            dna.PARSER,
            dna.VERSION,
            dna.parse,
            dna.split,
            dna.fits,
            states=True,
        ),
        "docx": Format(
            "Word document", docx.PARSER, docx.VERSION, docx.parse, fits=docx.fits
        ),
        "frus": Format(
            "Foreign Relations of the United States",
            frus.PARSER,
            frus.VERSION,
            frus.parse,
            frus.split,
            frus.fits,
        ),
        "markdown": Format(
            "Markdown",
            markdown.PARSER,
            markdown.VERSION,
            markdown.parse,
            fits=markdown.fits,
        ),
        "matrix": Format(
            "Matrix of positions",
            matrix.PARSER,
            matrix.VERSION,
            matrix.parse,
            or_table(whole),
            matrix.fits,
            states=True,
        ),
        "parlamint": Format(
            "Debate in ParlaMint",
            parlamint.PARSER,
            parlamint.VERSION,
            parlamint.parse,
            parlamint.split,
            parlamint.fits,
            states=True,
        ),
        "pdf": Format("PDF", pdf.PARSER, pdf.VERSION, pdf.parse, fits=pdf.fits),
        "treaty": Format(
            "Treaty status page",
            treaty.PARSER,
            treaty.VERSION,
            treaty.parse,
            treaty.split,
            treaty.fits,
            states=True,
        ),
        "votes": Format(
            "Recorded votes",
            votes.PARSER,
            votes.VERSION,
            votes.parse,
            or_table(votes.split),
            votes.fits,
            states=True,
        ),
        "plain": Format("Plain text", plain.PARSER, plain.VERSION, _parse_plain),
    }
)
