"""Filters that several desks share."""

from django.contrib import admin

from positions.models import Actor, Issue


class IssueFilter(admin.SimpleListFilter):
    """By issue, without reading the table for the issues that occur in it."""

    title = "issue"
    parameter_name = "issue"
    path = "option__issue"

    def lookups(self, request, model_admin):
        return [(one.key, one.name) for one in Issue.objects.current()[:100]]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        issue = Issue.objects.filter(key=self.value()).first()
        if issue is None:
            return queryset.none()
        return queryset.filter(**{f"{self.path}__in": Issue.objects.group_of(issue)})


class ActorFilter(admin.SimpleListFilter):
    """By an actor that an address names: it stands there only then."""

    title = "actor"
    parameter_name = "of"

    def lookups(self, request, model_admin):
        key = request.GET.get(self.parameter_name)
        actor = Actor.objects.filter(key=key).first() if key else None
        return [(key, actor.name if actor else "nobody has this key")] if key else []

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        actor = Actor.objects.filter(key=self.value()).first()
        return queryset.of_actor(actor) if actor else queryset.none()


class VersionFilter(admin.SimpleListFilter):
    """Newest versions only, unless all are asked for."""

    title = "versions"
    parameter_name = "versions"

    def lookups(self, request, model_admin):
        return [("all", "All versions")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield first | {"display": "Newest only"}
        yield from others

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.newest()


class MineFilter(admin.SimpleListFilter):
    title = "coder"
    parameter_name = "coded"

    def lookups(self, request, model_admin):
        return [("me", "Coded by me"), ("others", "Coded by others")]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.filter(coder=request.user)
        if self.value() == "others":
            return queryset.exclude(coder=request.user)
        return queryset


class CheckIssueFilter(IssueFilter):
    path = "issue"
