"""What others saved while a form was filled in: nothing is written over silently.

A form carries, signed, the values that it showed. What is posted is compared with them
under lock: where somebody saved something else meanwhile, nothing is saved. The form
comes back with all that was typed, and whoever came second decides.
"""

from dataclasses import dataclass, field

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core import signing

from positions.models import Change
from positions.models.changes import recording
from positions.refusals import FAULTS, sentences

from .clashes import Clash, Fields, Rows, row_fields
from .posting import initial_values, put

TOKEN = "_seen"
CHANGES_NAMED = 5
LOOK_AGAIN = (
    "Nothing is saved yet: this record was changed while you wrote. "
    "Compare what stands above the form, then save again."
)


@dataclass(frozen=True)
class Drawn:
    """The form of a record with its rows, filled in from the database."""

    form: object
    formsets: dict = field(default_factory=dict)

    def values(self):
        """What it shows: the fields, and the rows by form and primary key."""
        rows = {
            prefix: {
                str(row.instance.pk): initial_values(row, row_fields(formset))
                for row in formset.initial_forms
            }
            for prefix, formset in self.formsets.items()
        }
        return {"fields": initial_values(self.form, self.form.fields), "rows": rows}


@dataclass(frozen=True)
class Meeting:
    """What somebody else saved meanwhile, as the form shows it when it comes back."""

    clashes: list[Clash]
    changes: list[Change]


class Meanwhile:
    """A desk whose forms notice what others saved since they were opened."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A save is one recorded transaction; refused, the form comes back as typed."""
        shown = super().changeform_view
        if request.method != "POST":
            return shown(request, object_id, form_url, extra_context)
        try:
            with recording(request.user):
                if object_id is not None:
                    self._compare(request, unquote(object_id))
                return shown(request, object_id, form_url, extra_context)
        except FAULTS as fault:
            request.held_back = sentences(fault)
        return shown(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Held back: a form that is not saved, whatever it says."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.held_back = getattr(request, "held_back", ())
        return form

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None and self.has_change_permission(request, obj):
            now = getattr(request, "saved_now", None)
            now = now or self._drawn_in(request, context, obj).values()
            context |= {
                "seen": signed(obj, now),
                "meeting": getattr(request, "meeting", None),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # -- how ------------------------------------------------------------------

    def _compare(self, request, object_id):
        """Lock the record; hold the form back if it would undo another's work."""
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_change_permission(request, obj):
            return
        rows = type(obj)._base_manager.filter(pk=obj.pk)
        # References to it go on being written meanwhile.
        list(rows.select_for_update(no_key=True).values_list("pk"))
        obj = self.get_object(request, object_id)
        drawn = self._drawn(request, obj)
        now = request.saved_now = drawn.values()
        seen = self._seen(request, obj, now)
        fields, rows = parts_of(drawn, request.POST, seen, now)
        clashes = fields.clashes()
        clashes += [clash for one in rows for clash in one.clashes()]
        if not clashes:
            return
        since = Change.objects.of(obj).filter(seq__gt=(seen or {}).get("seq", 0))
        changes = since.select_related("who")[:CHANGES_NAMED]
        request.meeting = Meeting(clashes, list(changes))
        request.held_back = [LOOK_AGAIN]
        if seen is not None:
            request.POST = merged(request.POST, fields, rows)

    def _seen(self, request, obj, now):
        """What the form showed; None where it does not say so and it matters.

        A form without its token can only write over what others saved: whoever saved
        last wrote over nobody.
        """
        seen = read(obj, request.POST.get(TOKEN, ""))
        if seen is not None:
            return seen
        last = Change.objects.of(obj).values_list("who", flat=True)[:1]
        return None if list(last) not in ([], [request.user.pk]) else now

    def _drawn(self, request, obj):
        names = flatten_fieldsets(self.get_fieldsets(request, obj))
        made = self.get_form(request, obj, change=True, fields=names)
        formsets, prefixes = {}, {}
        for rows_of, inline in self.get_formsets_with_inlines(request, obj):
            # As Django numbers them.
            prefix = rows_of.get_default_prefix()
            prefixes[prefix] = prefixes.get(prefix, 0) + 1
            if prefixes[prefix] != 1:
                prefix = f"{prefix}-{prefixes[prefix]}"
            if inline.has_change_permission(request, obj):
                rows = inline.get_queryset(request)
                formsets[prefix] = rows_of(instance=obj, prefix=prefix, queryset=rows)
        return Drawn(made(instance=obj), formsets)

    def _drawn_in(self, request, context, obj):
        """The form that a page is about to show."""
        formsets = {
            one.formset.prefix: one.formset
            for one in context["inline_admin_formsets"]
            if one.opts.has_change_permission(request, obj)
        }
        return Drawn(context["adminform"].form, formsets)


def parts_of(drawn, data, seen, now):
    """The fields of a posted form, and each kind of rows inside it."""
    known = seen["fields"] if seen else None
    fields = Fields(drawn.form.fields, "", data, known, now["fields"])
    rows = [
        Rows(
            formset,
            data,
            seen["rows"].get(prefix, {}) if seen else None,
            now["rows"][prefix],
        )
        for prefix, formset in drawn.formsets.items()
    ]
    return fields, rows


def merged(posted_data, fields, rows):
    """What was posted, with what was left alone there as it is saved now."""
    data = posted_data.copy()
    for name, texts in fields.texts().items():
        put(data, name, texts)
    for one in rows:
        if one.seen != one.now:
            one.merge_into(data)
    return data


def signed(obj, values):
    """The values that a form of this record shows, to be carried by the form."""
    last = Change.objects.of(obj).values_list("seq", flat=True).first()
    return signing.dumps({"seq": last or 0, **values}, salt=_salt(obj), compress=True)


def read(obj, text):
    """What `signed` was given; None for what was not signed for this record."""
    try:
        return signing.loads(text, salt=_salt(obj))
    except signing.BadSignature:
        return None


def _salt(obj):
    return f"seen.{obj._meta.label_lower}.{obj.pk}"
