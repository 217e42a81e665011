"""Form fields as a browser posts them, as JSON keeps them, as a person reads them."""

from datetime import date, datetime

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model
from django.forms.models import ModelChoiceField, ModelMultipleChoiceField


def plain(value):
    """The initial value of a field as JSON has it, equal for equal rows.

    Line ends and spaces around count for nothing: forms change them unasked.
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple) or hasattr(value, "iterator"):
        found = [plain(one) for one in value]
        models = any(isinstance(one, Model) for one in value)
        return sorted(found) if models else found
    if value is None or isinstance(value, bool | int | float | dict):
        return value
    return str(value)


def initial_values(form, names):
    """The values with which a form begins, by field name."""
    return {
        name: plain(form.get_initial_for_field(form.fields[name], name))
        for name in names
    }


def typed_value(field, data, name):
    """What was posted for a field, with the line ends that everybody else uses."""
    typed = field.widget.value_from_datadict(data, {}, name)
    return typed.replace("\r\n", "\n") if isinstance(typed, str) else typed


def differs(field, value, typed):
    """Is what was posted another value than the one kept? Not by spaces around it."""
    return field.has_changed(_revived(field, value), typed)


def _revived(field, value):
    if isinstance(value, str):
        if isinstance(field, forms.DateTimeField | forms.SplitDateTimeField):
            return datetime.fromisoformat(value)
        if isinstance(field, forms.DateField):
            return date.fromisoformat(value)
    return value


def as_posted(field, value):
    """What a browser posts of a field that shows a value: name's end -> texts."""
    shown = field.prepare_value(_revived(field, value))
    widget = _inner(field.widget)
    if not isinstance(widget, forms.MultiWidget):
        return {"": _texts(widget, shown)}
    parts = zip(widget.widgets, widget.decompress(shown), strict=True)
    texts = (_texts(inner, part) for inner, part in parts)
    return dict(zip(widget.widgets_names, texts, strict=True))


def _texts(widget, shown):
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(shown) else []
    formatted = widget.format_value(shown)
    if isinstance(formatted, list | tuple):
        return [str(one) for one in formatted]
    return ["" if formatted is None else str(formatted)]


def posted(field, data, name):
    """What was posted for a field, as `as_posted` has it."""
    widget = _inner(field.widget)
    ends = widget.widgets_names if isinstance(widget, forms.MultiWidget) else [""]
    return {end: data.getlist(f"{name}{end}") for end in ends}


def put(data, name, texts):
    """Post these texts for a field instead of what was posted."""
    for end, values in texts.items():
        data.setlist(f"{name}{end}", values)
        if not values:
            del data[f"{name}{end}"]


def _inner(widget):
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


def in_words(field, value):
    """A value, kept or posted, as a person reads it."""
    several = value if isinstance(value, list | tuple) else [value]
    several = [one for one in several if one not in (None, "")]
    if isinstance(field, ModelChoiceField):
        return _names(field, several) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, forms.ChoiceField) and not isinstance(
        field, ModelMultipleChoiceField
    ):
        labels = {str(key): label for key, label in _flat(field.choices)}
        several = [labels.get(str(one), one) for one in several]
    return ", ".join(str(one) for one in several) or "nothing"


def _flat(choices):
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield key, label


def _names(field, keys):
    keys = [key for key in keys if str(key).isdecimal() and len(str(key)) < 19]
    records = field.queryset.model._base_manager.in_bulk([int(key) for key in keys])
    return ", ".join(field.label_from_instance(one) for one in records.values())
