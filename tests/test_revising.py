"""What a source's next text does to paragraph keys and citations."""

import pytest
from factories import (
    add_citation,
    make_revision,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)

from positions import revising
from positions.models import Change, Citation, Statement

pytestmark = pytest.mark.django_db

FIRST = (
    "Japan's first priority is an agreement within the CCW.",
    "Public pressure keeps Japan engaged in the Oslo Process.",
    "The officials met on 23 April in the ministry.",
)


@pytest.fixture
def source():
    return make_source(FIRST)


def corrected(source, paragraphs):
    """A revision with these paragraphs and the keys they get, not read yet."""
    keys = revising.paragraph_keys(source, paragraphs)
    given = [
        {"text": text, "key": key} for text, key in zip(paragraphs, keys, strict=True)
    ]
    revision = make_revision(source, given, current=False)
    source.revisions.filter(number=revision.number - 1).update(current=True)
    return revision


def cited(source, number, quote, **fields):
    statement = make_statement(
        paragraph=paragraph_of(source, number), quote=quote, **fields
    )
    return statement.main


def test_paragraphs_of_a_new_source_are_counted_from_one(source):
    empty = make_source(())
    assert revising.paragraph_keys(empty, ["a", "b"]) == [1, 2]


@pytest.mark.parametrize(
    ("new", "keys"),
    [
        (FIRST, [1, 2, 3]),
        (("Something quite new stands here.", *FIRST), [4, 1, 2, 3]),
        (FIRST[1:], [2, 3]),
        ((FIRST[0].replace("priority", "choice"), *FIRST[1:]), [1, 2, 3]),
        ((FIRST[2], "One more paragraph altogether.", FIRST[0]), [3, 4, 1]),
    ],
)
def test_a_paragraph_keeps_its_key_through_a_correction(source, new, keys):
    assert revising.paragraph_keys(source, list(new)) == keys


def test_a_key_once_used_never_names_another_paragraph(source):
    shorter = corrected(source, list(FIRST[:2]))
    revising.make_current(source, shorter, who=make_user())
    new = "Nothing like it stood here before."
    assert revising.paragraph_keys(source, [*FIRST[:2], new]) == [1, 2, 4]


def test_a_paragraph_that_comes_back_gets_its_old_key(source):
    shorter = corrected(source, list(FIRST[:2]))
    revising.make_current(source, shorter, who=make_user())
    texts = ["New words at the very start of it.", *FIRST, "New words at the end."]
    assert revising.paragraph_keys(source, texts) == [4, 1, 2, 3, 5]


def test_a_citation_whose_words_stay_is_anchored_in_the_new_text(source):
    citation = cited(source, 1, "an agreement within the CCW")
    revision = corrected(source, ["Japan’s first wish: " + FIRST[0][8:], *FIRST[1:]])
    settled = revising.make_current(source, revision, who=make_user())
    citation.refresh_from_db()
    assert settled == revising.Settled(anchored=1)
    assert citation.anchor == "anchored"
    paragraph, start, end = citation.place
    assert paragraph.revision == revision
    assert paragraph.text[start:end] == citation.quote


def test_a_citation_whose_words_were_corrected_is_moved(source):
    citation = cited(source, 1, "first priority is an agreement within the CCW")
    text = FIRST[0].replace("agreement", "agrement")
    revision = corrected(source, [text, *FIRST[1:]])
    settled = revising.make_current(source, revision, who=make_user())
    citation.refresh_from_db()
    assert settled == revising.Settled(moved=1)
    assert citation.now_paragraph.text[citation.now_start : citation.now_end] == (
        "first priority is an agrement within the CCW"
    )
    # The words as they were coded stay for ever.
    assert citation.quote == "first priority is an agreement within the CCW"
    assert citation.paragraph.text == FIRST[0]


def test_words_that_went_into_another_paragraph_are_moved_there(source):
    quote = "an agreement within the CCW"
    citation = cited(source, 1, quote)
    texts = [FIRST[1], f"{FIRST[2]} It was said that the aim is {quote}, and no more."]
    settled = revising.make_current(source, corrected(source, texts), who=make_user())
    citation.refresh_from_db()
    assert settled == revising.Settled(moved=1)
    assert citation.now_paragraph.order == 2


def test_words_that_stand_in_two_other_places_are_orphaned(source):
    quote = "an agreement within the CCW"
    citation = cited(source, 1, quote)
    texts = [f"{FIRST[1]} So: {quote}.", f"{FIRST[2]} So: {quote}."]
    settled = revising.make_current(source, corrected(source, texts), who=make_user())
    citation.refresh_from_db()
    assert settled == revising.Settled(orphaned=1)
    assert citation.place is None
    assert citation.now_paragraph is None


def test_going_back_to_the_first_text_anchors_its_citations_again(source):
    first = source.current
    citation = cited(source, 1, "an agreement within the CCW")
    revising.make_current(source, corrected(source, [FIRST[1]]), who=make_user())
    settled = revising.make_current(source, first, who=make_user())
    citation.refresh_from_db()
    assert settled == revising.Settled(anchored=1)
    assert citation.place == (citation.paragraph, citation.start, citation.end)
    assert source.current == first


def test_nothing_published_changes_with_the_text(source):
    citation = cited(source, 1, "an agreement within the CCW", state="accepted")
    before = Statement.objects.values().get(pk=citation.statement_id)
    revising.make_current(source, corrected(source, [FIRST[1]]), who=make_user())
    assert Statement.objects.values().get(pk=citation.statement_id) == before


def test_every_citation_of_the_source_is_settled_and_no_other(source):
    main = cited(source, 1, "an agreement within the CCW")
    add_citation(main.statement, paragraph_of(source, 2), "Public pressure")
    elsewhere = cited(make_source(FIRST), 1, "an agreement within the CCW")
    settled = revising.make_current(
        source, corrected(source, [FIRST[0]]), who=make_user()
    )
    assert settled == revising.Settled(anchored=1, orphaned=1)
    elsewhere.refresh_from_db()
    assert (elsewhere.anchor, elsewhere.now_paragraph) == ("anchored", None)


def test_the_log_names_the_new_text(source):
    who = make_user()
    revising.make_current(source, corrected(source, [FIRST[0]]), who=who, why="Typos.")
    change = Change.objects.of(source).first()
    assert (change.action, change.why) == ("text is now revision 2", "Typos.")
    assert change.who == who
    assert change.public is True


def test_the_number_of_queries_does_not_grow_with_the_citations(
    source, django_assert_max_num_queries
):
    first = cited(source, 1, "an agreement within the CCW")
    for quote in ("Public", "pressure", "keeps", "Japan", "engaged"):
        add_citation(first.statement, paragraph_of(source, 2), quote)
    revision, who = corrected(source, [FIRST[1]]), make_user()
    with django_assert_max_num_queries(20):
        revising.make_current(source, revision, who=who)
    assert Citation.objects.filter(anchor="orphaned").count() == 1
