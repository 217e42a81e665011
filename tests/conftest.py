"""What every test stands on: a database of its own, no network, a browser."""

import ipaddress
import os
import shutil
import socket
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"

hypothesis.settings.register_profile(
    "demarche", deadline=None, max_examples=60, print_blob=True
)
hypothesis.settings.load_profile("demarche")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """Name a database that no other run uses, not even one next to this.

    On SQLite it is a file, not memory: the live server's threads then have
    connections and locks of their own, as in production.
    """
    default = settings.DATABASES["default"]
    test = default.setdefault("TEST", {})
    if default["ENGINE"].endswith("sqlite3"):
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        default["OPTIONS"]["init_command"] += "; PRAGMA synchronous = OFF"
    else:
        test["NAME"] = f"test_{default['NAME']}_{os.getpid()}"


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords():
    with pytest.MonkeyPatch.context() as patch:
        hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
        patch.setattr(settings, "PASSWORD_HASHERS", [hasher])
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Refuse every connection that would leave this machine."""

    def guard(name, address_of):
        real = getattr(socket.socket, name)

        def guarded(self, *arguments):
            address = address_of(arguments)
            if self.family != socket.AF_UNIX and not is_local(address[0]):
                raise AssertionError(f"a test tried to reach {address[0]}")
            return real(self, *arguments)

        patch.setattr(socket.socket, name, guarded)

    with pytest.MonkeyPatch.context() as patch:
        guard("connect", lambda arguments: arguments[0])
        guard("connect_ex", lambda arguments: arguments[0])
        guard("sendto", lambda arguments: arguments[-1])
        yield


def is_local(host):
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What a test remembers for a minute is no other's."""
    cache.clear()


@pytest.fixture(scope="session")
def samples():
    """The folder of real documents beside the project, where there is one."""
    if not SAMPLES.is_dir():
        pytest.skip("the real documents are not beside the project")
    return SAMPLES


@pytest.fixture(scope="session")
def browser():
    """The distribution's Chromium, or the one that CHROMIUM names."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; Django would refuse to
        # query beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program,
                args=[
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
                ],
            )
            yield browser
            browser.close()


@pytest.fixture
def page(request, browser, live_server):
    """A fresh browser page on the live server; paths are relative to it.

    Other options of the browser context are given by parametrizing `page`
    indirectly, as in {"viewport": {"width": 390, "height": 844}}. A script's
    error, and whatever the content security policy stopped, fail the test.
    """
    options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
    options |= getattr(request, "param", {})
    problems = []
    with browser.new_context(base_url=live_server.url, **options) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.extend(violations(message)))
        yield page
    assert problems == []


def violations(message):
    return [message.text] if "Content Security Policy" in message.text else []
