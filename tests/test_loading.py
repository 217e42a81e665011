"""Documents become rows: by natural key, whole, and never over a person's work."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from factories import make_actor, make_collection, make_statement, make_user
from papers import PARAGRAPHS, document, load, party, problem, session

from ingest import loading
from ingest.models import ImportProblem
from ingest.records import ImportFault, Patch, Skip
from positions.models import (
    Actor,
    Addressee,
    Change,
    Membership,
    Paragraph,
    Revision,
    Source,
    Voice,
)

pytestmark = pytest.mark.django_db


def conflicts():
    return list(
        ImportProblem.objects.filter(severity="conflict")
        .order_by("pk")
        .values_list("code", "message")
    )


def test_a_new_document_makes_a_source_with_its_text_and_bytes():
    into = session(make_collection("cables", visibility="citable"))
    record = document(
        dated_at=datetime(2008, 4, 22, 1, tzinfo=UTC),
        canonical_identifier="08TOKYO1001X",
        printed_identifier="08TOKYO01001",
        language="en",
        header={"dtg": "220100Z APR 08", "symbol": "S/1"},
        patches=(Patch(0, 0, "\x00head"),),
    )
    loaded = load(into, record, b"as it came")
    source, revision = loaded.source, loaded.revision
    assert loaded.outcome == "created"
    assert source.key == "cables/08TOKYO1001"
    assert source.canonical_id == "08TOKYO1001X"
    assert (source.visibility, source.kind, source.symbol) == (
        "citable",
        "cable",
        "S/1",
    )
    assert source.dated_earliest == source.dated_latest
    assert (revision.number, revision.current, revision.reason) == (1, True, "first")
    assert revision.received.data == b"as it came"
    assert revision.header["dtg"] == "220100Z APR 08"
    assert revision.header["printed_identifier"] == "08TOKYO01001"
    assert revision.patches == [[0, 0, "\\0000head"]]
    assert revision.imported.file == "one.txt"
    assert revision.imported.run == into.run
    revision.refresh_from_db()
    source.refresh_from_db()
    assert source.dated_at == datetime(2008, 4, 22, 1, tzinfo=UTC)


def test_paragraphs_are_slices_with_key_number_and_name():
    record = document(("one", "two", "three", "four"))
    rows = list(record.paragraphs)
    rows[1] = replace(rows[1], number="1", label="1.", page=7, skips=(Skip(0, "x\n"),))
    rows[3] = replace(rows[3], number="", heading="What Comes Next")
    loaded = load(session(), replace(record, paragraphs=tuple(rows)))
    found = loaded.revision.paragraphs.order_by("order")
    assert [(p.key, p.text, p.name, p.page) for p in found] == [
        (1, "one", "1", ""),
        (2, "two", "1 bis", "7"),
        (3, "three", "3", ""),
        (4, "four", "unnumbered after 3", ""),
    ]
    for p in found:
        assert loaded.revision.text[p.start : p.end] == p.text
    assert found[1].skips == [[0, "x\n"]]
    assert found[3].heading == "What Comes Next"


@pytest.mark.parametrize(
    ("own", "documents", "collections", "expected"),
    [
        (0, 3, 2, 0),
        (None, 3, 2, 3),
        (None, None, 2, 2),
        (None, None, None, 4),
        (None, 0, 4, 0),
    ],
)
def test_a_paragraph_always_has_an_access_level(own, documents, collections, expected):
    record = document(("one",), level=documents)
    rows = (replace(record.paragraphs[0], level=own),)
    into = session(make_collection(level=collections))
    loaded = load(into, replace(record, paragraphs=rows))
    assert loaded.revision.paragraphs.get().access_level == expected
    assert loaded.revision.paragraphs.get().level == own


def test_paragraphs_can_be_searched_as_soon_as_they_are_in():
    from positions import search
    from positions.readers import Reader

    load(session(make_collection(visibility="public")), document())
    found = search.search("priority", Reader.anonymous())
    assert [hit.record.number for hit in found.paragraphs] == ["2"]


def test_voices_addressees_and_warnings_come_with_the_text():
    record = document(
        voices=[(2, 4, 12)],
        parties=(
            party("SECSTATE WASHDC", precedence="IMMEDIATE", continuity="4000"),
            party("DESK OF NOBODY KNOWN", role="information", routing="RHXXXX"),
        ),
        problems=(problem(),),
    )
    revision = load(session(), record).revision
    voice = Voice.objects.get(paragraph__revision=revision)
    assert (voice.paragraph.number, voice.start, voice.end) == ("2", 4, 12)
    first, second = Addressee.objects.filter(revision=revision)
    assert (first.actor.key, first.precedence) == (
        "us-department-of-state",
        "IMMEDIATE",
    )
    assert (second.actor, second.name) == (None, "DESK OF NOBODY KNOWN")
    warning = ImportProblem.objects.get(severity="warning")
    assert (warning.code, warning.record) == ("odd", "line 3")
    assert warning.revision == revision


def test_a_post_becomes_an_actor_with_its_state_only_through_the_tables():
    source = load(session(), document()).source
    assert source.issuer.key == "us-embassy-tokyo"
    assert source.issuer_text == "AMEMBASSY TOKYO"
    (state,) = Membership.objects.filter(member=source.issuer)
    assert state.group.identifier("iso3") == "USA"
    assert Actor.objects.count() == 2
    made = Change.objects.filter(record="actor").values_list("key", "tool")
    assert sorted(made) == [
        ("united-states", "import_tests"),
        ("us-embassy-tokyo", "import_tests"),
    ]


def test_a_state_that_a_person_made_is_the_state_of_its_posts():
    state = make_actor("United States", key="usa-by-hand")
    load(session(), document())
    assert Membership.objects.get().group == state
    assert state.identifiers.count() == 0


def test_a_merged_post_stands_for_the_actor_it_was_merged_into():
    into = session()
    load(into, document(identifier="A1"))
    survivor = make_actor("Embassy in Tokyo", kind="body")
    Actor.objects.get(key="us-embassy-tokyo").__class__._base_manager.filter(
        key="us-embassy-tokyo"
    ).update(merged_into=survivor)
    assert load(session(), document(identifier="A2")).source.issuer == survivor


def test_the_same_bytes_again_change_nothing():
    collection = make_collection()
    load(session(collection), document())
    changes = Change.objects.count()
    again = load(session(collection), document(parser_version="2"))
    assert again.outcome == "unchanged"
    assert Revision.objects.count() == 1
    assert Change.objects.count() == changes


def test_known_bytes_are_told_without_reading_them():
    collection = make_collection()
    loaded = load(session(collection), document(), b"bytes")
    digest = loaded.revision.sha256
    assert loading.known(collection, ["plain"], [digest, "0" * 64]) == {
        digest: loaded.source.pk
    }
    assert loading.known(make_collection(), ["plain"], [digest]) == {}
    assert loading.known(collection, ["cable"], [digest]) == {}


def test_a_changed_text_in_the_same_shape_becomes_the_one_that_is_read():
    collection = make_collection()
    first = load(session(collection), document())
    statement = make_statement(
        paragraph=first.revision.paragraphs.get(number="2"), quote="first priority"
    )
    text = (*PARAGRAPHS[:2], "He added that pressure keeps Japan in the Oslo Process.")
    second = load(session(collection), document(text))
    assert second.outcome == "changed"
    assert (second.revision.number, second.revision.reason) == (2, "publisher")
    assert first.source.current == second.revision
    keys = second.revision.paragraphs.order_by("order").values_list("key", flat=True)
    assert list(keys) == [1, 2, 3]
    assert str(second.settled) == "Citations: 1 anchored, 0 moved, 0 orphaned."
    assert statement.main.now_paragraph.revision == second.revision
    assert conflicts() == []


def test_another_shape_is_kept_beside_a_text_that_is_cited():
    collection = make_collection()
    first = load(session(collection), document())
    make_statement(paragraph=first.revision.paragraphs.get(number="2"))
    second = load(session(collection), document(shape="html"), b"a page")
    assert second.outcome == "conflict"
    assert second.revision.current is False
    assert first.source.current == first.revision
    ((code, message),) = conflicts()
    assert code == "other_copy"
    assert "another copy of 08TOKYO1001" in message


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("https://a.example.org/1", "https://b.example.org/1", "conflict"),
        ("https://www.a.example.org/1", "http://a.example.org/2", "changed"),
        ("https://a.example.org/1", "", "changed"),
        ("https://a.example.org/1", "https://[", "changed"),
    ],
)
def test_another_publishers_copy_is_kept_beside_a_text_that_is_cited(
    first, second, outcome
):
    collection = make_collection("cables")
    loaded = load(session(collection), document(header={"url": first}), b"first")
    cited = loaded.revision.paragraphs.get(number="1")
    make_statement(paragraph=cited, quote=cited.text[:20])
    changed = document(("Another text.",), header={"url": second})
    assert load(session(collection), changed, b"second").outcome == outcome


def test_another_shape_replaces_a_text_that_nothing_cites():
    collection = make_collection()
    first = load(session(collection), document())
    second = load(session(collection), document(shape="html"), b"a page")
    assert second.outcome == "changed"
    assert first.source.current == second.revision


def test_two_copies_by_turns_change_nothing_after_the_first_time():
    collection, copies = make_collection(), (document(), document(PARAGRAPHS[:2]))
    for record in copies:
        load(session(collection), record)
    rows = list(Revision.objects.values_list("number", "current"))
    for record in (*copies, *copies):
        assert load(session(collection), record).outcome == "unchanged"
    assert list(Revision.objects.values_list("number", "current")) == rows


def test_a_text_corrected_by_hand_is_not_replaced_by_an_import():
    collection, who = make_collection(), make_user()
    load(session(collection), document())
    mended = document(("Mended by hand.",))
    load(session(collection, who, reason="transcription"), mended)
    third = load(session(collection), document(PARAGRAPHS[:2]))
    assert third.outcome == "conflict"
    assert third.source.current.text == "Mended by hand."
    assert third.source.current.made_by == who


def test_a_person_may_go_back_to_a_text_the_source_had():
    collection = make_collection()
    first = load(session(collection), document())
    load(session(collection, reason="transcription"), document(("Mended.",)))
    again = load(session(collection, reason="transcription"), document())
    assert again.outcome == "changed"
    assert again.revision == first.revision
    assert Revision.objects.count() == 2


def test_another_text_of_one_document_in_one_run_is_rejected_with_both_names():
    into = session()
    load(into, document(), file="a/08TOKYO1001.txt")
    with pytest.raises(ImportFault) as fault:
        load(into, document(PARAGRAPHS[:1]), file="b/08TOKYO1001.txt")
    assert str(fault.value) == (
        "b/08TOKYO1001.txt: 08TOKYO1001 stands in a/08TOKYO1001.txt as well, with "
        "another text: the first was taken."
    )
    assert Revision.objects.count() == 1


def test_what_the_new_copy_says_of_the_document_is_taken_over():
    collection = make_collection()
    load(session(collection), document(title="", level=None))
    record = document(PARAGRAPHS[:2], title="A title at last", level=2)
    assert load(session(collection), record).outcome == "changed"
    source = Source.objects.get()
    assert (source.title, source.level) == ("A title at last", 2)


def test_what_a_person_wrote_of_the_document_stays_and_the_difference_is_listed():
    collection = make_collection()
    source = load(session(collection), document()).source
    source.title, source.language = "A better title", "ja"
    source.save()
    record = document(PARAGRAPHS[:2], title="The publisher's title", language="")
    loaded = load(session(collection), record)
    source.refresh_from_db()
    assert loaded.outcome == "conflict"
    assert loaded.source.current == loaded.revision
    assert (source.title, source.language) == ("A better title", "ja")
    assert conflicts() == [
        (
            "source_field",
            "08TOKYO1001: title is “A better title” here and “The publisher's title” "
            "in the file; it was kept.",
        )
    ]


def test_what_a_person_stated_goes_over_what_the_document_says():
    collection = make_collection()
    into = session(collection, stated={"title": "As I say", "level": 1})
    source = load(into, document(level=None)).source
    assert (source.title, source.level) == ("As I say", 1)
    assert source.current.paragraphs.first().access_level == 1
    # It is the person's: the publisher's next copy does not replace it.
    again = load(session(collection), document(PARAGRAPHS[:2], title="Other"))
    assert (again.outcome, again.source.title) == ("conflict", "As I say")


def test_a_text_corrected_by_hand_leaves_the_fields_of_its_source_alone():
    collection = make_collection()
    source = load(session(collection), document(header={"dtg": "X"})).source
    bare = document(PARAGRAPHS[:2], title="", kind="other", issuer="", dated="")
    load(session(collection, reason="transcription", why="A typo."), bare)
    source.refresh_from_db()
    assert (source.title, source.kind) == ("Cluster munitions", "cable")
    assert source.issuer.key == "us-embassy-tokyo"
    assert source.current.note == "A typo."
    assert source.current.header["dtg"] == "X"
    assert source.current.header["source"]["kind"] == "cable"


def test_a_source_made_by_hand_gets_its_first_text():
    collection = make_collection()
    source = Source.objects.create(
        collection=collection, identifier="08TOKYO1001", title="Typed in"
    )
    loaded = load(session(collection), document(title="Typed in"))
    assert loaded.source == source
    assert (loaded.revision.number, loaded.revision.reason) == (1, "first")
    assert source.current == loaded.revision


def test_voices_mended_by_hand_stay_with_a_paragraph_that_stays():
    collection = make_collection()
    first = load(session(collection), document(voices=[(2, 4, 12)]))
    voice = Voice.objects.get()
    voice.end = 20
    voice.save()
    text = (*PARAGRAPHS[:2], "Another ending.")
    second = load(session(collection), document(text, voices=[(2, 4, 12)]))
    assert second.revision != first.revision
    assert Voice.objects.get(paragraph__revision=second.revision).end == 20


@pytest.mark.parametrize("identifier", ["", "a/b", "x" * 121])
def test_a_document_that_cannot_be_named_is_refused(identifier):
    with pytest.raises(ImportFault, match="cannot be an identifier"):
        load(session(), document(identifier=identifier))
    assert not Source.objects.exists()


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_no_nul_and_no_lone_surrogate_reaches_the_database(character):
    into = session()
    with pytest.raises(ImportFault, match="no database keeps"):
        load(into, document((f"a{character}b",)), b"x")
    odd = document(
        title=f"a{character}b",
        header={f"k{character}": [f"v{character}", {"n": 1}]},
        parties=(party(f"X{character}"),),
        problems=(problem(message=f"odd{character}"),),
    )
    source = load(into, odd).source
    source.refresh_from_db()
    assert source.title == "a\ufffdb"
    assert source.current.header["k\ufffd"] == ["v\ufffd", {"n": 1}]


def test_texts_too_long_for_their_columns_are_cut():
    record = document(title="t" * 900, issuer="i" * 900, parties=(party("n" * 900),))
    long = replace(record.paragraphs[0], heading="h" * 900, number="9" * 30)
    rows = (long, *record.paragraphs[1:])
    source = load(session(), replace(record, paragraphs=rows)).source
    source.refresh_from_db()
    assert (len(source.title), len(source.issuer_text)) == (500, 200)
    assert len(Paragraph.objects.get(order=1).heading) == 500


def test_a_document_that_fails_halfway_leaves_nothing():
    record = document()
    beyond = replace(record.paragraphs[2], end=len(record.text) + 5)
    rows = (*record.paragraphs[:2], beyond)
    with pytest.raises(Exception, match="paragraph_offsets"):
        load(session(), replace(record, paragraphs=rows))
    assert not Source.objects.exists()
    assert not Actor.objects.exists()
    assert not Change.objects.exists()


def test_loading_takes_as_many_queries_for_many_paragraphs_as_for_few(
    django_assert_max_num_queries,
):
    into = session()
    load(into, document(identifier="warm"))
    few, many = (
        document(("one",), identifier="few"),
        document(tuple(f"Paragraph {n}." for n in range(60)), identifier="many"),
    )
    with django_assert_max_num_queries(25):
        load(into, few)
    with django_assert_max_num_queries(25):
        load(into, many)
