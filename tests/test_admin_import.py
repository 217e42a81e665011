"""Adding and correcting texts in the admin, and the desks of runs and problems."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from factories import (
    make_collection,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)
from papers import PARAGRAPHS, cable, document, load, session

from ingest.models import ImportProblem, ImportRun
from positions import queue, worklists
from positions.models import Change, Collection, Source, Statement

pytestmark = pytest.mark.django_db
ADD = "admin:ingest_add_source"


@pytest.fixture
def coder(client):
    """A coder, signed in."""
    user = make_user("Coder")
    client.force_login(user)
    return user


def add(client, **fields):
    defaults = {"collection": "documents", "text": "First words.\n\nSecond words."}
    return client.post(reverse(ADD), {**defaults, **fields}, follow=True)


def correct(client, source, text, **fields):
    address = reverse("admin:ingest_correct_text", args=(source.pk,))
    number = source.current.number
    return client.post(address, {"text": text, "number": number, **fields}, follow=True)


def shown(response):
    return " ".join(response.content.decode().split())


def test_the_form_is_there_for_an_empty_database(client, coder):
    page = client.get(reverse(ADD))
    assert page.status_code == 200
    assert "documents (new, private)" in shown(page)


def test_the_private_collection_is_chosen_before_a_public_one(client, coder):
    make_collection("demo", visibility="public")
    page = client.get(reverse(ADD))
    assert '<option value="documents" selected>' in shown(page)


def test_a_pasted_text_becomes_a_source_and_is_shown(client, coder):
    page = add(
        client,
        identifier="NOTE-7",
        title="A note",
        kind="letter",
        dated="2008-04-23",
        issuer="Ministry of Nowhere",
        language="en",
        level="2",
    )
    source = Source.objects.get()
    assert page.redirect_chain[-1][0] == reverse(
        "admin:positions_source_read", args=(source.pk,)
    )
    assert "Added documents/NOTE-7: 2 paragraphs." in shown(page)
    assert (source.title, source.kind, source.level) == ("A note", "letter", 2)
    assert (source.issuer, source.issuer_text) == (None, "Ministry of Nowhere")
    assert str(source.dated_earliest) == "2008-04-23"
    assert [p.text for p in source.current.paragraphs.all()] == [
        "First words.",
        "Second words.",
    ]
    assert source.current.paragraphs.first().access_level == 2
    assert ImportRun.objects.get().who == coder


def test_a_pasted_cable_is_read_as_a_cable(client, coder):
    add(client, text=cable().replace("\n", "\r\n"), identifier="08TOKYO1001")
    source = Source.objects.get()
    assert (source.kind, source.current.parser) == ("cable", "cable")
    assert source.issuer.key == "us-embassy-tokyo"
    numbered = source.current.paragraphs.numbered()
    assert [p.mark for p in numbered] == ["S", "S", "S"]


def test_an_uploaded_file_gives_its_name_as_identifier(client, coder):
    file = SimpleUploadedFile("08TOKYO1001.txt", cable().encode("utf-16"))
    make_collection("cables", title="Cables")
    page = add(client, text="", file=file, collection="cables")
    assert Source.objects.get().key == "cables/08TOKYO1001"
    assert "The text was read as utf-16" in shown(page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Paste a text or choose a file: one of them."),
        ({"text": "  \n "}, "Paste a text or choose a file: one of them."),
        ({"identifier": "a/b"}, "An identifier has no slash."),
        ({"dated": "April 2008"}, "write YYYY"),
        ({"text": "", "file": b"%PDF-1.4 x"}, "The PDF is cut off or damaged."),
        ({"text": "", "file": b"PK\x03\x04xxxx"}, "cut off or damaged"),
        ({"text": "<html><body>x</body></html>"}, "This is an HTML page"),
        ({"format": "cable"}, "This is not a cable"),
        ({"collection": "none"}, "Select a valid choice"),
        ({"text": "Only words."}, "The text has no identifier"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(client, coder, fields, sentence):
    if "file" in fields:
        fields = {**fields, "file": SimpleUploadedFile("x.txt", fields["file"])}
    elif "text" not in fields:
        fields = {"identifier": "X", **fields}
    page = add(client, **fields)
    assert sentence in shown(page)
    assert "Nothing is saved yet" in shown(page)
    assert not Source.objects.exists()
    assert not Collection.objects.exists()


def test_a_file_over_the_limit_names_the_command_to_use(client, coder, settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    file = SimpleUploadedFile("big.txt", b"x" * 2000)
    page = add(client, text="", file=file)
    assert "import it with “manage.py import_documents FILE”" in shown(page)


def test_a_document_is_added_once(client, coder):
    add(client, identifier="N-1")
    page = add(client, identifier="N-1", text="Other words.")
    assert "The collection has N-1 already: correct its text instead." in shown(page)
    page = add(client, identifier="N-2")
    assert "This text is here already: it is N-1." in shown(page)
    assert Source.objects.count() == 1


def test_scripts_in_a_pasted_text_are_shown_as_text(client, coder):
    page = add(client, identifier="X", text="<b>bold</b><script>alert(1)</script> x")
    assert Source.objects.exists()
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert" in page.content.decode()


def test_correcting_a_text_carries_its_citations_and_says_how_they_stand(client, coder):
    source = make_source((*PARAGRAPHS,), language="en")
    kept = make_statement(paragraph=paragraph_of(source, 2), quote="first priority")
    gone = make_statement(paragraph=paragraph_of(source, 3), quote="public pressure")
    text = "\n\n".join((PARAGRAPHS[0] + " Mended.", PARAGRAPHS[1]))
    page = correct(client, source, text, why="Page two was another cable's.")
    assert "Revision 2 is read from now on." in shown(page)
    assert "Citations: 1 anchored, 0 moved, 1 orphaned." in shown(page)
    assert "they wait in the work list" in shown(page)
    now = source.current
    assert (now.reason, now.made_by) == ("transcription", coder)
    assert now.note == "Page two was another cable's."
    kept.main.refresh_from_db()
    assert kept.main.anchor == "anchored"
    assert gone.main.anchor == "orphaned"
    change = Change.objects.of(source).first()
    assert (change.who, change.why) == (coder, "Page two was another cable's.")


def test_a_corrected_cable_stays_a_cable(client, coder):
    load(session(make_collection("cables")), document(identifier="OTHER"))
    add(client, collection="cables", text=cable(), identifier="08TOKYO1001")
    source = Source.objects.get(identifier="08TOKYO1001")
    text = source.current.text.replace("first priority", "highest priority")
    page = correct(client, source, text)
    now = source.current
    assert (now.number, now.parser, now.shape) == (2, "cable", "full")
    assert "highest priority" in now.paragraphs.get(number="2").text
    assert "no longer has the shape" not in shown(page)
    source.refresh_from_db()
    assert (source.kind, source.title) == ("cable", "CLUSTER MUNITIONS")


def test_a_cable_cut_to_its_paragraphs_is_read_as_a_plain_text(client, coder):
    add(client, text=cable(), identifier="08TOKYO1001")
    source = Source.objects.get()
    page = correct(client, source, "1. (S) Only this is left of the document.")
    assert "no longer has the shape of a cable" in shown(page)
    source.refresh_from_db()
    assert (source.current.parser, source.kind) == ("plain", "cable")
    assert source.current.paragraphs.get().access_level == 3


def test_an_unchanged_text_makes_no_revision(client, coder):
    source = make_source()
    page = correct(client, source, source.current.text.replace("\n", "\r\n"))
    assert "The text is as it was: nothing to save." in shown(page)
    assert source.revisions.count() == 1


def test_a_text_that_somebody_else_changed_is_not_overwritten(client, coder):
    source = make_source()
    correct(client, source, "Somebody's words stand here.", number=1)
    page = correct(client, source, "My words stand here.", number=1)
    assert "Somebody else changed the text meanwhile" in shown(page)
    assert source.current.text == "Somebody's words stand here."


def test_correcting_back_reads_the_earlier_revision_again(client, coder):
    source = make_source()
    first = source.current
    correct(client, source, "Other words altogether.")
    correct(client, source, first.text)
    assert source.current == first
    assert source.revisions.count() == 2


def test_nothing_published_changes_by_a_correction(client, coder):
    source = make_source()
    statement = make_statement(paragraph=paragraph_of(source, 1), state="accepted")
    before = Statement.objects.values().get(pk=statement.pk)
    correct(client, source, "Other words altogether.")
    assert Statement.objects.values().get(pk=statement.pk) == before


@pytest.mark.parametrize("group", [None, "Reader"])
def test_only_coders_add_and_correct(client, group):
    source = make_source()
    addresses = (reverse(ADD), reverse("admin:ingest_correct_text", args=(source.pk,)))
    if group:
        client.force_login(make_user(group, is_staff=True))
    for address in addresses:
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"text": "x"}).status_code in (302, 403)
    assert source.revisions.count() == 1


def test_the_desks_list_runs_and_problems(client, coder):
    into = session(make_collection())
    load(into, document())
    load(session(into.collection), document(shape="html"), b"x")
    make_statement(paragraph=paragraph_of(Source.objects.get(), 2))
    for name in ("importrun", "importproblem"):
        page = client.get(reverse(f"admin:ingest_{name}_changelist"))
        assert page.status_code == 200
    problem = ImportProblem.objects.create(
        run=into.run, severity="rejected", code="rejected", file="a.txt", message="Bad."
    )
    for record in (into.run, problem):
        name = record._meta.model_name
        address = reverse(f"admin:ingest_{name}_change", args=(record.pk,))
        assert client.get(address).status_code == 200


def test_lists_of_runs_and_problems_cost_a_constant_number_of_queries(
    client, coder, django_assert_max_num_queries
):
    into = session(make_collection())
    revision = load(into, document()).revision
    for n in range(30):
        ImportProblem.objects.create(
            run=session(into.collection).run,
            severity="warning",
            code="odd",
            file=f"{n}.txt",
            message="Odd.",
            revision=revision,
        )
    for name in ("importrun", "importproblem"):
        with django_assert_max_num_queries(16):
            client.get(reverse(f"admin:ingest_{name}_changelist"))


def conflict():
    """A source with another copy waiting beside the one that is read."""
    collection = make_collection()
    source = load(session(collection), document()).source
    make_statement(paragraph=paragraph_of(source, 2), quote="first priority")
    load(session(collection), document(PARAGRAPHS[1:], shape="html"), b"page")
    return source, ImportProblem.objects.get(severity="conflict")


def test_another_copy_waits_in_the_work_list_until_it_is_settled(client, coder):
    _, problem = conflict()
    page = client.get(reverse("admin:positions_queue", args=("import-conflicts",)))
    assert "The file has another copy of 08TOKYO1001" in shown(page)
    address = reverse("admin:ingest_importproblem_settle", args=(problem.pk,))
    client.post(address)
    problem.refresh_from_db()
    assert problem.settled_by == coder
    assert worklists.get("import-conflicts", coder).count(coder) == "0"


def test_another_copy_can_be_read_from_now_on(client, coder):
    source, problem = conflict()
    form = client.get(reverse("admin:ingest_importproblem_change", args=(problem.pk,)))
    address = reverse("admin:ingest_importproblem_take", args=(problem.pk,))
    assert address in form.content.decode()
    page = client.post(address, follow=True)
    assert "Citations: 1 anchored" in shown(page)
    assert source.current == problem.revision
    problem.refresh_from_db()
    assert problem.settled_by == coder
    assert Change.objects.of(source).first().who == coder


def test_only_coders_settle_problems(client):
    source, problem = conflict()
    now = source.current
    client.force_login(make_user("Reader", is_staff=True))
    for verb in ("settle", "take"):
        address = reverse(f"admin:ingest_importproblem_{verb}", args=(problem.pk,))
        assert client.post(address).status_code == 403
        assert client.get(address).status_code in (403, 405)
    problem.refresh_from_db()
    assert problem.settled_at is None
    assert source.current == now


def test_many_problems_are_settled_at_once(client, coder):
    run = ImportRun.objects.create(command="import_tests")
    problems = [
        ImportProblem.objects.create(
            run=run, severity="rejected", code="rejected", file=f"{n}", message="Bad."
        )
        for n in range(3)
    ]
    page = client.post(
        reverse("admin:ingest_importproblem_changelist"),
        {"action": "settle", "_selected_action": [p.pk for p in problems[:2]]},
        follow=True,
    )
    assert "Settled: 2." in shown(page)
    assert worklists.get("import-problems", coder).count(coder) == "1"


def test_the_pages_have_no_inline_script_or_style(client, coder):
    source, problem = conflict()
    for page in (
        reverse(ADD),
        reverse("admin:ingest_correct_text", args=(source.pk,)),
        reverse("admin:ingest_importproblem_change", args=(problem.pk,)),
    ):
        html = client.get(page).content.decode()
        assert " style=" not in html
        assert "onclick=" not in html
        assert "<script>" not in html


def test_a_conflict_is_settled_in_the_queue_and_waits_again_when_undone(client, coder):
    _, problem = conflict()
    work = worklists.get("import-conflicts", coder)
    queue.decide(coder, work, problem.pk, "settle")
    problem.refresh_from_db()
    assert problem.settled_by == coder
    assert queue.page(work, coder) == []
    queue.undo(coder, work, problem.pk, "settle")
    assert [one.row for one in queue.page(work, coder)] == [problem]
