"""The desks of what positions are about: issues, options, reasons, dispositions."""

from django.contrib import admin
from django.db.models import Case, Count, When
from django.utils.html import format_html, format_html_join

from positions.choices import Facet
from positions.models import (
    CodebookVersion,
    Disposition,
    Issue,
    Option,
    OptionAlias,
    Reason,
)

from . import agreement, derive
from .base import Desk, Rows
from .merging import Merging

OPTION_NAMES = (
    *("name", "short_name", "aliases__name", "issue__name"),
    # A survivor is also found by the names of who is read as it.
    *("merged__name", "merged__short_name", "merged__aliases__name"),
)


class OptionRows(Rows):
    """The options of an issue, the few fields that make one; the rest on its desk."""

    model = Option
    fk_name = "issue"
    fields = ("name", "short_name", "kind", "parent", "headline")
    show_change_link = True
    can_delete = False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ()


class ReasonRows(Rows):
    model = Reason
    fields = ("name", "key")
    prepopulated_fields = {"key": ("name",)}
    can_delete = False


@admin.register(Issue)
class IssueDesk(Merging, Desk):
    list_display = ("name", "question", "n_options", "read_as", "derive_link")
    list_filter = (("merged_into", admin.EmptyFieldListFilter),)
    list_select_related = ("merged_into",)
    search_fields = ("name",)
    name_columns = ("name", "question")
    inlines = (OptionRows, ReasonRows)
    change_form_template = "admin/positions/actor/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "question", "description")}),
        (
            "Key and horizons",
            {
                "classes": ("collapse",),
                "fields": ("key", ("preference_months", "engagement_months")),
            },
        ),
    )

    def get_urls(self):
        return [*agreement.agreement_urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match.url_name.endswith("_changelist"):
            rows = rows.annotate(options_made=Count("options"))
        return rows

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    @admin.display(description="options", ordering="options_made")
    def n_options(self, issue):
        return issue.options_made

    @admin.display(description="stances")
    def derive_link(self, issue):
        return format_html('<a href="{}">Derive</a>', derive.address(issue=issue))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        issue = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if issue is not None:
            extra["derive_address"] = derive.address(issue=issue)
            if request.user.has_perm("positions.view_people"):
                extra["agreement_issue"] = issue
        return super().change_view(request, object_id, form_url, extra)


class AliasRows(Rows):
    model = OptionAlias
    fields = ("name",)


@admin.register(Option)
class OptionDesk(Merging, Desk):
    list_display = (
        *("name", "short_name", "issue", "kind", "parent", "headline", "days"),
        "read_as",
    )
    list_filter = (
        *("issue", "kind", "headline"),
        ("merged_into", admin.EmptyFieldListFilter),
    )
    list_select_related = ("issue", "parent", "merged_into")
    search_fields = ("name",)
    name_columns = OPTION_NAMES
    inlines = (AliasRows,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "issue",
                    "name",
                    ("short_name", "kind"),
                    "headline",
                    "parent",
                )
            },
        ),
        ("What it means", {"fields": ("definition", "includes", "excludes")}),
        (
            "When it can be answered to, and beside what",
            {
                "fields": (
                    ("valid_from", "valid_to"),
                    "succeeded_by",
                    "alternatives",
                )
            },
        ),
        ("Key", {"classes": ("collapse",), "fields": ("key",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Key and issue are what statements stand on."""
        return ("key", "issue") if obj else ()

    def choice_label(self, option):
        name = option.short_name
        if option.name != name:
            name = f"{name} – {option.name}"
        return f"{name} ({option.issue.name})"

    @admin.display(description="valid", ordering="valid_from")
    def days(self, option):
        if option.valid_from is None and option.valid_to is None:
            return "always"
        return f"{option.valid_from or '…'} to {option.valid_to or '…'}"


@admin.register(Reason)
class ReasonDesk(Desk):
    list_display = ("name", "issue", "key")
    list_filter = ("issue",)
    list_select_related = ("issue",)
    search_fields = ("name",)
    name_columns = ("name", "issue__name")
    prepopulated_fields = {"key": ("name",)}

    def choice_label(self, reason):
        return f"{reason.name} ({reason.issue.name})"

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()


@admin.register(Disposition)
class DispositionDesk(Desk):
    list_display = (
        "entry",
        "facet",
        "phrase",
        "score",
        "rank",
        "headline",
        "meaning",
    )
    list_display_links = ("entry",)
    list_filter = ("facet",)
    search_fields = ("label",)
    name_columns = ("label", "code")
    fieldsets = (
        (None, {"fields": (("code", "facet"), "label", "phrase")}),
        ("Order", {"fields": (("score", "rank", "headline"),)}),
        ("For coders", {"fields": ("definition", "does_not_count", "example")}),
    )

    def choice_label(self, disposition):
        facet = disposition.get_facet_display() or "no position"
        return f"{disposition.label} ({facet.lower()})"

    def get_readonly_fields(self, request, obj=None):
        """Code and facet never change after the first use."""
        return ("code", "facet") if obj and obj.used else ()

    def get_ordering(self, request):
        """As forms show them: by facet, the strongest first, no position last."""
        last = len(Facet.values)
        facets = [When(facet=facet, then=n) for n, facet in enumerate(Facet.values)]
        return (Case(*facets, default=last), "-rank", "pk")

    @admin.display(description="disposition", ordering="label")
    def entry(self, disposition):
        return format_html(
            '<span class="disposition facet-{}">{}</span>'
            '<br><span class="quiet mini">{}</span>',
            disposition.facet or "none",
            disposition.label,
            disposition.code,
        )

    @admin.display(description="definition, what does not count, example")
    def meaning(self, disposition):
        beside = (
            ("Does not count:", disposition.does_not_count),
            ("Example:", disposition.example),
        )
        return format_html(
            "{}{}",
            disposition.definition,
            format_html_join(
                "",
                '<br><span class="quiet">{} {}</span>',
                [(name, words) for name, words in beside if words],
            ),
        )


@admin.register(CodebookVersion)
class CodebookVersionDesk(Desk):
    """A version is added when the codebook has changed; it is never edited."""

    list_display = ("number", "at", "preference_months", "engagement_months", "note")
    fields = ("number", "note", ("preference_months", "engagement_months"))

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def get_changeform_initial_data(self, request):
        latest = CodebookVersion.objects.first()
        return {
            "number": latest.number + 1 if latest else 1,
            "preference_months": latest.preference_months if latest else 24,
            "engagement_months": latest.engagement_months if latest else 12,
        } | super().get_changeform_initial_data(request)
