"""The pages with which a coordinator changes schools, organisations, contact points, roles, holidays and settings."""

from collections import defaultdict
from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for

from portal import clock
from portal.accounts.access import requires_coordinator
from portal.accounts.mail_domains import list_domains
from portal.directory.assignments import list_open_posts
from portal.directory.change_sets import ChangeSet
from portal.directory.models import ContactDetail, ContactPoint, Holiday, Role, School, SettingKey
from portal.directory.places import find_municipality, list_municipalities
from portal.directory.schools_and_kernen import list_roles, list_sectors
from portal.directory.settings import change_settings, list_setting_rows, list_settings
from portal.editing import all_but_people_queries as queries
from portal.editing.all_but_people_forms import (
    AnswerForm,
    ContactPointForm,
    FindForm,
    HolidayForm,
    OrganisationForm,
    RoleForm,
    SchoolForm,
    SettingsForm,
    write_answers,
    write_contact_point,
    write_holiday,
    write_organisation,
    write_role,
    write_school,
)
from portal.editing.detail_forms import DetailForm, write_detail
from portal.editing.edit_page import Answer, EditForm, edit, edit_row, find
from portal.idempotency import once
from portal.web.fragments import respond
from portal.web.long_lists import SCHOOLS_PER_PAGE, Sheet

blueprint = Blueprint("editing", __name__)


@blueprint.get("/beheer/scholen")
@requires_coordinator
def schools() -> Response:
    """The schools to change, found by name, place or code: open, without a number, or closed."""
    form = FindForm()
    is_valid = form.validate()
    found = queries.find_schools(form.which.data, form.words.data or "") if is_valid else []
    sheet = Sheet.asked(SCHOOLS_PER_PAGE, len(found))
    return respond(
        "editing/schools.html",
        form=form, number=len(found), sheet=sheet, schools=queries.list_schools(sheet.cut(found)),
    )  # fmt: skip


@blueprint.route("/beheer/scholen/<key>", methods=["GET", "POST"])
@requires_coordinator
@once("editing.school")
def school(key: str) -> Answer:
    """Changes a school, or closes it."""
    school = find(School, key.upper())
    posts = list_open_posts(school, clock.today())
    return edit_row("editing/school.html", SchoolForm, school, write_school, posts=posts)


@blueprint.get("/beheer/organisaties")
@requires_coordinator
def organisations() -> str:
    """The partner organisations to change, with their mail domains."""
    domains: dict[str, list[str]] = defaultdict(list)
    for row in list_domains():
        domains[row.organisation.key].append(row.domain)
    return render_template("editing/organisations.html", organisations=queries.list_partners(), domains=domains)


@blueprint.route("/beheer/organisaties/nieuw", methods=["GET", "POST"], defaults={"key": ""})
@blueprint.route("/beheer/organisaties/<key>", methods=["GET", "POST"])
@requires_coordinator
@once("editing.organisations")
def organisation(key: str) -> Answer:
    """Changes or adds a partner organisation."""
    row, then = (queries.find_partner(key) or abort(404)) if key else None, url_for(".organisations")
    return edit_row("editing/organisation.html", OrganisationForm, row, write_organisation, then)


@blueprint.get("/beheer/contactpunten")
@requires_coordinator
def contact_points() -> str:
    """The contact points to change."""
    points = queries.list_contact_points()
    return render_template("editing/contact_points.html", points=points)


@blueprint.route("/beheer/contactpunten/nieuw", methods=["GET", "POST"], defaults={"key": ""})
@blueprint.route("/beheer/contactpunten/<key>", methods=["GET", "POST"])
@requires_coordinator
@once("editing.contact_points")
def contact_point(key: str) -> Answer:
    """Changes or adds a contact point; leads to its numbers and addresses."""
    point = find(ContactPoint, key) if key else None
    return edit_row(
        "editing/contact_point.html", ContactPointForm, point, write_contact_point,
        "" if point else url_for(".contact_points"),
        details=queries.list_details(point) if point else [],
    )  # fmt: skip


@blueprint.route("/beheer/contactpunten/<key>/nummers/nieuw", methods=["GET", "POST"], defaults={"number": 0})
@blueprint.route("/beheer/contactpunten/<key>/nummers/<int:number>", methods=["GET", "POST"])
@requires_coordinator
@once("editing.contact_point")
def detail(key: str, number: int) -> Answer:
    """Changes or adds a number or address of a contact point."""
    point = find(ContactPoint, key)
    row = find(ContactDetail, number) if number else None
    if row and row.contact_point_id != point.id:
        abort(404)

    def write(change_set: ChangeSet, form: DetailForm) -> None:
        write_detail(change_set, form, contact_point=point.id)

    then = url_for(".contact_point", key=key)
    return edit_row("editing/detail.html", DetailForm, row, write, then, point=point)


