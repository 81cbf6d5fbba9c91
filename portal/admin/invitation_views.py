"""The page that invites many people of the directory at once."""

from itertools import groupby

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import require_user, requires_editor
from portal.accounts.invitations import invite_people, invite_round_again, list_candidates, list_rounds
from portal.admin.forms import InvitationsForm
from portal.admin.overview_and_outbox_views import blueprint
from portal.idempotency import once
from portal.site import current_site
from portal.web.forms import read_number
from portal.web.long_lists import INVITED_PER_PAGE, UNABLE_SHOWN


@blueprint.route("/uitnodigen", methods=["GET", "POST"])
@requires_editor
@once("admin.invitations")
def invitations() -> tuple[str, int] | Response:
    """Shows who can be invited, and who cannot and why; of `?organisatie=` (id) or all. `kies`
    ticks everybody of a group, or with a minus nobody. Gives the ticked people access as members,
    and mails each of them once; `ronde` (a day) mails who was invited then and never came."""
    actor, form = require_user().account, InvitationsForm()
    organisation = read_number(request.args.get("organisatie"))
    candidates = list(list_candidates(actor, organisation))
    able = [one for one in candidates if not one.reason][:INVITED_PER_PAGE]
    ticked = set(form.people.data or ())
    is_sent = request.method == "POST"
    if is_sent and (step := request.form.get("kies")):
        group = step.removeprefix("-")
        there = {str(one.person.id) for one in able if group in ("alle", one.group)}
        ticked, is_sent = ticked - there if step != group else ticked | there, False
    elif is_sent and form.round.data:
        invited = invite_round_again(actor, form.round.data, current_site())
        return redirect(url_for(".invitations", uitgenodigd=invited, organisatie=organisation))
    elif is_sent and (form.validate() or not able):
        people = set(map(read_number, ticked))
        invited = invite_people(actor, people, organisation, current_site())
        return redirect(url_for(".invitations", uitgenodigd=invited, organisatie=organisation))
    page = render_template(
        "admin/invitations.html",
        form=form,
        able=able,
        groups=[(name, list(rows)) for name, rows in groupby(able, lambda one: one.group)],
        ticked=ticked,
        unable=[one for one in candidates if one.reason],
        unable_shown=max(INVITED_PER_PAGE - len(able), UNABLE_SHOWN),
        rounds=list_rounds(actor),
        invited=read_number(request.args.get("uitgenodigd")),
        organisation=organisation,
    )
    return page, 422 if is_sent else 200
