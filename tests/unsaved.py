"""Rows and periods that no database holds, for tests of pure modules."""

from datetime import date

from positions.models import Actor, Disposition, Option, Statement
from positions.periods import Period

JAPAN = Actor(name="Japan", kind="state", key="japan")
TOKYO = Actor(name="Embassy Tokyo", kind="body", key="embassy-tokyo")
CCW = Option(key="ccw", name="Talks", short_name="CCW", headline=True)
PREFER = Disposition(
    code="prefer",
    facet="preference",
    label="prefers",
    phrase="prefer {o}",
    score=2,
    headline=50,
)
OPPOSE = Disposition(
    code="oppose",
    facet="preference",
    label="opposes",
    phrase="oppose {o}",
    score=-2,
    headline=51,
)


def statement(**overrides):
    fields = {
        "actor": JAPAN,
        "option": CCW,
        "disposition": PREFER,
        "speaker_role": "foreign-ministry official of Japan",
        "audience": "officials of the United States",
        "reporter": TOKYO,
        "publicity": "confidential",
        "said_on": "2008-04-23",
    }
    row = Statement(pk=1, **{**fields, **overrides})
    # As if its citations had been loaded: none.
    row._prefetched_objects_cache = {"citations": []}
    return row


def period(**overrides):
    fields = {
        "id": "p1",
        "layer": "asserted",
        "actor": JAPAN,
        "option": CCW,
        "facet": "preference",
        "dispositions": (PREFER,),
        "status": "current",
        "sentence": "",
        "holds_from_earliest": date(2008, 4, 23),
        "holds_from": date(2008, 4, 23),
        "holds_to": None,
        "end_reason": "",
        "changed_after": None,
        "last_confirmed": date(2008, 4, 23),
        "previous": None,
        "mode": "",
        "publicity": "any",
        "through": None,
        "level": "single",
        "confidence": "moderate",
        "n_events": 1,
        "previous_government": False,
        "single_coded": True,
        "rule_version": "1",
        "codebook_version": "1",
        "rationale": "",
        "lines": (),
    }
    return Period(**{**fields, **overrides})
