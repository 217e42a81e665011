"""Names -> options of one issue, or none for sure: never a guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ingest.matching import LIKE
from positions.models import Issue, Option
from positions.names import name_key

# name key -> primary keys of the options that have it.
Known = dict[str, set[int]]


@dataclass
class OptionNames:
    """Names resolved over one run; those of an issue are read once."""

    _known: dict[int, Known] = field(default_factory=dict)

    def match(self, issue: Issue, text: str) -> Option | None:
        """The one option of the issue with this key, name, short name or alias."""
        issues = Issue.objects.group_of(issue)
        option = Option.objects.filter(issue__in=issues, key=text).first()
        if option is None:
            found = self._names(issue).get(name_key(text), set())
            if len(found) == 1:
                option = Option.objects.get(pk=next(iter(found)))
        return option.survivor if option else None

    def sentence(self, issue: Issue, text: str) -> str:
        """Why a name means no option for sure, and which it may be."""
        known, asked = self._names(issue), name_key(text)
        if asked in known:
            named = Option.objects.filter(pk__in=known[asked]).order_by("key")
            same = ", ".join(named.values_list("key", flat=True))
            return f"more than one option of “{issue}” has this name: {same}."
        like = process.extract(
            asked, known.keys(), scorer=fuzz.WRatio, limit=3, score_cutoff=LIKE
        )
        nearest = {pk for name, _, _ in like for pk in known[name]}
        shown = Option.objects.filter(pk__in=nearest).order_by("key")
        keys = ", ".join(shown.values_list("key", flat=True))
        hint = f"; the nearest: {keys}" if keys else ""
        return f"no option of “{issue}” has this name{hint}."

    def has(self, issue: Issue, text: str) -> bool:
        """Does any option of the issue have the name?"""
        return name_key(text) in self._names(issue)

    def forget(self) -> None:
        """Read the names again: options were made, or those made are gone."""
        self._known.clear()

    def _names(self, issue: Issue) -> Known:
        if issue.pk not in self._known:
            known: Known = {}
            options = Option.objects.filter(
                issue__in=Issue.objects.group_of(issue)
            ).select_related("merged_into")
            for option in options.prefetch_related("aliases"):
                aliases = (alias.name for alias in option.aliases.all())
                for name in (option.name, option.short_name, *aliases):
                    known.setdefault(name_key(name), set()).add(option.survivor.pk)
            self._known[issue.pk] = known
        return self._known[issue.pk]
