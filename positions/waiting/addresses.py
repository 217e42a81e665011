"""Where the desks of records are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode


def change_page(record: Any) -> str:
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change",
        args=(record.pk,),
    )


def derive_page(stance: Any) -> str:
    """What the rule makes of a stance's actor and issue (with its option)."""
    query = urlencode({"actor": stance.actor_id, "issue": stance.option.issue_id})
    return f"{reverse('admin:positions_stance_derive')}?{query}"


def queue_of_source(key: str, source_pk: int) -> str:
    """The address of a list in the queue, narrowed to what waits in one source."""
    return f"{reverse('admin:positions_queue', args=(key,))}?source={source_pk}"
