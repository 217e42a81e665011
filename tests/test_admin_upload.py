"""Import a file: each kind is uploaded, tried, shown, and imported once."""

import gzip
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from books import book
from coded import hearing
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import load_command_class
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from documents import make_docx, make_pdf, paragraph, printed
from factories import (
    make_actor,
    make_collection,
    make_issue,
    make_option,
    make_source,
    make_user,
)
from papers import cable
from treaties import page as status_page

from ingest import reading
from ingest.admin import running
from ingest.admin.asking import FIELDS, OptionsForm, cleaned_name, in_words
from ingest.admin.uploadable import KINDS, UNASKED, options_of
from ingest.models import ImportProblem, ImportRun, Upload
from ingest.pipeline import documents
from positions.models import (
    Actor,
    Collection,
    Issue,
    Membership,
    Option,
    Source,
    Statement,
)

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
VOTES = (
    "country,country_code,vote,date,unres\n"
    "Japan,JP,yes,2015-12-07,R/70/54\nCuba,CU,abstain,2015-12-07,R/70/54\n"
)
MATRIX = "IP,Japan,Cuba\nPatents,1,\nCopyright term,0,1\n"
STATEMENTS = (
    "actor,option,disposition,collection,source,paragraph,quote,said_on\n"
    "japan,track,prefer,notes,N1,1,agreement within the CCW,2008-04-23\n"
)


@pytest.fixture
def reviewer(client):
    """A reviewer, signed in."""
    user = make_user("Reviewer")
    client.force_login(user)
    return user


@pytest.fixture
def coder(client):
    user = make_user("Coder")
    client.force_login(user)
    return user


def send(client, kind, name, data, **options):
    """Upload a file; the page that answers."""
    data = data.encode() if isinstance(data, str) else data
    fields = {"file": SimpleUploadedFile(name, data), **defaults(kind), **options}
    address = reverse("admin:ingest_upload_file", args=(kind,))
    return client.post(address, fields, follow=True)


def defaults(kind):
    """What the form of a kind is sent with if nobody touches it."""
    fields = OptionsForm(KINDS[kind], make_superuser()).fields
    return {name: field.initial for name, field in fields.items() if field.initial}


def make_superuser():
    from django.contrib.auth.models import User

    return User(is_superuser=True, is_active=True)


def act(client, which, upload=None, **fields):
    upload = upload or Upload.objects.latest("pk")
    address = reverse("admin:ingest_upload_show", args=(upload.key,))
    return client.post(address, {"act": which, **fields}, follow=True)


def shown(response):
    return " ".join(response.content.decode().split())


def counts(response):
    return {str(outcome): number for outcome, number, _ in response.context["counts"]}


