"""The pages of the division: the table with its draft, and the check before it is published."""

from datetime import date
from functools import cached_property
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for

from portal import audit, clock
from portal.accounts.access import require_user, requires_editor
from portal.database import Outdated
from portal.directory.change_sets import RuleViolation
from portal.editing import division_publishing
from portal.editing.division_drafts import delete_draft, list_drafts, save_draft
from portal.editing.division_file import list_rows, write_workbook
from portal.editing.division_forms import DivisionCheckForm, DivisionChoiceForm, DivisionForm, PersonDivisionForm
from portal.editing.division_permissions import count_schools_of, list_division_roles, may_divide, may_see_draft
from portal.editing.division_table_and_candidates import Division, find_role, find_schools_of, propose_day, read_school
from portal.editing.edit_page import Answer
from portal.editing.undo_and_announce_views import blueprint as blueprint
from portal.idempotency import once
from portal.notices.drafts import Draft
from portal.notices.permissions_and_confirmation import Author, get_author
from portal.notices.publishing import Effect
from portal.search.choices import find_people
from portal.site import current_site
from portal.web.csv_and_excel import xlsx_file
from portal.web.form_keys import make_form_key
from portal.web.forms import read_number
from portal.web.fragments import wants_fragment
from portal.web.long_lists import DIVIDED_PER_PAGE, Sheet, offer

Form = DivisionForm | PersonDivisionForm


@blueprint.route("/beheer/verdeling", methods=["GET", "POST"], defaults={"room": "beheer"})
@blueprint.route("/organisatie/verdeling", methods=["GET", "POST"], defaults={"room": "organisatie"})
@requires_editor
def division(room: str) -> Answer:
    """The table of a role on a day, or the schools of one person. What is typed goes into the
    author's draft, wherever its button leads; a draft that is saved twice is the same draft."""
    table = _Table(room)
    if request.method == "GET":
        return table.show(200 if table.is_valid else 422)
    if not (table.is_valid and table.form.validate()):
        return table.show(422)
    try:
        table.save()
    except Outdated:
        return table.show(409, conflict=table.division.describe(table.saved))
    if wants_fragment():
        return render_template("editing/_division_draft.html", table=table)
    match request.form.get("stap", "").split("-"):
        case ["controleren"]:
            return redirect(url_for(".check_division", **table.address))
        case ["toevoegen"]:
            return redirect(url_for("people.new", room=room))
        case ["blad", sheet]:
            return redirect(url_for(".division", **table.address | {"blad": sheet}))
        case ["tonen"]:
            names = [field.name for field in table.choice]
            names += [name for name in request.form if name.lstrip("_").startswith("zoek-")]
            asked: dict[str, Any] = {name: request.form.get(name) or None for name in names}
            return redirect(url_for(".division", room=room, **asked))
    return redirect(url_for(".division", **table.address, bewaard="ja"))


@blueprint.route("/beheer/verdeling/controle", methods=["GET", "POST"], defaults={"room": "beheer"})
@blueprint.route("/organisatie/verdeling/controle", methods=["GET", "POST"], defaults={"room": "organisatie"})
@requires_editor
@once("editing.division")
def check_division(room: str) -> Answer:
    """The changes of the draft and its readers; then one notice per organisation, or silence."""
    table, form, step = _Table(room), DivisionCheckForm(), request.form.get("stap")
    if step == "weggooien":
        table.delete_draft()
        return redirect(url_for(".division", **table.address))
    is_valid = request.method == "GET" or form.validate()
    if step not in ("plaatsen", "stil") or not is_valid:
        return table.check(form, 200 if is_valid else 422)
    drafts, seen = table.make_notices(form), form.seen.data or ""
    is_silent = step == "stil" and table.author.is_coordinator
    try:
        if is_silent:
            done = division_publishing.apply_silently(table.author, drafts, seen)
        else:
            done = division_publishing.publish(table.author, drafts, seen, make_form_key(), current_site())
    except (Outdated, RuleViolation):
        return table.check(form, 409, outdated=True)
    table.delete_draft()
    if len(done) == 1 and not is_silent:
        return redirect(url_for("notices.notice", notice_id=done[0], gedaan="geplaatst"))
    return redirect(url_for(".division", **table.address, gedaan="stil" if is_silent else "ja"))


@blueprint.get("/beheer/verdeling.xlsx", defaults={"room": "beheer"})
@blueprint.get("/organisatie/verdeling.xlsx", defaults={"room": "organisatie"})
@requires_editor
def export_division(room: str) -> Response:
    """Downloads who works where on a day and later, in all roles or in one."""
    author = _require_author(room)
    roles = [key for key, _ in list_division_roles(author)]
    chosen, day = request.args.get("functie"), DivisionChoiceForm().on
    rows = list_rows(author, [chosen] if chosen in roles else roles, day.data or clock.today())
    audit.record(author.account, "exported", "division", len(rows))
    return xlsx_file("verdeling.xlsx", write_workbook(rows))


