"""A summary says beforehand what a later paragraph says, and that is the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from ingest.suggesting.values import Proposal
from positions.choices import ParagraphRole

# These say in short what the rest says.
SHORT = frozenset((ParagraphRole.SUMMARY, ParagraphRole.HEADING, ParagraphRole.SUBJECT))


def with_repeats(
    proposals: Sequence[Proposal], roles: Mapping[int, ParagraphRole]
) -> list[Proposal]:
    """The proposals, those of summaries and headings pointing at what they repeat.

    A summary's proposal repeats the later one, outside of summaries, of the same actor,
    option and disposition, that is most like it in words; one without such a later
    proposal stands for itself. `roles` is each paragraph's.
    """
    later: dict[tuple[str, str, str], list[Proposal]] = {}
    for one in proposals:
        if roles[one.paragraph] not in SHORT:
            later.setdefault((one.actor, one.option, one.disposition), []).append(one)
    done = []
    for one in proposals:
        if roles[one.paragraph] in SHORT:
            same = later.get((one.actor, one.option, one.disposition), [])
            after = [other for other in same if other.paragraph > one.paragraph]
            if after:
                best = max(
                    after, key=lambda o: fuzz.token_set_ratio(o.quote, one.quote)
                )
                one = replace(one, repeats=best.fingerprint)
        done.append(one)
    return done
