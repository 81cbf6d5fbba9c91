"""The page that forgets a person."""

from flask import redirect, render_template, url_for

from portal.accounts import forgetting
from portal.accounts.access import require_user, requires_coordinator
from portal.data_register import BACKUPS, name_period
from portal.directory.change_sets import RuleViolation
from portal.editing import person_writes
from portal.editing.edit_page import Answer
from portal.editing.person_forms import ForgettingForm
from portal.editing.person_views import blueprint as blueprint
from portal.editing.person_views import require_person
from portal.idempotency import once


@blueprint.route("/beheer/mensen/<int:person>/vergeten", methods=["GET", "POST"])
@requires_coordinator
@once("people.everybody")
def forget(person: int) -> Answer:
    """Shows what forgetting a person clears, and forgets them where their name is typed."""
    found = require_person("beheer", person)
    account = require_user().account
    form, refusal, effects = ForgettingForm(found), forgetting.refuse(account, person), None
    try:
        if form.is_submitted() and not refusal and form.validate():
            forgetting.forget(person, account.id, form.reason.data or "")
            return redirect(url_for(".everybody", vergeten=1))
        effects = forgetting.foresee(person)
    except RuleViolation as error:
        refusal = str(error)
    status = 409 if form.is_submitted() and refusal else 422 if form.errors else 200
    return render_template(
        "editing/forget.html", form=form, person=found, refusal=refusal, effects=effects,
        facts=person_writes.list_facts(person), backups_kept=name_period(BACKUPS.period),
    ), status  # fmt: skip
