"""The pages of an import: the file, its columns, its words, the difference, and the list."""

from collections import Counter
from itertools import groupby
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import audit, clock
from portal.accounts.access import require_user, requires_coordinator
from portal.database import Outdated
from portal.directory.schools_and_kernen import label_schools, list_roles, list_workplaces
from portal.idempotency import once
from portal.imports import (
    decisions_and_clearing,
    difference,
    forms,
    reading_now_or_later,
    rejected_rows,
    remembered_words,
)
from portal.imports.apply import apply_import, list_differences, reopen_undone
from portal.imports.difference import MAY_BE_EMPTIED
from portal.imports.models import Import, ImportState
from portal.imports.posts_and_questions import name_rows
from portal.readers.tables import UnreadableFile
from portal.web import long_lists
from portal.web.csv_and_excel import xlsx_file
from portal.web.form_size import with_file
from portal.web.formatting import count
from portal.web.fragments import respond, wants_fragment
from portal.web.long_lists import Sheet

blueprint = Blueprint("imports", __name__)


@blueprint.errorhandler(Outdated)
def lead_on(error: Outdated) -> BaseResponse:
    """Leads to what became of an import meanwhile."""
    return _to_progress((request.view_args or {})["number"])


@blueprint.get("/beheer/import")
@requires_coordinator
def imports() -> str:
    """The imports, and what to do with them."""
    reopen_undone()
    return render_template("imports/imports.html", imports=decisions_and_clearing.list_imports())


@blueprint.get("/beheer/import/nieuw")
@requires_coordinator
def new() -> str:
    """Asks for a file."""
    return _upload_page(_upload_form())


@blueprint.post("/beheer/import/nieuw")
@requires_coordinator
@once("imports.imports")
@with_file
def upload() -> tuple[str, int] | BaseResponse:
    """Reads a file."""
    form = _upload_form()
    if form.validate():
        try:
            row = reading_now_or_later.start(form.read(), form.file.data, require_user().account.id)
            return _to_progress(row.id)
        except UnreadableFile as error:
            form.file.errors = [str(error)]
    return _upload_page(form), 422


@blueprint.get("/beheer/import/<int:number>")
@requires_coordinator
def progress(number: int) -> Response | BaseResponse:
    """Leads to the first step that is not done; says how far the reading is, or what was done."""
    row = _find(number)
    if row.state is ImportState.APPLIED:
        rejected = rejected_rows.count_rejected(row)
        return Response(render_template("imports/applied.html", row=row, rejected=rejected))
    opened, pages = reading_now_or_later.open_import(row), ("imports/progress.html", "imports/_progress.html")
    if opened is None:
        return respond(*pages, row=row, is_behind=reading_now_or_later.is_behind(row))
    step = ".questions" if opened.found.questions else ".differences"
    step = ".columns" if decisions_and_clearing.list_unknown(opened.found) else step
    target = url_for(step, number=number)
    if wants_fragment():
        return Response(headers={"HX-Redirect": target})
    return redirect(target)


@blueprint.route("/beheer/import/<int:number>/kolommen", methods=["GET", "POST"])
@requires_coordinator
@once("imports.questions")
def columns(number: int) -> str | tuple[str, int] | BaseResponse:
    """Asks the meaning of the columns that are not known, and stores the answers."""
    if request.method != "POST":
        return _columns_page(_open(number), {})
    opened = _open_as_read(number)
    answers, errors = forms.read_columns(opened.found.sheets, forms.list_meanings())
    answers |= forms.read_hidden(opened.found.hidden[: long_lists.HIDDEN_SHOWN])
    if errors:
        return _columns_page(opened, errors), 422
    seen = {key: request.form.get(f"zag-{forms.name_field(key)}", "") for key in answers}
    clashes = decisions_and_clearing.decide(number, answers, seen)
    if clashes:
        return _columns_page(opened, {}, clashes), 409
    return _to_progress(number)


@blueprint.get("/beheer/import/<int:number>/vragen")
@requires_coordinator
def questions(number: int) -> str:
    """Asks about the words that are not known."""
    opened = _open(number)
    return _questions_page(opened, _ask(opened))


@blueprint.post("/beheer/import/<int:number>/vragen")
@requires_coordinator
@once("imports.differences")
def answer(number: int) -> Any:
    """Stores the answers; with htmx each as it is given."""
    opened = _open_as_read(number)
    asked = [forms.read_answer(one) for one in _ask(opened)]
    given = {one.question.key: one for one in asked if one.is_given and not one.error}
    clashes = decisions_and_clearing.decide(
        number,
        {key: reading_now_or_later.Decision(one.decided, one.question.word) for key, one in given.items()},
        {key: one.seen for key, one in given.items()},
        [one.question for one in given.values()],
    )
    others = {key: decision.value for key, decision in clashes.items()}
    asked = [one._replace(other=others.get(one.question.key, "")) for one in asked]
    if wants_fragment():
        return render_template("imports/_saved.html", asked=asked)
    if clashes or any(one.error for one in asked):
        return _questions_page(opened, asked), 409 if clashes else 422
    return _to_progress(number)


@blueprint.get("/beheer/import/<int:number>/verschil")
@requires_coordinator
def differences(number: int) -> str | BaseResponse:
    """Shows what would change; leads to the columns while one of them has no answer."""
    opened = _open(number)
    if decisions_and_clearing.list_unknown(opened.found):
        return _to_progress(number)
    return _difference_page(opened, forms.ApplyForm())


