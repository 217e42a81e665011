"""Actors, issues, options, events, collections: keys, names, what readers see."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from positions.models import (
    Actor,
    ActorName,
    Collection,
    Disposition,
    Event,
    Identifier,
    Issue,
    Membership,
    Option,
    Paragraph,
    Refused,
    Revision,
    Source,
)
from positions.readers import Reader
from tests.factories import (
    disposition,
    make_actor,
    make_collection,
    make_event,
    make_issue,
    make_option,
    make_revision,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)

pytestmark = pytest.mark.django_db
READER = Reader(curator=False, clearance=0)
CURATOR = Reader(curator=True, clearance=4)


def refused_by_database(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Côte d’Ivoire", "cote-divoire"),
        ("United States", "united-states"),
        ("日本", "actor"),
    ],
)
def test_a_key_is_made_once_from_the_name(name, key):
    actor = make_actor(name)
    assert actor.key == key
    actor.name = "Another name"
    actor.save()
    assert actor.key == key


def test_two_of_one_name_get_two_keys():
    first, second = (make_actor("Foreign Ministry", kind="body") for _ in range(2))
    assert (first.key, second.key) == ("foreign-ministry", "foreign-ministry-2")


def test_two_states_never_have_one_name_however_it_is_written():
    make_actor("Türkiye")
    refused_by_database(lambda: make_actor("TURKIYE"))
    assert make_actor("Türkiye", kind="company").key == "turkiye-2"


def test_an_actor_is_found_by_any_of_its_names():
    japan = make_actor("Japan")
    ActorName.objects.create(actor=japan, name="日本", language="ja")
    make_actor("Jordan")
    assert list(Actor.objects.named("日本")) == [japan]
    assert list(Actor.objects.named("JAPAN")) == [japan]
    assert list(Actor.objects.matching("jap")) == [japan]
    assert list(Actor.objects.matching("本")) == [japan]


def test_a_name_and_an_identifier_stand_once():
    japan = make_actor("Japan")
    ActorName.objects.create(actor=japan, name="Nippon")
    refused_by_database(lambda: ActorName.objects.create(actor=japan, name="NIPPON"))
    Identifier.objects.create(actor=japan, scheme="iso3", value="JPN")
    refused_by_database(
        lambda: Identifier.objects.create(
            actor=make_actor(), scheme="iso3", value="JPN"
        )
    )


def test_memberships_hold_over_half_open_days():
    member, group = make_actor(), make_actor(kind="bloc")
    row = Membership.objects.create(
        member=member, group=group, since=date(2004, 5, 1), until=date(2020, 2, 1)
    )
    assert list(Membership.objects.on(date(2004, 5, 1))) == [row]
    assert not Membership.objects.on(date(2020, 2, 1)).exists()
    refused_by_database(lambda: Membership.objects.create(member=group, group=group))
    refused_by_database(
        lambda: Membership.objects.create(
            member=member, group=group, since=date(2020, 1, 1), until=date(2020, 1, 1)
        )
    )


def test_each_issue_has_an_option_for_the_whole_which_is_no_headline():
    issue = make_issue("Cluster munitions")
    whole = issue.options.get()
    assert (whole.kind, whole.headline) == ("whole", False)
    issue.save()
    assert issue.options.count() == 1
    refused_by_database(lambda: make_option(issue=issue, kind="whole", headline=False))
    refused_by_database(
        lambda: Option._base_manager.filter(pk=whole.pk).update(headline=True)
    )


def test_an_option_is_no_part_of_itself_nor_of_another_issue():
    issue = make_issue()
    draft = make_option("Draft", issue=issue)
    article = make_option("Art. 1", issue=issue, parent=draft)
    assert article.path == "Art. 1 – Draft"
    draft.parent = article
    with pytest.raises(ValidationError, match="not a part of itself"):
        draft.clean()
    article.parent = make_option()
    with pytest.raises(ValidationError, match="of another issue"):
        article.clean()


def test_the_codebook_has_its_dispositions_by_facet():
    groups = Disposition.objects.by_facet()
    assert list(groups) == ["Preference", "Engagement", "Commitment", "No position"]
    assert [d.code for d in groups["Preference"]][:2] == ["prefer", "support"]
    assert {d.code for d in groups["No position"]} == {"declined", "deferred"}
    assert sum(map(len, groups.values())) == 22
    with pytest.raises(ValidationError, match="needs {o}"):
        Disposition(code="x", facet="preference", phrase="likes it").clean()


def test_an_event_reads_its_date():
    event = make_event("Oslo", dated="2007-02-22/2007-02-23")
    assert (event.earliest, event.latest) == (date(2007, 2, 22), date(2007, 2, 23))
    with pytest.raises(ValidationError) as caught:
        Event(name="x", kind="meeting", dated="soon").clean()
    assert "dated" in caught.value.message_dict


def test_a_topic_in_preparation_does_not_show():
    who = make_user()
    issue = make_issue("A secret project")
    option = make_option(issue=issue)
    event = make_event()
    event.issues.add(issue)
    statement = make_statement(who=who, option=option)
    for rows in (Issue.objects, Option.objects, Event.objects):
        assert not rows.visible_to(READER).exists()
        assert rows.visible_to(CURATOR).exists()
    statement.submit(who)
    statement.accept(who)
    assert set(Issue.objects.visible_to(READER)) == {issue}
    assert option in Option.objects.visible_to(READER)
    assert set(Event.objects.visible_to(READER)) == {event}


def test_a_person_shows_only_when_something_public_names_them():
    who = make_user()
    person, state = make_actor("A. Person", kind="person"), make_actor("A State")
    statement = make_statement(who=who, actor=state, speaker=person)
    assert set(Actor.objects.visible_to(READER)) == {state}
    statement.submit(who)
    statement.accept(who)
    assert set(Actor.objects.visible_to(READER)) == {state, person}


@pytest.mark.parametrize(
    ("visibility", "page", "text"),
    [
        ("public", True, True),
        ("citable", True, False),
        ("private", False, False),
    ],
)
def test_visibility_says_what_of_a_source_leaves(visibility, page, text):
    source = make_source(visibility=visibility)
    assert Source.objects.visible_to(READER).exists() is page
    assert Paragraph.objects.visible_to(READER).exists() is text
    assert Source.objects.visible_to(CURATOR).get() == source
    assert Paragraph.objects.visible_to(CURATOR).count() == 2


def test_a_paragraph_above_the_clearance_does_not_leave():
    make_source(["Open.", {"text": "Secret.", "level": 3}])
    assert [p.text for p in Paragraph.objects.visible_to(READER)] == ["Open."]
    cleared = Reader(curator=False, clearance=3)
    assert Paragraph.objects.visible_to(cleared).count() == 2


def test_a_text_without_any_marking_counts_as_the_highest_level():
    collection = make_collection(level=None)
    assert make_source(collection=collection).access_level == 4
    assert make_source(collection=collection, level=2).access_level == 2
    assert make_source(collection=make_collection(level=0)).access_level == 0


def test_only_the_current_text_is_read():
    source = make_source(["Old words."])
    make_revision(source, ["New words."])
    assert [p.text for p in Paragraph.objects.visible_to(READER)] == ["New words."]
    refused_by_database(
        lambda: Revision.objects.filter(source=source).update(current=True)
    )


@pytest.mark.parametrize("identifier", ["a/b", ""])
def test_an_identifier_has_no_slash_and_is_not_empty(identifier):
    collection = make_collection()
    refused_by_database(
        lambda: Source.objects.create(collection=collection, identifier=identifier)
    )


def test_offsets_count_code_points_on_both_databases():
    source = make_source(["日本は CCW を優先する 🎌."])
    paragraph = paragraph_of(source, 1)
    assert paragraph.end - paragraph.start == len(paragraph.text)
    refused_by_database(
        lambda: Paragraph.objects.filter(pk=paragraph.pk).update(text="short")
    )


def test_a_citation_string_is_the_one_analysts_write():
    source = make_source(
        [{"text": "Words.", "number": "3", "label": "13.", "level": 3}],
        identifier="08TOKYO1212",
    )
    paragraph = paragraph_of(source, 3)
    assert paragraph.citation == "08TOKYO1212, para 3 (S)"
    assert paragraph.long_citation == (
        '08TOKYO1212, para 3 (S) [printed "13." in this copy]'
    )


def test_reference_tables_keep_their_history_and_refuse_deletion():
    actor = make_actor("Before")
    actor.name = "After"
    actor.save()
    assert [h.name for h in actor.history.all()] == ["After", "Before"]
    with pytest.raises(Refused):
        actor.delete()
    with pytest.raises(Refused):
        Collection.objects.all().delete()


def test_dispositions_and_what_they_are_used_by():
    prefer = disposition("prefer")
    assert not prefer.used
    make_statement(code="prefer")
    assert prefer.used


def test_every_change_of_the_codebook_is_a_version_of_it():
    from positions.models import CodebookVersion

    assert CodebookVersion.latest().number == 1
    prefer = disposition("prefer")
    prefer.definition = "Puts this option first."
    prefer.save()
    latest = CodebookVersion.latest()
    assert (latest.number, latest.note) == (2, "“prefers” was changed.")
    assert (latest.preference_months, latest.engagement_months) == (24, 12)
