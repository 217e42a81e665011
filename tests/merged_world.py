"""A world in which everything that can be merged was: each old name has FORMER in it.

Japan, CCW and the issue are the survivors; the evidence hangs on what was merged.
"""

from types import SimpleNamespace

from positions import merging
from positions.models import (
    ActorName,
    Identifier,
    Membership,
    OptionAlias,
    Participation,
)
from tests.factories import (
    make_actor,
    make_collection,
    make_event,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_statement,
    make_user,
    paragraph_of,
)

FORMER = "FORMER"


def make_pair(make, name, **fields):
    """A survivor and a record that will be merged into it."""
    return make(name, **fields), make(f"{FORMER} {name}", **fields)


def make_world():
    """Nothing is merged yet: `merge_all` does it."""
    world = SimpleNamespace(who=make_user())
    world.issue, world.old_issue = make_pair(make_issue, "Cluster munitions")
    ccw = make_pair(make_option, "CCW", issue=world.issue)
    oslo = make_pair(make_option, "Oslo Process", issue=world.issue)
    part = make_pair(make_option, "Art. 1", issue=world.issue, headline=False)
    world.ccw, world.old_ccw = ccw
    world.oslo, world.old_oslo = oslo
    part[0].parent = world.old_oslo
    part[0].save()
    world.old_ccw.alternatives.add(world.old_oslo)
    world.japan, world.old_japan = make_pair(make_actor, "Japan")
    world.speaker, old_speaker = make_pair(make_actor, "Shimbo", kind="person")
    boss, old_boss = make_pair(make_actor, "Fukuda", kind="person")
    embassy, old_embassy = make_pair(make_actor, "Embassy Tokyo", kind="body")
    group, old_group = make_pair(make_actor, "Group of Eight", kind="group")
    absent, old_absent = make_pair(make_actor, "Italy")
    world.embassy, world.group = embassy, group
    world.pairs = [
        (old_speaker, world.speaker),
        (old_boss, boss),
        (old_embassy, embassy),
        (old_group, group),
        (old_absent, absent),
        (world.old_japan, world.japan),
        (world.old_issue, world.issue),
        (world.old_ccw, world.ccw),
        (world.old_oslo, world.oslo),
        (part[1], part[0]),
    ]
    _add_registers(world, old_group)
    _add_evidence(world, old_speaker, old_boss, old_embassy, old_group, old_absent)
    return world


def _add_registers(world, old_group):
    ActorName.objects.create(actor=world.old_japan, name="Nippon", language="ja")
    Identifier.objects.create(actor=world.old_japan, scheme="iso3", value="JPN")
    OptionAlias.objects.create(option=world.old_ccw, name="the Convention")
    for member in (world.japan, world.old_japan):
        Membership.objects.create(member=member, group=old_group)
    ministry = make_actor("Foreign Ministry", kind="body")
    Membership.objects.create(member=ministry, group=world.old_japan)
    world.event = make_event("Tokyo meeting")
    world.event.issues.add(world.old_issue)
    for actor in (world.japan, world.old_japan):
        Participation.objects.create(event=world.event, actor=actor, part="host")


def _add_evidence(world, speaker, boss, embassy, group, absent):
    source = make_source(
        ["Its first priority is the CCW.", "It stays in the process."],
        identifier="08TOKYO1212",
        collection=make_collection("cables"),
        issuer=embassy,
    )
    given = {
        "who": world.who,
        "event": world.event,
        "said_on": "2008-04-23",
        "speaker": speaker,
        "on_authority_of": boss,
        "reporter": embassy,
        "speaker_rank": 1,
    }
    world.prefers = make_statement(
        **given,
        actor=world.old_japan,
        option=world.old_ccw,
        over_option=world.old_oslo,
        paragraph=paragraph_of(source, 1),
        state="accepted",
    )
    engages = make_statement(
        **given,
        actor=group,
        option=world.old_oslo,
        code="engage",
        paragraph=paragraph_of(source, 2),
        extends_to="members_except",
    )
    engages.extends_except.add(absent)
    engages.submit(world.who)
    engages.accept(world.who)
    in_old_issue = make_option("Letter", issue=world.old_issue)
    make_statement(
        **given,
        actor=world.japan,
        option=in_old_issue,
        code="support",
        paragraph=paragraph_of(source, 2),
        standing="other",
        state="accepted",
    )
    published = {"who": world.who, "actor": world.old_japan, "state": "published"}
    world.stance = make_stance(
        **published, option=world.old_ccw, support=[world.prefers]
    )
    make_stance(
        **published,
        option=world.old_oslo,
        code="engage",
        through=group,
        support=[engages],
    )


def merge_all(world):
    for old, survivor in world.pairs:
        old, survivor = (type(one).objects.get(pk=one.pk) for one in (old, survivor))
        merging.merge(world.who, old, survivor, "one and the same")


def part_all(world):
    for old, _ in reversed(world.pairs):
        merging.unmerge(world.who, type(old).objects.get(pk=old.pk), "they are two")
