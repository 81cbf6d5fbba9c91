"""Decisions about notices, without a database: whom they concern, what changes, what is over."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal import phones
from portal.directory.models import DetailKind
from portal.directory.read_models import Contact, Detail, PostHolder, VacancyRow
from portal.directory.validity import last_day
from portal.notices import kinds
from portal.notices.drafts import Draft
from portal.web.formatting import short_day

COMING, NOW, ARCHIVE = "gaat-in", "geldt-nu", "archief"
PHASES = {COMING: "Gaat in", NOW: "Geldt nu", ARCHIVE: "Archief"}
# A change that has no last day is news for this long.
NEWS = timedelta(days=90)
REMIND_AFTER = 5  # working days

Audience = dict[int, frozenset[str]]  # person: schools (codes) for which it concerns them
Post = tuple[str, str]  # school (code), role (key)


class Line(NamedTuple):
    """What changes in one role at one school."""

    school: str
    role: str  # the label
    before: str
    after: str


class Listener(NamedTuple):
    """Somebody whom a notice would reach."""

    name: str
    organisation: str
    schools: int
    has_email: bool


class Effect(NamedTuple):
    """What a notice does."""

    title: str
    organisation: int | None
    schools: list[str]  # codes
    lines: list[Line]
    audience: Audience
    listeners: list[Listener]  # the same people, for who decides whether to post it
    waits_for: frozenset[int]  # organisations that must confirm a successor
    seen: str  # the rows that it changes, and their versions


def audience(holders: Iterable[PostHolder], author: int | None) -> Audience:
    """Whom a notice concerns: who hold a role, or stand in for somebody, at its schools on the day
    before it takes effect or on that day, but not the author (a person's id).

    Handreiking juni 2020: "dan houden we de partners van de kernteams op de hoogte".
    """
    found: dict[int, set[str]] = defaultdict(set)
    for holder in holders:
        for contact in (holder.contact, holder.substitute):
            if contact and contact.person_id and contact.person_id != author:
                found[contact.person_id].add(holder.school)
    return {person: frozenset(schools) for person, schools in found.items()}


# What to tell about how one reaches somebody, who is there or is absent.
Reached = Callable[[Contact, bool], Iterable[Detail]]


def no_details(contact: Contact, is_there: bool) -> Iterable[Detail]:
    """Only who it is."""
    return ()


def first_detail(contact: Contact, is_there: bool) -> Iterable[Detail]:
    """The number to call, of who is there."""
    first = contact.first()
    return (first,) if first and is_there else ()


def all_details(contact: Contact, is_there: bool) -> Iterable[Detail]:
    """Every number and address."""
    return contact.details


def standing(
    holders: Sequence[PostHolder], vacancies: Sequence[VacancyRow], reached: Reached = no_details
) -> dict[Post, str]:
    """Who stands where, in words, per post, and how one reaches them."""

    def reach(contact: Contact, *, is_there: bool = True) -> str:
        told = reached(contact, is_there)
        # A number is not broken off at the end of a line.
        shown = (
            phones.grouped(d.value).replace(" ", "\N{NO-BREAK SPACE}")
            if d.kind == DetailKind.PHONE
            else d.value
            for d in told
        )
        return ", ".join([contact.name, *shown])

    told: dict[Post, list[str]] = defaultdict(list)
    for holder in holders:
        text = reach(holder.contact, is_there=not holder.is_absent)
        if holder.is_absent:
            until = holder.absent_until
            text += f" (afwezig tot en met {short_day(last_day(until))})" if until else " (afwezig)"
        if holder.substitute:
            text += f", vervanger {reach(holder.substitute)}"
        if holder.is_pending:
            text += " (nog te bevestigen)"
        told[holder.school, holder.role].append(text)
    for vacancy in vacancies:
        told[vacancy.school, vacancy.role].append("vacature")
    return {post: " en ".join(names) for post, names in told.items()}


def differences(without: dict[Post, str], within: dict[Post, str]) -> list[Post]:
    """The posts that a notice changes: how its day would be `without` it, and how it is."""
    posts = dict.fromkeys((*without, *within))
    return [post for post in posts if without.get(post) != within.get(post)]


def title(
    draft: Draft, person: str, successors: Sequence[str], role: str, organisation: str
) -> str:
    """What a notice is called in the list."""
    names, several = " en ".join(successors), len(successors) > 1
    takes_over, follows = ("nemen", "volgen") if several else ("neemt", "volgt")
    return {
        kinds.TAKEOVER: f"{names or 'Een opvolger'} {takes_over} scholen over van {person}",
        kinds.DEPARTURE: f"{person} vertrekt" + f", {names} {follows} op" * bool(names),
        kinds.ARRIVAL: f"{names} {'beginnen' if several else 'begint'} als {role}",
        kinds.ABSENCE: f"{person} is afwezig",
        kinds.DETAILS: f"{person} heeft nieuwe contactgegevens",
        kinds.VACANCY: f"Vacature: {role}",
        kinds.ORGANISATION: f"Verandering bij {organisation}",
        kinds.NEWS: f"Nieuws van {organisation}",
    }[draft.kind]


def phase(
    kind: str, valid_from: date, valid_until: date | None, *, is_withdrawn: bool, today: date
) -> str:
    """Whether a notice still has to take effect, holds now, or belongs in the archive. What has no
    last day yet, such as an absence, holds until it gets one."""
    over = valid_until or (date.max if kinds.KINDS[kind].last_day else valid_from + NEWS)
    if is_withdrawn or today >= over:
        return ARCHIVE
    return COMING if today < valid_from else NOW


def begins(
    valid_from: date, valid_until: date | None, withdrawn_on: date | None, today: date
) -> str:
    """What stands before the first day of a notice."""
    if withdrawn_on:
        return "zou ingaan op" if withdrawn_on < valid_from else "gold vanaf"
    if today < valid_from:
        return "gaat in op"
    return "vanaf" if valid_until else "sinds"
