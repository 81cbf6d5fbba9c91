"""The pages of the finder: read what is asked, ask one query, choose the template."""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts.access import current_person_id, requires_reader
from portal.contacts import resolve
from portal.contacts.residence_form import read_residence
from portal.contacts.rules import ContactAnswer
from portal.directory import people, timeline
from portal.directory import schools as directory
from portal.directory.contact_details import list_contact_points
from portal.directory.read_models import SchoolRow
from portal.finder import queries, vcard
from portal.finder.forms import DayForm, PupilForm, SchoolsForm, SearchForm
from portal.finder.vcard import Card
from portal.search.question import marked
from portal.site import current_site
from portal.web.downloads import download
from portal.web.fragments import respond

blueprint = Blueprint("finder", __name__)
blueprint.add_app_template_global(marked, "marked")


@blueprint.get("/")
@requires_reader
def search() -> Response:
    """The search box and what was found; without a question, the ways in."""
    form = SearchForm()
    valid = form.validate()
    day = form.dag.data or clock.today()
    return respond(
        "finder/search.html",
        "finder/_results.html",
        status=200 if valid else 422,
        form=form,
        text=form.q.data,
        day=day,
        found=queries.search(form.q.data, day) if valid and form.q.data else None,
        municipalities=[] if form.q.data else directory.list_municipalities(in_region=True),
        roles=[] if form.q.data else directory.list_roles(),
        kernteams=[] if form.q.data else _own_kernteams(),
    )


def _own_kernteams() -> list[tuple[SchoolRow, list[ContactAnswer]]]:
    """The schools where whoever is signed in works today, each with its kernteam."""
    person, today = current_person_id(), clock.today()
    if person is None:
        return []
    codes = people.list_schools_of(today, person)
    return resolve.kernteams(directory.list_schools_by_code(codes), today)


@blueprint.get("/scholen")
@requires_reader
def schools() -> Response:
    """All schools, by name, with a filter."""
    form = SchoolsForm()
    form.soort.choices = [("", "alle soorten"), *directory.list_sectors()]
    municipalities = directory.list_municipalities(in_region=True)
    form.gemeente.choices = [("", "alle gemeenten"), *((m.slug, m.name) for m in municipalities)]
    valid = form.validate()
    found = (
        directory.list_schools(sector=form.soort.data or "", municipality=form.gemeente.data or "")
        if valid
        else []
    )
    return respond(
        "finder/schools.html",
        "finder/_schools.html",
        status=200 if valid else 422,
        form=form,
        schools=found,
    )


@blueprint.get("/scholen/<slug>")
@requires_reader
def school(slug: str) -> Response | BaseResponse:
    """The kernteam of a school on one screen, for a pupil from anywhere, on any day. The code in
    the address counts; a wrong name behind it leads to the right address."""
    row = directory.find_school(slug[:6].upper())
    if row is None:
        abort(404)
    if slug != row.slug:
        asked: dict[str, Any] = {
            name: request.args.get(name) for name in ("woont", "plaats", "dag")
        }
        return redirect(url_for(".school", slug=row.slug, **asked), 301)
    form = PupilForm()
    home, choices = read_residence(form, row)
    if form.errors:
        return respond("finder/school.html", "", status=422, form=form, school=row, choices=choices)
    day = form.dag.data or clock.today()
    around = resolve.kernteam(row, day, home)
    team = _shown(around)
    return respond(
        "finder/school.html",
        "finder/_kernteam.html",
        form=form,
        school=row,
        home=home,
        day=day,
        team=team,
        fallbacks=resolve.fallbacks(team),
        helpers=resolve.fallbacks([a for a in around if not a.role.member]),
        lines=vcard.as_text(vcard.of_kernteam(team, row, day)),
        notices=timeline.list_beginnings(
            holder.assignment for answer in team for holder in answer.holders
        ),
        **_changes(row, day),
    )


