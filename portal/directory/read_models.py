"""What the directory tells: plain tuples, which a page or a rule reads without a database."""

from datetime import date
from typing import NamedTuple

from portal.directory.models import ContactDetail
from portal.text import fold


class Detail(NamedTuple):
    """One number, address or site, as everybody may see it."""

    kind: str
    value: str
    label: str


class Contact(NamedTuple):
    """Somebody whom one can call: a person, or a contact_point of an organisation."""

    name: str
    organisation: str
    person_id: int | None  # None: a contact_point
    days: str  # ISO weekdays, of a person
    note: str
    details: tuple[Detail, ...]
    source: str
    checked_on: date | None  # None: nothing that can be checked, such as a town hall

    def first(self) -> Detail | None:
        """The number one would call, or the address where there is no number; what stands with a
        label is somebody's own and comes last."""
        plain = [detail for detail in self.details if not detail.label]
        for kind in (ContactDetail.PHONE, ContactDetail.EMAIL):
            for detail in plain:
                if detail.kind == kind:
                    return detail
        return None

    def of_kind(self, kind: str) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if detail.kind == kind)


class SchoolRow(NamedTuple):
    """A school with what a page tells about where it is."""

    code: str
    name: str
    duo_name: str
    aliases: str
    slug: str
    street: str
    postcode: str
    phone: str
    website: str
    board_website: str
    source: str
    checked_on: date
    sector: str
    sector_label: str
    place: str
    municipality: str
    municipality_name: str
    municipality_slug: str

    @property
    def other_name(self) -> str:
        """DUO's name, where the name that people use does not appear in it."""
        return "" if fold(self.name) in fold(self.duo_name) else self.duo_name

    def as_contact(self) -> Contact:
        """The school itself, as somebody whom one can call."""
        found = [Detail(ContactDetail.PHONE, self.phone, "")] if self.phone else []
        if site := self.website or self.board_website:
            label = "" if self.website else "website van het bestuur"
            found.append(Detail(ContactDetail.WEBSITE, site, label))
        return Contact(
            name="De school zelf",
            organisation=self.name,
            person_id=None,
            days="",
            note="" if self.phone else "Van deze school is geen nummer bekend.",
            details=tuple(found),
            source=self.source,
            checked_on=self.checked_on,
        )


class MunicipalityRow(NamedTuple):
    """A municipality."""

    code: str
    name: str
    slug: str
    in_region: bool


class PlaceRow(NamedTuple):
    """A place and its municipality."""

    id: int
    name: str
    aliases: str
    hint: str
    municipality: str
    municipality_name: str
    municipality_slug: str
    in_region: bool


class RoleRow(NamedTuple):
    """A role with the sectors that have it. `expected_in`: a gap where nobody holds it."""

    key: str
    label: str
    aliases: str
    team: str
    call_about: str
    municipalities: frozenset[str]  # empty: everywhere
    unconfirmed_in: frozenset[str]
    member: bool
    service: str
    case_by: str
    why: str
    shown_first: bool
    source: str
    sectors: frozenset[str]
    expected_in: frozenset[str]
    to_confirm_in: frozenset[str]

    def applies(self, sector: str, municipality: str) -> bool:
        """Whether schools of this sector in this municipality have the role around them."""
        return sector in self.sectors and (
            not self.municipalities or municipality in self.municipalities
        )


class PostHolder(NamedTuple):
    """A person who holds a role at a school, and who stands in when they are absent."""

    assignment: int
    school: str
    role: str
    contact: Contact
    employer: str  # key of the organisation
    since: date
    is_pending: bool  # their organisation has not confirmed it yet
    is_absent: bool
    absent_until: date | None  # exclusive; None while nobody knows
    substitute: Contact | None  # only one who is there


class MunicipalContactPoint(NamedTuple):
    """A contact point in a municipality, with the sectors (keys) it is for; none: for all."""

    contact: Contact
    sectors: tuple[str, ...]


class ContactPointRow(NamedTuple):
    """A contact point that answers for a role in a municipality."""

    role: str
    municipality: str
    sector: str  # "": for schools of every sector
    also_by_school: bool
    to_confirm: bool
    contact: Contact
    employer: str  # key of the organisation


class VacancyRow(NamedTuple):
    """An open post."""

    school: str
    role: str
    valid_from: date
    valid_until: date | None


class PostcodeRow(NamedTuple):
    """The four digits of a postcode, and the municipality (code) that they lie in."""

    pc4: str
    municipality: str


class Substitution(NamedTuple):
    """Somebody who is absent, and who does their work in a role."""

    away: str
    away_id: int
    other: str
    other_id: int
    role: str  # the label
    until: date | None


class ValidityPeriod(NamedTuple):
    """Something at a school that holds for a span: an assignment, an absence, a vacancy, or a
    contact detail of somebody who works there."""

    kind: str  # "assignment", "absence", "vacancy", "detail"
    role: str  # the label
    name: str  # of the person; "" for a vacancy
    valid_from: date
    valid_until: date | None
    begun_by: int | None = None  # the notice that said so
    ended_by: int | None = None


class PersonRow(NamedTuple):
    """A person, how to reach them, and whether they are there."""

    id: int
    contact: Contact
    is_absent: bool
    absent_until: date | None


class Post(NamedTuple):
    """One role of a person, at one school."""

    person_id: int
    role: str
    role_label: str
    school: str
    school_name: str
    school_slug: str
    place: str
    valid_from: date
    valid_until: date | None
