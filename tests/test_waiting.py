"""The work lists: which rows wait, what each says, and the words beside it."""

from datetime import date, timedelta

import factories as make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from positions import dates, noting, recoding, suggestions, worklists
from positions.models import Citation, Evidence, Source

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


@pytest.mark.parametrize(
    ("key", "kind"),
    [("draft-statements", make.make_statement), ("draft-stances", make.make_stance)],
)
def test_a_draft_says_who_sent_it_back_and_why(key, kind):
    reviewer = make.make_user("Reviewer", username="rita")
    record = kind(state="review")
    record.send_back(reviewer, "The day is missing.")
    kind()

    said = [problem for problem, _ in prepared(key)]
    assert said[0] == "Sent back by rita: The day is missing."
    assert said[1].endswith("not submitted yet.")


def test_the_newest_notes_stand_beside_a_statement():
    ada = make.make_user("Coder", username="ada")
    statement, other = make.make_statement(), make.make_statement()
    for n in range(5):
        noting.write(ada, statement, f"Note {n}")
    noting.write(ada, other, "Another thread")
    work = worklists._lists["draft-statements"]
    rows = list(work.rows())
    with CaptureQueriesContext(connection) as queries:
        work.prepare(rows)

    assert len(queries) == 2
    talk = {row: [note.text for note in row.talk] for row in rows}
    assert talk == {
        statement: ["Note 2", "Note 3", "Note 4"],
        other: ["Another thread"],
    }


# -- drift and stale stances -------------------------------------------------------

TODAY = date.today()


@pytest.fixture
def stance():
    """Japan: prefer CCW, published from 1 January, confirmed at once, still open."""
    actor, option = make.make_actor("Japan"), make.make_option("CCW")
    day = f"{TODAY.year}-01-01"
    support = make.make_statement(
        actor=actor, option=option, said_on=day, state="accepted"
    )
    return make.make_stance(
        actor=actor,
        option=option,
        support=[support],
        holds_from=day,
        last_confirmed=TODAY,
        state="published",
    )


def say(stance, code, said_on, **fields):
    """A further accepted statement of the stance's cell."""
    given = {"actor": stance.actor, "option": stance.option, "state": "accepted"}
    return make.make_statement(code=code, said_on=str(said_on), **given | fields)


def prepared(key):
    """The rows of a list as the queue shows them: what each says, and its words."""
    work = worklists._lists[key]
    rows = list(work.rows())
    work.prepare(rows)
    return [(work.problem(row), work.place(row)) for row in rows]


def later(stance, days=1):
    return stance.holds_from + timedelta(days=days)


def test_a_stance_drifts_where_a_later_statement_says_otherwise(stance):
    make.make_stance(state="published")
    say(stance, "oppose", later(stance), quote="first priority")

    assert waiting("drift") == [stance]
    ((problem, place),) = prepared("drift")
    assert problem.startswith(
        "It says otherwise and is not among the evidence: “Japan: oppose CCW” of "
        f"{later(stance)}, DOC"
    )
    ((start, end),) = place.spans
    assert place.paragraph.text[start:end] == "first priority"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("prefer", {}),
        # Another facet.
        ("engage", {}),
        ("oppose", {"standing": "other"}),
        ("oppose", {"form": "characterisation"}),
        ("oppose", {"modality": "expected"}),
        ("oppose", {"reliability": "E"}),
        ("oppose", {"credibility": "5"}),
        ("oppose", {"state": "review"}),
        ("oppose", {"said_on": "2001-01-01"}),
        # Vague evidence never overturns exact evidence.
        ("oppose", {"said_on": str(TODAY.year)}),
    ],
)
def test_what_does_not_count_or_says_the_same_is_no_drift(stance, code, fields):
    say(stance, code, **{"said_on": later(stance)} | fields)
    assert waiting("drift") == []


def test_a_recorded_act_told_by_others_is_drift(stance):
    say(stance, "oppose", later(stance), standing="other", form="act")
    assert waiting("drift") == [stance]


def test_drift_is_settled_by_naming_the_statement_as_evidence(stance):
    statement = say(stance, "oppose", later(stance))
    draft = stance.next_version(stance.author)
    Evidence.objects.create(stance=draft, statement=statement, relation="contradicts")
    draft.submit(stance.author)
    draft.publish(stance.author)
    assert waiting("drift") == []


def test_what_was_said_after_a_stance_ended_is_no_drift(stance):
    draft = stance.next_version(stance.author)
    draft.holds_to = later(stance, 10)
    draft.submit(stance.author)
    draft.publish(stance.author)
    say(stance, "oppose", later(stance, 10))
    assert waiting("drift") == []
    say(stance, "oppose", later(stance, 9))
    assert waiting("drift") == [draft]


@pytest.mark.parametrize("merged", ["actor", "option", "both"])
def test_drift_is_found_through_merged_actors_and_options(stance, merged):
    issue = stance.option.issue
    actor = option = None
    if merged != "option":
        actor = make.make_actor("Nippon", merged_into=stance.actor)
    if merged != "actor":
        option = make.make_option("CCW talks", issue=issue, merged_into=stance.option)
    say(
        stance,
        "oppose",
        later(stance),
        actor=actor or stance.actor,
        option=option or stance.option,
    )
    assert waiting("drift") == [stance]
    ((problem, _),) = prepared("drift")
    assert "oppose CCW" in problem


