"""Pages of the API against the same rows, fetched by one SQL statement and dumped.

The pages are asked for in this process, without a network or a server between; the
yardstick is one statement over all that the page tells, its rows dumped by orjson.
"""

import orjson

from tests.bench.evidence import World
from tests.bench.measuring import Row, milliseconds, queries, shortest, times_of

AS_OF = "2006-06-01"
ROOT = "/api/v1/"

SOURCE = "citations__paragraph__revision__source__"
STATEMENT = (
    *("key", "version", "state", "utterance", "said_on", "said_earliest"),
    *("said_latest", "said_basis", "holds_on", "holds_earliest", "holds_latest"),
    *("speaker_text", "speaker_role", "speaker_rank", "audience", "standing", "form"),
    *("publicity", "modality", "condition", "extends_to", "reliability", "mode"),
    *("credibility", "coded_at", "accepted_at", "changed_at"),
    *(f"actor__{name}" for name in ("key", "name", "kind")),
    *(f"reporter__{name}" for name in ("key", "name", "kind")),
    *("event__key", "event__name", "option__issue__key", "option__issue__name"),
    *(f"option__{name}" for name in ("key", "name", "short_name", "kind", "headline")),
    *(f"disposition__{name}" for name in ("code", "label", "facet", "score", "rank")),
    *(f"citations__{name}" for name in ("role", "quote", "translation")),
    *(f"citations__paragraph__{name}" for name in ("name", "label", "level")),
    *(f"{SOURCE}{name}" for name in ("identifier", "title", "dated", "language")),
    *(f"{SOURCE}{name}" for name in ("visibility", "published", "collection__key")),
)
STANCE = (
    *("key", "facet", "mode", "holds_from", "holds_to", "end_reason", "confidence"),
    *("changed_after", "last_confirmed", "level", "rationale", "rule_version"),
    *(f"actor__{name}" for name in ("key", "name", "kind")),
    *(f"option__{name}" for name in ("key", "name", "short_name", "headline")),
    *(f"disposition__{name}" for name in ("code", "label", "phrase", "headline")),
    *("evidence__relation", "evidence__statement__key"),
    "evidence__statement__holds_latest",
)
PROVED = (*STANCE, *(f"evidence__statement__{name}" for name in STATEMENT))


def measure(work):
    from django.test import Client

    world = World(actors=min(50, work.size))
    world.add_statements(2 * work.size)
    world.add_stances()
    analyze()
    client = Client()
    return [row_of(client, what, address, rows) for what, address, rows in pages(world)]


def pages(world):
    """What is asked for, where, and the rows that the answer is made of."""
    from positions.models import Stance, Statement

    newest = Statement.objects.public().order_by("-holds_latest", "-pk")
    statements = Statement.objects.filter(pk__in=newest.values("pk")[:100])
    of_issue = Statement.objects.public().of_issue(world.issue)
    stances = Stance.objects.public().of_issue(world.issue)
    actor = world.actors[0]
    asked = f"?issue={world.issue.key}&as_of={AS_OF}&page_size=100"
    count = len(world.actors)
    return (
        ("100 statements", "statements/?page_size=100", statements.values(*STATEMENT)),
        (f"positions of {count} actors", f"positions/{asked}", held(stances)),
        (
            f"positions of {count} actors, derived",
            f"positions/{asked}&layer=derived",
            of_issue.values(*STATEMENT),
        ),
        (
            "timelines of one actor",
            f"timelines/{asked}&actor={actor.key}",
            stances.filter(actor=actor).values(*PROVED),
        ),
        (f"timelines of {count} actors", f"timelines/{asked}", stances.values(*PROVED)),
        (
            f"timelines of {count} actors, derived",
            f"timelines/{asked}&layer=derived",
            of_issue.values(*STATEMENT),
        ),
    )


def held(stances):
    from datetime import date

    return stances.as_of(date.fromisoformat(AS_OF)).values(*STANCE)


def row_of(client, what, address, rows):
    ask = asking(client, ROOT + address)
    size = len(ask())
    took, raw = shortest(ask, one_statement(rows))
    return Row(
        f"{what} ({size / 1000:,.0f} kB)",
        milliseconds(took),
        times_of(took, raw, "one SQL statement"),
        str(queries(ask)),
    )


def asking(client, address):
    """A page asked for; anything but an answer stops the bench."""

    def ask():
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}.")
        return response.content

    return ask


def one_statement(rows):
    """Fetch rows by their one SQL statement and dump them, without the models."""
    from django.db import connection

    sql, parameters = rows.query.sql_with_params()

    def fetch():
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            found = [dict(zip(names, row, strict=True)) for row in cursor]
        return orjson.dumps(found, default=str)

    return fetch


def analyze():
    """What the database does by itself before long, so that it plans as it will."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
