"""The page that invites many people of the directory at once."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import invitations
from portal.accounts.access import is_coordinator, require_user, requires_editor
from portal.accounts.forms import InvitationsForm
from portal.accounts.invitations import Candidate
from portal.admin.views import blueprint
from portal.idempotency import once
from portal.site import current_site
from portal.web.forms import read_number

MOST = 500  # people on a page; a form has at most 1,000 fields


@blueprint.get("/uitnodigen")
@requires_editor
def invitations_page() -> str:
    """Shows who can be invited, all ticked, and who cannot and why. A coordinator sees everybody,
    or one organisation (`?organisatie=` with its id); an editor the own organisation."""
    return _page(_list_candidates())


@blueprint.post("/uitnodigen")
@requires_editor
@once("admin.invitations_page")
def invite_people() -> tuple[str, int] | Response:
    """Gives the ticked people access as members, and mails each of them once."""
    form, candidates = InvitationsForm(), _list_candidates()
    if not form.validate() and not all(one.reason for one in candidates):
        return _page(candidates, form), 422
    invited = invitations.invite_people(
        require_user().account, set(map(read_number, form.people.data or ())), _organisation(),
        current_site(), only_listed=not is_coordinator(),
    )  # fmt: skip
    organisation = request.args.get("organisatie")
    return redirect(url_for(".invitations_page", uitgenodigd=invited, organisatie=organisation))


def _list_candidates() -> list[Candidate]:
    return invitations.list_candidates(_organisation(), only_listed=not is_coordinator())


def _page(candidates: list[Candidate], form: InvitationsForm | None = None) -> str:
    able = [one for one in candidates if not one.reason][:MOST]
    form = form or InvitationsForm(data={"people": [str(one.person.id) for one in able]})
    form.people.choices = [str(one.person.id) for one in able]
    return render_template(
        "admin/invitations.html",
        form=form,
        able=able,
        unable=[one for one in candidates if one.reason],
        invited=read_number(request.args.get("uitgenodigd")),
        is_full=len(able) == MOST,
    )


def _organisation() -> int | None:
    """The organisation (id) whose people this user invites; None for a coordinator who asks for
    all. 404 for an editor without one."""
    if is_coordinator():
        return read_number(request.args.get("organisatie"))
    organisation = require_user().account.organisation_id
    return int(organisation) if organisation else abort(404)
