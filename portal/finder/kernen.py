"""The pages of the kernen, in a region that has them: whom to call for the schools of a kern."""

from collections.abc import Collection, Iterator
from datetime import date

from flask import Blueprint, Flask, Response, abort, render_template

from portal import clock
from portal.accounts.access import requires_reader
from portal.contacts import timeline, who_to_call
from portal.contacts.timeline import first_of_each_role
from portal.contacts.who_to_call import ContactAnswer
from portal.directory.models import kern_slug
from portal.directory.schools_and_kernen import SchoolRow, find_kern, list_kernen, list_members, list_schools_by_code
from portal.finder.forms import DayForm
from portal.finder.result_lines import ABOUT_KERN
from portal.finder.vcard import make_kernteam_cards
from portal.finder.views import asked_day, download_vcards, show_fallbacks, take_along
from portal.search.finding import PageKind, PageRow, register_pages
from portal.search.index import Document
from portal.web.fragments import respond
from portal.web.menu import register_entry

blueprint = Blueprint("kernen", __name__, url_prefix="/kernen")


def register(app: Flask) -> None:
    """Add the pages, an entry of the menu and the kernen to what the search finds."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["kern_slug"] = kern_slug
    register_entry(app, "Kernen", "kernen.kernen")
    register_pages(app, PageKind("kern", _documents, _find_pages))


@blueprint.get("")
@requires_reader
def kernen() -> str:
    """All kernen, with their schools of today."""
    today = clock.today()
    members = list_members(today)
    schools = list_schools_by_code(members, today)
    return render_template(
        "finder/kernen.html",
        kernen=[(kern, [school for school in schools if members[school.code] == kern]) for kern in list_kernen(today)],
    )


@blueprint.get("/<slug>")
@requires_reader
def kern(slug: str) -> Response:
    """The people of a kern, on any day, and its schools."""
    form = DayForm()
    form.validate()
    kern, day, team = _find_team(slug)
    events = timeline.list_events([kern.code], day, day + timeline.LOOK_AHEAD)
    members = list_members(day)
    codes = [school for school, of in members.items() if of == kern]
    return respond(
        "finder/kern.html",
        form=form,
        kern=kern,
        school=kern,  # of a report
        **take_along(team, kern, day),
        day=day,
        team=team,
        fallbacks=show_fallbacks(team),
        schools=list_schools_by_code(codes, day),
        events=events,
        coming=first_of_each_role(events),
        notices=timeline.list_beginnings(holder.assignment for answer in team for holder in answer.holders),
    )


@blueprint.get("/<slug>/kern.vcf")
@requires_reader
def kern_file(slug: str) -> Response:
    """The people of a kern as vCards, as its page shows them to the same viewer."""
    kern, day, team = _find_team(slug)
    return download_vcards(f"{kern.slug}.vcf", make_kernteam_cards(team, kern, day))


def _find_team(slug: str) -> tuple[SchoolRow, date, list[ContactAnswer]]:
    """A kern, the day in the address, and who answers there; answers 404 where there is none."""
    day = asked_day()
    kern = find_kern(f"kern-{slug}", day) or abort(404)
    return kern, day, [answer for answer in who_to_call.kernteam(kern, day) if answer.is_shown]


def _documents() -> Iterator[Document]:
    for kern in list_kernen(clock.today()):
        yield Document(kern.code, kern.name, "kernen kernteam")


def _find_pages(refs: Collection[str]) -> dict[str, PageRow]:
    return {
        kern.code: PageRow("kern", kern.name, ABOUT_KERN, "kernen.kern", {"slug": kern_slug(kern.code)})
        for kern in list_kernen(clock.today())
        if kern.code in refs
    }
