"""The page that tells the kernteams of changes that stand already: an import, a silent division."""

from flask import abort, redirect, render_template, request, url_for

from portal.accounts.access import require_user, requires_coordinator
from portal.database import db
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.editing.division_forms import AnnouncementForm
from portal.editing.edit_page import Answer
from portal.editing.views import blueprint as blueprint
from portal.idempotency import make_form_key, once
from portal.notices.announcing import get_first_day, list_organisations
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind
from portal.notices.permissions import get_author
from portal.notices.publishing import publish
from portal.site import current_site


@blueprint.route("/beheer/spoor/<int:number>/vertellen", methods=["GET", "POST"])
@requires_coordinator
@once("editing.announce")
def announce(number: int) -> Answer:
    """Posts a notice for each chosen organisation about a change set (id)."""
    organisations = list_organisations(number) or abort(404)
    day = get_first_day(ChangeSet.get_by_id(number))
    form = AnnouncementForm(organisations)
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
        "editing/announce.html", form=form, organisations=organisations, number=number, day=day,
        refusal=refusal,
    ), status  # fmt: skip
