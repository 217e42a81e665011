"""Pages of the admin among many statements, and among a tenth of them."""

from tests.bench.evidence import World
from tests.bench.measuring import Row, milliseconds, queries, shortest, times_of
from tests.bench.serving import analyze, asking


def measure(work):
    from django.test import Client

    world = World(actors=min(50, work.size))
    client = Client()
    client.force_login(world.who)
    many, few = 4 * work.size, max(1, 4 * work.size // 10)
    long, short = 2 * work.size // 5 or 1, 2 * work.size // 50 or 1
    world.add_statements(few)
    looked_at = {
        "statement list": "statement/",
        "statement list, one word searched for": "statement/?q=prefers",
        "source list": "source/",
        "reading page of 10 paragraphs": reading(world, 10),
        f"reading page of {long} paragraphs": reading(world, long),
    }
    shorter = reading(world, short)
    among_few = among(client, looked_at)
    world.add_statements(many - few)
    among_many = among(client, looked_at)
    *_, last = among_many.values()
    (brief,) = among(client, {"shorter": shorter}).values()
    return [
        *compared(among_many, among_few, f"among {few:,} statements"),
        compare("the same", last, brief, f"one of {short}"),
    ]


def reading(world, paragraphs):
    """The reading page of a new document with a statement in each paragraph."""
    world.add_statements(paragraphs, each=paragraphs)
    source = world.collection.sources.order_by("pk").last()
    return f"source/{source.pk}/read/"


def among(client, addresses):
    """(seconds, queries) of each page, as the database is now."""
    from positions import search
    from positions.models import Source, Statement

    for model in (Source, Statement):
        search.rebuild(model)
    analyze()
    found = {}
    for what, address in addresses.items():
        ask = asking(client, f"/admin/positions/{address}")
        ask()
        found[what] = *shortest(ask), queries(ask)
    return found


def compared(pages, others, where):
    return [compare(what, page, others[what], where) for what, page in pages.items()]


def compare(what, page, other, where):
    """A page beside the same page elsewhere; the queries are told if they differ."""
    (took, count), (took_there, count_there) = page, other
    there = "" if count == count_there else f" ({count_there} queries there)"
    ratio = times_of(took, took_there, where) + there
    return Row(what, milliseconds(took), ratio, str(count))
