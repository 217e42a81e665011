"""What was typed is not lost when it cannot be taken: signed out, or too late.

A session that ended, or a token from before a new login, would throw a form away.
Instead its fields travel, signed, through the login page and are shown again, with a
button that sends them to where they were meant for. The bundle is in the page and
nowhere else: whoever logs in on that very page of that browser reads what was typed
there, as they could have read it on the screen.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.views.csrf import csrf_failure

SALT = "typed"
FIELD = "kept"
# Beside the bundle a login posts a name, a password and a token.
SLACK = 16 * 1024
# Pages of the admin that are open to everybody.
OPEN = ("login", "logout")
SIGNED_OUT = (
    "Your session has ended. Sign in in another tab, then try again: nothing you "
    "typed is lost."
)
STALE = (
    "You signed in again after this page was opened. Nothing you typed is lost: "
    "try again."
)


class KeepTyped:
    """Ask whoever was signed out to sign in, and give back what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not _signed_in_now(request, response):
            return response
        kept = _read(request.POST.get(FIELD, ""))
        if kept is None:
            return response
        return typed_page(
            request,
            kept,
            title="You were signed out while you wrote",
            meaning="Here is what you typed. It is not saved yet.",
            again=True,
        ).render()

    def process_view(self, request, view, args, kwargs):
        if not _is_closed(request.resolver_match) or admin.site.has_permission(request):
            return None
        if is_fetch(request):
            address = reverse("admin:login")
            return JsonResponse({"error": SIGNED_OUT, "login": address}, status=401)
        return _ask_to_sign_in(request) if request.method == "POST" else None


def stale_token(request, reason=""):
    """A form of ours whose token is older than the login: shown again, not lost.

    Only for forms that came from a page of this site: what another site makes a
    browser post is turned away as ever.
    """
    if not (_is_closed(_match(request)) and _is_from_here(request)):
        return csrf_failure(request, reason=reason)
    if is_fetch(request):
        return JsonResponse({"error": STALE}, status=403)
    if not admin.site.has_permission(request):
        return _ask_to_sign_in(request)
    return typed_page(
        request,
        kept_of(request),
        title="You signed in again while you wrote",
        meaning="Here is what you typed. It is not saved yet.",
        again=True,
        status=403,
    )


def is_fetch(request):
    """Did a script of ours ask, which reads an answer and shows no page?"""
    return request.headers.get("X-Requested-With") == "fetch"


def kept_of(request):
    """What a form posted, without tokens and passwords; of files only the names."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
        for value in values
    ]
    return {
        "path": request.get_full_path(),
        "fields": fields,
        "files": [file.name for file in request.FILES.values()],
        "secret": any("password" in name.lower() for name in request.POST),
    }


def typed_page(request, kept, *, title, meaning, again, status=200, **further):
    """What was typed, to be read; with `again`, a button that sends it once more."""
    context = {
        **admin.site.each_context(request),
        "title": title,
        "meaning": meaning,
        "again": again,
        "typed": kept,
        "readable": [
            (_label(name), value)
            for name, value in kept["fields"]
            if value.strip() and not _is_machinery(name)
        ],
        **further,
    }
    return TemplateResponse(request, "admin/typed.html", context, status=status)


def _is_machinery(name):
    """Is it a field that a page fills in, and nobody reads?"""
    return bool(re.search(r"^_|__prefix__|-\w+_FORMS$|-\d+-id$", name))


def _label(name):
    """A field's name in words; rows are counted from one."""
    row = re.fullmatch(r"(.+)-(\d{1,5})-(.+)", name)
    if row:
        name = f"{row[1]} {int(row[2]) + 1}: {row[3]}"
    return name.replace("_", " ")


def _is_closed(match):
    """Is it a page of the admin that only those who work here see?"""
    return (
        match is not None and match.app_name == "admin" and match.url_name not in OPEN
    )


def _match(request):
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _is_from_here(request):
    """Did the browser say that a page of this very site sent the form?"""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        origin = urlsplit(said)
    except ValueError:
        return False
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())


def _ask_to_sign_in(request):
    """The login page, which carries what was posted."""
    kept = kept_of(request)
    bundle = signing.dumps(kept, salt=SALT, compress=True)
    if len(bundle) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE - SLACK:
        bundle = ""
    context = {
        FIELD: bundle,
        "files": kept["files"],
        "signed_out": True,
        "app_path": reverse("admin:login"),
        "next": kept["path"],
    }
    # The login view would take what was posted for a name and a password.
    request.method = "GET"
    response = admin.site.login(request, context).render()
    request.method = "POST"
    response.status_code = 403
    return response


def _signed_in_now(request, response):
    match = request.resolver_match
    return (
        request.method == "POST"
        and FIELD in request.POST
        and response.status_code == 302
        and match is not None
        and match.view_name == "admin:login"
        and admin.site.has_permission(request)
    )


def _read(bundle):
    """What was kept, if it is ours and means a page of the admin."""
    try:
        kept = signing.loads(bundle, salt=SALT)
    except signing.BadSignature:
        return None
    return kept if kept["path"].startswith(reverse("admin:index")) else None
