"""Filters that several desks share."""

from django.contrib import admin

from positions.models import Issue


class IssueFilter(admin.SimpleListFilter):
    """By issue, without reading the table for the issues that occur in it."""

    title = "issue"
    parameter_name = "issue"
    path = "option__issue"

    def lookups(self, request, model_admin):
        return [(issue.key, issue.name) for issue in Issue.objects.all()[:100]]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(**{f"{self.path}__key": self.value()})


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
