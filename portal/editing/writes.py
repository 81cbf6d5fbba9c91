"""Writes the answers of a coordinator's forms, each in the change set of its edit."""

from datetime import date
from typing import Any

from portal import clock
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, day_after, overlaps
from portal.directory.assignments import end_posts
from portal.directory.change_sets import ChangeSet
from portal.directory.models import (
    Assignment,
    ContactPoint,
    Holiday,
    Organisation,
    Responsibility,
    Role,
    RoleInSector,
    School,
)
from portal.directory.schools_and_kernen import list_roles
from portal.editing.edit_page import change_row, write_row
from portal.editing.forms import AnswerForm, ContactPointForm, HolidayForm, OrganisationForm, RoleForm, SchoolForm
from portal.editing.queries import list_partners
from portal.search.question import list_role_names
from portal.text import fold, join_words, slug
from portal.workdays import HolidayKind


def write_school(change_set: ChangeSet, form: SchoolForm) -> None:
    """Change a school and the organisation that has its name. Raises RuleViolation where it closes
    while it has posts, unless their end is confirmed."""
    (school,), closed_on = form.rows, _read_closing(form)
    if closed_on and end_posts(change_set, [school.code], closed_on) and not form.ends_posts.data:
        raise form.refuse(form.ends_posts, "Er zijn dan nog plekken. Zet het vinkje als die stoppen.")
    name = form.name.data
    more = {"closed_on": closed_on, "slug": f"{school.code.lower()}-{slug(name)}"}
    write_row(change_set, School, form, **more)
    change_row(change_set, school.organisation, {"name": name})


def _read_closing(form: SchoolForm | ContactPointForm) -> date | None:
    """The day after the last day of a form."""
    return day_after(form.last_day.data) if form.last_day.data else None


def write_organisation(change_set: ChangeSet, form: OrganisationForm) -> None:
    """Change or add a partner. Raises RuleViolation for a name that another one has."""
    name, own = form.name.data, form.rows[0].id if form.rows else 0
    if any(fold(row.name) == fold(name) and row.id != own for row in list_partners()):
        raise form.refuse(form.name, "Deze organisatie staat er al.")
    new = {} if form.rows else {"key": _new_key(Organisation, name), "kind": Organisation.PARTNER}
    write_row(change_set, Organisation, form, **new)


def _new_key(model: Any, name: str) -> str:
    """A key that no row of a model has: the name as a part of an address."""
    taken = {"nieuw", *(key for (key,) in fetch_tuples(model.select(model.key)))}
    first = slug(name) or "nieuw"
    keys = (first, *(f"{first}-{number}" for number in range(2, len(taken) + 2)))
    return next(key for key in keys if key not in taken)


def write_contact_point(change_set: ChangeSet, form: ContactPointForm) -> None:
    """Change, close or add a contact point."""
    new = {} if form.rows else {"key": _new_key(ContactPoint, form.name.data or "")}
    organisation = Organisation.get(Organisation.key == form.organisation.data)
    more = {"organisation": organisation.id, "closed_on": _read_closing(form)}
    write_row(change_set, ContactPoint, form, **more, **new)


def write_answers(change_set: ChangeSet, form: AnswerForm, role: Role, municipality: str, sector: str) -> None:
    """Set who answers for a role in a municipality (code), for the schools of a sector."""
    present = {row.rank: row for row in form.rows}
    points = dict(fetch_tuples(ContactPoint.select(ContactPoint.key, ContactPoint.id)))
    for rank, field in enumerate((form.first, form.second), start=1):
        row, point = present.get(rank), points.get(field.data)
        if row and not point:
            change_set.remove(row)
        elif row:
            # The other claims of the source are about the old one.
            claimed = row.also_by_school and row.contact_point_id == point
            values = {"contact_point": point, "to_confirm": form.to_confirm.data}
            change_row(change_set, row, values | {"also_by_school": claimed})
        elif point:
            change_set.add(
                Responsibility, role=role, municipality=municipality, sector=sector, rank=rank,
                contact_point=point, to_confirm=form.to_confirm.data, also_by_school=False,
            )  # fmt: skip


def write_role(change_set: ChangeSet, form: RoleForm) -> None:
    """Change the texts of a role, and in which sectors it is. Raises RuleViolation where somebody has the role in a
    sector that it leaves, and for a new name that another role has: a file could mean either."""
    role, links = form.rows[0], {link.sector_id: link for link in form.rows[1:]}
    known = list_role_names(list_roles())
    for field in (form.label, form.aliases):
        for name in filter(None, (field.data or "").split("; ")):
            keys = known.get(join_words(name), [])
            if keys and role.key not in keys:
                raise form.refuse(field, f"Een andere functie heet al “{name}”. Kies iets anders.")
    write_row(change_set, Role, form)
    wanted = dict.fromkeys(form.expected.data, True) | dict.fromkeys(form.optional.data, False)
    for sector, link in links.items():
        if sector in wanted:
            change_row(change_set, link, {"expected": wanted[sector]})
            continue
        held = current_or_future(Assignment, clock.today()) & (Assignment.role == role)
        if Assignment.select().join(School).where(held & (School.sector == sector)).exists():
            raise form.refuse(form.expected, "Er werken nog mensen in deze functie.")
        change_set.remove(link)
    for sector in wanted.keys() - links:
        change_set.add(RoleInSector, role=role, sector=sector, expected=wanted[sector], to_confirm=False)


def write_holiday(change_set: ChangeSet, form: HolidayForm) -> None:
    """Change or add a holiday. Raises RuleViolation where its days are taken."""
    first, until = form.valid_from.data, day_after(form["last_day"].data)
    is_public = (Holiday.kind == HolidayKind.PUBLIC) == (form.kind.data == HolidayKind.PUBLIC)
    others = Holiday.id.not_in([row.id for row in form.rows])
    if other := Holiday.get_or_none(others & is_public & overlaps(Holiday, first, until)):
        raise form.refuse(form.valid_from, f"Op deze dagen staat al: {other.name}.")
    write_row(change_set, Holiday, form, valid_until=until)
