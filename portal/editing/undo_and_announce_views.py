"""The pages of a change that stands already: telling the kernteams of it, and undoing it."""

from flask import abort, redirect, render_template, request, url_for

from portal.accounts.access import is_coordinator, require_user, requires_coordinator, requires_member, safe_path
from portal.admin import trail
from portal.database import db
from portal.directory.change_sets import BuiltUpon, ChangeSet, ChangeSetKind, RuleViolation
from portal.directory.undoing import is_large
from portal.editing import merged_accounts_and_notices, permissions
from portal.editing.all_but_people_views import blueprint as blueprint
from portal.editing.edit_page import Answer
from portal.idempotency import once
from portal.notices.announcing_afterwards import get_first_day, list_organisations, list_told
from portal.notices.drafts import Draft
from portal.notices.forms import AnnouncementForm
from portal.notices.kinds import NoticeKind
from portal.notices.permissions_and_confirmation import get_author
from portal.notices.publishing import publish
from portal.site import current_site
from portal.web.form_keys import make_form_key


@blueprint.route("/beheer/spoor/<int:number>/vertellen", methods=["GET", "POST"])
@requires_coordinator
@once("editing.announce")
def announce(number: int) -> Answer:
    """Posts a notice for each chosen organisation about a change set (id)."""
    organisations = list_organisations(number) or abort(404)
    change_set = ChangeSet.get_by_id(number)
    day = get_first_day(change_set)
    form = AnnouncementForm(organisations, is_import=change_set.kind is ChangeSetKind.IMPORT)
    refusal, status = "", 200
    if request.method == "POST":
        refusal, status = "" if form.untold else "Dit is al verteld.", 409
        if form.untold and not form.validate():
            status = 422
        elif form.untold:
            author = get_author(require_user().account)
            try:
                with db.atomic():
                    for row in form.chosen:
                        draft = Draft(
                            NoticeKind.DIVISION, form.text.data or "", day,
                            organisation=row.organisation, announces=number,
                        )  # fmt: skip
                        key = f"{make_form_key()}:{row.organisation}"
                        publish(author, draft, key, "", current_site())
                return redirect(url_for(".announce", number=number, gedaan="geplaatst"))
            except RuleViolation as error:
                refusal, status = str(error), 409
    return render_template(
        "editing/announce.html", form=form, organisations=organisations, number=number, day=day, refusal=refusal
    ), status


@blueprint.get("/bewerkingen/<int:number>/terugdraaien")
@requires_member
def ask_undo(number: int) -> str:
    """Says in numbers what undoing a change set does, and asks whether to do it."""
    _check_may_undo(number)
    undoing = trail.foresee_undo(number) or abort(404)
    back = safe_path(request.args.get("terug"))
    return render_template("admin/ask_undo.html", undoing=undoing, number=number, back=back)


@blueprint.post("/bewerkingen/<int:number>/terugdraaien")
@requires_member
@once("finder.search")
def undo(number: int) -> Answer:
    """Undoes a change set on which nothing was built: an own edit, or for a coordinator any; leads back to the page of
    the button. Of a large one it asks first, and what the kernteams were told must be withdrawn first."""
    _check_may_undo(number)
    if is_large(number) and not request.form.get("zeker"):
        # 303: the form is not done, and may be sent once more.
        back = safe_path(request.form.get("terug"))
        return redirect(url_for(".ask_undo", number=number, terug=back), 303)
    told = []
    try:
        with db.atomic():
            trail.undo(number, require_user().account.id)
            merged_accounts_and_notices.part(number)
            if told := list_told(number):
                raise RuleViolation("Dit is verteld aan de kernteams. Eerst moet ingetrokken zijn:")
    except RuleViolation as error:
        ids = error.dependents if isinstance(error, BuiltUpon) and is_coordinator() else []
        entries = trail.list_change_sets(ids)
        return render_template("admin/not_undone.html", refusal=error, entries=entries, notices=told), 409
    return redirect(f"{safe_path(request.form.get('terug'))}?gedaan=teruggedraaid")


def _check_may_undo(number: int) -> None:
    if not (is_coordinator() or permissions.may_undo(require_user().account, number)):
        abort(404)
