"""Read models: rows of the directory as plain tuples, for rules and pages without a database.
Contacts and contact points are in contact_details.py."""

from datetime import date
from typing import NamedTuple

from portal.directory.contact_details import Contact, Detail
from portal.directory.models import CheckedBy, DetailKind
from portal.text import fold

KERN = "kern"  # the sector of a kern, which is read as a school


class SchoolRow(NamedTuple):
    """An open school with its sector, place and municipality; or a kern."""

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
    checked_by: CheckedBy
    sector: str  # key
    sector_label: str
    place: str
    municipality: str  # code
    municipality_name: str
    municipality_slug: str
    kern: str = ""  # code of its kern on the day that was asked
    kern_name: str = ""

    @property
    def around(self) -> list[str]:
        """Its code, and that of its kern: where the people around it have their posts."""
        return list(filter(None, (self.code, self.kern)))

    @property
    def address(self) -> str:
        """Its street and place; "" for a kern, which has none."""
        return ", ".join(filter(None, (self.street, self.place)))

    @property
    def title(self) -> str:
        """Its name and place; a kern is named by its place."""
        return ", ".join(filter(None, (self.name, self.place)))

    @property
    def other_name(self) -> str:
        """DUO's name, where that does not contain the name in daily use."""
        return "" if fold(self.name) in fold(self.duo_name) else self.duo_name

    def as_contact(self) -> Contact:
        """The school itself as a contact point."""
        owner = f"s{self.code}"
        check = (self.checked_on, self.checked_by, None, owner)
        details = [Detail(DetailKind.PHONE, self.phone, "", *check)] if self.phone else []
        if site := self.website or self.board_website:
            label = "" if self.website else "website van het bestuur"
            details.append(Detail(DetailKind.WEBSITE, site, label, *check))
        noun = "kern" if self.sector == KERN else "school"
        return Contact(
            name=f"De {noun} zelf",
            organisation=self.name,
            note="" if self.phone else f"Van deze {noun} is geen nummer bekend.",
            details=tuple(details),
            source=self.source,
            checked_on=self.checked_on,
            checked_by=self.checked_by,
            owner="" if self.sector == KERN else owner,
        )


class MunicipalityRow(NamedTuple):
    """A municipality."""

    code: str  # "": a municipality that the directory does not have
    name: str
    slug: str
    in_region: bool


class PlaceRow(NamedTuple):
    """A place and its municipality."""

    id: int
    name: str
    aliases: str
    hint: str
    municipality: str  # code
    municipality_name: str
    municipality_slug: str
    in_region: bool


class PostcodeRow(NamedTuple):
    """The four digits of a postcode and their municipality."""

    pc4: str
    municipality: str  # code


class RoleRow(NamedTuple):
    """A role, with the sectors (keys) and municipalities (codes) that have it."""

    key: str
    label: str
    aliases: str
    team: str
    call_about: str
    municipalities: frozenset[str]  # empty: everywhere
    unconfirmed_in: frozenset[str]  # municipalities
    member: bool
    service: str
    case_by: str
    why: str
    shown_first: bool
    check_months: int  # between checks of its holders
    source: str
    sectors: frozenset[str]
    expected_in: frozenset[str]  # sectors in which an empty post is a gap
    to_confirm_in: frozenset[str]  # sectors
    of_kern: bool = False  # its holders work for the schools of a kern

    def applies(self, sector: str, municipality: str) -> bool:
        """Whether schools of this sector in this municipality have the role."""
        return sector in self.sectors and (
            not self.municipalities or municipality in self.municipalities
        )

    def is_around(self, school: SchoolRow) -> bool:
        """Whether a school has the role, of its own or by its kern."""
        by_kern = self.of_kern and bool(school.kern)
        return by_kern or self.applies(school.sector, school.municipality)


class PostHolder(NamedTuple):
    """A person who holds a role at a school or kern, with their absence and substitute."""

    assignment: int
    school: str  # code, also of a kern
    role: str  # key
    contact: Contact
    employer: str  # key of the organisation
    since: date
    is_pending: bool  # not yet confirmed by the employer
    is_absent: bool
    absent_until: date | None  # exclusive; None: no end known
    substitute: Contact | None  # only a substitute who is not absent


class VacancyRow(NamedTuple):
    """An open post."""

    school: str  # code, also of a kern
    role: str  # key
    valid_from: date
    valid_until: date | None
    known_on: date | None = None  # the day around which it is known who comes


class PersonRow(NamedTuple):
    """A person with their contact details and absence."""

    id: int
    contact: Contact
    is_absent: bool
    absent_until: date | None  # exclusive; None: no end known


class Post(NamedTuple):
    """One role of a person at one school."""

    person_id: int
    role: str  # key
    role_label: str
    school: str  # code, also of a kern
    school_name: str
    school_slug: str
    place: str
    valid_from: date
    valid_until: date | None
