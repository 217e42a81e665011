"""The desks of actors and of their memberships."""

from django.contrib import admin

from positions.models import Actor, ActorName, Identifier, Membership

from . import derive
from .base import Desk, Rows
from .merging import Merging


class NameRows(Rows):
    model = ActorName
    fields = ("name", "language", "valid_from", "valid_to")
    verbose_name_plural = "other names"


class IdentifierRows(Rows):
    model = Identifier
    fields = ("scheme", "value")


class GroupRows(Rows):
    """What the actor is a member of."""

    model = Membership
    fk_name = "member"
    fields = ("group", "role", "rank", "since", "until")
    verbose_name = "membership"
    verbose_name_plural = "member of"


@admin.register(Actor)
class ActorDesk(Merging, Desk):
    list_display = ("name", "kind", "other_names", "known_as", "read_as")
    list_filter = ("kind", ("merged_into", admin.EmptyFieldListFilter))
    list_select_related = ("merged_into",)
    search_fields = ("name",)
    search_help_text = "Any of the names"
    inlines = (NameRows, IdentifierRows, GroupRows)
    change_form_template = "admin/positions/actor/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "kind", "note")}),
        (
            "Key and days",
            {
                "classes": ("collapse",),
                "fields": ("key", ("valid_from", "valid_to")),
            },
        ),
    )

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match.url_name.endswith("_changelist"):
            rows = rows.prefetch_related("names", "identifiers").order_by("name", "pk")
        return rows

    def get_readonly_fields(self, request, obj=None):
        """A key is made once and never changed."""
        return ("key",) if obj else ()

    def choice_label(self, actor):
        label = f"{actor.name} ({actor.get_kind_display().lower()})"
        return (
            f"{label}, merged into {actor.merged_into}" if actor.merged_into else label
        )

    @admin.display(description="other names")
    def other_names(self, actor):
        return ", ".join(name.name for name in actor.names.all()) or "–"

    @admin.display(description="identifiers")
    def known_as(self, actor):
        return ", ".join(str(item) for item in actor.identifiers.all()) or "–"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        actor = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if actor is not None:
            extra["derive_address"] = derive.address(actor=actor)
            extra["members"] = list(
                actor.members.select_related("member").order_by("member__name")[:300]
            )
        return super().change_view(request, object_id, form_url, extra)


@admin.register(Membership)
class MembershipDesk(Desk):
    list_display = ("member", "group", "role", "rank", "since", "until")
    list_display_links = ("member",)
    list_filter = ("rank",)
    list_select_related = ("member", "group")
    search_fields = ("member",)
    search_help_text = "The member or the group"
    fields = ("member", "group", "role", "rank", ("since", "until"))

    def find(self, queryset, text, reader):
        actors = Actor.objects.matching(text)
        return queryset.filter(member__in=actors) | queryset.filter(group__in=actors)
