"""Contact cards of a person or a kernteam: as vCard 4.0 (RFC 6350), as vCard 3.0 (RFC 2426) for
older telephones, and as lines of text.

A card has the contact details that a page shows to the same viewer.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from portal import phones
from portal.calendars.content_lines import Parameter, document, line, raw
from portal.contacts.who_to_call import ContactAnswer
from portal.database.validity import last_day
from portal.directory.contact_details import Contact, Detail
from portal.directory.models import DetailKind
from portal.directory.schools_and_kernen import KERN, SchoolRow
from portal.directory.who_works_or_is_absent import PersonRow, Post
from portal.site import Site
from portal.web.formatting import capital, day, site_link, weekday_names

Names = Mapping[int, tuple[str, str]]  # per person (id): given name, family name


class ContactCard(NamedTuple):
    """A contact for an address book, with its roles and remarks."""

    key: str  # the same in every file: "personen/3"
    contact: Contact
    roles: list[str]  # labels
    remarks: list[str]  # Dutch sentences
    group: str = ""  # the category in the address book
    address: tuple[str, str, str] | None = None  # street, place, postcode


def make_person_card(person: PersonRow, posts: Iterable[Post]) -> ContactCard:
    """The card of a person with their roles, and the schools of each role."""
    schools: dict[str, list[str]] = {}
    for post in posts:
        schools.setdefault(capital(post.role_label), []).append(post.school_name)
    remarks = [f"{role}: {', '.join(names)}." for role, names in schools.items()]
    if person.is_absent:
        until = f" tot en met {day(last_day(person.absent_until))}" if person.absent_until else ""
        remarks.append(f"Afwezig{until}.")
    return ContactCard(_key(person.contact), person.contact, list(schools), remarks)


def make_kernteam_cards(team: Iterable[ContactAnswer], school: SchoolRow, on: date) -> list[ContactCard]:
    """The card of the school (a kern has none), and one for each primary contact of its kernteam on
    the day `on`, with all their roles."""
    is_kern = school.sector == KERN
    group = school.name if is_kern else f"Kernteam {school.name}"
    remark = f"{name_team(school)}, op {day(on)}."
    itself = school.as_contact()
    cards = {} if is_kern else {
        itself.name: ContactCard(
            f"scholen/{school.code}", itself._replace(name=school.name), [], [], group,
            (school.street, school.place, school.postcode),
        )
    }  # fmt: skip
    for answer in team:
        for contact in answer.primary:
            # By id or name: a person in two roles may have two check dates.
            card = cards.setdefault(
                str(contact.person_id or contact.name), ContactCard(_key(contact), contact, [], [remark], group)
            )
            card.roles.append(capital(answer.role.label))
            card.remarks.extend(
                f"Vervangt {holder.contact.name} ({answer.role.label})."
                for holder in answer.holders
                if holder.substitute == contact
            )
    return list(cards.values())


def name_team(school: SchoolRow) -> str:
    """The kernteam of a school, or a kern, in words."""
    return school.title if school.sector == KERN else f"Kernteam van {school.title}"


def write_vcards(
    cards: Iterable[ContactCard], names: Names, site: Site, path: str, at: datetime, *, old: bool
) -> bytes:
    """The cards as one vCard file of the moment `at` (aware), in version 3.0 where `old`. `path` is
    the path of the site that serves the file."""
    source = f"{site.base_url}{path}"
    return document(text for card in cards for text in _vcard(card, names, site, source, at, old))


def write_lines(cards: Iterable[ContactCard]) -> list[str]:
    """The cards as lines to paste in a mail: roles, name, organisation, contact details."""
    return [", ".join(_line_parts(card)) for card in cards]


def _line_parts(card: ContactCard) -> Iterator[str]:
    roles = " en ".join(card.roles)
    yield f"{roles}: {card.contact.name}" if roles else card.contact.name
    if card.contact.person_id:
        yield card.contact.organisation
    yield from (_detail_text(detail) for detail in card.contact.details)


def _detail_text(detail: Detail) -> str:
    value = phones.grouped(detail.value) if detail.kind == DetailKind.PHONE else detail.value
    return f"{value} ({detail.label})" if detail.label else value


def _vcard(card: ContactCard, names: Names, site: Site, source: str, at: datetime, old: bool) -> Iterator[str]:
    contact = card.contact
    yield "BEGIN:VCARD"
    yield f"VERSION:{'3.0' if old else '4.0'}"
    yield line("PRODID", "-//Kernwijzer//Contacten//NL")
    if not old:
        yield raw("KIND", "individual" if contact.person_id else "org")
    # The same in every file, so that an address book recognises the contact.
    url = f"{site.base_url}/{card.key}"
    yield raw("UID", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}")
    yield line("FN", contact.name)
    if contact.person_id:
        given, family = names[contact.person_id]
        yield line("N", family, given, "", "", "")
    elif old:  # 3.0 asks for N
        yield line("N", contact.name, "", "", "", "")
    yield line("ORG", contact.organisation)
    for role in card.roles if contact.person_id else ():
        # Telephones show TITLE; ROLE is the property of the standard.
        yield line("TITLE", role)
        yield line("ROLE", role)
    first = contact.first()
    for detail in contact.details:
        yield _detail_line(detail, is_first=detail == first, old=old)
    if card.address:
        street, place, postcode = card.address
        yield line("ADR", "", "", street, place, "", postcode, "Nederland", TYPE="work")
    if card.group:
        yield line("CATEGORIES", card.group)
    if notes := "\n".join(_notes(card)):
        yield line("NOTE", notes)
    yield raw("SOURCE", source)
    # The moment of the file: a number begins and ends on a day, whenever it was checked.
    yield raw("REV", f"{at:%Y%m%dT%H%M%SZ}")
    yield "END:VCARD"


def _detail_line(detail: Detail, *, is_first: bool, old: bool) -> str:
    """The line of a contact detail. A number is text instead of a tel: URI, which the standard
    allows and older address books need."""
    pref = ("pref",) if is_first and old else ()
    mark: dict[str, Parameter] = {"PREF": "1"} if is_first and not old else {}
    if detail.kind == DetailKind.PHONE:
        kind = "cell" if phones.is_mobile(detail.value) else "voice"
        return line("TEL", detail.value, TYPE=("work", kind, *pref), **mark)
    if detail.kind == DetailKind.EMAIL:
        return line("EMAIL", detail.value, TYPE=("work", *pref), **mark)
    return raw("URL", site_link(detail.value), TYPE="work")


def _notes(card: ContactCard) -> Iterator[str]:
    contact = card.contact
    yield from card.remarks
    if card.roles and not contact.person_id:
        yield f"Voor: {', '.join(card.roles)}."
    for detail in contact.details:
        if detail.label:
            yield f"{_detail_text(detail)}."
    if working_time := ", ".join(filter(None, (weekday_names(contact.days), contact.hours))):
        yield f"{'Werkt op' if contact.person_id else 'Bereikbaar:'} {working_time}."
    if contact.reached_by:
        yield f"Liefst {contact.reached_by.label}."
    if contact.note:
        yield contact.note
    if contact.checked_on and contact.person_id:
        yield f"Gecontroleerd op {day(contact.checked_on)}."
    elif contact.source:
        yield f"Bron: {contact.source}."


def _key(contact: Contact) -> str:
    return f"personen/{contact.person_id}" if contact.person_id else f"contactpunten/{contact.name}"
