"""A paragraph while it is read: its sentences, and what goes on between them."""

from dataclasses import dataclass, field

from ingest.suggesting.dating import Told
from ingest.suggesting.discourse import Who
from ingest.suggesting.dispositions import Reading
from ingest.suggesting.mentions import Item
from ingest.suggesting.values import KnownOption, Line


@dataclass(slots=True)
class Passage:
    """[start, end) of a paragraph's text: a sentence, and its items."""

    start: int
    end: int
    row: list[Item]


@dataclass
class Paragraph:
    """What is carried from sentence to sentence of a paragraph.

    `speaker` utters all of it, `carried` is who spoke last by its own words; `told` is
    when, `authority` on whose; `listed` are those whom the last sentence names in a
    row; `strange` is True under a label that nobody knows; `last` are the readings that
    came to proposals.
    """

    line: Line
    passages: list[Passage]
    speaker: Who | None = None
    carried: Who | None = None
    told: Told | None = None
    authority: str = ""
    last: list[Reading] = field(default_factory=list)
    last_options: list[KnownOption] = field(default_factory=list)
    listed: list[Who] = field(default_factory=list)
    strange: bool = False
