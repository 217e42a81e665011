"""Deriving: the rule over one actor with many statements, and over many actors."""

from tests.bench.evidence import World
from tests.bench.measuring import (
    Row,
    milliseconds,
    number,
    queries,
    seconds,
    shortest,
    times_of,
    timing,
)
from tests.bench.serving import STATEMENT, analyze, one_statement


def measure(work):
    world = World(actors=min(50, work.size))
    few, many = (actor_with(world, n) for n in (max(1, work.size // 10), work.size))
    world.add_statements(10 * len(world.actors))
    analyze()
    return [
        *actor_rows(world, work.size, many, few),
        issue_row(world),
    ]


def actor_with(world, count):
    from tests.factories import make_actor

    actor = make_actor(f"Actor with {count}")
    world.add_statements(count, actors=[actor])
    return actor


def actor_rows(world, count, many, few):
    from positions import deriving, timeline

    def derive(actor):
        return lambda: deriving.derive(actor, world.issue)

    shorter, took, raw = shortest(derive(few), derive(many), fetching(world, [many]))
    with timing(timeline, "derive") as rule:
        whole = seconds(derive(many))
    yield Row(
        f"an actor with {count:,} statements",
        milliseconds(took),
        times_of(took, raw, "one SQL statement"),
        str(queries(derive(many))),
    )
    fewer = max(1, count // 10)
    yield Row("  the same", "", times_of(took, shorter, f"one with {fewer:,}"))
    yield Row(
        "  the rule itself",
        milliseconds(rule.seconds),
        f"{number(rule.seconds / whole)} of the whole",
    )


def issue_row(world):
    from positions import deriving

    def derive():
        deriving.derive_all(world.actors, world.issue)

    took, raw = shortest(derive, fetching(world, world.actors))
    count = len(world.actors)
    return Row(
        f"an issue with {count} actors, {10 * count} statements",
        milliseconds(took),
        times_of(took, raw, "one SQL statement"),
        str(queries(derive)),
    )


def fetching(world, actors):
    """The statements that the rule reads, by one SQL statement."""
    from positions.models import Statement

    rows = Statement.objects.public().of_issue(world.issue).filter(actor__in=actors)
    return one_statement(rows.values(*STATEMENT))
