"""The work lists of the domain, in the order of work; importing registers them."""

from . import suggestions, statements, stances, citations, references, tasks  # noqa: I001

__all__ = (
    "citations",
    "references",
    "stances",
    "statements",
    "suggestions",
    "tasks",
)
