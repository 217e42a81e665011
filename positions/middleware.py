"""What is turned away before any view sees it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve

from positions import names

PLAIN = "text/plain; charset=utf-8"
FORM_SLACK = 64 * 1024
"""Bytes of form fields and boundaries allowed around an upload of full size."""


class RequestLimits:
    """Refuse requests that are too large or carry what no database stores.

    PostgreSQL answers NUL with a traceback and neither database takes a lone
    surrogate, whether it came in the path, the query, a cookie or a form.
    Uploaded files pass: their readers decide.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _content_length(request) > settings.UPLOAD_LIMIT_BYTES + FORM_SLACK:
            return _refusal(request, _too_large(request), 413)
        if not names.is_storable(request.path) or not _storable(request.GET):
            return _refusal(
                request, "The address contains a character that no text has.", 400
            )
        if not all(map(names.is_storable, request.COOKIES.values())):
            return _refusal(
                request, "A cookie contains a character that no text has.", 400
            )
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        # Here and not in __call__, so that a form is parsed only for addresses
        # that exist.
        if request.method == "POST" and not _storable(request.POST):
            return _refusal(
                request, "The form contains a character that no text has.", 400
            )
        return None

    def process_exception(
        self, request: HttpRequest, fault: Exception
    ) -> HttpResponse | None:
        # SQLite has no integers above 64 bits, and Django's list filters no bound.
        if isinstance(fault, OverflowError):
            return _refusal(request, "A number is larger than any here.", 400)
        return None


def _content_length(request: HttpRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isdecimal() else 0


def _too_large(request: HttpRequest) -> str:
    """What to say of it: a view may know better, by a function `too_large`."""
    megabytes = settings.UPLOAD_LIMIT_BYTES // 2**20
    sentence = f"The request is larger than {megabytes} MB."
    try:
        asked = resolve(request.path_info)
    except Resolver404:
        return sentence
    known = getattr(asked.func, "too_large", None)
    return (known and known(**asked.kwargs)) or sentence


def _storable(fields: Any) -> bool:
    return all(
        names.is_storable(text)
        for name, values in fields.lists()
        for text in (name, *values)
    )


def _refusal(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """One sentence; under /api/ in the shape of all its errors."""
    if request.path.startswith("/api/"):
        errors = [{"parameter": None, "message": sentence}]
        return JsonResponse({"errors": errors}, status=status)
    return HttpResponse(f"{sentence}\n", status=status, content_type=PLAIN)
