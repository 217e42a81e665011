"""Superseded texts are thinned out, and nothing that somebody points at goes."""

import pytest
from django.core.management import CommandError, call_command
from factories import (
    make_collection,
    make_revision,
    make_source,
    make_statement,
    paragraph_of,
)

from positions import pruning, revising, search
from positions.integrity import faults
from positions.models import Change, Paragraph, ReceivedBytes, Revision, Voice
from positions.readers import Reader

pytestmark = pytest.mark.django_db
FIRST = (
    "An orchard of apples.",
    "A second paragraph on quinces.",
    "Rhubarb at the end.",
)
SECOND = ("An orchard of apples.", "A second paragraph, corrected.")


@pytest.fixture
def source():
    made = make_source(FIRST)
    search.index(Paragraph, [p.pk for p in Paragraph.objects.all()])
    return made


def supersede(source, **fields):
    revision = make_revision(
        source, SECOND, current=False, **{"reason": "publisher", **fields}
    )
    revising.make_current(source, revision)
    return revision


def prune(**options):
    call_command("prune_revisions", **options)


def found(word):
    everything = Reader(curator=True, clearance=4)
    return search.filter(Paragraph.objects.all(), word, everything).count()


def test_bytes_and_uncited_paragraphs_of_a_superseded_text_go(source, capsys):
    first = source.current
    supersede(source)
    prune()
    assert "1 superseded texts: dropped" in capsys.readouterr().out
    assert not ReceivedBytes.objects.filter(revision=first).exists()
    first.refresh_from_db()
    assert first.text == "\n\n".join(FIRST)
    # The highest key stays taken.
    assert [p.key for p in first.paragraphs.all()] == [3]
    assert source.current.paragraphs.count() == 2
    assert source.current.received
    assert Change.objects.of(source).first().action == "superseded texts pruned"
    assert list(faults()) == []


def test_words_that_are_gone_are_not_found(source):
    supersede(source)
    assert found("quinces") == 1
    prune()
    assert found("quinces") == 0
    assert found("rhubarb") == 1


def test_what_is_cited_stays(source):
    paragraph = paragraph_of(source, "1")
    Voice.objects.create(paragraph=paragraph, start=0, end=2, kind="comment")
    statement = make_statement(paragraph=paragraph_of(source, "2"), quote="A second")
    supersede(source)
    prune()
    assert statement.main.paragraph.text == FIRST[1]
    assert not Voice.objects.exists()


def test_what_a_person_typed_stays_whole(source):
    typed = make_revision(source, ("Typed by a person.", "Whole."), current=False)
    revising.make_current(source, typed)
    supersede(source)
    second = Revision.objects.get(number=2)
    assert second.reason == "transcription"
    prune()
    assert second.received
    assert second.paragraphs.count() == 2


def test_the_text_that_is_read_is_never_touched(source):
    list(pruning.prune(Revision.objects.all(), tool="test"))
    assert source.current.received
    assert source.current.paragraphs.count() == 3


def test_a_dry_run_only_says_how_much(source, capsys):
    supersede(source)
    prune(dry_run=True)
    assert "would drop" in capsys.readouterr().out
    assert ReceivedBytes.objects.count() == 2
    assert Paragraph.objects.count() == 5


def test_a_collection_may_be_named(source):
    other = make_source(FIRST, collection=make_collection("other"))
    for one in (source, other):
        supersede(one)
    prune(collection="other")
    assert ReceivedBytes.objects.filter(revision__source=source).count() == 2
    assert ReceivedBytes.objects.filter(revision__source=other).count() == 1
    with pytest.raises(CommandError, match="There is no collection “none”"):
        prune(collection="none")
