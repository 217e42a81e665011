"""Words and colours of answers, for the templates of the public pages."""

from __future__ import annotations

from datetime import date

from django import template

from positions import charts, dates, telling
from positions.pages import showing
from positions.periods import Period

register = template.Library()

# Registers that number actors, by the scheme of an `Identifier`.
REGISTRIES = {
    "cow": "Correlates of War",
    "iso3": "ISO 3166",
    "wikidata": "Wikidata",
}

register.filter("day", telling.tell_day)
register.filter("told", telling.tell_period)
register.filter("days", telling.tell_days)
register.filter("confirmation", telling.tell_confirmation)
register.filter("change", telling.tell_change)
register.filter("end", telling.tell_end)
register.filter("sense", telling.tell_stance)
register.filter("said", telling.tell_disposition)
register.filter("place", showing.paragraph_url)


@register.filter
def edtf(text: str) -> str:
    """A date as coded, in English."""
    return dates.show(text) if text else ""


@register.filter
def registry(scheme: str) -> str:
    """The name of a register; the scheme itself, if it is not known."""
    return REGISTRIES.get(scheme, scheme)


@register.filter
def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@register.filter
def tone(period: Period) -> str:
    """The class that colours a period by its score."""
    return charts.tone(period.score)