def _require_author(room: str) -> Author:
    """The author that the user is; answers 403 to an editor in the room of the coordinators."""
    author = get_author(require_user().account)
    if not may_divide(author, room):
        abort(403)
    return author


class _Table:
    """The table that an address asks for: its form, the author's draft, and those of others."""

    def __init__(self, room: str) -> None:
        self.author = author = _require_author(room)
        self.choice = choice = DivisionChoiceForm()
        choice.role.choices = list_division_roles(author) or abort(403)
        roles = dict(choice.role.choices)
        key = choice.role.data = choice.role.data or next(iter(roles))
        typed = choice.on.data if choice.on.validate(choice) else None
        on: date = typed or propose_day(clock.today())
        choice.on.data = choice.on.data or on
        role = find_role(key if key in roles else next(iter(roles)))
        total, drafts = count_schools_of(author, role), list_drafts(role.id, on)
        self.sheet = Sheet.asked(DIVIDED_PER_PAGE if total <= DIVIDED_PER_PAGE else DIVIDED_PER_PAGE // 2, total)
        others = {read_school(name) for draft in drafts for name in draft.answers}
        others |= find_schools_of(choice.person.data, role, on)
        self.division = Division(author, role, on, self.sheet, others)
        every = [("", "alle scholen")]
        has_all = total <= DIVIDED_PER_PAGE  # else the division knows the staff of this sheet only
        offer(
            choice.person, find_people(self.division.who), every,
            (lambda: every + self.division.people()) if has_all else None,
        )  # fmt: skip
        self.is_valid = bool(choice.validate())
        self.own = next((draft for draft in drafts if draft.account_id == author.account), None)
        self.others = [
            draft for draft in drafts
            if draft is not self.own and may_see_draft(author, draft.account)
        ]  # fmt: skip
        self.saved, self.stale = self.division.split(self.own.answers if self.own else {})
        self.address: dict[str, Any] = {
            "room": room, "functie": self.division.role.key, "dag": on.isoformat(),
            "persoon": (self.is_valid and choice.person.data) or None,
            "blad": request.args.get("blad"),
        }  # fmt: skip

    @cached_property
    def form(self) -> Form:
        """The cells of this page, or the schools of the chosen person."""
        version = self.own.row_version if self.own else 0
        if self.is_valid and (person := self.choice.person.data):
            return PersonDivisionForm(self.division, int(person), self.saved, version=version)
        cells = [cell for row in self.division.shown for cell in self.division.at[row.code]]
        return DivisionForm(self.division, cells, data=self.saved | {"version": version})

    def save(self) -> None:
        """Keep the answers of the form in the draft. Raises Outdated."""
        self.own = save_draft(
            self.author.account, self.division.role.id, self.division.on,
            read_number(str(self.form.version.data)) or 0, self.form.asked, self.form.answers,
        )  # fmt: skip
        self.saved, self.stale = self.division.split(self.own.answers if self.own else {})
        self.form.version.data = self.own.row_version if self.own else 0

    def delete_draft(self) -> None:
        """Delete the author's draft."""
        delete_draft(self.author.account, self.division.role.id, self.division.on)

    def make_notices(self, form: DivisionCheckForm) -> list[Draft]:
        return self.division.make_notices(self.saved, form.text.data or "", replaces=form.replaces.data)

    def show(self, status: int, **page: Any) -> tuple[str, int]:
        """The page with the table; htmx, which saves by the way, only hears that it did not."""
        if wants_fragment():
            return render_template("editing/_division_draft.html", table=self, unsaved=True), 200
        if "conflict" in page:
            self.form.version.data = self.own.row_version if self.own else 0
        return render_template("editing/division.html", table=self, form=self.form, **page), status

    def check(self, form: DivisionCheckForm, status: int, *, outdated: bool = False) -> tuple[str, int]:
        """The page that shows what the draft would change."""
        drafts, refusal = self.make_notices(form), ""
        effects: list[Effect] = []
        try:
            effects = division_publishing.preview(self.author, drafts)
            form.seen.data = division_publishing.get_seen(effects)
        except RuleViolation as error:
            refusal = str(error)
        later = self.division.list_later({code for draft in drafts for code in draft.schools})
        return render_template(
            "editing/division_check.html", table=self, form=form, effects=effects, later=later,
            outdated=outdated, refusal=refusal,
        ), status  # fmt: skip
