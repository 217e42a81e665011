"""States, their names and codes, blocs with their members, and foreign ministries.

The codes and the names in other languages come from ISO 3166 as the `pycountry`
library keeps it; which of its countries are states, what they are usually called,
and who was in which bloc when, from the tables of `ingest/data`. Nothing that is
there is changed: what it lacks is added.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pycountry

from ingest import posts
from ingest.matching import ISO3
from ingest.reference import in_language
from ingest.reporting import Item
from ingest.session import Outcome
from positions import names, search
from positions.choices import ActorKind
from positions.models import Actor, ActorName, Identifier, Membership, Paragraph
from positions.models.changes import Recording, recording
from positions.readers import Reader

# BCP 47 -> the library's own name of the language. The six of the United Nations,
# and those of many documents.
LANGUAGES = {
    **{tag: tag for tag in ("ar", "de", "es", "fr", "it", "ja", "ko", "pt", "ru")},
    "zh-Hans": "zh_CN",
}
DOMAIN = "iso3166-1"
MINISTRY = "foreign ministry"
FILE = "states"


def load(
    who: Any = None, languages: Iterable[str] = LANGUAGES, *, tool: str = ""
) -> Iterator[Item]:
    """Make what is missing; one item for each state, bloc, membership and ministry.

    States and blocs go in by one transaction each kind.
    """
    for step in (_states, _blocs, _members, _ministries):
        with recording(who, "ISO 3166 and the tables of states", tool=tool) as rec:
            items = list(step(rec, tuple(languages)))
        yield from items


def _states(rec: Recording, languages: tuple[str, ...]) -> Iterator[Item]:
    catalogues = {tag: _catalogue(tag) for tag in languages}
    coded = _coded()
    for row in posts.read_data("states"):
        state, made = _actor(rec, row, ActorKind.STATE, coded.get(row["alpha3"]))
        country = pycountry.countries.get(alpha_3=row["alpha3"])
        codes = {ISO3: row["alpha3"]}
        if country is not None:
            codes["iso2"], codes["m49"] = country.alpha_2, country.numeric
        wanted = [in_language(name) for name in _listed(row["names"])]
        if country is not None:
            own = [country.name, *_further(country)]
            wanted += [("en", name) for name in own]
            wanted += [
                (tag, catalogue.gettext(name))
                for tag, catalogue in catalogues.items()
                for name in own
                if catalogue.gettext(name) != name
            ]
        added = _identify(rec, state, codes, made) + _name(rec, state, wanted, made)
        yield _item(state, made, added)


def _coded() -> dict[str, Actor]:
    """ISO 3166 alpha-3 code -> the actor that has it."""
    rows = Identifier.objects.filter(scheme=ISO3).select_related("actor__merged_into")
    return {row.value: row.actor.survivor for row in rows}


def _further(country: Any) -> list[str]:
    """Its official and its common name, where ISO 3166 has them."""
    found = (getattr(country, part, "") for part in ("official_name", "common_name"))
    return [name for name in found if name]


def _catalogue(tag: str) -> gettext.NullTranslations:
    locale = LANGUAGES.get(tag, tag.replace("-", "_"))
    return gettext.translation(
        DOMAIN, pycountry.LOCALES_DIR, languages=[locale], fallback=True
    )


def _blocs(rec: Recording, languages: tuple[str, ...]) -> Iterator[Item]:
    for row in posts.read_data("blocs"):
        known = Actor.objects.filter(key=row["key"]).first()
        bloc, made = _actor(rec, row, ActorKind(row["kind"]), known)
        wanted = [in_language(name) for name in _listed(row["names"])]
        yield _item(bloc, made, _name(rec, bloc, wanted, made))


def _members(rec: Recording, languages: tuple[str, ...]) -> Iterator[Item]:
    """A member that the register has in a bloc, on whatever days, stays as it is."""
    blocs: dict[str, Actor] = {}
    coded = _coded()
    had = set(Membership.history.values_list("member_id", "group_id"))
    rows = posts.read_data("bloc_members")
    names_of = {row["key"]: row["name"] for row in posts.read_data("blocs")}
    for row in rows:
        key = row["bloc"]
        if key not in blocs:
            bloc = Actor.objects.filter(key=key).first()
            blocs[key] = bloc or Actor.objects.current().named(names_of[key]).get()
        bloc, state = blocs[key].survivor, coded.get(row["alpha3"])
        if state is None or state == bloc:
            continue
        name = f"{state.key} in {bloc.key}"
        if (state.pk, bloc.pk) in had:
            yield Item(Outcome.UNCHANGED, FILE, name)
            continue
        membership = Membership(
            member=state, group=bloc, since=_day(row["since"]), until=_day(row["until"])
        )
        membership.save()
        rec.note(membership, "created")
        yield Item(Outcome.CREATED, FILE, name)


def _ministries(rec: Recording, languages: tuple[str, ...]) -> Iterator[Item]:
    """Foreign ministries that a document names by a name that only they have."""
    coded, everything = _coded(), Reader(curator=True, clearance=4)
    for row in posts.read_data("ministries"):
        wanted = [in_language(name) for name in _listed(row["names"])]
        own = [row["name"], *(name for _, name in wanted)]
        found = next(iter(_known_by(own)), None)
        if found is None and not any(_is_named(name, everything) for name in own):
            continue
        ministry, made = _actor(rec, row, ActorKind.BODY, found)
        state = coded.get(row["alpha3"])
        if made and state is not None:
            membership = Membership(member=ministry, group=state, role=MINISTRY)
            membership.save()
            rec.note(membership, "created")
        wanted += [("", name) for name in _listed(row["ambiguous"])]
        yield _item(ministry, made, _name(rec, ministry, wanted, made))


def _known_by(own: list[str]) -> list[Actor]:
    found = {actor for name in own for actor in Actor.objects.named(name)}
    return [actor.survivor for actor in found if actor.kind == ActorKind.BODY]


def _is_named(name: str, reader: Reader) -> bool:
    return search.filter(Paragraph.objects.current(), f'"{name}"', reader).exists()


# -- one actor -------------------------------------------------------------------------


def _actor(
    rec: Recording, row: dict[str, str], kind: ActorKind, known: Actor | None
) -> tuple[Actor, bool]:
    """The actor of a row, made if neither code, key nor name knows it; was it made?"""
    if known is not None:
        return known, False
    same = Actor.objects.named(row["name"]).filter(kind=kind).first()
    if same is not None:
        return same.survivor, False
    actor = Actor(
        key=row.get("key", ""),
        name=row["name"],
        kind=kind,
        valid_from=_day(row.get("since", "")),
        valid_to=_day(row.get("until", "")),
        note=row.get("note", ""),
    )
    actor.full_clean(exclude=("name_key", "key"))
    actor.save()
    rec.note(actor, "created")
    return actor, True


def _identify(rec: Recording, actor: Actor, codes: dict[str, str], new: bool) -> int:
    """Add the codes of schemes in which the actor has none and never had."""
    history = Identifier.history.filter(actor_id=actor.pk)
    had = () if new else history.values_list("scheme", flat=True)
    missing = {s: codes[s] for s in codes.keys() - set(had)}
    taken = Identifier.objects.filter(value__in=missing.values())
    pairs = missing.items() - set(taken.values_list("scheme", "value"))
    rows = [Identifier(actor=actor, scheme=s, value=v) for s, v in sorted(pairs)]
    rec.insert(rows)
    return len(rows)


def _name(
    rec: Recording, actor: Actor, wanted: Iterable[tuple[str, str]], new: bool
) -> int:
    """Add the names in their languages that the actor has not and never had."""
    history = ActorName.history.filter(actor_id=actor.pk)
    had = set() if new else set(history.values_list("language", "name_key"))
    had |= {("", actor.name_key), ("en", actor.name_key)}
    rows = []
    for language, name in wanted:
        key = names.name_key(name)
        if had.isdisjoint({(language, key), ("", key)}):
            had.add((language, key))
            rows.append(
                ActorName(actor=actor, name=name, name_key=key, language=language)
            )
    rec.insert(rows)
    return len(rows)


def _item(actor: Actor, made: bool, added: int) -> Item:
    if made:
        return Item(Outcome.CREATED, FILE, actor.key)
    return Item(Outcome.CHANGED if added else Outcome.UNCHANGED, FILE, actor.key)


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
