"""The reading page: paragraphs as printed, and what was coded beside them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from positions import coding, worklists
from positions.admin import reading
from positions.models import Addressee, Citation, CodingHeader, HeaderSpeaker, Voice
from positions.models.changes import recording
from tests import factories as make


def read(client, source, **query):
    return client.get(reverse("admin:positions_source_read", args=(source.pk,)), query)


@pytest.fixture
def coder(db):
    return make.make_user("Coder")


@pytest.fixture
def desk(client, coder):
    client.force_login(coder)
    return client


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"tags": ["PREL", "JA"]}, [("tags", "PREL, JA", 0)]),
        ({"a": None, "b": "", "c": [], "d": {}}, []),
        ({"sent_at": "02 MAY", "n": 0}, [("sent at", "02 MAY", 0), ("n", "0", 0)]),
        ({"by": {"name": "X"}}, [("by", "", 1)]),
        ({"refs": [{"id": "A"}, {"id": "B"}]}, [("refs", "", 2)]),
        ({"done": False, "sure": True}, [("done", "no", 0), ("sure", "yes", 0)]),
    ],
)
def test_a_header_of_any_shape_becomes_labelled_entries(value, expected):
    shown = [(e["label"], e["text"], len(e["inner"])) for e in reading.entries(value)]
    assert shown == expected


# -- the page ---------------------------------------------------------------------


def test_each_paragraph_stands_with_number_label_marking_heading_and_role(desk):
    source = make.make_source(
        [
            {"text": "In short.", "role": "summary", "label": "1.", "level": 3},
            {
                "text": "At length.",
                "number": "2",
                "label": "13.",
                "level": 3,
                "controls": "NF",
                "heading": "What was said",
            },
        ]
    )
    page = read(desk, source).text
    for shown in ("In short.", "Summary", "S/NF", "printed 13.", "What was said"):
        assert shown in page, shown
    assert "printed 1." not in page


def test_a_heading_that_is_a_paragraph_is_not_shown_again_above_its_section(desk):
    section = {"text": "At length.", "number": "2", "heading": "What was said"}
    heading = {"text": "What was\n said", "role": "heading"}
    page = read(desk, make.make_source([heading, section])).text
    assert 'class="text-heading"' not in page
    page = read(desk, make.make_source([section, {**section, "number": "3"}])).text
    assert page.count('class="text-heading"') == 1


def test_a_source_without_a_title_shows_its_identifier_once_above_the_text(desk):
    untitled = read(desk, make.make_source(identifier="NOTE-7", title="")).text
    assert "<strong>NOTE-7</strong>" not in untitled
    titled = read(desk, make.make_source(identifier="NOTE-8", title="A note")).text
    assert "<strong>NOTE-8</strong>" in titled


def test_voices_skips_and_quotes_are_shown_in_the_words(desk, coder):
    source = make.make_source(
        [{"text": "Yes, he said. (Comment: no.)", "skips": [[4, "SECTION 02"]]}]
    )
    paragraph = make.paragraph_of(source, 1)
    with recording(coder):
        Voice.objects.create(paragraph=paragraph, start=14, end=28, kind="comment")
    make.make_statement(paragraph=paragraph, quote="he said", who=coder)
    page = read(desk, source).text
    assert '<mark class="voice voice-comment"' in page
    assert "Author&#x27;s comment" in page
    assert 'title="SECTION 02"' in page
    assert ">he said</mark>" in page


def test_statements_stand_beside_their_paragraph_with_state_and_coder(desk, coder):
    source = make.make_source()
    statement = make.make_statement(
        paragraph=make.paragraph_of(source, 2), who=coder, state="review"
    )
    page = read(desk, source)
    first, second = page.context["shown"]
    assert first.coded == []
    assert [one.statement for one in second.coded] == [statement]
    assert "In review" in page.text
    assert f"coded by {coder}" in page.text


def test_a_replaced_version_is_not_shown_beside_the_one_in_its_place(desk, coder):
    source = make.make_source()
    reviewer = make.make_user("Reviewer")
    old = make.make_statement(paragraph=make.paragraph_of(source, 1), state="accepted")
    draft = old.next_version(coder)

    def shown():
        beside = read(desk, source).context["shown"][0].coded
        return {one.statement.version for one in beside}

    assert shown() == {1, 2}
    draft.submit(coder)
    draft.accept(reviewer)
    assert shown() == {2}


def test_a_citation_carried_to_a_new_text_stands_where_it_is_now(desk, coder):
    source = make.make_source(["An old text here."])
    statement = make.make_statement(
        paragraph=make.paragraph_of(source, 1), quote="text", who=coder
    )
    make.make_revision(source, ["Something before.", "A better text here."])
    now = make.paragraph_of(source, 2)
    Citation.objects.filter(statement=statement).update(
        now_paragraph=now, now_start=9, now_end=13, anchor="moved"
    )
    page = read(desk, source)
    assert [len(one.coded) for one in page.context["shown"]] == [0, 1]
    assert ">text</mark>" in page.text
    assert "Moved and orphaned citations" in page.text


def test_an_orphaned_citation_is_an_open_point_not_a_highlight(desk, coder):
    source = make.make_source(["An old text here."])
    make.make_statement(paragraph=make.paragraph_of(source, 1), who=coder)
    Citation.objects.update(anchor="orphaned")
    page = read(desk, source)
    assert page.context["shown"][0].coded == []
    assert "are not in the corrected text" in page.text


def test_null_findings_stand_at_their_paragraph_or_above_the_text(desk, coder):
    source, issue = make.make_source(), make.make_issue("Landmines")
    coding.record_check(
        coder, source=source, issue=issue, paragraph=make.paragraph_of(source, 2)
    )
    coding.record_check(coder, source=source, issue=issue, finding="withheld")
    page = read(desk, source)
    assert [len(one.checks) for one in page.context["shown"]] == [0, 1]
    assert [check.finding for check in page.context["checks"]] == ["withheld"]


def test_addressees_and_the_rest_of_the_header_are_shown(desk):
    source = make.make_source()
    revision = source.current
    revision.header = {"tags": ["PREL", "JA"], "classified_by": {"name": "A. Person"}}
    revision.save()
    Addressee.objects.create(
        revision=revision,
        order=1,
        role="action",
        name="SECSTATE WASHDC",
        precedence="IMMEDIATE",
        continuity="3946",
    )
    page = read(desk, source).text
    for shown in ("PREL, JA", "A. Person", "SECSTATE WASHDC", "IMMEDIATE", "3946"):
        assert shown in page, shown


def test_the_coding_header_is_shown_with_its_speakers(desk, coder):
    source = make.make_source()
    assert "Fill in the coding header" in read(desk, source).text
    with recording(coder):
        header = CodingHeader.objects.create(source=source, audience="the delegation")
        HeaderSpeaker.objects.create(
            header=header, name="An official", actor=make.make_actor("Japan")
        )
    page = read(desk, source).text
    for shown in ("Edit the coding header", "the delegation", "An official", "Japan"):
        assert shown in page, shown


def test_saving_the_coding_header_leads_back_to_the_document(desk):
    source = make.make_source()
    url = reverse("admin:positions_codingheader_add")
    form = {
        "source": source.pk,
        "said_on": "2008-04-23",
        "publicity": "public",
        "speakers-TOTAL_FORMS": 0,
        "speakers-INITIAL_FORMS": 0,
    }
    assert f'value="{source.pk}" selected' in desk.get(url, {"source": source.pk}).text
    answer = desk.post(url, form)
    assert answer.url == reverse("admin:positions_source_read", args=(source.pk,))
    assert source.coding_header.said_on == "2008-04-23"
    bad = desk.post(url, form | {"said_on": "soon"})
    assert bad.status_code == 200


def test_previous_and_next_are_those_of_the_collection(desk):
    collection = make.make_collection()
    one, two, three = (
        make.make_source(identifier=name, collection=collection)
        for name in ("A1", "A2", "A3")
    )
    make.make_source(identifier="A2B")
    context = read(desk, two).context
    assert (context["previous"], context["following"]) == (one, three)
    assert read(desk, one).context["previous"] is None


def test_a_long_document_is_read_page_by_page(desk, monkeypatch):
    monkeypatch.setattr(reading, "PER_PAGE", 4)
    source = make.make_source([f"Paragraph {n}." for n in range(1, 11)])
    texts = [one.paragraph.text for one in read(desk, source, page=3).context["shown"]]
    assert texts == ["Paragraph 9.", "Paragraph 10."]
    assert read(desk, source, at=6).context["page"] == 2
    for odd in ("0", "99", "x", "-1", "²"):
        assert read(desk, source, page=odd).status_code == 200


def test_a_source_without_a_text_and_one_that_is_not_there(desk):
    source = make.make_source()
    source.revisions.update(current=False)
    assert "This source has no text yet." in read(desk, source).text
    url = reverse("admin:positions_source_read", args=(10**6,))
    assert desk.get(url).status_code == 404


def test_the_page_is_for_those_who_may_see_sources(client, db):
    source = make.make_source()
    client.force_login(make.make_user("Reader", is_staff=True))
    assert read(client, source).status_code == 403


def test_what_waits_in_another_application_stands_on_the_page(desk, monkeypatch):
    monkeypatch.setattr(worklists, "_lists", {})
    source = make.make_source(identifier="DOC1")
    worklists.register(
        worklists.WorkList(
            key="odd",
            title="Odd files",
            meaning="Somebody should look.",
            permission="positions.view_source",
            rows=lambda: type(source).objects.order_by("pk"),
            problem=lambda row: f"{row} is odd.",
            action=lambda row: worklists.Action("Look", "/there/"),
            of_source=lambda rows, one: rows.filter(pk=one.pk),
        )
    )
    assert "DOC1 is odd." in read(desk, source).text


def test_texts_titles_and_headings_full_of_script_are_shown_as_text(desk, coder):
    script = "<script>alert(1)</script>"
    source = make.make_source(
        [{"text": f"He said {script}.", "heading": script, "label": "<b>"}],
        title=script,
        issuer_text=script,
    )
    paragraph = make.paragraph_of(source, 1)
    make.make_statement(paragraph=paragraph, quote=script, who=coder)
    for page in (
        read(desk, source),
        desk.get(reverse("admin:positions_source_code", args=(source.pk, 1))),
    ):
        assert script not in page.text
        assert "&lt;script&gt;" in page.text


def test_the_page_takes_as_many_queries_for_thirty_paragraphs_as_for_three(desk, coder):
    def queries(paragraphs):
        source = make.make_source([f"Paragraph {n}." for n in range(paragraphs)])
        revision = source.current
        for paragraph in revision.paragraphs.all():
            make.make_statement(paragraph=paragraph, who=coder)
            with recording(coder):
                Voice.objects.create(
                    paragraph=paragraph, start=0, end=4, kind="comment"
                )
            coding.record_check(
                coder, source=source, issue=make.make_issue(), paragraph=paragraph
            )
            Addressee.objects.create(
                revision=revision, order=paragraph.order, role="action", name="X"
            )
        with CaptureQueriesContext(connection) as captured:
            assert read(desk, source).status_code == 200
        return len(captured)

    few = queries(3)
    assert queries(30) == few
    assert few < 30
