"""The desks of collections, sources, their paragraphs and coding headers."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html

from positions import anchoring
from positions.models import (
    Citation,
    CodingHeader,
    Collection,
    HeaderSpeaker,
    Paragraph,
    Source,
    Voice,
)

from .base import Choosing, Desk, DeskForm, Rows, autocomplete_urls, badge
from .code import CodeView
from .desk import AttachView, TakeBackView
from .places import reading_address, shortened
from .reading import ReadView


@admin.register(Collection)
class CollectionDesk(Desk):
    list_display = ("title", "key", "visibility", "level", "sources_link")
    search_fields = ("title",)
    name_columns = ("title", "key")
    prepopulated_fields = {"key": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "key", "note")}),
        ("Who may read it", {"fields": ("visibility", "level", "groups")}),
    )

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    @admin.display(description="sources")
    def sources_link(self, collection):
        address = reverse("admin:positions_source_changelist")
        return format_html(
            '<a href="{}?collection__id__exact={}">Show</a>', address, collection.pk
        )


class SourceList(ChangeList):
    """A source is opened to be read; the page knows the list it came from."""

    def url_for_result(self, result):
        return reverse("admin:positions_source_read", args=(result.pk,))


@admin.register(Source)
class SourceDesk(Desk):
    list_display = (
        "read_link",
        "titled",
        "kind",
        "day",
        "issued_by",
        "level_shown",
        "who_may_read",
        "coded",
    )
    list_display_links = ("read_link", "titled")
    list_filter = ("collection", "kind", "visibility", "level")
    list_select_related = ("collection", "issuer")
    search_fields = ("identifier",)
    search_help_text = "Identifier, title or words of the text"
    actions = ("assign_selected",)
    change_list_template = "admin/positions/source/change_list.html"
    change_form_template = "admin/positions/source/change_form.html"
    readonly_fields = ("collection", "identifier", "canonical_id")
    fieldsets = (
        (None, {"fields": (("collection", "identifier", "canonical_id"),)}),
        (
            "What it is",
            {
                "fields": (
                    "title",
                    ("kind", "symbol", "language"),
                    "issuer",
                    "issuer_text",
                )
            },
        ),
        ("When", {"fields": (("dated", "published"), "dated_at")}),
        ("Who may read it", {"fields": (("visibility", "level", "controls"),)}),
        ("Where it comes from", {"fields": ("obtained", "addresses")}),
    )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        read = wrap(ReadView.as_view(desk=self))
        code = wrap(CodeView.as_view(desk=self))
        attach = wrap(AttachView.as_view(desk=self))
        take_back = wrap(TakeBackView.as_view(desk=self))
        return [
            *autocomplete_urls(self.admin_site),
            path("<int:pk>/read/", read, name="positions_source_read"),
            path("<int:pk>/code/<int:key>/", code, name="positions_source_code"),
            path("<int:pk>/attach/", attach, name="positions_source_attach"),
            path("<int:pk>/take-back/", take_back, name="positions_source_take_back"),
            *super().get_urls(),
        ]

    def get_changelist(self, request, **kwargs):
        return SourceList

    def get_readonly_fields(self, request, obj=None):
        """Who may read a document is decided by those who decide for collections."""
        if request.user.has_perm("positions.change_collection"):
            return self.readonly_fields
        return (*self.readonly_fields, "visibility", "level", "controls")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match.url_name.endswith("_changelist"):
            citing = Citation.objects.filter(paragraph__revision__source=OuterRef("pk"))
            # No `Exists`: for it PostgreSQL reads all citations before the first row.
            rows = rows.annotate(cited=Subquery(citing.values("pk")[:1]))
        return rows

    def has_add_permission(self, request):
        """A source comes in through the pipeline, pasted or imported."""
        return False

    @admin.action(description="Assign for double coding", permissions=("assign",))
    def assign_selected(self, request, queryset):
        keys = list(queryset.order_by("identifier").values_list("pk", flat=True)[:100])
        query = urlencode({"source": keys}, doseq=True)
        return HttpResponseRedirect(f"{reverse('admin:positions_task_assign')}?{query}")

    def has_assign_permission(self, request):
        return request.user.has_perm("positions.add_task")

    def choice_label(self, source):
        return f"{source.identifier} – {shortened(source.title, 70)}"

    # -- columns --------------------------------------------------------------

    @admin.display(description="source", ordering="identifier")
    def read_link(self, source):
        return source.identifier

    @admin.display(description="title", ordering="title")
    def titled(self, source):
        return source.title or "Read"

    @admin.display(description="dated", ordering="dated_earliest")
    def day(self, source):
        return source.dated or "–"

    @admin.display(description="issued by")
    def issued_by(self, source):
        return source.issuer or source.issuer_text or "–"

    @admin.display(description="level", ordering="level")
    def level_shown(self, source):
        if source.level is None:
            return badge("none", "unmarked")
        return badge(
            f"level-{source.level}", source.get_level_display().split(" – ")[0]
        )

    @admin.display(description="visibility", ordering="visibility")
    def who_may_read(self, source):
        return badge(source.visibility)

    @admin.display(description="coded")
    def coded(self, source):
        return badge("done", "coded") if source.cited else ""


class VoiceForm(DeskForm):
    """A voice is given by its words: nobody counts characters."""

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The words of the paragraph that are not the reported speaker's.",
    )

    class Meta:
        model = Voice
        fields = ("kind", "whose")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            text = self.instance.paragraph.text
            self.initial["words"] = text[self.instance.start : self.instance.end]

    def clean_words(self):
        spans = anchoring.locate(
            self.cleaned_data["words"], self.instance.paragraph.text
        )
        if not spans:
            raise forms.ValidationError("These words do not stand in the paragraph.")
        self.instance.start, self.instance.end = spans[0].start, spans[0].end
        return self.cleaned_data["words"]


class VoiceRows(Rows):
    model = Voice
    form = VoiceForm
    fields = ("words", "kind", "whose")

    def has_delete_permission(self, request, obj=None):
        """A parser's reading of brackets is mended by hand, also away."""
        return self.has_change_permission(request, obj)


