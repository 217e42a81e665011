"""A small world for the tests of the public pages: two states, two documents."""

from dataclasses import dataclass
from datetime import date

from positions import deriving
from positions.models import Actor, Issue, Membership, Source, Statement
from positions.models.changes import recording
from tests.factories import (
    make_actor,
    make_collection,
    make_event,
    make_issue,
    make_option,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)

CABLE = (
    "Japan's first priority is an agreement within the CCW.",
    "Public pressure keeps Japan engaged in the Oslo Process. (Comment: It will stay.)",
    "Norway, the official added, would never accept that.",
)
TREATY = ("Japan and Norway signed on 3 December 2008.",)


@dataclass
class World:
    who: object
    issue: Issue
    japan: Actor
    norway: Actor
    cable: Source
    treaty: Source
    prefer: Statement
    signed: Statement
    about: Statement


def make_world():
    """Japan prefers the CCW in April 2008 and signs in December; Norway signs."""
    who, japan, norway = make_user(), make_actor("Japan"), make_actor("Norway")
    ministry = make_actor("Foreign Ministry", kind="body")
    Membership.objects.create(member=ministry, group=japan, role="foreign ministry")
    issue = make_issue("Cluster munitions", question="In Geneva or in Oslo?")
    ccw = make_option("CCW", issue=issue)
    oslo = make_option("Oslo Process", issue=issue, valid_to=date(2008, 12, 4))
    ccm = make_option("CCM", issue=issue, kind="treaty", valid_from="2008-05-30")
    meeting = make_event("Tokyo meeting", dated="2008-04-23")
    signing = make_event("Signing in Oslo", dated="2008-12-03/2008-12-04")
    meeting.issues.add(issue)
    signing.issues.add(issue)
    home = make_collection("cables")
    cable = make_source(CABLE, identifier="08TEST1", collection=home)
    treaty = make_source(
        TREATY, identifier="STATUS1", collection=home, dated="2008-12-04"
    )
    said = {
        "who": who,
        "event": meeting,
        "said_on": "2008-04-23",
        "speaker_text": "DDG",
        "speaker_rank": 3,
        "state": "accepted",
    }

    def coded(number, code, option, actor=japan, source=cable, **fields):
        return make_statement(
            **{**said, **fields},
            actor=actor,
            option=option,
            code=code,
            paragraph=paragraph_of(source, number),
        )

    acts = {"form": "act", "said_on": "2008-12-03", "event": signing}
    prefer = coded(1, "prefer", ccw)
    coded(2, "engage", oslo, quote="keeps Japan engaged in the Oslo Process")
    about = coded(3, "oppose", ccw, norway, standing="other")
    signed = coded(1, "signed", ccm, japan, treaty, **acts)
    coded(1, "signed", ccm, norway, treaty, **acts)
    for actor in (japan, norway):
        publish_all(actor, issue, who)
    return World(who, issue, japan, norway, cable, treaty, prefer, signed, about)


def publish_all(actor, issue, who):
    """Publish what the rule makes of an actor's statements."""
    for stance in deriving.propose(actor, issue, who).made:
        stance.submit(who)
        stance.publish(who)


def merge(old, new):
    """Let one record be read as another."""
    with recording(tool="test"):
        type(old).objects.filter(pk=old.pk).update(merged_into=new)
