"""Decisions about notices, without a database: whom they concern, what changes, what is over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal.directory import phones
from portal.directory.rows import Holder, VacancyRow
from portal.directory.spans import last_day
from portal.notices import kinds
from portal.notices.drafts import Draft

COMING, NOW, ARCHIVE = "gaat-in", "geldt-nu", "archief"
PHASES = {COMING: "Gaat in", NOW: "Geldt nu", ARCHIVE: "Archief"}
# A change without a last day is news for this long.
_NEWS = timedelta(days=90)
REMIND_AFTER = 5  # working days

Audience = dict[int, frozenset[str]]  # person: schools (codes) for which it concerns them
Post = tuple[str, str]  # school (code), role (key)


class Line(NamedTuple):
    """What changes in one role at one school."""

    school: str
    role: str  # the label
    before: str
    after: str


class Effect(NamedTuple):
    """What a notice does."""

    title: str
    organisation: int | None
    schools: list[str]  # codes
    lines: list[Line]
    audience: Audience
    waits_for: frozenset[int]  # organisations that must confirm a successor
    seen: str  # the rows that it changes, and their versions


def audience(holders: Iterable[Holder], poster: int | None) -> Audience:
    """Whom a notice concerns: who hold a role, or stand in for somebody, at its schools on the day
    before it takes effect or on that day, but not the poster (a person's id).

    Handreiking juni 2020: "dan houden we de partners van de kernteams op de hoogte".
    """
    found: dict[int, set[str]] = defaultdict(set)
    for holder in holders:
        for party in (holder.party, holder.substitute):
            if party and party.person_id and party.person_id != poster:
                found[party.person_id].add(holder.school)
    return {person: frozenset(schools) for person, schools in found.items()}


def standing(
    holders: Sequence[Holder], vacancies: Sequence[VacancyRow], *, details: bool = False
) -> dict[Post, str]:
    """Who stands where, in words, per post; with `details` also how one reaches them."""
    told: dict[Post, list[str]] = defaultdict(list)
    for holder in holders:
        text = holder.party.name
        if details:
            reached = [
                phones.grouped(d.value) if d.kind == "phone" else d.value
                for d in holder.party.details
            ]
            text = ", ".join([text, *reached])
        if holder.is_absent:
            until = holder.absent_until
            text += f" (afwezig tot en met {short(last_day(until))})" if until else " (afwezig)"
        if holder.substitute:
            text += f", vervanger {holder.substitute.name}"
        if holder.is_pending:
            text += " (nog te bevestigen)"
        told[holder.school, holder.role].append(text)
    for vacancy in vacancies:
        told[vacancy.school, vacancy.role].append("vacature")
    return {post: " en ".join(names) for post, names in told.items()}


def differences(
    now: dict[Post, str], without: dict[Post, str], within: dict[Post, str]
) -> list[tuple[Post, str, str]]:
    """The posts that a notice changes (how its day would be `without` it, and how it is), each with
    how it is now and how it will be."""
    return [
        (post, now.get(post, "nog niet ingevuld"), within.get(post, "nog niet ingevuld"))
        for post in dict.fromkeys((*without, *within))
        if without.get(post) != within.get(post)
    ]


def title(draft: Draft, person: str, successor: str, role: str, organisation: str) -> str:
    """What a notice is called in the list."""
    return {
        kinds.TAKEOVER: f"{successor or 'Een opvolger'} neemt scholen over van {person}",
        kinds.DEPARTURE: f"{person} vertrekt" + f", {successor} volgt op" * bool(successor),
        kinds.ARRIVAL: f"{successor} begint als {role}",
        kinds.ABSENCE: f"{person} is afwezig",
        kinds.DETAILS: f"{person} heeft nieuwe contactgegevens",
        kinds.VACANCY: f"Vacature: {role}",
        kinds.ORGANISATION: f"Verandering bij {organisation}",
        kinds.NEWS: f"Nieuws van {organisation}",
    }[draft.kind]


def phase(valid_from: date, valid_until: date | None, *, is_withdrawn: bool, today: date) -> str:
    """Whether a notice still has to take effect, holds now, or belongs in the archive."""
    if is_withdrawn or today >= (valid_until or valid_from + _NEWS):
        return ARCHIVE
    return COMING if today < valid_from else NOW


def short(day: date) -> str:
    """A day in figures, for a line or a sentence that has more to say."""
    return f"{day.day}-{day.month}-{day.year}"


def days(valid_from: date, valid_until: date | None) -> str:
    """The days of a notice in words."""
    return f"vanaf {short(valid_from)}" + (
        f" tot en met {short(last_day(valid_until))}" if valid_until else ""
    )
