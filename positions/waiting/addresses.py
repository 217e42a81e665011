"""Where the desks of records are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse


def change_page(record: Any) -> str:
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change",
        args=(record.pk,),
    )
