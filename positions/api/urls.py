"""The addresses of the API, version 1."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.views import APIView

from . import answering, views
from .base import Strict

app_name = "api"


class Root(Strict, APIRootView):
    """The lists of this API. /api/v1/schema/ describes them to programs."""


class Description(Strict, SpectacularAPIView):
    """The OpenAPI description of this API."""

    renderer_classes = SpectacularAPIView.renderer_classes


@extend_schema(exclude=True)
class Nowhere(Strict, APIView):
    """No such address."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        raise Http404


class Router(DefaultRouter):
    """Details stand at public keys, some of which have two parts."""

    APIRootView = Root
    include_format_suffixes = False

    def get_lookup_regex(self, viewset: Any, lookup_prefix: str = "") -> str:
        return viewset.lookup_regex


router = Router()
router.register("actors", views.ActorViewSet, "actor")
router.register("issues", views.IssueViewSet, "issue")
router.register("options", views.OptionViewSet, "option")
router.register("dispositions", views.DispositionViewSet, "disposition")
router.register("events", views.EventViewSet, "event")
router.register("sources", views.SourceViewSet, "source")
router.register("paragraphs", views.ParagraphViewSet, "paragraph")
router.register(
    f"sources/{views.SourceViewSet.lookup_regex}/paragraphs",
    views.SourceParagraphViewSet,
    "source-paragraph",
)
router.register("statements", views.StatementViewSet, "statement")
router.register("stances", views.StanceViewSet, "stance")
router.register("positions", answering.PositionViewSet, "position")
router.register("timelines", answering.TimelineViewSet, "timeline")

urlpatterns = [
    *router.urls,
    path("schema/", Description.as_view(), name="schema"),
    # With a slash at its end, so that an address without one is redirected first.
    re_path("^(?:.*/)?$", Nowhere.as_view()),
]