@blueprint.get("/beheer/functies")
@requires_coordinator
def roles() -> str:
    """The roles to change."""
    return render_template("editing/roles.html", roles=list_roles())


@blueprint.route("/beheer/functies/<key>", methods=["GET", "POST"])
@requires_coordinator
@once("editing.role")
def role(key: str) -> Answer:
    """Changes the texts of a role, and in which sectors it is; leads to who answers where."""
    role = find(Role, key)

    def read(**how: Any) -> RoleForm:
        links = queries.list_sectors_of(role)
        sectors: dict[bool, list[str]] = {True: [], False: []}
        for link in links:
            sectors[link.expected].append(link.sector_id)
        data = {"expected": sectors[True], "optional": sectors[False]}
        return RoleForm([find(Role, key), *links], data, **how)

    return edit(
        "editing/role.html", read, write_role, role=role, sectors=_answered_sectors(),
        answers=queries.list_answers(role), municipalities=list_municipalities(),
    )  # fmt: skip


@blueprint.route("/beheer/functies/<key>/<slug>/<sector>", methods=["GET", "POST"])
@requires_coordinator
@once("editing.role")
def answer(key: str, slug: str, sector: str) -> Answer:
    """Changes who answers for a role in a municipality, for a sector or (`alle`) for all."""
    role, municipality = find(Role, key), find_municipality(slug) or abort(404)
    names = _answered_sectors()
    if sector not in names:
        abort(404)
    place = (municipality.code, "" if sector == "alle" else sector)

    def read(**how: Any) -> AnswerForm:
        rows = queries.list_answers(role).get(place, [])
        return AnswerForm(rows, AnswerForm.present_all(rows), **how)

    def write(change_set: ChangeSet, form: AnswerForm) -> None:
        write_answers(change_set, form, role, *place)

    return edit(
        "editing/answer.html", read, write, url_for(".role", key=key),
        role=role, municipality=municipality, sector=names[sector],
    )  # fmt: skip


def _answered_sectors() -> dict[str, str]:
    """The kinds of schools for which a contact point answers, as in an address: all, or one."""
    return {"alle": "alle scholen", **dict(list_sectors())}


@blueprint.get("/beheer/vakanties")
@requires_coordinator
def holidays() -> str:
    """The holidays to change, per school year."""
    return render_template("editing/holidays.html", years=queries.list_holidays())


@blueprint.route("/beheer/vakanties/nieuw", methods=["GET", "POST"], defaults={"number": 0})
@blueprint.route("/beheer/vakanties/<int:number>", methods=["GET", "POST"])
@requires_coordinator
@once("editing.holidays")
def holiday(number: int) -> Answer:
    """Changes or adds a holiday."""
    row, then = find(Holiday, number) if number else None, url_for(".holidays")
    return edit_row("editing/holiday.html", HolidayForm, row, write_holiday, then)


@blueprint.route("/beheer/vakanties/<int:number>/weg", methods=["GET", "POST"])
@requires_coordinator
@once("editing.holidays")
def remove_holiday(number: int) -> Answer:
    """Asks why a holiday is removed, and removes it."""

    def write(change_set: ChangeSet, form: EditForm) -> None:
        change_set.remove(form.rows[0])

    row, then = find(Holiday, number), url_for(".holidays")
    return edit_row("editing/holiday_removal.html", EditForm, row, write, then)


@blueprint.route("/beheer/instellingen", methods=["GET", "POST"])
@requires_coordinator
@once("editing.settings")
def settings() -> Answer:
    """Changes the facts that only the owner of the portal knows."""

    def read(**how: Any) -> SettingsForm:
        present = list_settings()
        values = {
            "veilig_thuis": present[SettingKey.VEILIG_THUIS],
            "answer_days": present[SettingKey.ANSWER_DAYS],
            "accessibility_days": present[SettingKey.ACCESSIBILITY_DAYS],
        }
        return SettingsForm(list_setting_rows(), values, **how)

    def write(change_set: ChangeSet, form: SettingsForm) -> None:
        change_settings(change_set, form.values)

    return edit("editing/settings.html", read, write)
