"""The pages of the finder: read what is asked, ask one query, choose the template."""

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.directory import answers
from portal.directory import queries as directory
from portal.finder import queries, rules
from portal.finder.forms import SchoolsForm, SearchForm
from portal.web.access import public
from portal.web.fragments import respond

blueprint = Blueprint("finder", __name__)
blueprint.add_app_template_global(rules.marked, "marked")


@blueprint.get("/")
@public
def search() -> Response:
    """The search box and what was found; without a question, the ways in."""
    form = SearchForm()
    text = form.q.data
    valid = form.validate()
    found = queries.search(text, clock.today()) if valid and text else None
    return respond(
        "finder/search.html",
        "finder/_results.html",
        status=200 if valid else 422,
        form=form,
        text=text,
        found=found,
        municipalities=[] if text else directory.list_municipalities(in_region=True),
        roles=[] if text else directory.list_roles(),
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
def school(slug: str) -> str | BaseResponse:
    """The kernteam of a school on one screen. The code in the address counts; a wrong name
    behind it leads to the right address."""
    row = directory.find_school(slug[:6].upper())
    if row is None:
        abort(404)
    if slug != row.slug:
        return redirect(url_for(".school", slug=row.slug), 301)
    around = answers.kernteam(row, clock.today())
    team = [a for a in around if a.role.member and (a.expected or a.people)]
    return render_template(
        "finder/school.html",
        school=row,
        team=team,
        fallbacks=answers.fallbacks(team),
        helpers=answers.fallbacks([a for a in around if not a.role.member]),
    )


@blueprint.get("/gemeenten/<slug>")
@public
def municipality(slug: str) -> str:
    """Who answers in a municipality for each role, and which schools there are."""
    row = directory.find_municipality(slug)
    if row is None:
        abort(404)
    return render_template(
        "finder/municipality.html",
        municipality=row,
        answers=answers.in_municipality([row.code], clock.today())[row.code],
        places=directory.list_places(municipality=row.code),
        schools=directory.list_schools(municipality=row.slug),
    )


@blueprint.get("/personen/<int:person>")
@public
def person(person: int) -> str:
    """How to reach somebody, in which roles and at which schools they work."""
    today = clock.today()
    rows = directory.list_people(today, [person])
    if not rows:
        abort(404)
    return render_template(
        "finder/person.html", party=rows[0].party, posts=directory.list_posts(today, [person])
    )


@blueprint.get("/functies/<key>")
@public
def role(key: str) -> str:
    """What one calls a role for, who answers per municipality, and who holds it."""
    row = next((role for role in directory.list_roles() if role.key == key), None)
    if row is None:
        abort(404)
    today = clock.today()
    return render_template(
        "finder/role.html",
        role=row,
        towns=answers.per_municipality(row, today),
        people=directory.list_people_in_role(today, key),
    )
