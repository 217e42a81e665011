"""What strangers send and what people mismark: no page breaks, nothing leaks."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from positions import search
from positions.admin.statements import StatementDesk
from positions.choices import Level
from positions.models import Change, Citation, Collection, Source
from positions.models.changes import recording
from tests.factories import (
    add_citation,
    make_collection,
    make_revision,
    make_source,
    make_stance,
    make_statement,
    make_user,
    paragraph_of,
)

pytestmark = pytest.mark.django_db


# -- requests -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "statements/?issue=100%25",
        "statements/?holds_from=%25s",
        "statements/?source=%25(x)s",
        "stances/?as_of=%25",
        "options/?headline=%25",
        "positions/?issue=%25",
        "timelines/?issue=%25&known_on=%25",
    ],
)
def test_a_percent_sign_in_a_parameter_is_answered_in_a_sentence(client, address):
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 400
    assert "%" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "address",
    ["/search/?q=%5Cud800", "/api/v1/statements/?issue=%5Cud800"],
)
def test_half_a_character_in_an_address_is_refused(client, address):
    # Python's own codecs make it of plain ASCII.
    type_ = "text/plain; charset=raw_unicode_escape"
    assert client.get(address, CONTENT_TYPE=type_).status_code == 400


def test_half_a_character_in_a_form_is_refused(client):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n'
        b"\\ud800\r\n--x--\r\n"
    )
    type_ = "multipart/form-data; boundary=x; charset=raw_unicode_escape"
    response = client.post("/admin/login/", body, content_type=type_)
    assert response.status_code == 400


def test_a_nul_character_in_a_cookie_is_refused(client):
    response = client.get("/", headers={"cookie": 'sessionid="abcdefghij\\000"'})
    assert response.status_code == 400


# -- what a person may store ----------------------------------------------------------


@pytest.mark.parametrize("given", ["5", '{"a": 1}', "[3]", "[null]", '"http://x"'])
def test_where_a_source_is_published_is_a_list_of_texts(client, given):
    source = make_source()
    client.force_login(make_user())
    form = {
        "kind": "cable",
        "visibility": "public",
        "language": "en",
        "addresses": given,
    }
    response = client.post(f"/admin/positions/source/{source.pk}/change/", form)
    assert "Write a list of addresses" in response.text
    source.refresh_from_db()
    assert source.addresses == []


def test_an_address_that_nobody_can_read_does_not_break_the_page(client):
    source = make_source(addresses=["http://[::1", "https://example.org/1"])
    response = client.get(f"/sources/{source.key}/")
    assert response.status_code == 200
    assert "http://[" not in response.text
    assert 'href="https://example.org/1"' in response.text


def test_the_log_leads_nobody_to_a_record_who_may_not_see_it(client):
    make_stance()
    change = Change.objects.filter(record="stance").first() or Change.objects.first()
    client.force_login(User.objects.create_user("newcomer", is_staff=True))
    response = client.get(f"/admin/positions/change/{change.pk}/record/")
    assert response.status_code == 403


# -- levels ---------------------------------------------------------------------------


def words_of(source):
    return Client().get(f"/sources/{source.key}/").text


def test_a_document_marked_higher_takes_its_unmarked_paragraphs_along():
    source = make_source(
        ["Unmarked words.", {"text": "Open words.", "level": 0}], level=0
    )
    assert "Unmarked words." in words_of(source)
    with recording(tool="test"):
        source.level = Level.SECRET
        source.save()
    assert "Unmarked words." not in words_of(source)
    assert "Open words." in words_of(source)
    assert Source.objects.get(pk=source.pk).current.paragraphs.count() == 2


@pytest.mark.parametrize("level", [Level.SECRET, None])
def test_a_collection_marked_higher_takes_unmarked_documents_along(level):
    collection = make_collection(level=0)
    unmarked = make_source(["Unmarked words."], collection=collection)
    marked = make_source(["Marked words."], collection=collection, level=0)
    with recording(tool="test"):
        collection = Collection.objects.get(pk=collection.pk)
        collection.level = level
        collection.save()
    assert "Unmarked words." not in words_of(unmarked)
    assert "Marked words." in words_of(marked)


def cited_and_marked_higher():
    """An accepted statement whose words a new reading of the text marks secret."""
    source = make_source([{"text": "Soft words here.", "level": 0}])
    statement = make_statement(paragraph=paragraph_of(source, 1), state="accepted")
    revision = make_revision(
        source,
        [{"text": "Soft words here.", "level": Level.SECRET}],
        parser_version="2",
    )
    Citation.objects.filter(statement=statement).update(
        now_paragraph=revision.paragraphs.get(), now_start=0, now_end=16
    )
    return statement


@pytest.mark.parametrize("address", ["/statements/{}/", "/api/v1/statements/{}/"])
def test_a_quote_is_withheld_once_its_words_are_marked_higher(client, address):
    statement = cited_and_marked_higher()
    response = client.get(address.format(statement.key))
    assert response.status_code == 200
    assert "Soft words" not in response.text


@pytest.mark.parametrize("found", ["soft", "-soft", '"soft words"'])
def test_a_quote_marked_higher_is_not_found_by_its_words(client, found):
    statement = cited_and_marked_higher()
    search.index(type(statement), [statement.pk])
    actor = statement.actor.name.split()[0]
    query = f"{actor} {found}" if found.startswith("-") else found
    response = client.get("/api/v1/statements/", {"q": query})
    assert len(response.json()["results"]) == (1 if found.startswith("-") else 0)


def test_a_quote_marked_higher_is_still_a_curators_to_read(client):
    statement = cited_and_marked_higher()
    client.force_login(make_user())
    assert "Soft words" in client.get(f"/statements/{statement.key}/").text


# -- private sources ------------------------------------------------------------------


def test_of_a_private_source_only_the_citation_is_on_a_page(client):
    source = make_source(
        ["Words said."],
        identifier="PRIVATE1",
        visibility="private",
        dated="1999-09-09",
        published="2001-01-07",
        issuer_text="The Issuer",
    )
    statement = make_statement(
        paragraph=paragraph_of(source, 1), said_on="2008-01-01", state="accepted"
    )
    for reader, told in ((Client(), False), (client, True)):
        if told:
            reader.force_login(make_user())
        text = reader.get(f"/statements/{statement.key}/").text
        assert "PRIVATE1, para 1" in text
        assert [
            said in text
            for said in ("The Issuer", "9 September 1999", "7 January 2001")
        ] == [told] * 3


def test_of_a_private_source_nothing_else_is_on_an_actors_page(client):
    source = make_source(["Words."], visibility="private", issuer_text="The Issuer")
    stance = make_stance(state="published")
    statement = make_statement(
        actor=stance.actor,
        option=stance.option,
        paragraph=paragraph_of(source, 1),
        said_on="2008-01-01",
        standing="other",
    )
    add_citation(statement, paragraph_of(source, 1), "Words", role="context")
    statement.submit(statement.coder)
    statement.accept(statement.coder)
    text = client.get(f"/actors/{stance.actor.key}/").text
    assert statement.key in text
    assert "The Issuer" not in text


# -- numbers in addresses of the admin ------------------------------------------------


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000, "²", "-1", "many"])
@pytest.mark.parametrize(
    "address",
    [
        "actor/?p={}",
        "statement/work/draft-statements/?page={}",
        "stance/derive/?actor={0}&issue={0}",
        "stance/add/?actor={}",
        "source/{source}/read/?page={}",
        "source/{source}/read/?at={}",
        "source/{source}/code/1/?actors={}&event={}",
    ],
)
def test_no_number_in_an_address_breaks_a_desk(client, address, number):
    source = make_stance().evidence.get().statement.main.paragraph.revision.source
    client.force_login(make_user())
    path = address.replace("{source}", str(source.pk)).replace("{0}", "{}")
    path = path.replace("{}", number)
    assert client.get(f"/admin/positions/{path}").status_code in (200, 302)


def test_a_form_never_writes_over_what_was_accepted_meanwhile(client, monkeypatch):
    who = make_user()
    statement = make_statement(who=who, said_on="2008-01-01", state="review")
    client.force_login(who)
    address = f"/admin/positions/statement/{statement.pk}/change/"
    form = client.get(address).context["adminform"].form
    given = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in given.items() if value is not None}
    read = StatementDesk.save_form

    def while_somebody_accepts(desk, request, form, change):
        type(statement).objects.get(pk=statement.pk).accept(who)
        return read(desk, request, form, change)

    monkeypatch.setattr(StatementDesk, "save_form", while_somebody_accepts)
    response = client.post(address, given | {"note": "Late."}, follow=True)
    assert "was decided meanwhile: nothing is saved." in response.text
    statement.refresh_from_db()
    assert statement.note == ""


@pytest.mark.parametrize(
    "address",
    [
        "/sources/{}/",
        "/sources/{}/?from=3",
        "/api/v1/sources/{}/paragraphs/",
        "/api/v1/sources/{}/paragraphs/3/",
        "/api/v1/paragraphs/?source={}",
    ],
)
def test_an_open_paragraph_does_not_tell_the_heading_above_it(client, address):
    """As in cables: headings have no marking, so they count as the document."""
    under = {"heading": "Two documents"}
    source = make_source(
        [
            {"text": "Two documents", "role": "heading"},
            {"text": "Secret words.", **under},
            {"text": "Open words.", "level": 0, **under},
        ],
        level=Level.SECRET,
    )
    text = client.get(address.format(source.key)).text
    assert "Open words." in text
    assert "Two documents" not in text
    assert "Secret words." not in text
    client.force_login(make_user())
    assert "Two documents" in client.get(address.format(source.key)).text


@pytest.mark.parametrize(
    "desk",
    ["positions/citation", "positions/check", "ingest/importrun"],
)
def test_words_sent_to_a_desk_without_a_search_box_change_nothing(client, desk):
    client.force_login(User.objects.create_superuser("operator"))
    assert client.get(f"/admin/{desk}/?q=words").status_code == 200
