"""What an Akoma Ntoso debate states of its votes, beside what is printed of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.formats import xml
from ingest.formats.xml import Element
from ingest.records import Problem

_ACTS = ("voting", "recount")


def votes_in(
    debate: Element, shown: Mapping[str, str], orders: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Each vote of the analysis: its outcome and counts, and where it is printed.

    `shown` names what identifiers stand for, `orders` gives the paragraphs in which
    identifiers stand.
    """
    for act in xml.elements(debate, *_ACTS):
        if xml.within(act, "parliamentary", "parliamentaryAnalysis") is None:
            continue
        place = _target(act, "href")
        vote = {
            "kind": xml.tag(act),
            "id": identifier_of(act),
            "outcome": _shown(act, "outcome", shown),
            "about": _target(act, "refersTo"),
            "counts": {
                _shown(count, "refersTo", shown): _number(count.get("value", ""))
                for count in xml.elements(act, "count")
            },
            "quorum": next(
                (_number(q.get("value", "")) for q in xml.elements(act, "quorum")), None
            ),
            "paragraph": orders.get(place),
        }
        yield {key: value for key, value in vote.items() if value not in ("", None)}


def differences(debate: Element, shown: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each count that is printed otherwise than it is stated."""
    printed = {identifier_of(e): e for e in xml.elements(debate, "quantity")}
    for count in xml.elements(debate, "count"):
        quantity = printed.get(_target(count, "href"))
        if quantity is None:
            continue
        stands = _number(quantity.get("normalized", "") or xml.words(quantity))
        stated = _number(count.get("value", ""))
        if stands != stated:
            yield Problem(
                "vote_differs",
                identifier_of(quantity),
                f"{_shown(count, 'refersTo', shown)}: {stands} is printed, and "
                f"{stated} stated.",
            )


def identifier_of(element: Element) -> str:
    """The identifier of an element: eId in version 3.0, id before."""
    return element.get("eId") or element.get("id") or ""


def _target(element: Element, attribute: str) -> str:
    return element.get(attribute, "").removeprefix("#")


def _shown(element: Element, attribute: str, shown: Mapping[str, str]) -> str:
    target = _target(element, attribute)
    return shown.get(target, target)


def _number(text: str) -> int | str:
    """The count, or what stands in its place."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