@blueprint.post("/beheer/import/<int:number>/verschil")
@requires_coordinator
@once("imports.progress")
def apply(number: int) -> tuple[str, int] | BaseResponse:
    """Writes it, as it was seen."""
    form, opened = forms.ApplyForm(), _open(number)
    if unknown := decisions_and_clearing.list_unknown(opened.found):
        errors = {column.key: forms.CHOOSE.format(column.heading) for column in unknown}
        return _columns_page(opened, errors), 422
    found = list_differences(opened)
    ticked = form.list_ticked(found)
    to_type = difference.number_to_type(found, difference.choose(found, ticked))
    if not form.validate() or (to_type and form.typed.data != str(to_type)):
        posts = count(to_type, "plek", "plekken")
        form.typed.errors = [f"Je laat {posts} stoppen. Klopt dat? Typ dan {to_type}."]
        return _difference_page(opened, form), 422
    try:
        apply_import(number, ticked, form.seen.data or "", require_user().account.id)
    except Outdated:
        return _difference_page(_open(number), form), 409
    return _to_progress(number)


@blueprint.get("/beheer/import/<int:number>/niet-overgenomen.xlsx")
@requires_coordinator
def rejected(number: int) -> Response:
    """Downloads the rows that were not taken, with the reason in a last column."""
    row = _find(number)
    audit.record(require_user().account.id, "exported", "import", rejected_rows.count_rejected(row))
    return xlsx_file("niet-overgenomen.xlsx", rejected_rows.write_file(row))


@blueprint.post("/beheer/import/<int:number>/weg")
@requires_coordinator
@once("imports.imports")
def delete(number: int) -> BaseResponse:
    """Deletes an import that was not applied."""
    decisions_and_clearing.delete(number)
    return redirect(url_for(".imports"))


def _upload_form() -> forms.UploadForm:
    today = clock.today()
    sender = remembered_words.find_sender(require_user().account.id)
    return forms.UploadForm(made_on=today, effective_on=today, sender=sender)


def _upload_page(form: forms.UploadForm) -> str:
    return render_template("imports/new.html", form=form, senders=remembered_words.list_senders())


def _find(number: int) -> Import:
    reopen_undone()
    return decisions_and_clearing.find(number) or abort(404)


def _open(number: int) -> reading_now_or_later.Opened:
    """The import where it can be worked on; raises Outdated, which leads to what became of it."""
    return reading_now_or_later.open_import(_find(number)) or _lead_on()


def _open_as_read(number: int) -> reading_now_or_later.Opened:
    return reading_now_or_later.open_as_read(_find(number)) or _lead_on()


def _lead_on() -> NoReturn:
    raise Outdated


def _to_progress(number: int) -> BaseResponse:
    return redirect(url_for(".progress", number=number))


def _columns_page(
    opened: reading_now_or_later.Opened,
    errors: dict[str, str],
    clashes: dict[str, reading_now_or_later.Decision] | None = None,
) -> str:
    decided = reading_now_or_later.list_decisions(opened.row)
    return render_template(
        "imports/columns.html", row=opened.row, sheets=opened.found.sheets, meanings=forms.list_meanings(),
        decided={key: decision.value for key, decision in decided.items()},
        emptied=MAY_BE_EMPTIED, errors=errors, clashes=clashes or {},
        hidden=opened.found.hidden[:long_lists.HIDDEN_SHOWN], name_field=forms.name_field,
    )  # fmt: skip


def _ask(opened: reading_now_or_later.Opened) -> list[forms.Asked]:
    stored, options = reading_now_or_later.list_decisions(opened.row), forms.list_options()
    decided = {key: decision.value for key, decision in stored.items()}
    asked = decisions_and_clearing.list_questions(opened)
    return [forms.ask(question, options, decided.get(question.key, "")) for question in asked]


def _questions_page(opened: reading_now_or_later.Opened, asked: list[forms.Asked]) -> str:
    sheet, options = Sheet.asked(long_lists.QUESTIONS_PER_PAGE, len(asked)), forms.list_options()
    return render_template(
        "imports/questions.html", row=opened.row, asked=sheet.cut(asked), options=options,
        label=forms.make_labels(options), name_rows=name_rows, sheet=sheet,
        count_open=sum(one.is_open for one in asked),
    )  # fmt: skip


def _difference_page(opened: reading_now_or_later.Opened, form: forms.ApplyForm) -> str:
    found, shown = list_differences(opened), opened.found
    taken = [one for one in found if one.is_taken]
    sheet = Sheet.asked(long_lists.DIFFERENCES_PER_PAGE, len(taken))
    asked = [one for one in found if one.is_asked]
    fingerprint = difference.fingerprint(found)
    return render_template(
        "imports/difference.html", row=opened.row, found=shown, form=form,
        rejected=rejected_rows.list_rejected(shown), hidden=reading_now_or_later.count_hidden(opened),
        taken=[(at, list(rows)) for at, rows in groupby(sheet.cut(taken), lambda d: d.school)],
        total=len(taken), counts=Counter(one.kind for one in found),
        asked={
            "conflict": [one for one in asked if one.conflict],
            "ends": [one for one in asked if not one.conflict],
        },
        sheet=sheet, fingerprint=fingerprint,
        is_outdated=bool(form.seen.data) and form.seen.data != fingerprint,
        schools=label_schools(list_workplaces()),
        roles={role.key: role.label for role in list_roles()},
        is_same=not taken and not asked,  # nothing to take
        rejected_shown=long_lists.REJECTED_SHOWN, readings_shown=long_lists.READINGS_SHOWN,
        typed_above=difference.TYPED_ABOVE,
        to_type=difference.number_to_type(found, difference.choose(found, ())),
    )  # fmt: skip
