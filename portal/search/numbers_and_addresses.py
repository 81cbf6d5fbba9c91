"""Finds the owner of a telephone number, mail address or domain.

Only details that the viewer may see on the asked day count: nobody learns by a search whose a hidden number is.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from portal import phones
from portal.database import fetch_tuples
from portal.database.compiled import prepared
from portal.database.validity import valid_on
from portal.directory.contact_details import VIEWER_VISIBILITY, Detail, visible_to
from portal.directory.models import ContactDetail, ContactPoint, DetailKind, School, is_open

_MOST = 100  # details in a domain


class DetailOwner(NamedTuple):
    """A found detail, of a school, a contact point or a person."""

    school: str | None  # code
    contact_point: str | None  # key
    person: int | None
    detail: Detail


def find_by_number(digits: str, on: date) -> list[DetailOwner]:
    """The owners on the day `on` (Amsterdam) of the numbers that end with `digits` (`phones.significant_digits`)."""
    patterns = (f"%{digits}", f"%{digits}%")
    owners = _of_schools(_schools_by_number(*patterns, on), DetailKind.PHONE)
    owners += _of_others(_others_by_number(*patterns, visible_to(VIEWER_VISIBILITY.get()), on))
    return [owner for owner in owners if phones.ends_with(owner.detail.value, digits)]


def find_by_address(text: str, on: date) -> list[DetailOwner]:
    """The owners on the day `on` of the mail addresses that begin with `text`, which has an @; or of the mail addresses
    and websites in the domain `text`: the first of them, because a domain can have thousands."""
    name, at, domain = text.partition("@")
    value, visibilities = ContactDetail.value, visible_to(VIEWER_VISIBILITY.get())
    if name and at:
        begins = (ContactDetail.kind == DetailKind.EMAIL) & value.startswith(text)
        return _of_others(fetch_tuples(_others(begins, visibilities, on).limit(_MOST)))
    domain = domain or name
    within = value.contains(f"@{domain}") | _is_site_in(value, domain)
    schools = _schools(School.website, _is_site_in(School.website, domain), on).limit(_MOST)
    return _of_schools(fetch_tuples(schools), DetailKind.WEBSITE) + (
        _of_others(fetch_tuples(_others(within, visibilities, on).limit(_MOST)))
    )


def _is_site_in(column: Any, domain: str) -> Any:
    """Whether a website or mail address is in the domain or below it: "ark.nl" is no part of "deark.nl"."""
    below = column.contains(f".{domain}") | column.contains(f"/{domain}")
    return below | column.startswith(domain)


@prepared
def _schools_by_number(at_end: str, anywhere: str, on: date) -> Any:
    return _schools(School.phone, _matches(School.phone, at_end, anywhere), on)


@prepared
def _others_by_number(at_end: str, anywhere: str, visibilities: list[str], on: date) -> Any:
    has_number = _matches(ContactDetail.value, at_end, anywhere)
    return _others((ContactDetail.kind == DetailKind.PHONE) & has_number, visibilities, on)


def _matches(column: Any, at_end: str, anywhere: str) -> Any:
    """Whether a stored number may end with the digits: in E.164 its own end; otherwise, and with an
    extension behind it, any part of it without the marks."""
    digits = column
    for mark in " -()./":
        digits = fn.REPLACE(digits, mark, "")
    is_plain = (column ** "+%") & ~(column ** "% %")
    return (is_plain & (column**at_end)) | (~is_plain & (digits**anywhere))


def _schools(column: Any, condition: Any, on: date) -> Any:
    query = School.select(School.code, column).where(condition & is_open(on))
    return query.order_by(School.code)


def _others(condition: Any, visibilities: list[Any], on: date) -> Any:
    return (
        ContactDetail.select(
            ContactPoint.key,
            ContactDetail.person,
            ContactDetail.kind,
            ContactDetail.value,
            ContactDetail.label,
            ContactDetail.checked_on,
            ContactDetail.checked_by,
            ContactDetail.id,
            ContactDetail.contact_point,
        )
        .join(ContactPoint, JOIN.LEFT_OUTER)
        .where(condition & ContactDetail.visibility.in_(visibilities) & valid_on(ContactDetail, on))
        .where(is_open(on, ContactPoint))
        # Contact points before people.
        .order_by(ContactDetail.person.is_null(False), ContactDetail.position, ContactDetail.id)
    )


def _of_schools(found: Iterable[tuple[Any, ...]], kind: DetailKind) -> list[DetailOwner]:
    return [DetailOwner(code, None, None, Detail(kind, value, "", owner=f"s{code}")) for code, value in found]


def _of_others(found: Iterable[tuple[Any, ...]]) -> list[DetailOwner]:
    return [
        DetailOwner(None, key, person, Detail(*(*rest, f"p{person}" if person else f"c{point}")))
        for key, person, *rest, point in found
    ]
