"""Paragraphs -> suggested statements: rules and word lists, no database, no model.

    proposals = suggest(page, known)

The same page and the same known actors and options give the same proposals. A
proposal is made only for known actors and options: what cannot be told is left out.
"""

from ingest.suggesting.engine import suggest as suggest
from ingest.suggesting.proposing import TOOL as TOOL
from ingest.suggesting.proposing import VERSION as VERSION
from ingest.suggesting.values import Known as Known
from ingest.suggesting.values import KnownActor as KnownActor
from ingest.suggesting.values import KnownOption as KnownOption
from ingest.suggesting.values import Line as Line
from ingest.suggesting.values import Page as Page
from ingest.suggesting.values import Proposal as Proposal
