"""Decisions about notices, without a database: permissions, phase, audience, difference, title.

Days are Amsterdam dates; every `valid_until` is exclusive.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal import phones
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.database.validity import last_day
from portal.directory.models import DetailKind
from portal.directory.read_models import Contact, Detail, PostHolder, VacancyRow
from portal.notices.kinds import NoticeKind, Phase, Subject
from portal.web.formatting import short_day

LINK_KEPT_FOR = timedelta(days=30)
ARCHIVED_AFTER = timedelta(days=90)  # from the first day of a notice without a last day
REMIND_AFTER = 5  # working days
UNFILLED = "nog niet ingevuld"

Audience = dict[int, frozenset[str]]  # person: codes of the schools that concern them
PostKey = tuple[str, str]  # code of the school, key of the role


# Permissions (Handreiking juni 2020: each organisation informs its partners). Members post about
# themselves, the staff of a school about that school's own people, editors about their
# organisation, coordinators about everybody.


class Author(NamedTuple):
    """The author of a notice, with the organisations for which they may speak."""

    account: int
    name: str
    email: str
    role: str  # of the account
    person: int | None
    organisation: int | None
    leads: frozenset[int] = frozenset()  # organisations of the schools whose own post they hold

    @property
    def is_coordinator(self) -> bool:
        """Whether the author may post, change and confirm everything."""
        return self.role in COORDINATOR_ROLES

    @property
    def speaks_for(self) -> frozenset[int]:
        """The organisations about which the author may post notices of every kind."""
        if self.role == AccountRole.EDITOR and self.organisation:
            return self.leads | {self.organisation}
        return self.leads


def allowed_kinds(author: Author) -> frozenset[NoticeKind]:
    """The kinds of notices that the author may post."""
    if author.is_coordinator or author.speaks_for:
        return frozenset(NoticeKind)
    if author.role == AccountRole.READER or not author.person:
        return frozenset()
    return frozenset(kind for kind in NoticeKind if kind.subject is Subject.PERSON)


def may_post_about(author: Author, person: int, organisation: int) -> bool:
    """Whether the author may post about this person, who works for this organisation."""
    return author.is_coordinator or person == author.person or organisation in author.speaks_for


def may_change(author: Author, account: int | None, organisation: int | None) -> bool:
    """Whether the author may change or withdraw a notice of this account and organisation."""
    return (
        author.is_coordinator
        or account == author.account
        or (organisation is not None and organisation in author.speaks_for)
    )


def needs_confirmation(author: Author, organisation: int, *, is_new: bool) -> bool:
    """Whether a successor of this organisation is pending until it confirms: one from another
    organisation, and a new person (`is_new`) whom a member adds."""
    if author.is_coordinator or organisation in author.speaks_for:
        return False
    return is_new or organisation != author.organisation


def may_confirm(author: Author, organisation: int) -> bool:
    """Whether the author may confirm or refuse a successor of this organisation."""
    return author.is_coordinator or organisation in author.speaks_for


# Phase


def find_phase(
    kind: NoticeKind, valid_from: date, valid_until: date | None, *, is_withdrawn: bool, today: date
) -> Phase:
    """The phase of a notice today."""
    if is_withdrawn or today >= _first_day_over(kind, valid_from, valid_until):
        return Phase.ARCHIVED
    return Phase.COMING if today < valid_from else Phase.CURRENT


def is_link_open(
    kind: NoticeKind,
    valid_from: date,
    valid_until: date | None,
    withdrawn_on: date | None,
    today: date,
) -> bool:
    """Whether the link in a mail still shows the notice, without signing in: until LINK_KEPT_FOR
    after its end or its withdrawal."""
    over = min(_first_day_over(kind, valid_from, valid_until), withdrawn_on or date.max)
    return today - LINK_KEPT_FOR < over


def _first_day_over(kind: NoticeKind, valid_from: date, valid_until: date | None) -> date:
    """The first day on which a notice is over. A kind that can have a last day, such as an absence,
    stays current until it gets one."""
    return valid_until or (date.max if kind.last_day_label else valid_from + ARCHIVED_AFTER)


def start_label(
    valid_from: date, valid_until: date | None, withdrawn_on: date | None, today: date
) -> str:
    """The Dutch words before the first day of a notice, such as "gaat in op"."""
    if withdrawn_on:
        return "zou ingaan op" if withdrawn_on < valid_from else "gold vanaf"
    if today < valid_from:
        return "gaat in op"
    return "vanaf" if valid_until else "sinds"


# Audience


def find_audience(holders: Iterable[PostHolder], author: int | None) -> Audience:
    """The people whom a notice concerns: the holders of a post at its schools and their
    substitutes, without the author (a person).

    Handreiking juni 2020: "dan houden we de partners van de kernteams op de hoogte".
    """
    schools: dict[int, set[str]] = defaultdict(set)
    for holder in holders:
        for contact in (holder.contact, holder.substitute):
            if contact and contact.person_id and contact.person_id != author:
                schools[contact.person_id].add(holder.school)
    return {person: frozenset(codes) for person, codes in schools.items()}


# Difference


class Staffing(NamedTuple):
    """The holders and the vacancies of some schools on one day."""

    holders: Sequence[PostHolder]
    vacancies: Sequence[VacancyRow]


class Line(NamedTuple):
    """The change of one role at one school, in words."""

    role: str  # the label
    before: str
    after: str


class SchoolLines(NamedTuple):
    """A school that a notice is about, with what changes there; `lines` may be empty."""

    code: str
    name: str
    slug: str
    lines: list[Line]


# The details to show of a contact who is there or is absent.
DetailFilter = Callable[[Contact, bool], Iterable[Detail]]


def no_details(contact: Contact, is_there: bool) -> Iterable[Detail]:
    """Only the name."""
    return ()


def first_detail(contact: Contact, is_there: bool) -> Iterable[Detail]:
    """The number to call, of a contact who is there."""
    first = contact.first()
    return (first,) if first and is_there else ()


def all_details(contact: Contact, is_there: bool) -> Iterable[Detail]:
    """Every number and address."""
    return contact.details


def describe_posts(staffing: Staffing, details: DetailFilter = first_detail) -> dict[PostKey, str]:
    """The holders and vacancies of each post in words, with their contact details."""
    texts: dict[PostKey, list[str]] = defaultdict(list)
    for holder in staffing.holders:
        text = _describe(holder.contact, details(holder.contact, not holder.is_absent))
        if holder.is_absent:
            until = holder.absent_until
            text += f" (afwezig tot en met {short_day(last_day(until))})" if until else " (afwezig)"
        if holder.substitute:
            text += f", vervanger {_describe(holder.substitute, details(holder.substitute, True))}"
        if holder.is_pending:
            text += " (nog te bevestigen)"
        texts[holder.school, holder.role].append(text)
    for vacancy in staffing.vacancies:
        texts[vacancy.school, vacancy.role].append("vacature")
    return {post: " en ".join(names) for post, names in texts.items()}


def list_changes(
    today: Staffing, before: Mapping[date, Staffing], after: Mapping[date, Staffing],
    *, compare_details: bool,
) -> dict[PostKey, tuple[str, str]]:  # fmt: skip
    """The posts that a notice changes on one of its days, in words: today, and from that day on.

    `before` and `after` hold the same days in order, the first day of the notice in front, without
    and with the notice. With `compare_details` another number or address is a change too.
    """
    compared, shown = (all_details, all_details) if compare_details else (no_details, first_detail)
    texts_today = describe_posts(today, compared)
    changes: dict[PostKey, tuple[str, str]] = {}
    for day, staffing in before.items():
        old, new = describe_posts(staffing, compared), describe_posts(after[day], compared)
        texts = describe_posts(after[day], shown)
        later = f" (vanaf {short_day(day)})" if day > min(before) else ""
        for post in dict.fromkeys((*old, *new)):
            if old.get(post) != new.get(post):
                text = texts.get(post, UNFILLED) + later
                changes.setdefault(post, (texts_today.get(post, UNFILLED), text))
    return changes


def _describe(contact: Contact, details: Iterable[Detail]) -> str:
    # No-break spaces keep a number on one line.
    values = (
        phones.grouped(detail.value).replace(" ", "\N{NO-BREAK SPACE}")
        if detail.kind == DetailKind.PHONE
        else detail.value
        for detail in details
    )
    return ", ".join([contact.name, *values])


# Title


def make_title(
    kind: NoticeKind, person: str, successors: Collection[str], role: str, organisation: str
) -> str:
    """The title of a notice in Dutch, from the names of its person, successors, role and
    organisation; names that the kind does not need may be empty."""
    names, several = " en ".join(successors), len(successors) > 1
    take_over, follow = ("nemen", "volgen") if several else ("neemt", "volgt")
    return {
        NoticeKind.TAKEOVER: f"{names or 'Een opvolger'} {take_over} scholen over van {person}",
        NoticeKind.DEPARTURE: f"{person} vertrekt" + f", {names} {follow} op" * bool(names),
        NoticeKind.ARRIVAL: f"{names} {'beginnen' if several else 'begint'} als {role}",
        NoticeKind.ABSENCE: f"{person} is afwezig",
        NoticeKind.DETAILS: f"{person} heeft nieuwe contactgegevens",
        NoticeKind.VACANCY: f"Vacature: {role}",
        NoticeKind.ORGANISATION: f"Verandering bij {organisation}",
        NoticeKind.NEWS: f"Nieuws van {organisation}",
    }[kind]
