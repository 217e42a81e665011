"""The reading desk, the queue and the lists of a whole collection, and of a tenth.

Each page is asked for fifteen times, a page of one row each time for another row; the
time told is the middle one.
"""

from django.test import Client
from django.urls import reverse

from positions import worklists
from positions.models import Source, Statement
from tests.bench.desks import compare
from tests.bench.measuring import Row, middle, number, queries, seconds
from tests.bench.office import Office
from tests.bench.serving import analyze, asking

# Copies for each document that the bench is asked for: 500 make the collection of
# 2010 full (251,287 sources).
COPIES = 503 / 500
ROUNDS = 15


def measure(work):
    office = Office()
    client = Client()
    client.force_login(office.who)
    times = max(2, round(work.size * COPIES))
    office.grow(max(1, times // 10))
    few = looked_at(client, office)
    filling = seconds(lambda: office.grow(times))
    many = looked_at(client, office)
    return [
        filled(office, filling),
        *(compare(what, page, few[what], "a tenth") for what, page in many.items()),
    ]


def filled(office, took):
    sources, paragraphs, statements = office.sizes()
    return Row(
        f"{sources:,} sources, {paragraphs:,} paragraphs",
        f"{number(took)} s",
        f"to put in nine tenths of them; {statements:,} statements",
    )


def looked_at(client, office):
    """What -> (median seconds, most queries) of each page, as the database is now."""
    analyze()
    return {what: looked(client, addresses) for what, addresses in pages(office)}


def looked(client, addresses):
    asks = [asking(client, address) for address in addresses]
    asks[0]()
    count = max(queries(ask) for ask in asks[-5:])
    return middle(asks), count


def pages(office):
    """What is looked at, and where: (name, addresses)."""
    yield from reading(office)
    for what, address in (
        ("source list", listed("source")),
        ("source list, page 2", f"{listed('source')}?p=2"),
        ("statement list", listed("statement")),
        ("statement list, in review", f"{listed('statement')}?state__exact=review"),
        ("stance list", listed("stance")),
        ("suggestion list", listed("suggestion")),
        ("log of changes", listed("change")),
        ("admin index", reverse("admin:index")),
    ):
        yield what, [address] * ROUNDS
    statements = some(office, Statement, ROUNDS)
    yield "statement", [changing("statement", one) for one in statements]
    for work in worklists.everything():
        address = reverse("admin:positions_queue", args=(work.key,))
        yield f"queue: {work.title.lower()}", [address] * ROUNDS
    first = worklists.everything()[0].key
    for what, name in (("further rows", "more"), ("counts", "counts")):
        address = reverse(f"admin:positions_queue_{name}", args=(first,))
        yield f"queue, {what} for the script", [address] * ROUNDS


def reading(office):
    """The reading desk: of cables, and of documents out of the ordinary."""
    cables = some(office, Source, ROUNDS)
    yield "reading desk of a cable", [read(one.pk) for one in cables]
    for what, source in (
        ("reading desk of 5,000 paragraphs", office.long_document),
        ("reading desk, 500 statements in a paragraph", office.crowded_document),
    ):
        yield what, [read(source.pk)] * ROUNDS


def some(office, model, count):
    """Rows from all over a table."""
    last = model.objects.order_by("pk").last().pk
    first = office.copied.kept[model].after + 1
    for key in office.rng.choices(range(first, last + 1), k=count):
        yield model.objects.filter(pk__gte=key).order_by("pk").first()


def read(pk):
    return reverse("admin:positions_source_read", args=(pk,))


def listed(name):
    return reverse(f"admin:positions_{name}_changelist")


def changing(name, record):
    return reverse(f"admin:positions_{name}_change", args=(record.pk,))
