"""What is said when something cannot be answered: one shape of JSON for all of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.log import log_response
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

logger = logging.getLogger("django.request")


class BadParameters(exceptions.APIException):
    """One or more parameters are unknown, empty or wrong: (name, sentence) each."""

    status_code = 400

    def __init__(self, faults: Iterable[tuple[str, str]]):
        self.faults = list(faults)
        super().__init__("; ".join(f"{name}: {said}" for name, said in self.faults))


class ProblemShape(serializers.Serializer):
    """One thing that is wrong, and the parameter that it is wrong with."""

    parameter = serializers.CharField(allow_null=True)
    message = serializers.CharField()


class ErrorsShape(serializers.Serializer):
    """Every answer but 200 and 308."""

    errors = ProblemShape(many=True)


def answer(exc: Exception, context: dict[str, Any]) -> Response:
    """Any exception of a view as JSON (REST_FRAMEWORK's EXCEPTION_HANDLER)."""
    set_rollback()
    if isinstance(exc, Http404):
        exc = exceptions.NotFound("Nothing is here.")
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.APIException):
        headers = {}
        if getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = exc.auth_header
        return Response(_body(_faults(exc)), status=exc.status_code, headers=headers)
    return _unforeseen(exc, context["request"])


def _faults(exc: exceptions.APIException) -> list[tuple[str | None, str]]:
    if isinstance(exc, BadParameters):
        return list(exc.faults)
    if isinstance(exc.detail, dict):
        return [
            (name, str(said))
            for name, said_all in exc.detail.items()
            for said in said_all
        ]
    details = exc.detail if isinstance(exc.detail, list) else [exc.detail]
    return [(None, str(detail)) for detail in details]


def _body(faults: Iterable[tuple[str | None, str]]) -> dict[str, Any]:
    return {"errors": [{"parameter": name, "message": said} for name, said in faults]}


def _unforeseen(exc: Exception, request: Any) -> Response:
    """A fault of ours: logged with its traceback, told without it."""
    response = Response(
        _body([(None, "Something went wrong on our side.")]), status=500
    )
    got_request_exception.send(sender=None, request=request._request)
    log_response(
        "%s: %s",
        "Internal Server Error",
        request.path,
        response=response,
        request=request._request,
        logger=logger,
        exception=exc,
    )
    return response
