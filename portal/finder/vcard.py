"""Somebody of a kernteam, or all of it, as a file for the address book (vCard 4.0, RFC 6350).

What stands in it is what the page shows to the same visitor: the queries leave out the rest.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from portal import phones
from portal.calendars.content_lines import document, line, raw
from portal.contacts.rules import Answer
from portal.directory.models import ContactDetail
from portal.directory.read_models import Detail, Party, PersonRow, Post, SchoolRow
from portal.directory.validity import last_day
from portal.web.formatting import capital, day, days, month, site_link

Names = Mapping[int, tuple[str, str]]  # per person: given name, family name


class Contact(NamedTuple):
    """Somebody to keep in an address book, in which functions, and what to know about them."""

    key: str  # whose it is, whatever changes: "personen/3"
    party: Party
    roles: list[str]  # labels
    remarks: list[str]
    group: str = ""  # under which an address book keeps them together
    address: tuple[str, str, str] | None = None  # street, place, postcode


class Origin(NamedTuple):
    """Where and when a file is made."""

    base_url: str
    file: str  # the address that gives it as it is now
    at: datetime


def of_person(person: PersonRow, posts: Iterable[Post]) -> Contact:
    """A person with their functions, and the schools of each."""
    schools: dict[str, list[str]] = {}
    for post in posts:
        schools.setdefault(capital(post.role_label), []).append(post.school_name)
    remarks = [f"{role}: {', '.join(names)}." for role, names in schools.items()]
    if person.is_absent:
        until = f" tot en met {day(last_day(person.absent_until))}" if person.absent_until else ""
        remarks.append(f"Afwezig{until}.")
    return Contact(_key(person.party), person.party, list(schools), remarks)


def of_kernteam(team: Iterable[Answer], school: SchoolRow, on: date) -> list[Contact]:
    """The school, and whom one calls for each role on the day `on`: each once, with all that they
    are called for."""
    group = f"Kernteam {school.name}"
    stand = f"Kernteam van {school.name}, {school.place}, op {day(on)}."
    itself = school.as_party()
    found = {
        itself.name: Contact(
            f"scholen/{school.code}", itself._replace(name=school.name), [], [], group,
            (school.street, school.place, school.postcode),
        )
    }  # fmt: skip
    for answer in team:
        for party in answer.lead:
            # By name: the same person may have been checked on two days, in two functions.
            contact = found.setdefault(
                str(party.person_id or party.name), Contact(_key(party), party, [], [stand], group)
            )
            contact.roles.append(capital(answer.role.label))
            contact.remarks.extend(
                f"Vervangt {holder.party.name} ({answer.role.label})."
                for holder in answer.holders
                if holder.substitute == party
            )
    return list(found.values())


def vcards(contacts: Iterable[Contact], names: Names, origin: Origin) -> bytes:
    """The contacts as one file."""
    return document(text for contact in contacts for text in _vcard(contact, names, origin))


def as_text(contacts: Iterable[Contact]) -> list[str]:
    """The contacts as lines to paste in a mail: functions, name, organisation, number, address."""
    return [", ".join(_told(contact)) for contact in contacts]


def _told(contact: Contact) -> Iterator[str]:
    roles = " en ".join(contact.roles)
    yield f"{roles}: {contact.party.name}" if roles else contact.party.name
    if contact.party.person_id:
        yield contact.party.organisation
    yield from (_shown(detail) for detail in contact.party.details)


def _shown(detail: Detail) -> str:
    value = phones.grouped(detail.value) if detail.kind == ContactDetail.PHONE else detail.value
    return f"{value} ({detail.label})" if detail.label else value


def _vcard(contact: Contact, names: Names, origin: Origin) -> Iterator[str]:
    party = contact.party
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield line("PRODID", "-//Kernwijzer//Contacten//NL")
    yield raw("KIND", "individual" if party.person_id else "org")
    # The same in every file, so that an address book knows somebody again.
    url = f"{origin.base_url}/{contact.key}"
    yield raw("UID", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}")
    yield line("FN", party.name)
    if party.person_id:
        given, family = names[party.person_id]
        yield line("N", family, given, "", "", "")
    yield line("ORG", party.organisation)
    for role in contact.roles if party.person_id else ():
        # Telephones show the title; the standard's word for what somebody does for others is role.
        yield line("TITLE", role)
        yield line("ROLE", role)
    first = party.first()
    for detail in party.details:
        yield _detail(detail, preferred=detail == first)
    if contact.address:
        street, place, postcode = contact.address
        yield line("ADR", "", "", street, place, "", postcode, "Nederland", TYPE="work")
    if contact.group:
        yield line("CATEGORIES", contact.group)
    if notes := "\n".join(_notes(contact)):
        yield line("NOTE", notes)
    yield raw("SOURCE", origin.file)
    # When the file was made: numbers begin and end on a day, whenever they were checked.
    yield raw("REV", f"{origin.at:%Y%m%dT%H%M%SZ}")
    yield "END:VCARD"


def _detail(detail: Detail, *, preferred: bool) -> str:
    """A number, address or site. A number is text, not a tel: address: that is allowed, and what
    older address books understand."""
    mark = {"PREF": "1"} if preferred else {}
    if detail.kind == ContactDetail.PHONE:
        kind = "work,cell" if phones.is_mobile(detail.value) else "work,voice"
        return line("TEL", detail.value, TYPE=kind, **mark)
    if detail.kind == ContactDetail.EMAIL:
        return line("EMAIL", detail.value, TYPE="work", **mark)
    return raw("URL", site_link(detail.value), TYPE="work")


def _notes(contact: Contact) -> Iterator[str]:
    party = contact.party
    yield from contact.remarks
    if contact.roles and not party.person_id:
        yield f"Voor: {', '.join(contact.roles)}."
    for detail in party.details:
        if detail.label:
            yield f"{_shown(detail)}."
    if party.days:
        yield f"Werkt op {days(party.days)}."
    if party.note:
        yield party.note
    if party.checked_on:
        checked = day(party.checked_on) if party.person_id else month(party.checked_on)
        yield f"Gecontroleerd {'op' if party.person_id else 'in'} {checked}."


def _key(party: Party) -> str:
    return f"personen/{party.person_id}" if party.person_id else f"contactpunten/{party.name}"
