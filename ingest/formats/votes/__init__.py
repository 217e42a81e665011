"""Recorded votes, one line for each country and resolution -> one document each.

Columns are known by many names (`ingest/data/vote_columns.csv`), votes by many words
(`vote_words.csv`). Each vote is a paragraph ("Japan: yes") and a recorded act on the
resolution; absence is a part in the event and no act. Lines of one resolution may
stand anywhere in the file.
"""

from ingest.formats.votes.changes import Change, Roll, changes
from ingest.formats.votes.document import PARSER, VERSION, parse
from ingest.formats.votes.splitting import fits, split

__all__ = ["PARSER", "VERSION", "Change", "Roll", "changes", "fits", "parse", "split"]
