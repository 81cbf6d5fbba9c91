"""The pages of the trail: what changed, and who did it."""

from flask import Response, abort, request

from portal import audit
from portal.accounts.access import require_user, requires_coordinator
from portal.admin import trail
from portal.admin.forms import TrailForm
from portal.admin.overview_and_outbox_views import blueprint as blueprint
from portal.web.csv_and_excel import csv_file
from portal.web.formatting import moment
from portal.web.fragments import respond
from portal.web.long_lists import PER_PAGE, Sheet


@blueprint.get("/beheer/spoor")
@requires_coordinator
def trail_page() -> Response:
    """Shows the trail, or what it holds about one person, school or organisation."""
    return _render(TrailForm())


@blueprint.get("/beheer/spoor.csv")
@requires_coordinator
def export_trail() -> Response:
    """Downloads the same list as CSV, a row per change; its last row says where it was cut."""
    form = TrailForm()
    if not form.validate():
        abort(404)
    found = trail.list_trail(form.filters, trail.MOST_EXPORTED + 1, is_short=False)
    entries = found[: trail.MOST_EXPORTED]
    audit.record(require_user().account.id, "exported", "trail", len(entries))
    rows: list[tuple[str, ...]] = [
        (moment(e.at), e.who, e.title, e.reason, e.state, *change)
        for e in entries
        for change in [c[:3] for c in e.changes] or [("", "", "")]
    ]
    if len(found) > len(entries):
        rows.append(("Er is meer. Kies minder dagen en download de rest apart.",))
    return csv_file(
        "wat-er-is-gewijzigd.csv", ("Wanneer", "Wie", "Wat", "Reden", "Staat", "Soort", "Naam", "Verschil"), rows
    )


def _render(form: TrailForm) -> Response:
    is_valid = form.validate()
    sheet = Sheet.asked(PER_PAGE)
    entries = trail.list_trail(form.filters, PER_PAGE + 1, sheet.skipped) if is_valid else []
    return respond(
        "admin/trail.html",
        form=form,
        entries=entries[:PER_PAGE],
        sheet=sheet.holding(entries),
        about=trail.find_name(form.filters),
        query={f.name: request.args[f.name] for f in form if request.args.get(f.name)},
        done=request.args.get("gedaan") == "teruggedraaid",
    )
