"""The pictures of the docs: `make screenshots` takes them from the demonstration.

A database of its own is filled, served and thrown away, so the pictures show what
`make run` shows and nothing that somebody typed into it. Modules of the project are
imported where they are used: before them, settings must know that database.
"""

import io
import os
import shutil
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
SIZE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
# What is pressed before a picture is taken, and what then stands there: the second
# sentence is to be coded.
PRESSED = {"coding-beside": (("s", "s", "Enter"), "#desk-panel form.coding")}
SIGNATURE, PIXELS = b"\x89PNG\r\n\x1a\n", b"IDAT"


def main() -> int:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        print("Chromium is not installed: name one in CHROMIUM.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/demo.sqlite3"
        load()
        # Playwright keeps an event loop, beside which Django refuses to query.
        pages, desks = public_pages(), curators_pages()
        from django.db import connections
        from pytest_django.live_server_helper import LiveServer

        server = LiveServer("localhost")
        try:
            take(pages, desks, program, server.url)
        finally:
            server.stop()
            connections.close_all()
    return 0


def load() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    call_command("suggest", verbosity=0, stdout=io.StringIO())

    from django.contrib.auth import get_user_model

    from ingest.management.commands.load_demo import CURATOR
    from tests import coded_demo

    coded_demo.fill(get_user_model().objects.get(username=CURATOR))


def public_pages() -> dict[str, str]:
    """Name of the picture -> address, of what everybody may see."""
    from django.urls import reverse

    from ingest import demo
    from positions.models import Source

    shown = demo.shown()
    cited = shown.proof[0].main.paragraph
    source = Source.objects.get(revisions__paragraphs=cited)
    day, issue = demo.DAY.isoformat(), shown.issue.key
    page = reverse("source", args=(source.collection.key, source.identifier))
    return {
        "home": reverse("home"),
        "issue": f"{reverse('issue', args=(issue,))}?on={day}",
        "actor": f"{reverse('actor', args=(shown.actor.key,))}?issue={issue}&on={day}",
        "source": f"{page}#p{cited.key}",
    }


def curators_pages() -> dict[str, str]:
    """Name of the picture -> address, of what is seen after signing in."""
    from django.urls import reverse

    from ingest import demo
    from positions.admin import derive
    from positions.models import Source, Task

    shown = demo.shown()
    cited = shown.proof[0].main.paragraph
    source = Source.objects.get(revisions__paragraphs=cited)
    read = reverse("admin:positions_source_read", args=(source.pk,))
    task = Task.objects.to_adjudicate().get(revision__source=source)
    return {
        "admin": reverse("admin:index"),
        "reading": f"{read}#p{cited.key}",
        "coding-beside": f"{read}#p{cited.key}",
        "queue": reverse("admin:positions_queue", args=("suggestions",)),
        "queue-narrow": reverse("admin:positions_queue", args=("suggestions",)),
        "adjudication": reverse("admin:positions_task_adjudicate", args=(task.pk,)),
        "agreement": reverse("admin:positions_issue_agreement", args=(shown.issue.pk,))
        + "#figures",
        "people": reverse("admin:positions_people"),
        "coding": reverse("admin:positions_source_code", args=(source.pk, cited.key)),
        "derive": derive.address(shown.actor, shown.issue),
    }


def take(
    pages: dict[str, str], desks: dict[str, str], program: str, server: str
) -> None:
    """Take each picture in Chromium: pages as a reader, desks as the curator."""
    from playwright.sync_api import sync_playwright

    from ingest.management.commands.load_demo import CURATOR, PASSWORD

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(base_url=server, viewport=SIZE, locale="en-GB")
        for name, address in pages.items():
            picture(page, name, address)
        page.goto(desks["admin"])
        page.get_by_label("Username").fill(CURATOR)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(desks["admin"])
        for name, address in desks.items():
            picture(page, name, address)
        browser.close()


def picture(page: Any, name: str, address: str) -> None:
    page.set_viewport_size(NARROW if name.endswith("-narrow") else SIZE)
    answer = page.goto(address)
    if answer is not None and not answer.ok:
        raise SystemExit(f"{address} answered {answer.status}.")
    # Counts and claims are asked for by the page itself.
    page.wait_for_load_state("networkidle")
    if name in PRESSED:
        keys, shown = PRESSED[name]
        for key in keys:
            page.keyboard.press(key)
        page.locator(shown).wait_for()
    file = DOCS / f"{name}.png"
    file.write_bytes(packed(page.screenshot()))
    print(f"{file.relative_to(DOCS.parent)}: {file.stat().st_size >> 10} kB")


def packed(png: bytes) -> bytes:
    """The same picture with its pixels compressed as well as zlib can.

    Chromium writes PNG files in haste. A chunk is its length, name, data and
    checksum (PNG specification, 5.3); those of the pixels make one stream.
    """
    chunks, pixels, at = [], b"", len(SIGNATURE)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if name == PIXELS:
            pixels += data
        else:
            chunks.append((name, data))
        at += length + 12
    best = zlib.compress(zlib.decompress(pixels), 9)
    chunks.insert(-1, (PIXELS, best))
    return SIGNATURE + b"".join(
        len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
        for name, data in chunks
    )


if __name__ == "__main__":
    sys.exit(main())
