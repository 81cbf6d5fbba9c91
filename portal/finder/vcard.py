"""Somebody of a kernteam, or all of it, as a file for the address book (vCard 4.0, RFC 6350).

What stands in it is what the page shows to the same visitor: the queries leave out the rest.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from portal import phones
from portal.calendars.content_lines import document, line, raw
from portal.contacts.rules import ContactAnswer
from portal.directory.models import DetailKind
from portal.directory.read_models import Contact, Detail, PersonRow, Post, SchoolRow
from portal.directory.validity import last_day
from portal.site import Site
from portal.web.formatting import capital, day, month, site_link, weekday_names

Names = Mapping[int, tuple[str, str]]  # per person: given name, family name


class Card(NamedTuple):
    """Somebody to keep in an address book, in which functions, and what to know about them."""

    key: str  # whose it is, whatever changes: "personen/3"
    contact: Contact
    roles: list[str]  # labels
    remarks: list[str]
    group: str = ""  # under which an address book keeps them together
    address: tuple[str, str, str] | None = None  # street, place, postcode


def of_person(person: PersonRow, posts: Iterable[Post]) -> Card:
    """A person with their functions, and the schools of each."""
    schools: dict[str, list[str]] = {}
    for post in posts:
        schools.setdefault(capital(post.role_label), []).append(post.school_name)
    remarks = [f"{role}: {', '.join(names)}." for role, names in schools.items()]
    if person.is_absent:
        until = f" tot en met {day(last_day(person.absent_until))}" if person.absent_until else ""
        remarks.append(f"Afwezig{until}.")
    return Card(_key(person.contact), person.contact, list(schools), remarks)


def of_kernteam(team: Iterable[ContactAnswer], school: SchoolRow, on: date) -> list[Card]:
    """The school, and whom one calls for each role on the day `on`: each once, with all that they
    are called for."""
    group = f"Kernteam {school.name}"
    stand = f"Kernteam van {school.name}, {school.place}, op {day(on)}."
    itself = school.as_contact()
    found = {
        itself.name: Card(
            f"scholen/{school.code}", itself._replace(name=school.name), [], [], group,
            (school.street, school.place, school.postcode),
        )
    }  # fmt: skip
    for answer in team:
        for contact in answer.primary:
            # By name: the same person may have been checked on two days, in two functions.
            card = found.setdefault(
                str(contact.person_id or contact.name),
                Card(_key(contact), contact, [], [stand], group),
            )
            card.roles.append(capital(answer.role.label))
            card.remarks.extend(
                f"Vervangt {holder.contact.name} ({answer.role.label})."
                for holder in answer.holders
                if holder.substitute == contact
            )
    return list(found.values())


def vcards(cards: Iterable[Card], names: Names, site: Site, path: str, at: datetime) -> bytes:
    """The cards as one file, which is made at the aware moment `at`. `path` is the address on the
    site that gives the file as it is later."""
    source = f"{site.base_url}{path}"
    return document(text for card in cards for text in _vcard(card, names, site, source, at))


def as_text(cards: Iterable[Card]) -> list[str]:
    """The cards as lines to paste in a mail: functions, name, organisation, number, address."""
    return [", ".join(_told(card)) for card in cards]


def _told(card: Card) -> Iterator[str]:
    roles = " en ".join(card.roles)
    yield f"{roles}: {card.contact.name}" if roles else card.contact.name
    if card.contact.person_id:
        yield card.contact.organisation
    yield from (_shown(detail) for detail in card.contact.details)


def _shown(detail: Detail) -> str:
    value = phones.grouped(detail.value) if detail.kind == DetailKind.PHONE else detail.value
    return f"{value} ({detail.label})" if detail.label else value


def _vcard(card: Card, names: Names, site: Site, source: str, at: datetime) -> Iterator[str]:
    contact = card.contact
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield line("PRODID", "-//Kernwijzer//Contacten//NL")
    yield raw("KIND", "individual" if contact.person_id else "org")
    # The same in every file, so that an address book knows somebody again.
    url = f"{site.base_url}/{card.key}"
    yield raw("UID", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}")
    yield line("FN", contact.name)
    if contact.person_id:
        given, family = names[contact.person_id]
        yield line("N", family, given, "", "", "")
    yield line("ORG", contact.organisation)
    for role in card.roles if contact.person_id else ():
        # Telephones show the title; the standard's word for what somebody does for others is role.
        yield line("TITLE", role)
        yield line("ROLE", role)
    first = contact.first()
    for detail in contact.details:
        yield _detail(detail, preferred=detail == first)
    if card.address:
        street, place, postcode = card.address
        yield line("ADR", "", "", street, place, "", postcode, "Nederland", TYPE="work")
    if card.group:
        yield line("CATEGORIES", card.group)
    if notes := "\n".join(_notes(card)):
        yield line("NOTE", notes)
    yield raw("SOURCE", source)
    # When the file was made: numbers begin and end on a day, whenever they were checked.
    yield raw("REV", f"{at:%Y%m%dT%H%M%SZ}")
    yield "END:VCARD"


def _detail(detail: Detail, *, preferred: bool) -> str:
    """A number, address or site. A number is text, not a tel: address: that is allowed, and what
    older address books understand."""
    mark = {"PREF": "1"} if preferred else {}
    if detail.kind == DetailKind.PHONE:
        kind = "work,cell" if phones.is_mobile(detail.value) else "work,voice"
        return line("TEL", detail.value, TYPE=kind, **mark)
    if detail.kind == DetailKind.EMAIL:
        return line("EMAIL", detail.value, TYPE="work", **mark)
    return raw("URL", site_link(detail.value), TYPE="work")


def _notes(card: Card) -> Iterator[str]:
    contact = card.contact
    yield from card.remarks
    if card.roles and not contact.person_id:
        yield f"Voor: {', '.join(card.roles)}."
    for detail in contact.details:
        if detail.label:
            yield f"{_shown(detail)}."
    if contact.days:
        yield f"Werkt op {weekday_names(contact.days)}."
    if contact.note:
        yield contact.note
    if contact.checked_on:
        checked = day(contact.checked_on) if contact.person_id else month(contact.checked_on)
        yield f"Gecontroleerd {'op' if contact.person_id else 'in'} {checked}."


def _key(contact: Contact) -> str:
    return f"personen/{contact.person_id}" if contact.person_id else f"contactpunten/{contact.name}"
