"""The division as a workbook: who works where, in the columns that an import reads."""

from collections.abc import Collection, Iterable
from datetime import date
from io import BytesIO
from typing import Any

from peewee import fn

from portal import phones
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, last_day
from portal.directory.contact_details import list_person_details
from portal.directory.models import (
    Assignment,
    DetailKind,
    Kern,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Vacancy,
    is_open,
)
from portal.directory.schools_and_kernen import WORKPLACE_KEY
from portal.directory.who_works_or_is_absent import list_moved
from portal.editing.division_permissions import list_schools_of
from portal.notices.permissions_and_confirmation import Author
from portal.person_names import full_name
from portal.web.csv_and_excel import new_workbook
from portal.web.formatting import weekday_names

# The headings with the widths of their columns.
COLUMNS = {
    "Vestigingscode": 15, "School": 32, "Plaats": 18, "Functie": 22, "Naam": 26, "Organisatie": 22,
    "Telefoon": 18, "E-mail": 32, "Werkdagen": 16, "Werktijden": 16, "Vanaf": 11, "Tot en met": 11,
}  # fmt: skip
_POST = 7  # columns of a post in `_select`, of which the last two are its period


def list_rows(author: Author, roles: Collection[str], on: date) -> list[tuple[Any, ...]]:
    """The posts in these roles (keys) on the day `on` or later, by role and school, in the order of COLUMNS, with the
    contact details that the viewer sees; those of an editor are of the own people. A school where nobody holds a role
    has a row without a name. Runs a fixed number of statements."""
    person_columns = (
        Person.id, Person.given_name, Person.infix, Person.family_name, Person.working_days,
        Person.hours, Organisation.id, Organisation.name,
    )  # fmt: skip
    query = _select(Assignment, roles, on, *person_columns).join_from(Assignment, Person)
    posts = fetch_tuples(query.join(Organisation))
    details, moved = list_person_details({row[_POST] for row in posts}, on), list_moved(on)
    rows = []
    for row in posts:
        person, given, infix, family, days, hours, *first = row[_POST:]
        employer, employer_name = (moved[person].id, moved[person].name) if person in moved else first
        if author.is_coordinator or employer in author.speaks_for:
            own = [detail for detail in details[person] if not detail.label]
            numbers = [phones.grouped(d.value) for d in own if d.kind == DetailKind.PHONE]
            emails = [detail.value for detail in own if detail.kind == DetailKind.EMAIL]
            # An import knows these words: two schools may have the same name.
            works_for = "eigen school" if employer == row[0] else employer_name
            more = (" / ".join(numbers), " / ".join(emails), weekday_names(days), hours)
            rows.append(_make_row(row, full_name(given, infix, family), works_for, *more))
    vacancies = fetch_tuples(_select(Vacancy, roles, on))
    if author.is_coordinator:
        rows += [_make_row(row, "vacature", *[""] * 5) for row in vacancies]
    filled = {(label, code) for _, code, _, _, label, *_ in (*posts, *vacancies)}
    order: dict[tuple[str, str], int] = {}
    divided = list(Role.select().where(Role.key.in_(list(roles))).order_by(Role.position))
    schools = list_schools_of(author, divided)
    for role in divided:
        for school in schools[role.key].values():
            order[role.label, school.code] = len(order)
            if (role.label, school.code) not in filled:
                place = (school.code, school.name, school.place, role.label)
                rows.append((*place, *[""] * 6, None, None))
    return sorted(rows, key=lambda row: order.get((row[3], row[0]), len(order)))


def _select(model: Any, roles: Collection[str], on: date, *more: Any) -> Any:
    """The organisation (id) of each post's school, its school or kern with place, its role, its
    period, and these other columns."""
    post = (
        School.organisation, model.code(), fn.COALESCE(School.name, Kern.name),
        fn.COALESCE(Place.name, ""), Role.label, model.valid_from, model.valid_until,
    )  # fmt: skip
    query = model.select(*post, *more).join(Role).switch(model)
    query = query.left_outer_join(School).left_outer_join(Place).switch(model)
    there = Role.key.in_(list(roles)) & is_open(on) & current_or_future(model, on)
    return (
        query.left_outer_join(Kern)
        .where(there)
        .order_by(Role.position, WORKPLACE_KEY, School.code, model.valid_from, model.id)
    )


def _make_row(row: tuple[Any, ...], *person: str) -> tuple[Any, ...]:
    valid_from, until = row[_POST - 2 : _POST]
    return (*row[1 : _POST - 2], *person, valid_from, last_day(until) if until else None)


def write_workbook(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """An xlsx file with these rows, in which text never is a formula or a link. It prints on A4
    across, with the headings on each page."""
    content = BytesIO()
    with new_workbook(content) as book:
        sheet, bold = book.add_worksheet("Verdeling"), book.add_format({"bold": True})
        as_day = book.add_format({"num_format": "d-m-yyyy", "align": "left"})
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, COLUMNS, bold)
        for place, width in enumerate(COLUMNS.values()):
            sheet.set_column(place, place, width)
        number = 0
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, as_day)
                elif value:
                    sheet.write_string(number, place, value)
        sheet.autofilter(0, 0, number, len(COLUMNS) - 1)
    return content.getvalue()