@blueprint.get("/scholen/<slug>/kernteam.vcf")
@requires_reader
def kernteam_file(slug: str) -> Response:
    """The kernteam of a school for an address book, as the school's page shows it to who asks."""
    row = directory.find_school(slug[:6].upper())
    if row is None:
        abort(404)
    form = PupilForm()
    home, _ = read_residence(form, row)
    if form.errors:
        abort(404)
    day = form.dag.data or clock.today()
    found = vcard.of_kernteam(_shown(resolve.kernteam(row, day, home)), row, day)
    return _vcf(f"kernteam-{row.slug}.vcf", found)


def _shown(around: list[ContactAnswer]) -> list[ContactAnswer]:
    return [answer for answer in around if answer.role.member and answer.is_shown]


def _vcf(name: str, found: list[Card]) -> Response:
    path = request.full_path.rstrip("?")
    names = people.find_names([c.contact.person_id for c in found if c.contact.person_id])
    return download(
        name, vcard.vcards(found, names, current_site(), path, clock.now()), "text/vcard"
    )


def _changes(school: SchoolRow, day: date) -> dict[str, Any]:
    """What changes at a school from today on, also past the asked day."""
    start = min(day, clock.today())
    until = max(day, clock.today()) + timeline.LOOK_AHEAD
    return {"changes": timeline.list_events(school.code, start, until), "until": until}


@blueprint.get("/gemeenten/<slug>")
@requires_reader
def municipality(slug: str) -> str:
    """Who answers in a municipality for each role, and which schools there are."""
    row = directory.find_municipality(slug)
    if row is None:
        abort(404)
    day = _day()
    contact_points = list_contact_points(day, municipalities=[row.code])
    return render_template(
        "finder/municipality.html",
        municipality=row,
        day=day,
        answers=resolve.in_municipality(row.code, directory.list_roles(), contact_points),
        sectors=dict(directory.list_sectors()),
        places=directory.list_places(municipality=row.code),
        schools=directory.list_schools(municipality=row.slug),
    )


@blueprint.get("/personen/<int:person>")
@requires_reader
def person(person: int) -> str:
    """How to reach somebody, in which roles and at which schools they work, now and later."""
    day = _day()
    rows = people.list_people(day, [person])
    if not rows:
        abort(404)
    return render_template(
        "finder/person.html",
        person=rows[0],
        day=day,
        posts=people.list_posts_ahead(day, person),
        substitutions=people.list_substitutions(day, person),
    )


@blueprint.get("/personen/<int:person>.vcf")
@requires_reader
def person_file(person: int) -> Response:
    """Somebody for an address book, as their page shows them to who asks."""
    day = _day()
    rows = people.list_people(day, [person])
    if not rows:
        abort(404)
    found = vcard.of_person(rows[0], people.list_posts(day, [person]))
    return _vcf(f"contact-{person}.vcf", [found])


@blueprint.get("/functies/<key>")
@requires_reader
def role(key: str) -> str:
    """What one calls a role for, who answers per municipality, and who holds it."""
    row = next((role for role in directory.list_roles() if role.key == key), None)
    if row is None:
        abort(404)
    day = _day()
    contact_points = list_contact_points(day)
    return render_template(
        "finder/role.html",
        role=row,
        day=day,
        sectors=dict(directory.list_sectors()),
        towns=[
            (
                town,
                matching,
                resolve.first_reach([contact_point.contact for contact_point in matching]),
            )
            for town in sorted(directory.list_municipalities(), key=lambda t: not t.in_region)
            for _, matching in resolve.in_municipality(town.code, [row], contact_points)
        ],
        people=people.list_people_in_role(day, key),
    )


def _day() -> date:
    """The day that a link from another page carries. These pages do not ask for one themselves,
    so an address with something else in it is about today."""
    form = DayForm()
    return form.dag.data if form.validate() and form.dag.data else clock.today()