@pytest.mark.parametrize(
    ("code", "months", "stale"),
    [
        ("prefer", 25, True),
        ("prefer", 23, False),
        ("engage", 13, True),
        ("engage", 11, False),
        # A commitment has no horizon.
        ("signed", 200, False),
    ],
)
def test_a_stance_is_stale_when_nothing_confirmed_it_for_too_long(code, months, stale):
    day = dates.add_months(TODAY, -months)
    stance = make.make_stance(code=code, holds_from=day, state="published")

    assert waiting("stale-stances") == ([stance] if stale else [])
    if stale:
        facet = stance.get_facet_display().lower()
        ((problem, place),) = prepared("stale-stances")
        assert problem == (
            f"Last confirmed on {day}, longer ago than the {facet} stands without "
            "confirmation."
        )
        assert place is not None


def test_the_issue_may_set_another_horizon():
    issue = make.make_issue(preference_months=60)
    day = dates.add_months(TODAY, -25)
    option = make.make_option("CCW", issue=issue)
    make.make_stance(option=option, holds_from=day, state="published")
    assert waiting("stale-stances") == []


def test_a_stance_that_has_ended_is_not_stale():
    make.make_stance(holds_from="2001-01-01", holds_to="2002-01-01", state="published")
    make.make_stance(holds_from="2001-01-01", state="review")
    assert waiting("stale-stances") == []


def test_a_stance_is_stale_when_newer_evidence_of_its_cell_is_not_named():
    day = dates.add_months(TODAY, -20)
    stance = make.make_stance(
        actor=make.make_actor("Japan"),
        option=make.make_option("CCW"),
        holds_from=day,
        state="published",
    )
    news = say(stance, "prefer", day + timedelta(days=30))

    assert waiting("stale-stances") == [stance]
    ((problem, place),) = prepared("stale-stances")
    assert problem.startswith(
        f"It is newer and not among the evidence: “Japan: prefer CCW” of "
        f"{news.holds_latest}, DOC"
    )
    assert place.paragraph == news.main.paragraph
    assert waiting("drift") == []


def test_what_says_otherwise_waits_as_drift_and_not_as_stale(stance):
    say(stance, "oppose", later(stance))
    assert waiting("stale-stances") == []


@pytest.mark.parametrize("key", ["drift", "stale-stances"])
def test_more_drift_takes_no_more_queries(key, django_assert_max_num_queries):
    def make_one():
        day = dates.add_months(TODAY, -20)
        one = make.make_stance(holds_from=day, state="published")
        say(one, "oppose" if key == "drift" else "prefer", later(one))

    def shown():
        assert [place.paragraph.citation for _, place in prepared(key)]

    make_one()
    with CaptureQueriesContext(connection) as queries:
        shown()
    make_one()
    make_one()
    with django_assert_max_num_queries(len(queries)):
        shown()


def test_the_action_of_a_stance_leads_to_its_derivation(stance, client):
    say(stance, "oppose", later(stance))
    work = worklists._lists["drift"]
    client.force_login(make.make_user())
    page = client.get(work.action(work.rows()[0]).address)
    assert "Derive stances: Japan" in page.text


# -- speakers ----------------------------------------------------------------------


def test_speakers_wait_once_for_each_printed_name_and_actor():
    japan, norway = make.make_actor("Japan"), make.make_actor("Norway")
    first = make.make_statement(
        actor=japan, speaker_text="Mr Tarui", speaker_role="deputy", state="accepted"
    )
    make.make_statement(actor=japan, speaker_text="Mr Tarui")
    other = make.make_statement(actor=norway, speaker_text="Mr Tarui")
    make.make_statement(actor=japan)
    person = make.make_actor("A person", kind="person")
    make.make_statement(actor=japan, speaker_text="Ms B", speaker=person)
    make.make_statement(speaker_text="Mr C").reject(make.make_user(), "No.")

    assert waiting("speakers") == [first, other]
    assert problems("speakers") == [
        "“Mr Tarui”, deputy, speaks in 2 statements of Japan and is no person of the "
        "register.",
        "“Mr Tarui” speaks in 1 statement of Norway and is no person of the register.",
    ]


def test_a_statement_and_its_correction_count_once():
    statement = make.make_statement(speaker_text="Mr Tarui", state="accepted")
    statement.next_version(statement.coder)
    assert [row.number for row in waiting("speakers")] == [1]


def test_a_speaker_leads_to_the_statements_to_be_recoded(client):
    first = make.make_statement(speaker_text="Mr Tarui")
    make.make_statement(speaker_text="Mr Tarui")
    user = make.make_user()
    client.force_login(user)
    work = worklists._lists["speakers"]
    page = client.get(work.action(work.rows()[0]).address)
    assert list(page.context["cl"].result_list) == [first]

    person = make.make_actor("Tarui Ryosuke", kind="person")
    recoding.recode(user, [first.key], recoding.Recoding(speaker=person), "Found.")
    assert first not in waiting("speakers")


# -- what imports leave ------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["import-conflicts", "import-unsure", "import-problems", "drift", "speakers"]
)
def test_every_list_is_registered_for_those_who_work_here(key):
    assert worklists.get(key, make.make_user("Coder")) is not None
    assert worklists.get(key, make.make_user("Reader")) is None
