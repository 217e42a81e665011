"""Where words stand: citations with their places, and the address of a paragraph."""

from django.urls import reverse

from positions.models import Citation

# A document's whole text has no place in a list of its citations.
HEAVY = tuple(f"paragraph__revision__{name}" for name in ("text", "patches", "header"))


def citations_with_place():
    return Citation.objects.with_place().defer(*HEAVY)


def reading_address(paragraph):
    """The paragraph in the reading page of its source."""
    address = reverse(
        "admin:positions_source_read", args=(paragraph.revision.source_id,)
    )
    return f"{address}?at={paragraph.key}#p{paragraph.key}"


def shortened(words, length=90):
    """Words on one line, cut at a length."""
    words = " ".join(words.split())
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
