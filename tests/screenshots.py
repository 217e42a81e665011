"""The pictures of the docs: `make screenshots` takes them from the demonstration.

A database of its own is filled, served and thrown away, so the pictures show what
`make run` shows and nothing that somebody typed into it.
"""

import io
import os
import shutil
import sys
import tempfile
import zlib
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
SIZE = {"width": 1280, "height": 900}
SIGNATURE, PIXELS = b"\x89PNG\r\n\x1a\n", b"IDAT"


def main() -> int:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        print("Chromium is not installed: name one in CHROMIUM.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/demo.sqlite3"
        pictures = load()
        from django.db import connections
        from pytest_django.live_server_helper import LiveServer

        server = LiveServer("localhost")
        try:
            take(pictures, program, server.url)
        finally:
            server.stop()
            connections.close_all()
    return 0


def load() -> dict[str, str]:
    """Load the demonstration; name of the picture -> address of the page."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    return addresses()


def addresses() -> dict[str, str]:
    from django.urls import reverse

    from ingest import demo
    from positions.admin import derive
    from positions.models import Paragraph

    shown = demo.shown()
    cited = shown.proof[0].main.paragraph
    paragraph = Paragraph.objects.select_related("revision__source__collection").get(
        pk=cited.pk
    )
    source = paragraph.revision.source
    day, issue = demo.DAY.isoformat(), shown.issue.key
    read = reverse("admin:positions_source_read", args=(source.pk,))
    page = reverse("source", args=(source.collection.key, source.identifier))
    coded = (source.pk, paragraph.key)
    return {
        "home": reverse("home"),
        "issue": f"{reverse('issue', args=(issue,))}?on={day}",
        "actor": f"{reverse('actor', args=(shown.actor.key,))}?issue={issue}&on={day}",
        "source": f"{page}#p{paragraph.key}",
        "admin": reverse("admin:index"),
        "reading": f"{read}#p{paragraph.key}",
        "coding": reverse("admin:positions_source_code", args=coded),
        "derive": derive.address(shown.actor, shown.issue),
    }


def take(pictures: dict[str, str], program: str, server: str) -> None:
    """Take each picture: public pages as a reader sees them, the admin signed in."""
    from playwright.sync_api import sync_playwright

    from ingest.management.commands.load_demo import CURATOR, PASSWORD

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu"],
            # The fields for days are the browser's own, in its own language.
            env={**os.environ, "LANGUAGE": "en_GB"},
        )
        page = browser.new_page(
            base_url=server, viewport=SIZE, locale="en-GB", reduced_motion="reduce"
        )
        for name, address in pictures.items():
            if name == "admin":
                page.goto(address)
                page.get_by_label("Username").fill(CURATOR)
                page.get_by_label("Password").fill(PASSWORD)
                page.get_by_role("button", name="Log in").click()
                page.wait_for_url(address)
            else:
                answer = page.goto(address)
                if answer and not answer.ok:
                    raise SystemExit(f"{address} answered {answer.status}.")
            file = DOCS / f"{name}.png"
            file.write_bytes(packed(page.screenshot()))
            print(f"{file.relative_to(DOCS.parent)}: {file.stat().st_size >> 10} kB")
        browser.close()


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
