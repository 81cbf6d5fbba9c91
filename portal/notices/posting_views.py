"""The pages with which a notice is posted: what and about whom, the questions, the preview."""

import secrets
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import requires_member
from portal.directory.assignments import RuleViolation
from portal.notices import choices, publishing, queries
from portal.notices.forms import FormChoices, NoticeForm, StartForm, make_form
from portal.notices.kinds import ABSENCE, KINDS
from portal.notices.permissions import Author, kinds_of
from portal.notices.publishing import Outdated
from portal.notices.rules import Effect
from portal.notices.views import links, require_author
from portal.web.fragments import respond

blueprint = Blueprint("notice_posting", __name__)

_MISSING = {"soort": "Kies wat er verandert.", "persoon": "Kies over wie het gaat."}


@blueprint.get("/wijzigingen/nieuw")
@requires_member
def new() -> Response:
    """Asks what changes and about whom, and then what that kind needs."""
    start, form = _start(require_author())
    if form is None and "verder" in request.args:
        field = start.persoon if start.soort.data else start.soort
        field.errors = [_MISSING[field.name]]
        return _questions(start, form, 422)
    return _questions(start, form)


@blueprint.post("/wijzigingen/nieuw")
@requires_member
def post() -> tuple[str, int] | Response | BaseResponse:
    """Shows what a notice will do, and then posts it."""
    author = require_author()
    start, form = _start(author)
    if form is None or request.form.get("stap") == "terug":
        return _questions(start, form)
    if not form.validate():
        return _questions(start, form, 422)
    draft = form.draft()
    try:
        if request.form.get("stap") == "plaatsen":
            number = publishing.publish(
                author, draft, form.sleutel.data, form.gezien.data or "", links()
            )
            return redirect(url_for("notices.notice", notice_id=number, gedaan="geplaatst"))
        return _preview(form, publishing.preview(author, draft)), 200
    except Outdated as error:
        return _preview(form, error.effect, outdated=True), 409
    except RuleViolation as error:
        form.dag.errors = [str(error)]
        return _questions(start, form, 422)


def _start(author: Author) -> tuple[StartForm, NoticeForm | None]:
    """What was chosen so far, and the questions that follow from it."""
    start = StartForm()
    allowed = kinds_of(author)
    start.soort.choices = [(key, KINDS[key].label) for key in KINDS if key in allowed]
    people = choices.list_people(author) if allowed else []
    start.persoon.choices = [(str(person.id), person.label) for person in people]
    kind = start.soort.data if start.soort.data in allowed else None
    start.soort.data = kind
    if kind is None:
        return start, None
    chosen = None
    if KINDS[kind].who == "person":
        wanted = start.persoon.data or str(author.person or "")
        chosen = next((person for person in people if str(person.id) == wanted), None)
        start.persoon.data = str(chosen.id) if chosen else ""
        if chosen is None:
            return start, None
    key = request.form.get("sleutel") or secrets.token_urlsafe(16)
    return start, make_form(kind, _offer(author, kind, chosen), key)


def _offer(author: Author, kind: str, person: choices.PersonChoice | None) -> FormChoices:
    own_roles, own = choices.own_roles_and_schools(author)
    at_once = kind == ABSENCE  # a substitute waits for nobody
    return FormChoices(
        person=person,
        posts=choices.list_posts(person.id) if person else [],
        details=choices.list_details(person.id) if person else [],
        successors=choices.list_successors(person, author, at_once=at_once),
        may_be_new=not at_once or choices.can_add_person(person, author),
        employers=choices.list_employers(author, person),
        roles=choices.list_roles(author),
        schools=choices.list_schools(author),
        own_roles=own_roles,
        own=own,
        organisations=choices.list_organisations(author),
    )


def _questions(start: StartForm, form: NoticeForm | None, status: int = 200) -> Response:
    return respond(
        "notices/new.html",
        "notices/_questions.html",
        status=status,
        start=start,
        form=form,
        kind=KINDS.get(start.soort.data or ""),
        kinds=KINDS,
    )


def _preview(form: NoticeForm, effect: Effect, *, outdated: bool = False) -> str:
    """What will change where, and whom it goes to."""
    filled: list[tuple[str, Any]] = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "stap", "gezien")
    ]
    return render_template(
        "notices/preview.html",
        form=form,
        draft=form.draft(),
        effect=effect,
        kind=KINDS[form.kind],
        schools=queries.show_lines(effect),
        filled=filled,
        outdated=outdated,
    )
