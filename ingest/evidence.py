"""Rows of tables -> statements with their citations, checks, asserted stances.

All go the way that people's go: coded, submitted, accepted by the models' own
methods. A row's key is made from what it says, so that it is known again whatever
became of its statement since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from ingest.coded import Cell
from ingest.finding import EvidenceTables
from ingest.records import ImportFault, Row
from ingest.reporting import Item
from ingest.session import Outcome
from positions import coding, suggestions
from positions.choices import (
    ActorKind,
    Basis,
    CitationRole,
    Finding,
    Form,
    Relation,
    StanceState,
    StatementState,
)
from positions.dates import BadDate
from positions.models import (
    Change,
    Check,
    Event,
    Evidence,
    Issue,
    Option,
    Reason,
    Refused,
    Stance,
    Statement,
)
from positions.models.changes import recording

KEY_LETTERS = "abcdefghijklmnopqrstuvwxyz23456789"
# Columns that go into a statement as they stand.
PLAIN = (
    *("speaker_role", "speaker_rank", "audience", "standing", "form", "publicity"),
    *("modality", "condition", "said_on", "said_basis", "holds_on", "mode"),
    *("reliability", "credibility", "extends_to", "note"),
)
# What makes two rows about the same words different statements.
SAID = (
    *("collection", "source", "paragraph", "quote", "actor", "option"),
    *("disposition", "standing", "modality", "holds_on"),
)
# Columns that go into a suggestion as they stand.
SUGGESTED = (
    *("confidence", "reason", "speaker_role", "speaker_rank", "standing", "form"),
    *("modality", "condition", "said_on", "said_basis", "holds_on", "mode"),
)
ACCEPTABLE = (StatementState.DRAFT, StatementState.REVIEW, StatementState.ACCEPTED)


def key_of(*words: str) -> str:
    """A public key (twelve letters) made of words: the same words, the same key."""
    text = "\x1f".join(" ".join(str(word).split()) for word in words)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(12):
        number, digit = divmod(number, len(KEY_LETTERS))
        letters.append(KEY_LETTERS[digit])
    return "".join(letters)


def statement_key(row: Row) -> str:
    """Made of what the row says, or of where it stands and its own identity."""
    if row.values.get("identity"):
        place = (row.values["collection"], row.values["source"])
        return key_of("statement", *place, row.values["identity"])
    return key_of("statement", *(row.values.get(name) or "" for name in SAID))


def seen_keys(keys: Iterable[str], record: str) -> set[str]:
    """Those of the keys that the log knows: made once, even if dropped since."""
    found = Change.objects.filter(record=record, key__in=list(keys))
    return set(found.values_list("key", flat=True))


# -- statements -----------------------------------------------------------------------


def by_statement(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each statement: its main citation's first, then further ones.

    Rows with the same `ref` belong together; a row without one stands alone.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        ref = row.values.get("ref") or f"\0{row.number}"
        groups.setdefault(ref, []).append(row)
    return [sorted(group, key=_not_main) for group in groups.values()]


def _role(row: Row) -> str:
    return row.values.get("citation_role") or CitationRole.MAIN


def _not_main(row: Row) -> bool:
    return _role(row) != CitationRole.MAIN


class Stated(NamedTuple):
    """A statement that was read from its row, checked, and is not kept yet."""

    row: Row
    state: str
    draft: coding.Draft


def load_statements(
    tables: EvidenceTables, groups: Iterable[Sequence[Row]]
) -> list[Item | Exception]:
    """Code statements, each from its rows; what is new is kept at once.

    What is wrong with one statement is given in its place. Raises what the database
    or a transition says against one of them: then nothing of all is kept.
    """
    tables.coded.begin_batch()
    read = [_read(tables, rows) for rows in groups]
    found = [one for one in read if isinstance(one, Stated)]
    try:
        _keep(tables, found)
    except BaseException:
        tables.coded.forget()
        raise
    return [_created(one) if isinstance(one, Stated) else one for one in read]


def load_statement(tables: EvidenceTables, rows: Sequence[Row]) -> Item:
    """Code one statement from its rows. Raises what is wrong with it."""
    (item,) = load_statements(tables, [rows])
    if isinstance(item, Exception):
        raise item
    return item


def _read(tables: EvidenceTables, rows: Sequence[Row]) -> Item | Stated | Exception:
    try:
        return read_statement(tables, rows)
    except (ImportFault, Refused, ValidationError, BadDate) as fault:
        return fault


def read_statement(tables: EvidenceTables, rows: Sequence[Row]) -> Item | Stated:
    """The statement of its rows, or that it is there already.

    Raises ImportFault, Refused or ValidationError.
    """
    row = rows[0]
    if _not_main(row) or sum(not _not_main(r) for r in rows) > 1:
        raise row.fault("ref", "a statement has one main citation.")
    for column in ("actor", "option", "disposition"):
        if not row.values.get(column):
            raise row.fault(column, "it is empty.")
    state = _state(tables, row)
    words = [_words(tables, r) for r in rows]
    fields = _fields(tables, row)
    actor = tables.actor(row, "actor")
    option = tables.option(row)
    disposition = tables.disposition(row)
    cell = Cell(
        *(words[0].paragraph.key, words[0].quote),
        *(actor.pk, option.pk, disposition.pk),
    )
    same = tables.coded.same(words[0], cell, fields)
    if same is not None and not _is_another(tables, row, same):
        tables.refs[row.values.get("ref", "")] = same.key
        return Item(Outcome.UNCHANGED, row.file, same.key, row.place)
    (draft,) = coding.drafted(
        tables.who,
        coding.Utterance(
            words=words,
            actors=[actor],
            options=[option],
            disposition=disposition,
            fields=fields,
            reasons=_reasons(tables, row, option),
            extends_except=[
                tables.actor(row, "extends_except", name)
                for name in row.values.get("extends_except") or ()
            ],
            utterance=_utterance(row),
            header=tables.coded.header(words[0].paragraph.revision.source),
        ),
    )
    tables.coded.add(words[0], draft.statement)
    return Stated(row, state, draft)


def _keep(tables: EvidenceTables, found: Sequence[Stated]) -> None:
    """Write statements, and take each to the state that its row asks for."""
    with recording(tables.who, tool=tables.command) as rec:
        coding.keep(rec, [one.draft for one in found])
        for one in found:
            if one.state != StatementState.DRAFT:
                one.draft.statement.submit(tables.who)
            if one.state == StatementState.ACCEPTED:
                one.draft.statement.accept(tables.who)


def _created(one: Stated) -> Item:
    key = one.draft.statement.key
    return Item(Outcome.CREATED, one.row.file, key, one.row.place)


def _state(tables: EvidenceTables, row: Row) -> str:
    state = row.values.get("state") or StatementState.DRAFT
    if state not in ACCEPTABLE:
        raise row.fault("state", "a table brings draft, review or accepted only.")
    if state != StatementState.DRAFT and tables.who is None:
        raise row.fault("state", "name the user who answers for it with --as.")
    return state


def _words(tables: EvidenceTables, row: Row) -> coding.Words:
    """The words that a row quotes, or that its offsets name."""
    paragraph, values = tables.paragraph(row), row.values
    if "start" in values and "end" in values:
        start, end = values["start"], values["end"]
        if not 0 <= start < end <= len(paragraph.text):
            raise row.fault("end", "the words lie outside their paragraph.")
    else:
        found = coding.find_words(paragraph, values["quote"])[0]
        start, end = found.start, found.end
    return coding.Words(
        paragraph, start, end, _role(row), values.get("translation", "")
    )


def _fields(tables: EvidenceTables, row: Row) -> dict[str, Any]:
    values = row.values
    fields = {name: values[name] for name in PLAIN if values.get(name, "") != ""}
    fields["key"] = statement_key(row)
    fields["speaker_text"] = values.get("speaker_name", "")
    fields["on_authority_text"] = values.get("on_authority_of", "")
    if values.get("speaker_actor"):
        speaker = tables.actor(row, "speaker_actor")
        # A body is the speaker only where no person is named.
        if speaker.kind == ActorKind.PERSON or not fields["speaker_text"]:
            fields["speaker"] = speaker
    if values.get("speaker_person"):
        # Who is not in the register for sure stays as printed.
        person = tables.matcher.match(values["speaker_person"]).actor
        if person is not None and person.kind == ActorKind.PERSON:
            fields["speaker"] = person
    if values.get("reporter"):
        fields["reporter"] = tables.actor(row, "reporter")
    if values.get("event"):
        fields["event"] = tables.record(Event, row, "event")
    if values.get("over_option"):
        fields["over_option"] = tables.record(Option, row, "over_option")
    return fields


def _reasons(tables: EvidenceTables, row: Row, option: Option) -> list[Reason]:
    wanted = row.values.get("reasons") or ()
    if not wanted:
        return []
    known = {r.key: r for r in Reason.objects.filter(issue=option.issue_id)}
    for key in wanted:
        if key not in known:
            raise row.fault("reasons", f"the issue has no reason “{key}”.")
    return [known[key] for key in wanted]


def _utterance(row: Row) -> str:
    word = row.values.get("utterance")
    return key_of("utterance", row.values["source"], word) if word else ""


def _is_another(tables: EvidenceTables, row: Row, same: Statement) -> bool:
    """Two of a file's own statements may say the same; an act is done once."""
    if not row.values.get("identity") or same.form == Form.ACT:
        return False
    if same.key in tables.coded.made:
        return True
    made = Change.objects.of(same).filter(action="coded")
    return made.exclude(tool="").exists()


