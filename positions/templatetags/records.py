"""Where the desks of records are, for templates that show records of any kind."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.filter
def desk_page(record: Any) -> str:
    """The page of a record at its desk in the admin."""
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change",
        args=(record.pk,),
    )
