"""The pages of the finder: read what is asked, ask one query, choose the template."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.directory import answers, homes, people, upcoming
from portal.directory import queries as directory
from portal.directory.freshness import freshness
from portal.directory.rows import MunicipalityRow, PlaceRow, SchoolRow
from portal.finder import queries, rules
from portal.finder.forms import ELSEWHERE, PupilForm, SchoolsForm, SearchForm
from portal.web.access import public
from portal.web.fragments import respond

blueprint = Blueprint("finder", __name__)
blueprint.add_app_template_global(rules.marked, "marked")
blueprint.add_app_template_global(freshness, "freshness")
blueprint.add_app_template_global(clock.today, "today")


@blueprint.get("/")
@public
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
    )


@blueprint.get("/scholen")
@public
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
@public
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
    form, home, choices = _pupil(row)
    day = form.dag.data or clock.today()
    around = answers.kernteam(row, day, home)
    team = [a for a in around if a.role.member and (a.expected or a.holders)]
    return respond(
        "finder/school.html",
        "finder/_kernteam.html",
        status=422 if form.errors else 200,
        form=form,
        school=row,
        home=home,
        choices=choices,
        day=day,
        team=team,
        fallbacks=answers.fallbacks(team),
        helpers=answers.fallbacks([a for a in around if not a.role.member]),
        changes=upcoming.changes(people.list_stretches(row.code, day), day),
    )


def _pupil(school: SchoolRow) -> tuple[PupilForm, MunicipalityRow | None, tuple[PlaceRow, ...]]:
    """What is asked about the pupil: where they live, or between which places one must choose."""
    form = PupilForm()
    towns = directory.list_municipalities()
    region = [town for town in towns if town.in_region and town.code != school.municipality]
    form.woont.choices = [
        ("", f"{school.municipality_name} (zoals de school)"),
        *((town.slug, town.name) for town in region),
        (ELSEWHERE, "ergens anders"),
    ]
    places, postcodes = directory.list_places(), directory.list_postcodes()
    if not form.validate():
        return form, None, ()
    if not form.plaats.data:
        chosen = next((town for town in region if town.slug == form.woont.data), None)
        return form, chosen, ()
    home = homes.find_home(form.plaats.data, places, postcodes, towns)
    if home.municipality is None:
        form.plaats.errors = [home.question(form.plaats.data)]
    return form, home.municipality, home.choices


@blueprint.get("/gemeenten/<slug>")
@public
def municipality(slug: str) -> str:
    """Who answers in a municipality for each role, and which schools there are."""
    row = directory.find_municipality(slug)
    if row is None:
        abort(404)
    desks = directory.list_desks(clock.today(), municipalities=[row.code])
    return render_template(
        "finder/municipality.html",
        municipality=row,
        answers=answers.in_municipality(row.code, directory.list_roles(), desks),
        places=directory.list_places(municipality=row.code),
        schools=directory.list_schools(municipality=row.slug),
    )


@blueprint.get("/personen/<int:person>")
@public
def person(person: int) -> str:
    """How to reach somebody, in which roles and at which schools they work, now and later."""
    today = clock.today()
    rows = people.list_people(today, [person])
    if not rows:
        abort(404)
    return render_template(
        "finder/person.html",
        person=rows[0],
        posts=people.list_posts(today, [person], ahead=True),
    )


@blueprint.get("/functies/<key>")
@public
def role(key: str) -> str:
    """What one calls a role for, who answers per municipality, and who holds it."""
    row = next((role for role in directory.list_roles() if role.key == key), None)
    if row is None:
        abort(404)
    today = clock.today()
    desks = directory.list_desks(today)
    return render_template(
        "finder/role.html",
        role=row,
        towns=[
            (town, matching, answers.first_reach([desk.party for desk in matching]))
            for town in sorted(directory.list_municipalities(), key=lambda t: not t.in_region)
            for _, matching in answers.in_municipality(town.code, [row], desks)
        ],
        people=people.list_people_in_role(today, key),
    )