# -- suggestions -----------------------------------------------------------------------


def load_suggestion(tables: EvidenceTables, row: Row) -> Item:
    """A proposal of another tool, into the queue: the door of all tools."""
    values, words = row.values, _words(tables, row)
    given = {name: values[name] for name in SUGGESTED if values.get(name, "") != ""}
    if values.get("speaker_actor"):
        given["speaker"] = tables.actor(row, "speaker_actor")
    if values.get("over_option"):
        given["over_option"] = tables.record(Option, row, "over_option")
    proposed = suggestions.Proposed(
        paragraph=words.paragraph,
        start=words.start,
        end=words.end,
        actor=tables.actor(row, "actor"),
        option=tables.option(row),
        disposition=tables.disposition(row),
        speaker_text=values.get("speaker_name", ""),
        on_authority_text=values.get("on_authority_of", ""),
        **given,
    )
    filed = suggestions.file(
        tables.source(row),
        [proposed],
        tool=values["tool"],
        version=values.get("tool_version", ""),
    )
    outcome = Outcome.CREATED if filed.made else Outcome.UNCHANGED
    return Item(outcome, row.file, proposed.fingerprint, row.place)


# -- checks and stances ---------------------------------------------------------------


def load_check(tables: EvidenceTables, row: Row) -> Item:
    """A null finding, known by its source, paragraph, actor, issue and finding."""
    values = row.values
    source, issue = tables.source(row), tables.record(Issue, row, "issue")
    paragraph = tables.paragraph(row) if values.get("paragraph") else None
    actor = tables.actor(row, "actor") if values.get("actor") else None
    finding = values.get("finding") or Finding.NOTHING
    name = f"{source.key}, {actor.key if actor else 'all'}"
    same = Check.objects.filter(
        source=source, issue=issue, actor=actor, finding=finding
    )
    # A paragraph is the same one in every revision of its source.
    place = {"paragraph__key": paragraph.key} if paragraph else {"paragraph": None}
    if same.filter(**place).exists():
        return Item(Outcome.UNCHANGED, row.file, name, row.place)
    with recording(tables.who, tool=tables.command):
        coding.record_check(
            tables.who,
            source=source,
            issue=issue,
            paragraph=paragraph,
            actor=actor,
            finding=finding,
            note=values.get("note", ""),
        )
    return Item(Outcome.CREATED, row.file, name, row.place)


