"""From accepted statements to drafts, published stances, positions and phrases."""

from datetime import date

import pytest

from positions import answers, deriving, integrity
from positions.models import Actor, Clock, Membership, Refused, Stance
from positions.periods import quote_for
from positions.readers import Reader
from tests.factories import (
    make_actor,
    make_event,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_statement,
    make_user,
    paragraph_of,
)

pytestmark = pytest.mark.django_db
MAY_2008 = date(2008, 5, 2)
READER = Reader(curator=False, clearance=0)


@pytest.fixture
def tokyo():
    """Japan as one document of 2008 has it, coded and accepted."""
    who, japan = make_user(), make_actor("Japan")
    issue = make_issue("Cluster munitions")
    ccw = make_option("CCW", issue=issue)
    oslo = make_option("Oslo Process", issue=issue)
    article = make_option("Art. 1(c)", issue=issue, headline=False, kind="provision")
    meeting = make_event("Tokyo meeting", dated="2008-04-23")
    source = make_source(
        [
            "Japan's first priority is an agreement within the CCW.",
            "Domestic politics force Japan to take part in the Oslo Process.",
            "Japan is pushing for changes in the wording of Article 1(c).",
        ],
        identifier="08TEST1",
    )
    said = {
        "who": who,
        "actor": japan,
        "event": meeting,
        "said_on": "2008-04-23",
        "speaker_text": "DDG",
        "speaker_rank": 3,
        "state": "accepted",
    }
    for number, option, code in (
        (1, ccw, "prefer"),
        (2, oslo, "engage"),
        (3, article, "reserve"),
    ):
        make_statement(
            **said, option=option, code=code, paragraph=paragraph_of(source, number)
        )
    return issue, japan, who


def publish_all(proposal, who):
    for stance in proposal.made:
        stance.submit(who)
        stance.publish(who)


def phrase(issue, actor, day, **options):
    (position,) = answers.positions(issue, day, actors=[actor], **options)
    return position.short_phrase


def test_derived_drafts_once_published_say_the_phrase(tokyo):
    issue, japan, who = tokyo
    assert phrase(issue, japan, MAY_2008) == ""
    assert phrase(issue, japan, MAY_2008, layer="derived") == (
        "prefer CCW, engaged in Oslo Process"
    )
    publish_all(deriving.propose(japan, issue, who), who)
    (position,) = answers.positions(issue, MAY_2008, actors=[japan])
    assert position.short_phrase == "prefer CCW, engaged in Oslo Process"
    assert position.long_phrase == (
        "prefer CCW, engaged in Oslo Process; seek changes to Art. 1(c)"
    )
    assert position.count("current") == 3
    assert position.last_evidence == date(2008, 4, 23)
    assert list(integrity.faults()) == []


def test_both_layers_agree_on_what_was_derived(tokyo):
    issue, japan, who = tokyo
    publish_all(deriving.propose(japan, issue, who), who)
    layers = answers.timelines(issue, actors=[japan], layer="both")
    keys = ("option", "facet", "holds_from", "holds_to", "last_confirmed", "level")
    asserted, derived = (
        [tuple(getattr(p, k) for k in keys) for p in layers[japan.pk, layer]]
        for layer in ("asserted", "derived")
    )
    assert asserted == derived


def test_deriving_again_makes_nothing_new(tokyo):
    issue, japan, who = tokyo
    assert len(deriving.propose(japan, issue, who).made) == 3
    again = deriving.propose(japan, issue, who)
    assert again.made == []
    assert {why for _, why in again.skipped} == {"It stands already."}


def test_new_evidence_ends_a_published_stance_by_its_next_version(tokyo):
    issue, japan, who = tokyo
    publish_all(deriving.propose(japan, issue, who), who)
    ccw = issue.options.get(short_name="CCW")
    make_statement(
        who=who,
        actor=japan,
        option=ccw,
        code="oppose",
        said_on="2008-08-01",
        form="act",
        state="accepted",
    )
    proposal = deriving.propose(japan, issue, who)
    assert [(s.disposition.code, s.version) for s in proposal.made] == [
        ("prefer", 2),
        ("oppose", 1),
    ]
    publish_all(proposal, who)
    assert phrase(issue, japan, date(2008, 8, 2)) == (
        "oppose CCW, engaged in Oslo Process"
    )
    assert phrase(issue, japan, date(2008, 7, 31)) == (
        "prefer CCW, engaged in Oslo Process"
    )


def test_a_persons_stance_is_never_edited_by_the_rule(tokyo):
    issue, japan, who = tokyo
    ccw = issue.options.get(short_name="CCW")
    mine = make_stance(
        who=who,
        actor=japan,
        option=ccw,
        code="support",
        holds_from="2008-01-01",
        state="published",
    )
    proposal = deriving.propose(japan, issue, who)
    reasons = {
        p.dispositions: why for p, why in proposal.skipped if p.option == ccw.key
    }
    assert reasons == {
        ("prefer",): "A person's stance stands for these days.",
        ("prefer", "support"): "It is contested: a person must judge.",
    }
    assert Stance.objects.get(pk=mine.pk).state == "published"


