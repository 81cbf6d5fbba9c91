"""The pages of Beheer: overview and outbox."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import audit, clock
from portal.accounts.access import require_user, requires_coordinator
from portal.admin import first_days_and_missing_facts as first_days
from portal.admin import trail
from portal.admin.alarms_and_readiness import get_backup_state, list_jobs
from portal.admin.forms import PostForm
from portal.admin.trail import Filters
from portal.config import current_config
from portal.idempotency import once
from portal.mail import outbox
from portal.site import current_site
from portal.web.admin_pages import list_admin_pages
from portal.web.forms import read_number
from portal.web.fragments import respond
from portal.web.long_lists import PER_PAGE, Sheet

blueprint = Blueprint("admin", __name__)


@blueprint.get("/beheer")
@requires_coordinator
def overview() -> str:
    """Shows whether mail, backups and jobs work, and leads to the admin pages."""
    return render_template(
        "admin/overview.html",
        backup=get_backup_state(),
        jobs=list_jobs(),
        pages=list_admin_pages(),
        missing=first_days.list_missing_facts(),
        steps=first_days.list_steps(),
    )


@blueprint.post("/beheer/eerste-stappen/weg")
@requires_coordinator
def put_steps_away() -> Response:
    """Hides the steps of the first days."""
    first_days.put_away(require_user().account.id)
    return redirect(url_for(".overview"))


@blueprint.get("/beheer/post")
@requires_coordinator
def mail() -> Response:
    """The outbox: waiting, failed and sent mails; all, or those to one person."""
    form = PostForm()
    is_valid = form.validate()
    sheet = Sheet.asked(PER_PAGE)
    mails = outbox.list_mails(PER_PAGE + 1, sheet.skipped, form.chosen) if is_valid else []
    person = read_number(form.person.data)
    return respond(
        "admin/outbox.html",
        form=form,
        mails=mails[:PER_PAGE],
        sheet=sheet.holding(mails),
        about=trail.find_name(Filters(person=person)) if person else "",
        query={f.name: request.args[f.name] for f in form if request.args.get(f.name)},
        config=current_config(),
    )


@blueprint.post("/beheer/post/<int:mail_id>/opnieuw")
@requires_coordinator
@once("admin.mail")
def send_again(mail_id: int) -> Response:
    """Makes a waiting or failed mail due now."""
    if not outbox.send_again(mail_id):
        abort(404)
    audit.record(require_user().account.id, "sent again", "mail", mail_id)
    return redirect(url_for(".mail"))


@blueprint.post("/beheer/post/test")
@requires_coordinator
@once("admin.mail")
def test_mail() -> Response:
    """Sends the user a test mail."""
    account = require_user().account
    key = f"test:{account.id}:{clock.now().isoformat()}"
    outbox.enqueue(outbox.render_mail("test", key, account.address), current_site().mail_host)
    return redirect(url_for(".mail"))
