"""The pages for a data leak: who saw or downloaded what, and the sheet for the report to the
Autoriteit Persoonsgegevens within 72 hours (AVG, art. 33)."""

from flask import Response, abort, render_template, request

from portal.accounts.access import requires_coordinator
from portal.admin import data_leak
from portal.admin.forms import LeakForm
from portal.admin.overview_and_outbox_views import blueprint
from portal.config import current_config
from portal.web.fragments import respond
from portal.web.long_lists import LEAK_ON_SHEET, LEAK_SHOWN


@blueprint.get("/beheer/gezien")
@requires_coordinator
def leak_page() -> Response:
    """Shows who downloaded, signed in and opened what in a period."""
    form = LeakForm()
    is_valid = form.validate()
    return respond(
        "admin/leak.html",
        form=form,
        asked=form.asked,
        downloads=data_leak.list_downloads(form.asked) if is_valid else [],
        sign_ins=data_leak.list_sign_ins(form.asked) if is_valid else [],
        opened=data_leak.list_opened(form.asked) if is_valid else [],
        shown=LEAK_SHOWN,
        has_log=current_config().logs is not None,
        query={f.name: request.args[f.name] for f in form if request.args.get(f.name)},
    )


@blueprint.get("/beheer/gezien/meldblad")
@requires_coordinator
def leak_sheet() -> str:
    """The sheet for the report of a leak, filled in with what the portal knows, to print."""
    form = LeakForm()
    if not form.validate():
        abort(404)
    return render_template(
        "admin/leak_sheet.html",
        asked=form.asked,
        kinds=data_leak.list_kinds(),
        counted=data_leak.count_people(),
        downloads=data_leak.list_downloads(form.asked),
        sign_ins=data_leak.list_sign_ins(form.asked),
        shown=LEAK_ON_SHEET,
    )
