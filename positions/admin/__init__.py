"""The curators' desks, one file each."""

from django.contrib import admin

from . import (
    actors,
    citations,
    codebook,
    events,
    log,
    pairs,
    people,
    sources,
    stances,
    statements,
    suggestions,
    tasks,
)

__all__ = (
    "actors",
    "citations",
    "codebook",
    "events",
    "log",
    "pairs",
    "people",
    "sources",
    "stances",
    "statements",
    "suggestions",
    "tasks",
)

# The documents need the room; the main desks stand in the header of every page.
admin.site.enable_nav_sidebar = False
