"""The poster of a kernteam, and the page that its QR code leads to.

Everybody who passes reads a poster. So it holds only details that are for everybody; for parents no
mobile number, no mail address of a person, and no contact point that is for schools (domain row
A17); but the desk that the region has for parents.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from flask import abort, redirect, render_template, request, url_for

from portal import clock
from portal.accounts.access import requires_reader
from portal.contacts import timeline, who_to_call
from portal.contacts.who_to_call import ContactAnswer
from portal.directory import schools_and_kernen as directory
from portal.directory.contact_details import Contact, Detail, list_contact_points, viewing_as
from portal.directory.models import DetailKind, Visibility
from portal.directory.schools_and_kernen import SchoolRow
from portal.guide import tools
from portal.guide.views import blueprint
from portal.phones import is_mobile
from portal.region import current_region
from portal.site import current_site
from portal.web.qr_codes import draw_qr_code

TEAM = "team"


class Line(NamedTuple):
    """A role on the poster: who holds it, and how to reach them."""

    role: str
    team: str
    about: str
    names: tuple[str, ...]  # empty: nobody is known
    organisation: str  # or the contact point that answers; "": neither may be shown
    detail: Detail | None
    via: str  # the name that the number belongs to, where it is not theirs
    hours: str = ""  # of the contact point whose number it is


def list_lines(team: Sequence[ContactAnswer], *, for_parents: bool) -> list[Line]:
    """The members of a kernteam, in the order of the page of the school."""
    keys = current_region().for_schools if for_parents else ()
    points = list_contact_points(clock.today())
    for_schools = {point.contact.name for point in points if point.key in keys}
    return [_line(answer, for_parents, for_schools) for answer in team if answer.role.member and answer.is_shown]


def _line(answer: ContactAnswer, for_parents: bool, for_schools: Collection[str]) -> Line:
    names = tuple(contact.name for contact in answer.primary if contact.person_id)
    escalation = [_for_parents(contact) if contact.name in for_schools else contact for contact in answer.escalation]
    contact, detail = _reach(escalation, for_parents) or (None, None)
    first = answer.primary[0]
    own = "" if first.name in for_schools else first.name
    return Line(
        role=answer.role.label,
        team=answer.role.team,
        about=answer.role.call_about.split(". ")[0].rstrip(".") + ".",
        names=names,
        organisation=first.organisation if first.person_id else own,
        detail=detail,
        via=contact.name if contact and contact.name not in (*names, first.name) else "",
        hours=contact.hours if contact and not contact.person_id else "",
    )


def _for_parents(contact: Contact) -> Contact:
    """A contact point for schools as parents may see it: the website that has another name."""
    site = next((d for d in contact.of_kind(DetailKind.WEBSITE) if d.label), None)
    if site is None:
        return contact._replace(name="", details=())
    return contact._replace(name=site.label, details=(site._replace(label=""),))


def _reach(escalation: Sequence[Contact], for_parents: bool) -> tuple[Contact, Detail] | None:
    """The first number that may stand on the wall, or else the first address; a website only for parents."""
    allowed = [
        (contact, detail)
        for contact in escalation
        for detail in contact.details
        if not detail.label and not (for_parents and _is_private(contact, detail))
    ]
    kinds = [DetailKind.PHONE, DetailKind.EMAIL, *([DetailKind.WEBSITE] if for_parents else [])]
    return next((pair for kind in kinds for pair in allowed if pair[1].kind == kind), None)


def _is_private(contact: Contact, detail: Detail) -> bool:
    if detail.kind == DetailKind.PHONE:
        return is_mobile(detail.value)
    return contact.person_id is not None


@blueprint.get("/scholen/<slug>/poster")
@requires_reader
def poster(slug: str) -> str:
    """The kernteam on one sheet (A4): for parents, or with `voor=team` for the staff room."""
    school = _school(slug)
    today = clock.today()
    for_parents = request.args.get("voor") != TEAM
    with viewing_as(Visibility.OPEN):
        team = who_to_call.kernteam(school, today)
    return render_template(
        "guide/poster.html",
        school=school,
        for_parents=for_parents,
        lines=list_lines(team, for_parents=for_parents),
        desk=_parents_desk(team) if for_parents else None,
        code=draw_qr_code(
            current_site().base_url + url_for(".changes_since_poster", slug=school.code.lower(), day=today.isoformat())
        ),
    )


@blueprint.get("/scholen/<slug>/poster/<day>")
@requires_reader
def changes_since_poster(slug: str, day: str) -> str:
    """The changes since a poster of this day was printed, and the kernteam of today."""
    school = _school(slug)
    today = clock.today()
    printed = _past_day(day, today)
    return render_template(
        "guide/changes_since_poster.html",
        school=school,
        printed=printed,
        changes=timeline.list_events(school.around, printed, today),
        lines=list_lines(who_to_call.kernteam(school, today), for_parents=False),
    )


def _parents_desk(team: Sequence[ContactAnswer]) -> Contact | None:
    """The desk of the region where parents can ask about education; its website is shown."""
    desks = (a.contact_points for a in team if a.role.key == current_region().parents_role)
    return next((desk for points in desks for desk in points if desk.of_kind("website")), None)


def _school(slug: str) -> SchoolRow:
    code = slug[:6].upper()
    school = directory.find_school(code)
    if school is None and directory.find_last_day(code):
        abort(redirect(url_for("finder.school", slug=slug)))  # says so, and leads to that day
    if school is None or tools.POSTER not in current_region().tools:
        abort(404)
    return school


def _past_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if day > today or day.isoformat() != text:
        abort(404)
    return day
