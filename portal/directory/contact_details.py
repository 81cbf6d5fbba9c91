"""Reads contact details as the current viewer may see them, and the contact points with theirs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from portal.database import fetch_tuples
from portal.database.cache import cached_until_write
from portal.database.compiled import prepared
from portal.database.validity import valid_on
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
    Organisation,
    Responsibility,
    Role,
    Visibility,
)
from portal.directory.read_models import Contact, ContactPointRow, Detail

# Set for every request by `portal.accounts`; the default is the most restrictive.
VIEWER_VISIBILITY: ContextVar[Visibility] = ContextVar("viewer_visibility", default=Visibility.OPEN)


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
    return _by_owner(_person_details(list(ids), _visible(VIEWER_VISIBILITY.get()), on))


def list_contact_points(
    on: date, municipalities: Collection[str] | None = None
) -> list[ContactPointRow]:
    """The contact points on the day `on` per role and municipality, in the order of asking; all,
    or those in these municipalities (codes)."""
    return [
        contact_point
        for contact_point in _contact_points(on, VIEWER_VISIBILITY.get())
        if municipalities is None or contact_point.municipality in municipalities
    ]


@cached_until_write
def _contact_points(on: date, viewer: Visibility) -> tuple[ContactPointRow, ...]:
    """All contact points, with the details that this viewer may see."""
    rows = list(
        Responsibility.select(Responsibility, Role.key, ContactPoint, Organisation)
        .join(Role)
        .switch(Responsibility)
        .join(ContactPoint)
        .join(Organisation)
        .order_by(Role.position, Responsibility.rank)
    )
    ids = {row.contact_point_id for row in rows}
    owner = ContactDetail.contact_point
    details = _by_owner(fetch_tuples(_details_of(owner, list(ids), _visible(viewer), on)))
    return tuple(
        ContactPointRow(
            role=row.role.key,
            municipality=row.municipality_id,
            sector=row.sector,
            also_by_school=row.also_by_school,
            to_confirm=row.to_confirm,
            employer=row.contact_point.organisation.key,
            contact=Contact(
                name=row.contact_point.name,
                organisation=row.contact_point.organisation.name,
                note=row.contact_point.note,
                details=details[row.contact_point_id],
                source=row.contact_point.source,
                checked_on=row.contact_point.checked_on,
            ),
        )
        for row in rows
    )


def _visible(viewer: Visibility) -> list[Visibility]:
    """The visibilities of the details that a viewer may see."""
    return list(Visibility) if viewer is Visibility.MEMBERS else [Visibility.OPEN]


@prepared
def _person_details(people: list[int], visibilities: list[str], on: date) -> Any:
    return _details_of(ContactDetail.person, people, visibilities, on)


def _details_of(owner: Any, ids: list[int], visibilities: list[Any], on: date) -> Any:
    return (
        ContactDetail.select(owner, ContactDetail.kind, ContactDetail.value, ContactDetail.label)
        .where(
            owner.in_(ids)
            & ContactDetail.visibility.in_(visibilities)
            & valid_on(ContactDetail, on)
        )
        .order_by(ContactDetail.position, ContactDetail.id)
    )


def _by_owner(rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, tuple[Detail, ...]]:
    details: defaultdict[int, tuple[Detail, ...]] = defaultdict(tuple)
    for owner, kind, value, label in rows:
        details[owner] += (Detail(kind, value, label),)
    return details
