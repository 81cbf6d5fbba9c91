"""Contact details: which the current viewer may see, and which comes first; and contact points."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, NamedTuple

from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.compiled import prepared
from portal.database.validity import valid_on
from portal.directory.models import (
    CheckedBy,
    ContactDetail,
    ContactPoint,
    Organisation,
    ReachedBy,
    Responsibility,
    Role,
    Visibility,
    is_open,
)
from portal.text import join_words

# Set for every request by `portal.accounts`; the default is the most restrictive.
VIEWER_VISIBILITY: ContextVar[Visibility] = ContextVar("viewer_visibility", default=Visibility.OPEN)


class Detail(NamedTuple):
    """One contact detail: a number, mail address or website."""

    kind: str  # a DetailKind
    value: str
    label: str  # the owner, where that is not the contact itself; may be empty
    checked_on: date | None = None
    checked_by: CheckedBy = CheckedBy.SOURCE
    id: int | None = None  # None: in the row of a school
    owner: str = ""  # as in Contact


class Contact(NamedTuple):
    """A person or a contact point, with the contact details that the viewer may see."""

    name: str
    organisation: str
    person_id: int | None = None  # None: a contact point
    days: str = ""  # working days of a person as ISO weekdays: "124"
    hours: str = ""  # as they were typed
    reached_by: ReachedBy = ReachedBy.ANY
    key: str = ""  # of a contact point
    note: str = ""  # the same
    details: tuple[Detail, ...] = ()
    source: str = ""
    checked_on: date | None = None  # None: nothing to check, as for a town hall
    checked_by: CheckedBy = CheckedBy.SOURCE
    owner: str = ""  # "p12": a person (id); "c3": a contact point (id); "s16LF00": a school (code)

    def first(self) -> Detail | None:
        """The first number, or else the first mail address. A detail with a label belongs to one
        person and is passed over."""
        address = None
        for detail in self.details:
            if not detail.label and detail.kind == "phone":
                return detail
            if not detail.label and detail.kind == "email":
                address = address or detail
        return address

    def of_kind(self, kind: str) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if detail.kind == kind)


class ContactPointRow(NamedTuple):
    """A contact point that answers for a role in a municipality."""

    key: str
    aliases: tuple[str, ...]
    names: frozenset[str]  # its name, aliases and organisation; see `text.join_words`
    role: str  # key
    municipality: str  # code
    sector: str  # key; "": for schools of every sector
    also_by_school: bool
    to_confirm: bool
    contact: Contact
    employer: str  # key of the organisation
    # That it answers here, which its contact details do not say:
    source: str
    checked_on: date | None
    checked_by: CheckedBy


@contextmanager
def viewing_as(visibility: Visibility) -> Iterator[None]:
    """Read with the rights of another viewer inside the block."""
    token = VIEWER_VISIBILITY.set(visibility)
    try:
        yield
    finally:
        VIEWER_VISIBILITY.reset(token)


def list_person_details(ids: Iterable[int], on: date) -> defaultdict[int, tuple[Detail, ...]]:
    """The visible contact details on the day `on` (Amsterdam) per person (id)."""
    return _by_owner("p", _person_details(list(ids), visible_to(VIEWER_VISIBILITY.get()), on))


def list_contact_points(on: date) -> tuple[ContactPointRow, ...]:
    """The contact points on the day `on` per role and municipality, in the order of asking."""
    return _contact_points(on, VIEWER_VISIBILITY.get())


@cached_until_change
def _contact_points(on: date, viewer: Visibility) -> tuple[ContactPointRow, ...]:
    """All contact points, with the details that this viewer may see."""
    rows = list(
        Responsibility.select(Responsibility, Role.key, ContactPoint, Organisation)
        .join(Role)
        .join_from(Responsibility, ContactPoint)
        .join(Organisation)
        .where(is_open(on, ContactPoint))
        .order_by(Role.position, Responsibility.rank, Responsibility.id)
    )
    ids = {row.contact_point_id for row in rows}
    owner = ContactDetail.contact_point
    details = _by_owner("c", fetch_tuples(_details_of(owner, list(ids), visible_to(viewer), on)))
    return tuple(
        ContactPointRow(
            key=row.contact_point.key,
            aliases=tuple(row.contact_point.aliases.split("; ")),
            names=_names(row.contact_point),
            role=row.role.key,
            municipality=row.municipality_id,
            sector=row.sector,
            also_by_school=row.also_by_school,
            to_confirm=row.to_confirm,
            employer=row.contact_point.organisation.key,
            source=row.source,
            checked_on=row.checked_on,
            checked_by=row.checked_by,
            contact=Contact(
                name=row.contact_point.name,
                organisation=row.contact_point.organisation.name,
                key=row.contact_point.key,
                hours=row.contact_point.hours,
                note=row.contact_point.note,
                details=details[row.contact_point_id],
                source=row.contact_point.source,
                checked_on=row.contact_point.checked_on,
                checked_by=row.contact_point.checked_by,
                owner=f"c{row.contact_point_id}",
            ),
        )
        for row in rows
    )


def _names(point: ContactPoint) -> frozenset[str]:
    names = (point.name, *point.aliases.split("; "), point.organisation.name)
    return frozenset(join_words(name) for name in names if name)


def visible_to(viewer: Visibility) -> list[Visibility]:
    """The visibilities of the details that a viewer may see."""
    return list(Visibility) if viewer is Visibility.MEMBERS else [Visibility.OPEN]


@prepared
def _person_details(people: list[int], visibilities: list[str], on: date) -> Any:
    return _details_of(ContactDetail.person, people, visibilities, on)


def _details_of(owner: Any, ids: list[int], visibilities: list[Any], on: date) -> Any:
    return (
        ContactDetail.select(
            owner, ContactDetail.kind, ContactDetail.value, ContactDetail.label,
            ContactDetail.checked_on, ContactDetail.checked_by, ContactDetail.id,
        )
        .where(owner.in_(ids) & ContactDetail.visibility.in_(visibilities))
        .where(valid_on(ContactDetail, on))
        .order_by(ContactDetail.position, ContactDetail.id)
    )  # fmt: skip


def _by_owner(kind: str, rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, tuple[Detail, ...]]:
    details: defaultdict[int, tuple[Detail, ...]] = defaultdict(tuple)
    for owner, *detail in rows:
        details[owner] += (Detail(*(*detail, f"{kind}{owner}")),)
    return details
