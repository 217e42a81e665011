"""The work lists of the domain, in the order of work; importing registers them."""

from . import (  # noqa: I001
    suggestions,
    statements,
    stances,
    drift,
    citations,
    speakers,
    references,
    pairs,
    tasks,
)

__all__ = (
    "citations",
    "drift",
    "pairs",
    "references",
    "speakers",
    "stances",
    "statements",
    "suggestions",
    "tasks",
)