@admin.register(Paragraph)
class ParagraphDesk(Desk):
    """Paragraphs never change; the voices in them can be mended."""

    list_display = ("place", "words", "role", "marking", "heading")
    list_display_links = ("place",)
    list_filter = ("role", "access_level")
    list_select_related = ("revision__source",)
    search_fields = ("text",)
    search_help_text = "Words of the text"
    ordering = ("-pk",)
    inlines = (VoiceRows,)
    readonly_fields = (
        "place",
        "reading_link",
        "number",
        "label",
        "marking",
        "role",
        "heading",
        "text",
    )
    fields = readonly_fields

    def get_queryset(self, request):
        heavy = ("revision__text", "revision__patches", "revision__header")
        rows = super().get_queryset(request).select_related("revision__source")
        if request.resolver_match.url_name.endswith("_changelist"):
            rows = rows.current()
        return rows.defer(*heavy)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """Only its voices; its own fields are read-only above."""
        return request.user.has_perm("positions.change_voice")

    @admin.display(description="paragraph")
    def place(self, paragraph):
        return paragraph.citation

    @admin.display(description="words")
    def words(self, paragraph):
        return shortened(paragraph.text, 140)

    @admin.display(description="in its document")
    def reading_link(self, paragraph):
        return format_html(
            '<a href="{}">Read it in its document</a>', reading_address(paragraph)
        )


class SpeakerRows(Choosing, admin.StackedInline):
    """Who speaks in the source, and for whom."""

    model = HeaderSpeaker
    form = DeskForm
    extra = 1
    fields = (
        ("name", "actor"),
        ("role", "rank"),
        ("person", "on_authority"),
    )
    verbose_name = "speaker"


@admin.register(CodingHeader)
class CodingHeaderDesk(Desk):
    list_display = ("source", "event", "said_on", "reporter", "publicity")
    list_select_related = ("source", "event", "reporter")
    search_fields = ("source",)
    search_help_text = "Identifier of the source"
    adds_in_a_row = False
    inlines = (SpeakerRows,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "source",
                    "event",
                    ("said_on", "publicity"),
                    "reporter",
                    "audience",
                ),
                "description": "What all statements of the source have in common: "
                "the coding form fills it in, and each statement may differ.",
            },
        ),
    )

    def find(self, queryset, text, reader):
        return queryset.filter(source__identifier=text.strip())

    def get_readonly_fields(self, request, obj=None):
        return ("source",) if obj else ()

    def response_post_save_add(self, request, obj):
        return self._back_to_reading(obj)

    def response_post_save_change(self, request, obj):
        return self._back_to_reading(obj)

    @staticmethod
    def _back_to_reading(header):
        address = reverse("admin:positions_source_read", args=(header.source_id,))
        return HttpResponseRedirect(address)
