"""The work lists: which rows wait, what each says, and the words beside it."""

import factories as make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from positions import suggestions, worklists
from positions.models import Citation, Source

pytestmark = pytest.mark.django_db


def waiting(key):
    """The rows of a work list, as its page would show them."""
    return list(worklists.get(key, make.make_user("Reviewer")).rows())


def problems(key):
    work = worklists._lists[key]
    return [work.problem(row) for row in work.rows()]


def words_beside(key):
    """What is marked beside each row: a list of words, or None."""
    work = worklists._lists[key]
    places = [work.place(row) for row in work.rows()]
    return [
        place and [place.paragraph.text[start:end] for start, end in place.spans]
        for place in places
    ]


# -- the words beside a row --------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "state"),
    [("draft-statements", "draft"), ("statements-in-review", "review")],
)
def test_a_statement_stands_beside_all_words_that_it_cites_of_its_paragraph(key, state):
    paragraph = make.paragraph_of(make.make_source(), 2)
    statement = make.make_statement(paragraph=paragraph, quote="Oslo Process")
    make.add_citation(statement, paragraph, "Public pressure", role="context")
    if state == "review":
        statement.submit(statement.coder)

    assert words_beside(key) == [["Public pressure", "Oslo Process"]]


def test_a_statement_without_words_has_nothing_beside_it():
    statement = make.make_statement()
    Citation.objects.filter(statement=statement).delete()

    assert words_beside("draft-statements") == [None]


@pytest.mark.parametrize(
    ("key", "state"), [("draft-stances", "draft"), ("stances-in-review", "review")]
)
def test_a_stance_stands_beside_the_words_of_its_first_support(key, state):
    first, second = (
        make.make_statement(state="accepted", quote="first priority"),
        make.make_statement(state="accepted", quote="an agreement"),
    )
    make.make_stance(support=[first, second], state=state)

    assert words_beside(key) == [["first priority"]]


def test_a_stance_without_support_has_nothing_beside_it():
    stance = make.make_stance()
    stance.evidence.update(relation="contradicts")

    assert words_beside("draft-stances") == [None]


def test_an_orphaned_citation_stands_beside_the_paragraph_as_it_was_cited():
    statement = make.make_statement(quote="first priority")
    statement.citations.update(anchor="orphaned")
    make.make_revision(Source.objects.get(), ["Quite another text."])

    assert words_beside("citations") == [["first priority"]]


def test_a_suggestion_stands_beside_the_words_it_was_made_of():
    paragraph = make.paragraph_of(make.make_source(), 1)
    start = paragraph.text.index("first priority")
    proposed = suggestions.Proposed(
        paragraph=paragraph,
        start=start,
        end=start + len("first priority"),
        actor=make.make_actor(),
        option=make.make_option(),
        disposition=make.disposition("prefer"),
        confidence=0.5,
        reason="It says so.",
    )
    suggestions.file(paragraph.revision.source, [proposed], tool="rules")

    assert words_beside("suggestions") == [["first priority"]]
    assert problems("suggestions") == ["It says so."]


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("draft-statements", "draft"),
        ("statements-in-review", "review"),
        ("draft-stances", "draft"),
        ("stances-in-review", "review"),
    ],
)
def test_more_rows_of_a_work_list_take_no_more_queries(
    key, state, django_assert_max_num_queries
):
    kind = make.make_stance if "stance" in key else make.make_statement

    def shown():
        """All that the queue shows of its rows."""
        work = worklists._lists[key]
        for row in work.rows():
            place = work.place(row)
            assert place.paragraph.citation
            assert list(place.paragraph.voices.all()) == []
            assert place.paragraph.skips == []
            assert str(row)
            assert work.problem(row)

    kind(state=state)
    with CaptureQueriesContext(connection) as queries:
        shown()
    for _ in range(3):
        kind(state=state)
    with django_assert_max_num_queries(len(queries)):
        shown()


def test_a_work_list_never_loads_the_text_of_a_document():
    make.make_statement()
    make.make_stance()
    make.make_statement().citations.update(anchor="orphaned")
    with CaptureQueriesContext(connection) as queries:
        for work in worklists.everything():
            for row in work.rows():
                work.place(row)

    assert '"positions_revision"."text"' not in str(queries.captured_queries)
