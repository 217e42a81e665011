"""Saying who a printed name is: the person of the register who speaks.

The words of a statement name a speaker as they are printed; here one actor is said to
be that speaker, wherever the name stands for the same actor.
"""

from __future__ import annotations

from typing import Any

from positions import names, recoding, undoing
from positions.choices import ActorKind
from positions.models import Actor, Change, Refused, Statement
from positions.models.changes import recording, require
from positions.models.statements import UNRESOLVED_SPEAKER


def name_speaker(who: Any, statement: Statement, name: str) -> recoding.Outcome:
    """Let one actor speak in all statements that print the same name for one actor.

    The speaker is the person called `name` in the register; where nothing is, a person
    of that name is added. Raises Refused where several are called so or what is called
    so is no person, and whatever `recoding.recode` raises: then nothing is changed, and
    nobody is added.
    """
    require(who, "change_statement", "Only coders say who a speaker is.")
    printed = statement.speaker_text
    with recording(who):
        speaker = _called(who, names.clean_text(name).strip())
        same = Statement.objects.filter(
            UNRESOLVED_SPEAKER, speaker_text=printed, actor=statement.actor_id
        )
        keys = same.order_by("pk").values_list("key", flat=True)
        return recoding.recode(
            who,
            # A version under way has the key of the accepted one.
            dict.fromkeys(keys[: recoding.MOST]),
            recoding.Recoding(speaker=speaker),
            f"“{printed}” is {speaker}.",
        )


def take_back(who: Any, statement: Statement) -> None:
    """Undo one's own `name_speaker`, all or nothing; who was added stays there.

    Raises Refused where the statement, or one named with it, was changed since: a
    recoding of other parts, or by somebody else, is never taken for the naming.
    """
    last = Change.objects.of(statement).filter(action=recoding.RECODED).first()
    batch = undoing.batch_of(last.batch) if last else None
    if batch is None or batch.who != who or batch.parts != {"speaker"}:
        raise Refused("It was changed since: open it.")
    with recording(who) as rec, rec.attempt():
        outcome = undoing.undo(who, batch.key, "taken back")
        if outcome.refused:
            raise Refused(outcome.refused[0].sentence)


def _called(who: Any, name: str) -> Actor:
    """The one who is called so, or a person added for it."""
    if not name:
        raise Refused("Write the name of the person.")
    found = list(Actor.objects.current().named(name)[:50])
    persons = [one for one in found if one.kind == ActorKind.PERSON]
    if len(persons) > 1:
        raise Refused(
            f"Several are called “{name}”: choose one with “Recode or move” in the "
            "list of statements."
        )
    if persons:
        return persons[0]
    if found:
        raise Refused(
            f"“{name}” is no person but {found[0]} ({found[0].get_kind_display()}): "
            "write the person's name, or choose with “Recode or move” in the list of "
            "statements."
        )
    require(who, "add_actor", f"Nobody is called “{name}”, and you may not add actors.")
    person = Actor(name=name, kind=ActorKind.PERSON)
    person.full_clean(exclude=["key"])
    person.save()
    with recording(who) as rec:
        rec.note(person, "added")
    return person
