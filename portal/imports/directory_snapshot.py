"""The directory as the interpretation of a file needs it, read once."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from portal.database import fetch_tuples
from portal.directory.models import ContactPoint, Organisation, Responsibility, Role, School
from portal.directory.places import PlaceRow, list_places
from portal.directory.schools_and_kernen import RoleRow, SchoolRow, list_roles, list_workplaces
from portal.directory.similar_people import KnownPeople, load_people


class OrganisationRow(NamedTuple):
    id: int
    key: str
    name: str
    names: tuple[str, ...]
    school: str  # code; "": no school


class Snapshot(NamedTuple):
    """The directory on a day."""

    on: date
    schools: tuple[SchoolRow, ...]
    places: tuple[PlaceRow, ...]
    roles: tuple[RoleRow, ...]
    one_holder: frozenset[str]  # roles that a school has one of
    organisations: tuple[OrganisationRow, ...]
    school_staff: frozenset[str]  # roles that the school employs
    # The organisation (id) whose desk answers for a role in a municipality for a sector.
    employers: Mapping[tuple[str, str, str], int]
    people: KnownPeople
    not_names: tuple[str, ...]  # see `portal.privacy.pupil_data`


def load_snapshot(on: date, not_names: tuple[str, ...]) -> Snapshot:
    """Read the directory as it is on the day `on` (Amsterdam)."""
    names: dict[int, list[str]] = {}
    points = ContactPoint.select(ContactPoint.organisation, ContactPoint.name, ContactPoint.aliases).order_by(
        ContactPoint.id
    )
    for organisation, name, aliases in fetch_tuples(points):
        names.setdefault(organisation, []).extend(filter(None, (name, *aliases.split("; "))))
    schools = dict(fetch_tuples(School.select(School.organisation, School.code)))
    organisations = Organisation.select(Organisation.id, Organisation.key, Organisation.name)
    kept = {role.key: role for role in Role.select()}
    return Snapshot(
        on=on,
        schools=tuple(list_workplaces()),
        places=tuple(list_places()),
        roles=list_roles(),
        one_holder=frozenset(key for key, role in kept.items() if role.one_holder),
        organisations=tuple(
            OrganisationRow(id, key, name, tuple(names.get(id, ())), schools.get(id, ""))
            for id, key, name in fetch_tuples(organisations.order_by(Organisation.sort_key))
        ),
        school_staff=frozenset(key for key, role in kept.items() if role.is_school_staff),
        employers=_load_employers(),
        people=load_people(on),
        not_names=not_names,
    )


def _load_employers() -> dict[tuple[str, str, str], int]:
    query = Responsibility.select(
        Role.key, Responsibility.municipality, Responsibility.sector, ContactPoint.organisation
    )
    query = query.join(Role).join_from(Responsibility, ContactPoint)
    query = query.where(~Responsibility.to_confirm)
    rows = fetch_tuples(query.order_by(Responsibility.rank.desc(), Responsibility.id))
    return {row[:3]: row[3] for row in rows}  # the first rank remains