def stance_key(row: Row) -> str:
    values = row.values
    return key_of(
        "stance",
        *(values[name] for name in ("actor", "option", "disposition", "holds_from")),
    )


def load_stance(tables: EvidenceTables, row: Row) -> Item:
    """A stance that a person asserts, published by the user who answers for it."""
    if tables.who is None:
        raise row.fault("actor", "name the user who publishes it with --as.")
    values = row.values
    with recording(tables.who, tool=tables.command) as rec:
        stance = Stance(
            key=stance_key(row),
            actor=tables.actor(row, "actor"),
            option=tables.record(Option, row, "option"),
            disposition=tables.disposition(row),
            holds_from=values["holds_from"],
            holds_to=values.get("holds_to") or None,
            rationale=values.get("rationale", ""),
            basis=Basis.ASSERTED,
            author=tables.who,
        )
        stance.confidence = values.get("confidence") or stance.confidence
        stance.clean()
        stance.save()
        Evidence.objects.bulk_create(
            Evidence(stance=stance, statement=s, relation=Relation.SUPPORTS)
            for s in _supporting(tables, row)
        )
        rec.note(stance, "asserted", to_state=StanceState.DRAFT)
        stance.submit(tables.who)
        stance.publish(tables.who)
    return Item(Outcome.CREATED, row.file, stance.key, row.place)


def _supporting(tables: EvidenceTables, row: Row) -> list[Statement]:
    """The statements that a row names by their ref in statements.csv, or by key."""
    found = []
    for ref in row.values["evidence"]:
        key = tables.refs.get(ref, ref)
        statement = Statement.objects.public().filter(key=key).first()
        if statement is None:
            raise row.fault("evidence", f"no accepted statement is “{ref}”.")
        found.append(statement)
    return found
