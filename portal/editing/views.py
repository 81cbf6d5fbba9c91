"""The pages with which a coordinator changes the directory."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request

from portal.accounts.access import (
    is_coordinator,
    require_user,
    requires_coordinator,
    requires_member,
    safe_path,
)
from portal.admin import trail
from portal.directory.change_sets import BuiltUpon, ChangeSet, RuleViolation
from portal.directory.models import SettingKey
from portal.directory.settings import change_settings, list_setting_rows, list_settings
from portal.editing.edit_page import Answer, edit, is_own
from portal.editing.forms import SettingsForm
from portal.idempotency import once

blueprint = Blueprint("editing", __name__)


@blueprint.post("/bewerkingen/<int:number>/terugdraaien")
@requires_member
@once("finder.search")
def undo(number: int) -> Answer:
    """Undoes a change set (id), of the user or, for a coordinator, of anybody."""
    if not (is_coordinator() or is_own(number)):
        abort(404)
    try:
        trail.undo(number, require_user().account.id)
    except RuleViolation as refusal:
        ids = refusal.dependents if isinstance(refusal, BuiltUpon) and is_coordinator() else []
        entries = trail.list_change_sets(ids)
        return render_template("admin/not_undone.html", refusal=refusal, entries=entries), 409
    return redirect(f"{safe_path(request.form.get('terug'))}?gedaan=teruggedraaid")


@blueprint.route("/beheer/instellingen", methods=["GET", "POST"])
@requires_coordinator
@once("editing.settings")
def settings() -> Answer:
    """Changes the facts that only the owner of the portal knows."""

    def read(**how: Any) -> SettingsForm:
        present = list_settings()
        values = {
            "veilig_thuis": present[SettingKey.VEILIG_THUIS],
            "answer_days": present[SettingKey.ANSWER_DAYS],
            "accessibility_days": present[SettingKey.ACCESSIBILITY_DAYS],
        }
        return SettingsForm(list_setting_rows(), data=values, **how)

    def write(change_set: ChangeSet, form: SettingsForm) -> None:
        change_settings(change_set, form.values)

    return edit("editing/settings.html", read, write)
