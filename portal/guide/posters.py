"""The poster of a kernteam, what its QR code leads to, and the text for the school guide."""

from datetime import date

import segno
from flask import abort, render_template, request, url_for
from markupsafe import Markup

from portal import clock
from portal.accounts.access import requires_reader
from portal.contacts import resolve
from portal.directory import schools as directory
from portal.directory import timeline
from portal.directory.contact_details import viewing_as
from portal.directory.models import Visibility
from portal.directory.read_models import SchoolRow
from portal.guide.sheet import lines
from portal.guide.views import blueprint, page
from portal.region import current_region
from portal.site import current_site

TEAM = "team"


@blueprint.get("/scholen/<slug>/poster")
@requires_reader
def poster(slug: str) -> str:
    """The kernteam on one sheet (A4): for parents, or with `voor=team` for the staff room."""
    school = _school(slug)
    today = clock.today()
    for_parents = request.args.get("voor") != TEAM
    fallback = current_region().fallback_role
    with viewing_as(Visibility.OPEN):
        team = resolve.kernteam(school, today)
    return render_template(
        "guide/poster.html",
        school=school,
        for_parents=for_parents,
        lines=lines(team, fallback, for_parents=for_parents),
        code=_qr_code(
            url_for(".changes_since_poster", slug=school.code.lower(), day=today.isoformat())
        ),
    )


@blueprint.get("/scholen/<slug>/poster/<day>")
@requires_reader
def changes_since_poster(slug: str, day: str) -> str:
    """What changed since a poster of this day was printed, and the kernteam of now."""
    school = _school(slug)
    today = clock.today()
    printed = _past_day(day, today)
    return render_template(
        "guide/changes_since_poster.html",
        school=school,
        printed=printed,
        changes=timeline.list_events(school.code, printed, today),
        lines=lines(
            resolve.kernteam(school, today), current_region().fallback_role, for_parents=False
        ),
    )


@blueprint.get("/routeboek/schooltekst")
@requires_reader
def school_text() -> str:
    """A paragraph for the school guide or website, for PO or VO."""
    return page("guide/school_text.html")


def _school(slug: str) -> SchoolRow:
    found = directory.find_school(slug[:6].upper())
    if found is None:
        abort(404)
    return found


def _past_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if day > today or day.isoformat() != text:
        abort(404)
    return day


def _qr_code(path: str) -> Markup:
    """A QR code for an address of the portal, as SVG without any style of its own."""
    code = segno.make(current_site().base_url + path, error="m", micro=False)
    return Markup(  # noqa: S704 - numbers only
        code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None, light="#fff")
    )