def rows():
    """How many rows there are, of every model but uploads."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model is not Upload
    }


def in_zip(**files):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return box.getvalue()


# -- every kind ----------------------------------------------------------------------


def dna(folder):
    return hearing(folder / "hearing.dna").read_bytes()


def frus(folder):
    return (DATA / "frus" / "frus1990v1.xml").read_bytes()


def debate(folder):
    return (DATA / "debates" / "akoma_ntoso_3.xml").read_bytes()


# Kind, file, options, and what the preview counts.
EVERY_KIND = [
    ("cables", "08TOKYO1001.txt", cable(), {}, {"created": 1}),
    ("cables", "all.csv.gz", gzip.compress(b"no cable", mtime=0), {}, {"rejected": 1}),
    ("documents", "N1.txt", "Words.\n\nMore words.", {}, {"created": 1}),
    ("documents", "N1.md", "# Title\n\nWords.", {}, {"created": 1}),
    (
        "documents",
        "N1.pdf",
        make_pdf(printed((72, 700, "Words of a page."))),
        {},
        {"created": 1},
    ),
    ("documents", "N1.docx", make_docx(paragraph("Words.")), {}, {"created": 1}),
    ("documents", "N.zip", in_zip(A__txt="One.", B__txt="Two."), {}, {"created": 2}),
    ("frus", "frus1990v1.xml", frus, {}, {}),
    ("debates", "akoma_ntoso_3.xml", debate, {}, {}),
    ("treaty", "page.html", status_page(), {"create": "on"}, {}),
    ("votes", "v.csv", VOTES, {"create": "on", "parent": "track"}, {}),
    ("matrix", "m.csv", MATRIX, {"create": "on", "date": "2013-08"}, {}),
    ("dna", "hearing.dna", dna, {"create": "on"}, {}),
    ("actors", "actors.csv", "key,name,kind\nchad,Chad,state\n", {}, {"created": 1}),
    (
        "actors",
        "us.json",
        '{"persons": [{"id": "p1", "name": "Ana"}]}',
        {"create": "on"},
        {"created": 1},
    ),
    (
        "tables",
        "all.xlsx",
        book(issues=[["key", "name"], ["bombs", "Bombs"]]),
        {},
        {"created": 1},
    ),
    ("tables", "x.csv", "key,name\nb,B\n", {"table": "issues"}, {"created": 1}),
    ("tables", "2008-statements.csv", STATEMENTS, {}, {"created": 1}),
]


@pytest.fixture
def world():
    for name in ("Japan", "Cuba"):
        make_actor(name)
    issue = make_issue("Trade")
    make_option("track", key="track", issue=issue)
    make_source(identifier="N1", collection=make_collection("notes"))


@pytest.mark.parametrize(("kind", "name", "data", "options", "expected"), EVERY_KIND)
def test_each_kind_is_tried_without_a_trace_and_then_imported(
    client, reviewer, world, tmp_path, kind, name, data, options, expected
):
    data = data(tmp_path) if callable(data) else data
    if "issue" in options_of(KINDS[kind].command_for(reviewer)):
        options = {"issue": "trade", **options}
    before = rows()
    preview = send(client, kind, name, data, **options)
    assert rows() == before
    upload = Upload.objects.get()
    assert preview.redirect_chain[-1][0].endswith(f"/{upload.key}/")
    tried = counts(preview)
    if expected:
        assert tried == expected
    assert sum(tried.values()) > 0
    if not preview.context["worth"]:
        assert 'value="import"' not in shown(preview)
        return
    done = act(client, "import")
    assert counts(done) == tried
    run = ImportRun.objects.get()
    assert (run.command, run.who) == (KINDS[kind].command, reviewer)
    assert run.arguments["paths"] == [name]
    assert run.finished_at is not None
    assert not ImportProblem.objects.filter(file__contains="/tmp").exists()
    upload.refresh_from_db()
    assert (upload.run, upload.packed, upload.done_at is None) == (run, b"", False)


def test_every_import_command_has_its_upload(reviewer):
    folder = Path(running.__file__).parents[1] / "management" / "commands"
    commands = {path.stem for path in folder.glob("import_*.py")}
    assert {kind.command for kind in KINDS.values()} == commands


def test_every_option_of_a_command_is_asked_or_left_out_on_purpose():
    known = {*FIELDS, *UNASKED, "help", "version", "verbosity", "settings"}
    known |= {"pythonpath", "traceback", "no_color", "force_color", "skip_checks"}
    for kind in KINDS.values():
        options = set(options_of(load_command_class("ingest", kind.command)))
        assert options <= known, kind.label


# -- what the preview says -----------------------------------------------------------


def test_the_one_document_is_a_click_away(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    done = act(client, "import")
    source = Source.objects.get()
    assert source.key == "documents/N1"
    assert reverse("admin:positions_source_read", args=(source.pk,)) in shown(done)
    run = ImportRun.objects.get()
    assert reverse("admin:ingest_importrun_change", args=(run.pk,)) in shown(done)


def test_a_second_upload_of_the_same_has_nothing_to_import(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    act(client, "import")
    page = send(client, "documents", "N1.txt", "Words.")
    assert counts(page) == {"unchanged": 1}
    assert "All of it is here already: there is nothing to import." in shown(page)
    assert 'value="import"' not in shown(page)


def test_a_name_nobody_has_is_unsure_and_its_candidates_are_named(client, reviewer):
    make_actor("Borduria")
    issue = make_issue("Trade")
    make_option("Patents", issue=issue)
    table = "IP,Bordurria\nPatents,1\n"
    page = send(client, "matrix", "m.csv", table, issue=issue.key, date="2013")
    assert counts(page)["unsure"] == 1
    assert "the nearest: borduria" in shown(page)


def test_the_same_bytes_are_tried_with_other_options(client, reviewer):
    rows = "name,kind\nBorduria,state\n"
    page = send(client, "actors", "actors.csv", rows)
    assert 'value="import"' not in shown(page)
    assert "--create" not in shown(page)
    page = act(client, "try", create="on")
    assert counts(page) == {"created": 1}
    act(client, "import")
    assert Actor.objects.get().name == "Borduria"
    assert Upload.objects.get().options["create"] is True


def test_rejected_rows_come_first_and_two_hundred_are_listed(client, reviewer):
    lines = [f"a{n},Actor {n},state" for n in range(300)]
    lines += [f"b{n},Actor b{n},none" for n in range(5)]
    page = send(client, "actors", "actors.csv", "\n".join(["key,name,kind", *lines]))
    assert counts(page) == {"created": 300, "rejected": 5}
    outcomes = [item["outcome"] for item, _ in page.context["items"]]
    assert len(outcomes) == 200
    assert outcomes[:6] == ["rejected"] * 5 + ["created"]
    assert "... and 105 more" in shown(page)
    assert not Actor.objects.exists()


def test_an_open_collection_is_told_of(client, reviewer):
    make_collection("open", visibility="public")
    page = send(client, "documents", "N1.txt", "Words.", collection="open")
    assert "readers without an account see what comes in" in shown(page)
    page = send(client, "documents", "N1.txt", "Words.")
    assert "readers without an account" not in shown(page)


def test_words_can_stand_for_other_dispositions(client, reviewer):
    make_actor("Japan")
    issue = make_issue("Trade")
    mapping = "vote,disposition\r\ny,support\r\nn,oppose"
    votes = VOTES.replace("yes", "y").replace("abstain", "n")
    given = {"issue": issue.key, "create": "on", "mapping": mapping}
    send(client, "votes", "votes.csv", votes, **given)
    done = act(client, "import")
    statement = Statement.objects.get(actor__name="Japan")
    assert statement.disposition.code == "support"
    page = reverse("admin:positions_statement_change", args=(statement.pk,))
    assert f'<a href="{page}">{statement}</a> <span class="help">' in shown(done)


# -- what is wrong is said in a sentence ---------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("votes", {"mapping": "vote,disposition\nyes,none-such"}, "has no such code"),
        ("votes", {"mapping": "yes"}, "mapping.csv, row 1: the columns are two"),
        ("votes", {"parent": "none"}, "there is no option “none”"),
        ("votes", {"issue": ""}, "This field is required"),
        ("votes", {"issue": "none"}, "Select a valid choice"),
        ("votes", {"state": "lost"}, "Select a valid choice"),
        ("treaty", {"option": "none"}, "“Make what is missing” makes it."),
        ("matrix", {"date": "the spring"}, "write YYYY"),
        ("matrix", {"date": "2013/"}, "the day on which it was said is missing"),
        ("documents", {"collection": "none"}, "Select a valid choice"),
    ],
)
def test_an_option_that_is_wrong_stops_before_the_preview(
    client, reviewer, world, kind, fields, sentence
):
    given = {"issue": "trade", "date": "2013", **fields}
    page = send(client, kind, "x.csv", VOTES, **given)
    assert sentence in shown(page)
    report = page.context.get("report", {"faults": []})
    assert not any("--" in fault for fault in report["faults"])
    assert 'value="import"' not in shown(page)
    assert not ImportRun.objects.exists()


def test_an_option_that_is_wrong_is_mended_without_sending_the_file_again(
    client, reviewer, world
):
    given = {"issue": "trade", "create": "on"}
    page = send(client, "votes", "v.csv", VOTES, **given, parent="none")
    assert "“Part of”: there is no option “none”." in shown(page)
    page = act(client, "try", **defaults("votes"), **given, parent="track")
    assert "there is no option" not in shown(page)
    assert counts(act(client, "import")).keys() == {"created"}


@pytest.mark.parametrize(
    ("kind", "name", "data", "sentence"),
    [
        ("cables", "x.txt", "Not a cable.", "This is not a cable"),
        ("cables", "x.pdf", b"%PDF-1.4 x", "This is a PDF file"),
        ("documents", "x.pdf", b"%PDF-1.4 x", "The PDF is cut off or damaged."),
        ("documents", "x.txt", " \n ", "The file is empty."),
        ("documents", "x.zip", in_zip()[:10], "zip"),
        ("frus", "x.xml", "<html/>", ""),
        ("frus", "x.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", ""),
        ("debates", "x.xml", "<a", ""),
        ("votes", "x.csv", "a,b\n1,2\n", ""),
        ("matrix", "x.csv", b"\x00\x01\x02" * 50, ""),
        ("treaty", "x.html", "<p>words</p>", ""),
        ("dna", "x.dna", b"SQLite format 3\0", "cut off"),
        ("actors", "people.csv", "name\nAna\n", "no table of these names"),
        ("actors", "actors.csv", "key,nome\na,b\n", "There is no column “nome”"),
        ("actors", "actors.csv", "key,name,kind\na,b\0c,\0\n", ""),
        ("tables", "issues.xlsx", b"PK\x03\x04", ""),
    ],
)
def test_a_file_of_another_kind_is_rejected_with_its_reason(
    client, reviewer, world, kind, name, data, sentence
):
    before = rows()
    given = {"issue": "trade", "date": "2013", "create": "on"}
    page = send(client, kind, name, data, **given)
    assert page.status_code == 200
    assert sentence in shown(page)
    assert list(counts(page)) == ["rejected"]
    assert "There is nothing new in it that can be imported." in shown(page)
    assert all(item["sentences"] for item, _ in page.context["items"])
    assert 'value="import"' not in shown(page)
    assert rows() == before


def test_no_file_and_an_empty_file_are_refused(client, reviewer):
    address = reverse("admin:ingest_upload_file", args=("cables",))
    page = client.post(address, {"collection": "cables"})
    assert "This field is required." in shown(page)
    page = send(client, "cables", "x.txt", b"")
    assert "The submitted file is empty." in shown(page)


def test_an_archive_bomb_is_rejected(client, reviewer):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.txt", b"x" * 80 * 2**20)
    page = send(client, "documents", "bomb.zip", box.getvalue())
    assert list(counts(page)) == ["rejected"]


def test_a_file_over_the_limit_names_the_command_with_its_options(
    client, reviewer, world, settings
):
    settings.UPLOAD_LIMIT_BYTES = 1000
    given = {"issue": "trade", "parent": "track", "create": "on"}
    page = send(client, "votes", "my votes.csv", "x" * 2000, **given)
    line = (
        "python manage.py import_votes &#x27;my votes.csv&#x27; --collection=votes "
        f"--issue=trade --create --state=draft --parent=track --as={reviewer}"
    )
    assert line in shown(page)
    assert not Upload.objects.exists()


def test_a_request_far_over_the_limit_is_refused_before_it_is_read(
    client, reviewer, settings
):
    settings.UPLOAD_LIMIT_BYTES = 1000
    page = send(client, "cables", "x.txt", "x" * 100_000)
    assert page.status_code == 413
    assert "python manage.py import_cables FILE" in page.text


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("08TOKYO1212.txt", "08TOKYO1212.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\cables\\08TOKYO1212.txt", "08TOKYO1212.txt"),
        ("a\0b\nc.txt", "a\ufffdb c.txt"),
        ("-rf.txt", "rf.txt"),
        (".hidden", "hidden"),
        ("..", "upload"),
        ("", "upload"),
        ("é" * 300 + ".tar.gz", "é" * 86 + ".tar.gz"),
        ("x." + "y" * 300, "x." + "y" * 178),
    ],
)
def test_a_name_becomes_one_that_a_file_may_have(name, cleaned):
    assert cleaned_name(name) == cleaned


@pytest.mark.parametrize("name", ["a/b.txt", "a\nb.txt", "--report=x.txt", "é" * 200])
def test_an_odd_name_does_not_break_the_import(client, reviewer, name):
    assert counts(send(client, "documents", name, "Words.")) == {"created": 1}
    assert counts(act(client, "import")) == {"created": 1}


def test_relative_paths_begin_in_the_folder_for_this_thread_alone(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "in/b.txt"):
        (tmp_path / name).write_text(name)
    with reading.within(tmp_path):
        reads = list(reading.read_all(["a.txt", "in", "c.txt"]))
        with ThreadPoolExecutor(1) as other:
            (elsewhere,) = other.submit(list, reading.read_all(["a.txt"])).result()
    *found, missing = reads
    assert [(r.name, r.data) for r in found] == [
        ("a.txt", b"a.txt"),
        ("in/b.txt", b"in/b.txt"),
    ]
    assert (missing.file, missing.reason) == ("c.txt", "There is no such file.")
    assert elsewhere.reason == "There is no such file."


def test_a_sentence_of_a_command_has_no_flags():
    told = "There is no option “x”; --create makes it."
    assert in_words(told) == (
        "There is no option “x”; “Make what is missing” makes it."
    )
    assert in_words("“NATO--create” and --unknown") == "“NATO--create” and --unknown"


# -- faults --------------------------------------------------------------------------


def broken(fault):
    def run(*args, **kwargs):
        raise fault

    return run


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (OperationalError("gone"), "The database did not answer."),
        (ValueError("secret"), "a fault of the program"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (RecursionError(), "a fault of the program"),
    ],
)
def test_a_fault_while_trying_is_a_sentence(
    client, reviewer, monkeypatch, fault, sentence
):
    monkeypatch.setattr(documents, "run_reads", broken(fault))
    page = send(client, "documents", "N1.txt", "Words.")
    assert page.status_code == 200
    assert sentence in shown(page)
    assert "secret" not in shown(page)
    assert 'value="import"' not in shown(page)
    monkeypatch.undo()
    assert counts(act(client, "try", collection="documents")) == {"created": 1}


def test_after_a_fault_while_importing_it_can_be_imported_again(
    client, reviewer, monkeypatch
):
    send(client, "documents", "N1.txt", "Words.")
    with monkeypatch.context() as patch:
        patch.setattr(documents, "run_reads", broken(OperationalError("gone")))
        page = act(client, "import")
    assert "The database did not answer." in shown(page)
    assert counts(act(client, "import")) == {"created": 1}
    assert Source.objects.count() == 1


def test_a_run_that_the_database_stopped_can_be_finished(client, reviewer, monkeypatch):
    send(client, "documents", "N.zip", in_zip(A__txt="One.", B__txt="Two."))
    with monkeypatch.context() as patch:
        patch.setattr(documents.loading, "load_new", broken(OperationalError("gone")))
        page = act(client, "import")
    assert "Stopped, because the database failed: gone." in shown(page)
    assert 'value="import"' in shown(page)
    act(client, "import")
    assert Source.objects.count() == 2


def test_what_takes_too_long_to_try_names_the_command(client, reviewer, monkeypatch):
    monkeypatch.setitem(running.PREVIEW_SECONDS, connection.vendor, -1)
    before = rows()
    page = send(client, "documents", "N1.txt", "Words.")
    assert "Trying it takes longer than" in shown(page)
    assert "python manage.py import_documents N1.txt" in shown(page)
    assert 'value="import"' not in shown(page)
    assert rows() == before


def test_a_preview_that_runs_out_of_time_in_the_middle_is_undone(
    client, reviewer, monkeypatch
):
    late = 0

    class Late(running.Deadline):
        def __call__(self, execute, sql, params, many, context):
            nonlocal late
            late += "INSERT INTO" in sql and "positions_collection" in sql
            self.until = -1 if late else self.until
            return super().__call__(execute, sql, params, many, context)

    monkeypatch.setattr(running, "Deadline", Late)
    before = rows()
    page = send(client, "documents", "N1.txt", "Words.")
    assert late
    assert "Trying it takes longer than a preview may take." in shown(page)
    assert "python manage.py import_documents N1.txt" in shown(page)
    assert 'value="import"' not in shown(page)
    assert rows() == before


def test_the_database_failing_at_the_desk_is_told(client, reviewer, monkeypatch):
    monkeypatch.setattr(Upload, "save", broken(OperationalError("gone")))
    page = send(client, "documents", "N1.txt", "Words.")
    assert page.status_code == 200
    assert "The database did not answer." in shown(page)


# -- once, by its own user, for a day -------------------------------------------------


def test_it_is_imported_once(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    act(client, "import")
    for again in ("import", "discard", "try"):
        page = act(client, again)
        assert "N1.txt was imported already." in shown(page)
    assert ImportRun.objects.count() == 1


def test_two_tabs_importing_at_once_import_once(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    Upload.objects.update(begun_at=timezone.now())
    for late in ("import", "discard"):
        assert "N1.txt is being imported already." in shown(act(client, late))
    assert not ImportRun.objects.exists()
    page = client.get(reverse("admin:ingest_upload_show", args=(the_key(),)))
    assert "Open this page again in a minute." in shown(page)


def the_key():
    return Upload.objects.get().key


def test_an_import_that_was_killed_can_be_taken_up_again(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    Upload.objects.update(begun_at=timezone.now() - timedelta(minutes=6))
    assert counts(act(client, "import")) == {"created": 1}


def test_it_can_be_discarded(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    page = act(client, "discard")
    assert "N1.txt was discarded; nothing was imported." in shown(page)
    assert not Upload.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize("which", ["import", "discard", "try", "", None])
def test_nobody_else_sees_it_or_does_anything_with_it(client, reviewer, which):
    send(client, "documents", "N1.txt", "Words.")
    client.force_login(make_user("Reviewer"))
    address = reverse("admin:ingest_upload_show", args=(the_key(),))
    answer = (
        client.get(address) if which is None else client.post(address, {"act": which})
    )
    assert answer.status_code == 404
    assert Upload.objects.exists()
    assert "N1.txt" not in shown(client.get(reverse("admin:ingest_upload")))


def test_it_is_gone_after_a_day(client, reviewer):
    send(client, "documents", "old.txt", "Words.")
    Upload.objects.update(made_at=timezone.now() - timedelta(hours=25))
    address = reverse("admin:ingest_upload_show", args=(the_key(),))
    assert client.get(address).status_code == 404
    assert client.post(address, {"act": "import"}).status_code == 404
    send(client, "documents", "new.txt", "Words.")
    assert Upload.objects.get().name == "new.txt"


def test_what_waits_is_listed_until_it_is_imported(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    desk = reverse("admin:ingest_upload")
    assert "N1.txt" in shown(client.get(desk))
    act(client, "import")
    assert "N1.txt" not in shown(client.get(desk))


def test_an_unknown_act_shows_the_page_again(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    page = act(client, "erase")
    assert 'value="import"' in shown(page)


def test_after_the_session_has_expired_the_preview_is_still_there(client, reviewer):
    send(client, "documents", "N1.txt", "Words.")
    address = reverse("admin:ingest_upload_show", args=(the_key(),))
    client.logout()
    answer = client.post(address, {"act": "import"})
    assert answer.status_code == 403
    assert 'name="kept"' in shown(answer)
    client.force_login(reviewer)
    assert 'value="import"' in shown(client.get(address))
    assert not Source.objects.exists()


def test_markup_in_a_file_is_shown_as_text(client, reviewer):
    bad = "<script>alert(1)</script>"
    page = send(client, "actors", "actors.csv", f"key,name,kind\n{bad},x,state\n")
    assert "<script>alert" not in shown(page)
    assert "&lt;script&gt;alert" in shown(page)


# -- who may -------------------------------------------------------------------------


def test_a_coder_makes_no_issues_by_a_table(client, coder):
    page = send(client, "tables", "issues.csv", "key,name\nbombs,Bombs\n")
    assert list(counts(page)) == ["rejected"]
    form = client.get(reverse("admin:ingest_upload_file", args=("tables",)))
    assert "You may bring: events, participations, statements, checks" in shown(form)
    page = send(
        client, "tables", "all.xlsx", book(issues=[["key", "name"], ["b", "B"]])
    )
    assert list(counts(page)) == ["rejected"]
    assert not Issue.objects.exists()


def test_a_coder_makes_no_options_by_a_file_that_names_them(client, coder, world):
    form = client.get(reverse("admin:ingest_upload_file", args=("votes",)))
    assert "Make what is missing" not in shown(form)
    assert "only a reviewer can have it made" in shown(form)
    given = {"issue": "trade", "create": "on"}
    send(client, "votes", "votes.csv", VOTES, **given)
    assert "create" not in Upload.objects.get().options
    act(client, "import")
    assert Option.objects.filter(kind="resolution").count() == 0


def test_a_coder_accepts_no_statements_by_a_file(client, coder, world):
    given = {"issue": "trade", "state": "accepted"}
    page = send(client, "votes", "votes.csv", VOTES, **given)
    assert "may not bring statements in state accepted." in shown(page)


def test_a_coder_brings_documents_and_actors(client, coder):
    send(client, "cables", "08TOKYO1001.txt", cable())
    act(client, "import")
    rows = "key,name,kind\neu,European Union,bloc\njapan,Japan,state\n"
    box = in_zip(actors__csv=rows, memberships__csv="member,group\nJapan,eu\n")
    send(client, "actors", "tables.zip", box)
    act(client, "import")
    assert Collection.objects.get().visibility == "private"
    assert Source.objects.get().key == "cables/08TOKYO1001"
    assert Actor.objects.filter(key="eu").exists()
    assert Membership.objects.filter(group__key="eu").count() == 1


def test_who_may_nothing_is_refused(client):
    client.force_login(make_user("Reader", is_staff=True))
    assert client.get(reverse("admin:ingest_upload")).status_code == 403
    assert send(client, "cables", "x.txt", cable()).status_code == 403
    assert not Upload.objects.exists()


def test_a_visitor_is_asked_to_sign_in(client):
    answer = client.get(reverse("admin:ingest_upload"))
    assert answer.url.startswith(reverse("admin:login"))


def test_a_kind_that_there_is_not_is_not_found(client, reviewer):
    for kind in ("none", "x" * 100):
        address = reverse("admin:ingest_upload_file", args=(kind,))
        assert client.get(address).status_code == 404


def test_a_right_that_was_taken_away_counts_at_once(client, coder):
    send(client, "documents", "N1.txt", "Words.")
    coder.groups.clear()
    assert act(client, "import").status_code == 403
    assert not Source.objects.exists()


# -- the way there --------------------------------------------------------------------


@pytest.mark.parametrize(
    "desk", ["index", "positions_source_changelist", "ingest_importrun_changelist"]
)
def test_the_desks_lead_there(client, reviewer, desk):
    page = client.get(reverse(f"admin:{desk}"))
    assert f'href="{reverse("admin:ingest_upload")}"' in shown(page)
