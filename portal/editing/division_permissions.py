"""Permissions of a division: who may divide in a room, its roles, the schools of each role, and whose drafts an
author sees."""

from collections.abc import Collection
from typing import Any

from peewee import fn

from portal import clock
from portal.accounts.models import Account
from portal.database.cache import fetch_kept
from portal.directory import schools_and_kernen as directory
from portal.directory.models import Place, Role, School
from portal.directory.schools_and_kernen import SchoolRow, list_kernen
from portal.notices.choices import Choices
from portal.notices.permissions_and_confirmation import Author, get_author


def may_divide(author: Author, room: str) -> bool:
    """Whether an author may divide in a room: a coordinator in each, an editor not in that of the coordinators."""
    return author.is_coordinator or (room != "beheer" and bool(author.speaks_for))


def list_division_roles(author: Author) -> list[tuple[str, str]]:
    """The roles (keys, with labels) that the author may divide."""
    ids = [int(role) for role, _ in Choices(author, None).roles]
    # An organisation without posts begins with any that a school does not fill itself.
    ours = Role.id.in_(ids) if ids else ~Role.is_school_staff
    query = Role.select(Role.key, Role.label).where(ours)
    return [(key, label) for key, label in fetch_kept(query.order_by(Role.position))]


def list_schools_of(author: Author, roles: Collection[Role]) -> dict[str, dict[str, SchoolRow]]:
    """The schools (by code) that have each of these roles (by key); where they fill it themselves,
    for an editor the own ones. Runs a fixed number of statements."""
    own = None if author.is_coordinator else Choices(author, None).own_schools
    known = {row.key: row for row in directory.list_roles()}
    schools = directory.list_workplaces()
    return {
        role.key: {
            row.code: row
            for row in schools
            if known[role.key].applies(row.sector, row.municipality)
            and (own is None or not role.is_school_staff or row.code in own)
        }
        for role in roles
    }


def choose_schools_of(author: Author, role: Role) -> Any | None:
    """The condition that a school has the role, as in `list_schools_of`; None for a role that only kernen have."""
    known = next(row for row in directory.list_roles() if row.key == role.key)
    if known.of_kern:
        return None
    is_own_only = role.is_school_staff and not author.is_coordinator
    own = Choices(author, None).own_schools if is_own_only else None
    there = directory.chosen_schools(codes=None if own is None else list(own))
    there &= School.sector.in_(list(known.sectors))
    if known.municipalities:
        places = Place.select(Place.id).where(Place.municipality.in_(list(known.municipalities)))
        there &= School.place.in_(places)
    return there


def count_schools_of(author: Author, role: Role) -> int:
    which = choose_schools_of(author, role)
    if which is None:
        return len(list_kernen(clock.today()))
    return int(fetch_kept(School.select(fn.COUNT(School.code)).where(which))[0][0])


def may_see_draft(author: Author, owner: Account) -> bool:
    """Whether an author may see the draft of a division of somebody else: of a colleague, a coordinator of all."""
    return author.is_coordinator or bool(get_author(owner).speaks_for & author.speaks_for)
