"""The queue of suggestions: each offered once, decided once, never lost."""

import pytest
from django.db import IntegrityError, transaction
from factories import (
    disposition,
    make_actor,
    make_option,
    make_revision,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)

from positions import revising, suggestions
from positions.models import Change, NotAllowed, Refused, Statement, Suggestion, Voice
from positions.suggestions import Proposed, fingerprint

pytestmark = pytest.mark.django_db

TEXT = (
    "Japan prefers talks within the CCW.",
    "Later it said that it prefers talks within the CCW.",
)


@pytest.fixture
def source():
    return make_source(TEXT, dated="2008-04-23")


@pytest.fixture
def proposed(source):
    """A proposal about the words of the first paragraph; fields as asked."""
    actor, option = make_actor("Japan"), make_option("CCW")

    def make(number="1", start=0, end=13, **fields):
        given = {
            "paragraph": paragraph_of(source, number),
            "start": start,
            "end": end,
            "actor": actor,
            "option": option,
            "disposition": disposition("prefer"),
            "confidence": 0.8,
            "reason": "“prefers” with Japan as speaker.",
            **fields,
        }
        return Proposed(**given)

    return make


def offer(source, *proposed):
    return suggestions.file(source, proposed, tool="rules", version="1")


def test_a_proposal_waits_with_its_words_and_reason(source, proposed):
    filed = offer(source, proposed(speaker_text="DDG Shimbo", said_on="2008-04-23"))
    assert (filed.made, filed.known) == (1, 0)
    row = Suggestion.objects.waiting().get()
    assert (row.quote, row.tool, row.tool_version) == ("Japan prefers", "rules", "1")
    assert str(row).startswith("Japan: prefer")
    assert not Statement.objects.exists()


def test_the_same_is_offered_once_and_the_surest_stays(source, proposed):
    offer(source, proposed(confidence=0.3), proposed(confidence=0.9))
    filed = offer(source, proposed(confidence=0.95))
    assert (filed.made, filed.known) == (0, 1)
    assert Suggestion.objects.get().confidence == 0.9


def test_accepting_makes_a_draft_with_the_exact_words(source, proposed):
    coder = make_user("Coder")
    offer(source, proposed(speaker_text="DDG Shimbo", modality="intended"))
    statement = suggestions.accept(coder, Suggestion.objects.get())
    assert (statement.state, statement.coder) == ("draft", coder)
    assert (statement.speaker_text, statement.modality) == ("DDG Shimbo", "intended")
    assert statement.main.quote == "Japan prefers"
    assert statement.said_on == "2008-04-23"
    row = Suggestion.objects.get()
    assert (row.state, row.decided_by, row.statement) == ("accepted", coder, statement)
    assert Change.objects.of(row).get().action == "accepted"


def test_what_is_decided_is_decided(source, proposed):
    coder = make_user("Coder")
    offer(source, proposed())
    suggestions.reject(coder, Suggestion.objects.get(), "no_position")
    for decide in (suggestions.accept, suggestions.reject):
        with pytest.raises(Refused, match="It was rejected already"):
            decide(coder, Suggestion.objects.get())
    assert offer(source, proposed()).made == 0
    assert Suggestion.objects.get().get_because_display() == (
        "The words take no position"
    )


def test_what_people_coded_is_not_offered(source, proposed):
    one = proposed()
    make_statement(
        actor=one.actor,
        option=one.option,
        paragraph=one.paragraph,
        quote=one.quote,
        code="prefer",
    )
    assert offer(source, one).made == 0


def test_only_coders_decide(source, proposed):
    offer(source, proposed())
    for decide in (suggestions.accept, suggestions.reject):
        with pytest.raises(NotAllowed):
            decide(make_user("Reader"), Suggestion.objects.get())


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"end": 500}, "outside"),
        ({"start": 9, "end": 9}, "outside"),
        ({"confidence": 1.2}, "not between 0 and 1"),
    ],
)
def test_a_tool_that_gets_it_wrong_files_nothing(source, proposed, fields, why):
    with pytest.raises(Refused, match=why):
        offer(source, proposed("2"), proposed(**fields))
    assert not Suggestion.objects.exists()


def test_words_of_a_comment_are_the_reporters(source, proposed):
    one = proposed()
    Voice.objects.create(paragraph=one.paragraph, start=0, end=20, kind="comment")
    offer(source, proposed())
    assert Suggestion.objects.get().standing == "reporter"
    suggestions.accept(make_user("Coder"), Suggestion.objects.get())


def test_a_repeat_becomes_a_further_citation(source, proposed):
    later = proposed("2", 14, 31)
    summary = proposed(repeats=later.fingerprint)
    offer(source, summary, later)
    first, second = (
        Suggestion.objects.get(fingerprint=one.fingerprint) for one in (later, summary)
    )
    assert second.repeats == first
    coder = make_user("Coder")
    statement = suggestions.accept(coder, first)
    assert suggestions.accept(coder, second) == statement
    roles = [citation.role for citation in statement.citations.order_by("pk")]
    assert roles == ["main", "repeats"]


def test_what_waits_follows_the_text_that_is_read(source, proposed):
    offer(source, proposed())
    revision = make_revision(source, ("A new first paragraph.", *TEXT), current=False)
    revising.make_current(source, revision)
    assert not Suggestion.objects.waiting().exists()
    with pytest.raises(Refused, match="The text has changed since"):
        suggestions.accept(make_user("Coder"), Suggestion.objects.get())
    now = revision.paragraphs.get(text=TEXT[0])
    assert offer(source, proposed(paragraph=now)).made == 0
    assert Suggestion.objects.waiting().get().paragraph == now


def test_a_fingerprint_does_not_hang_on_spaces_or_case(proposed):
    one = proposed()
    assert fingerprint(" JAPAN\n prefers.", one.actor, one.option, one.disposition) == (
        one.fingerprint
    )


def test_the_database_keeps_them_apart_too(source, proposed):
    offer(source, proposed())
    row = Suggestion.objects.get()
    row.pk, row.key = None, "zzzzzzzzzzzz"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