def test_what_was_known_is_answered_the_same_for_ever(tokyo):
    issue, japan, who = tokyo
    publish_all(deriving.propose(japan, issue, who), who)
    then = Clock.now()
    stance = Stance.objects.public().get(disposition__code="prefer")
    stance.retract(who, "wrong")
    assert phrase(issue, japan, MAY_2008) == "engaged in Oslo Process"
    assert phrase(issue, japan, MAY_2008, known_on=then) == (
        "prefer CCW, engaged in Oslo Process"
    )


def test_what_others_say_of_an_actor_is_beside_its_position(tokyo):
    issue, japan, who = tokyo
    ccw = issue.options.get(short_name="CCW")
    make_statement(
        who=who,
        actor=japan,
        option=ccw,
        code="oppose",
        standing="other",
        state="accepted",
    )
    publish_all(deriving.propose(japan, issue, who), who)
    for layer in ("asserted", "derived"):
        (period,) = (
            p
            for p in answers.timelines(issue, actors=[japan], layer=layer)[
                japan.pk, layer
            ]
            if p.option == ccw
        )
        assert (period.count("about"), period.disposition.code) == (1, "prefer")
    (line,) = answers.set_aside(issue, japan)
    assert (line.set_aside_by, line.relation) == (1, "about")
    assert "never its position" in line.reason


def test_a_groups_word_counts_for_its_members_of_that_day(tokyo):
    issue, _, who = tokyo
    group = make_actor("The Group", kind="bloc")
    member, stranger = make_actor("Member"), make_actor("Stranger")
    Membership.objects.create(member=member, group=group, since=date(2000, 1, 1))
    Membership.objects.create(member=stranger, group=group, since=date(2009, 1, 1))
    make_statement(
        who=who,
        actor=group,
        option=issue.options.get(short_name="CCW"),
        code="support",
        speaker_rank=1,
        extends_to="members",
        said_on="2008-04-23",
        state="accepted",
    )
    assert phrase(issue, member, MAY_2008, layer="derived") == "support CCW"
    assert phrase(issue, stranger, date(2009, 4, 1), layer="derived") == ""
    (period,) = answers.timelines(issue, actors=[member], layer="derived")[
        member.pk, "derived"
    ]
    assert (period.level, period.through) == ("group", group)


def test_queries_do_not_grow_with_the_actors(tokyo, django_assert_num_queries):
    issue, japan, who = tokyo
    publish_all(deriving.propose(japan, issue, who), who)

    def count(layer):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            answers.positions(
                issue,
                MAY_2008,
                actors=list(answers.actors_of(issue)),
                layer=layer,
            )
        return len(queries)

    before = {layer: count(layer) for layer in answers.LAYERS}
    for number in range(4):
        stance = make_stance(
            who=who,
            actor=make_actor(f"Other {number}"),
            option=issue.options.get(short_name="CCW"),
            state="published",
        )
        assert stance.state == "published"
    assert {layer: count(layer) for layer in answers.LAYERS} == before
    assert answers.actors_of(issue).count() == 5
    assert before["both"] < 40


def test_a_merged_actor_is_read_as_the_one_it_became(tokyo):
    issue, japan, who = tokyo
    from positions.models.changes import recording

    nippon = make_actor("Nippon", kind="body")
    make_statement(
        who=who,
        actor=nippon,
        option=make_option("Letter", issue=issue),
        code="support",
        speaker_rank=1,
        said_on="2008-04-25",
        state="accepted",
    )
    with recording(tool="test"):
        Actor.objects.filter(pk=nippon.pk).update(merged_into=japan)
    assert "support Letter" in phrase(issue, japan, MAY_2008, layer="derived")
    assert list(answers.actors_of(issue)) == [japan]


def test_a_wrong_layer_is_refused_in_a_sentence(tokyo):
    issue, japan, _ = tokyo
    with pytest.raises(Refused, match="“guessed” is no layer"):
        answers.timelines(issue, actors=[japan], layer="guessed")


def test_a_quote_above_the_readers_level_is_withheld_but_cited():
    source = make_source([{"text": "Secret words.", "level": 3}], identifier="X1")
    statement = make_statement(paragraph=paragraph_of(source, 1), state="accepted")
    quote = quote_for(statement.main, READER)
    assert (quote.citation, quote.text, quote.withheld) == ("X1, para 1 (S)", "", True)


def test_a_days_answer_knows_no_later_evidence(tokyo):
    issue, japan, who = tokyo
    make_statement(
        who=who,
        actor=japan,
        option=issue.options.get(short_name="CCW"),
        code="prefer",
        said_on="2008-06-01",
        form="act",
        state="accepted",
    )
    publish_all(deriving.propose(japan, issue, who), who)
    for layer in ("asserted", "derived"):
        for day, last in (
            (MAY_2008, date(2008, 4, 23)),
            (date(2008, 6, 2), date(2008, 6, 1)),
        ):
            (position,) = answers.positions(issue, day, actors=[japan], layer=layer)
            assert position.last_evidence == last


def test_evidence_that_is_not_public_is_no_part_of_an_answer(tokyo):
    from positions.models import Evidence

    issue, japan, who = tokyo
    publish_all(deriving.propose(japan, issue, who), who)
    stance = Stance.objects.public().get(disposition__code="prefer")
    draft = make_statement(who=who, actor=japan, option=stance.option)
    Evidence.objects.create(stance=stance, statement=draft, relation="context")
    periods = answers.timelines(issue, actors=[japan])[japan.pk, "asserted"]
    assert draft not in [line.statement for p in periods for line in p.lines]
