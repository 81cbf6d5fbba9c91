"""The pages of a requester: the kinds of request, the form, and following a request."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.accounts.access import client_network, current_user_or_none
from portal.accounts.models import Account
from portal.calendars.icalendar import PUBLISH
from portal.database.database_flags import is_demo
from portal.directory import schools_and_kernen as directory
from portal.idempotency import once
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.region import RequestKind, current_region
from portal.requests import (
    known_answers,
    mailboxes,
    mails,
    queries,
    saved_forms,
    session_calendar,
    step_writes,
    subject_catalogue,
    submission,
)
from portal.requests.answer_summary import POSSIBLE_DAYS, summarise
from portal.requests.duplicates_and_shared_sessions import list_duplicates, refuse_unticked
from portal.requests.forms import ConfirmForm, NoteForm, RequestForm, WithdrawForm, form_class
from portal.requests.kinds import Level, SubjectKind, find_kind_by_slug, list_kinds
from portal.requests.limits import TOO_MANY, TOO_MANY_NOTES, LimitReached
from portal.requests.queries import RequestRow
from portal.requests.signed_links import HANDLED_FOR, read_handle_link
from portal.requests.state_rules import STATE_KINDS, State, StepKind, likely_next
from portal.requests.step_forms import STEP_FORMS, StepForm, list_transitions, make_forms, run_step
from portal.requests.step_writes import StepNotAllowed
from portal.requests.submission import Draft
from portal.site import current_site
from portal.web.csv_and_excel import download
from portal.web.declared_access import public
from portal.web.form_keys import make_form_key
from portal.web.formatting import capital
from portal.web.long_lists import HOLIDAYS_SHOWN
from portal.web.origin import is_from_this_machine

blueprint = Blueprint("requests", __name__)


@blueprint.get("/aanvragen")
@public
def index() -> str:
    """Shows the kinds of request, the catalogue, and the user's own requests."""
    account = _account_or_none()
    return render_template(
        "requests/index.html",
        kinds=list_kinds(),
        subjects=subject_catalogue.list_subjects(),
        own_requests=queries.list_own_requests(account) if account else [],
    )


@blueprint.get("/aanvragen/<slug>")
@public
def new_request(slug: str) -> str:
    """Shows the form of one kind, with the known answers filled in."""
    kind = _get_kind(slug)
    form = _make_form(kind, **known_answers.list_known_answers(kind))
    return _render_form(form, list_duplicates(form, _find_subject_id(form)))


@blueprint.post("/aanvragen/<slug>")
@public
def submit(slug: str) -> tuple[str, int] | Response:
    """Stores a request; a second submit of the same form leads to the request of the first."""
    form = _make_form(_get_kind(slug))
    form_key = make_form_key()
    if queries.find_by_form_key(form_key):
        return _redirect_to_submitted(form_key)
    is_valid = form.validate()
    duplicates = list_duplicates(form, _find_subject_id(form))
    if not refuse_unticked(form, duplicates) and is_valid:
        try:
            submission.submit(
                _make_draft(form), form_key, _account_or_none(), client_network(), current_site(), _saved_token()
            )
            return _redirect_to_submitted(form_key)
        except LimitReached:
            form.email.errors = [TOO_MANY]
    return _render_form(form, duplicates), 422


@blueprint.post("/aanvragen/<slug>/bewaren")
@public
@once("requests.saved")
def save(slug: str) -> tuple[str, int] | Response:
    """Saves a form that is not complete yet. What is filled in must be right."""
    form = _make_form(_get_kind(slug))
    form.validate()
    for field in form:
        if not field.data and field.name != "email":
            field.errors = []
    if not form.errors:
        try:
            session["saved"] = saved_forms.save(
                form.kind, form.data, _saved_token(), _account_or_none(), client_network(), current_site()
            )
            return redirect(url_for(".saved"))
        except LimitReached:
            form.email.errors = [TOO_MANY]
    return _render_form(form, []), 422


@blueprint.get("/aanvragen/bewaard")
@public
def saved() -> str:
    """Says that the link to a saved form is in the mail."""
    key = session.get("saved", "")
    return render_template("requests/saved.html", demo_mails=_list_demo_mails(key))


@blueprint.get("/aanvragen/verder/<secret:token>")
@public
def resume(token: str) -> str | tuple[str, int]:
    """Shows a saved form."""
    found = saved_forms.find(token)
    if found is None:
        return render_template("requests/link_over.html", days=saved_forms.KEPT_FOR.days), 404
    form = _make_form(found.kind, **found.answers)
    return _render_form(form, list_duplicates(form, _find_subject_id(form)), token)


@blueprint.get("/aanvragen/verstuurd/<form_key>")
@public
def submitted(form_key: str) -> str | Response:
    """Confirms a submit. Only the browser that submitted sees the address of the requester; a
    signed-in requester is led to the request itself."""
    row = queries.find_by_form_key(form_key) or abort(404)
    account = _account_or_none()
    if account and queries.find_followed(row.reference, account):
        return redirect(url_for(".follow", key=row.reference))
    is_submitter = session.get("submitted") == form_key
    return render_template(
        "requests/submitted.html",
        row=row,
        mail_states=outbox.list_states(mails.confirmation_key(row.id)),
        demo_mails=_list_demo_mails(mails.confirmation_key(row.id) if is_submitter else ""),
        is_waiting=row.state == State.UNCONFIRMED,
        is_submitter=is_submitter,
    )


@blueprint.get("/aanvragen/volgen/<secret:key>")
@public
def follow(key: str) -> str:
    """Shows the state and the history of a request; changes nothing."""
    return _render_follow(key, _get_followed(key), NoteForm(), WithdrawForm())


@blueprint.get("/aanvragen/volgen/<secret:key>/afspraak.ics")
@public
def calendar(key: str) -> Response:
    """Downloads the planned session as an iCalendar file."""
    row = _get_followed(key)
    appointment = session_calendar.upcoming(queries.list_steps(row.id), clock.today()) or abort(404)
    content = session_calendar.icalendar(row, appointment, current_site().sender)
    name = f"aanvraag-{row.reference.lower()}.ics"
    return download(name, content, "text/calendar", method=PUBLISH)


@blueprint.get("/aanvragen/behandelen/<secret:token>")
@public
def handle(token: str) -> tuple[str, int]:
    """Shows a request to a mailbox, with buttons for its steps; changes nothing."""
    return _render_handle(token)


@blueprint.post("/aanvragen/behandelen/<secret:token>/<step>")
@public
@once("requests.handle")
def take_step(token: str, step: str) -> tuple[str, int] | Response:
    """Takes a step for a mailbox."""
    found = _find_handled(token)
    if not found:
        return _render_handle(token)
    if step not in STEP_FORMS or STEP_FORMS[step].kind not in STATE_KINDS:
        abort(404)
    row, link_step = found
    form = STEP_FORMS[step](row)
    status = run_step(row, form, _list_kinds(row, link_step), None, link_step)
    if status != 302:
        return _render_handle(token, form, status)
    return redirect(url_for(".handle", token=token))


@blueprint.post("/aanvragen/volgen/<secret:key>/versturen")
@public
def confirm(key: str) -> Response:
    """Sends an unconfirmed request."""
    row = _get_followed(key)
    if ConfirmForm().validate():
        submission.confirm(row.id, current_site())
    return redirect(url_for(".follow", key=key))


@blueprint.post("/aanvragen/volgen/<secret:key>/bericht")
@public
@once("requests.follow")
def add_note(key: str) -> tuple[str, int] | Response:
    """Adds a note to a request."""
    row, form = _get_followed(key), NoteForm()
    if not form.validate():
        return _render_follow(key, row, form, WithdrawForm(formdata=None)), 422
    try:
        step_writes.add_note(row.id, form.note.data, current_site())
        flash(f"Je bericht is toegevoegd. {capital(current_region().project)} krijgt een mail.")
        return redirect(url_for(".follow", key=key))
    except StepNotAllowed:
        form.note.errors = [f"De aanvraag is al afgesloten. Mail {current_region().project}."]
    except LimitReached:
        form.note.errors = [TOO_MANY_NOTES]
    return _render_follow(key, _get_followed(key), form, WithdrawForm(formdata=None)), 422


@blueprint.post("/aanvragen/volgen/<secret:key>/intrekken")
@public
@once("requests.follow")
def withdraw(key: str) -> tuple[str, int] | Response:
    """Withdraws a request."""
    row, form = _get_followed(key), WithdrawForm()
    if not form.validate():
        return _render_follow(key, row, NoteForm(formdata=None), form), 422
    with suppress(StepNotAllowed):  # already closed: the page shows in which state
        step_writes.withdraw(row.id, form.reason.data, current_site())
        flash("Je aanvraag is ingetrokken. Je krijgt hierover een mail.")
    return redirect(url_for(".follow", key=key))


def _account_or_none() -> Account | None:
    user = current_user_or_none()
    return user.account if user else None


def _get_kind(slug: str) -> RequestKind:
    return find_kind_by_slug(slug) or abort(404)


def _get_followed(key: str) -> RequestRow:
    return queries.find_followed(key, _account_or_none()) or abort(404)


def _find_handled(token: str) -> tuple[RequestRow, int] | None:
    """The request of a link to a mailbox, and the step at which it was mailed; None where the link
    or the personal data is gone."""
    request, link_step = read_handle_link(token, current_site()) or (0, 0)
    row = queries.find_request(request)
    return None if row is None or row.is_cleared else (row, link_step)


def _list_kinds(row: RequestRow, link_step: int) -> list[StepKind]:
    """The steps that a link can take now: each once."""
    taken = step_writes.list_taken_by_link(queries.list_steps(row.id), link_step)
    return [kind for kind in list_transitions(row) if kind not in taken]


def _render_handle(token: str, submitted: StepForm | None = None, status: int = 200) -> tuple[str, int]:
    found = _find_handled(token)
    if not found:
        over = render_template("requests/link_over.html", days=HANDLED_FOR.days, is_mailbox=True)
        return over, 404
    row, link_step = found
    page = render_template(
        "requests/handle.html",
        row=row,
        token=token,
        forms=make_forms(row, _list_kinds(row, link_step), submitted),
        step_url=lambda slug: url_for(".take_step", token=token, step=slug),
        likely=likely_next(row.state, row.kind.is_session),
        possible_days=dict(row.answers).get(POSSIBLE_DAYS, ""),
        submitted=submitted,
    )
    return page, status


def _render_follow(key: str, row: RequestRow, note_form: NoteForm, withdraw_form: WithdrawForm) -> str:
    steps = queries.list_steps(row.id)
    return render_template(
        "requests/follow.html",
        key=key,
        row=row,
        steps=steps,
        appointment=session_calendar.upcoming(steps, clock.today()),
        mail_states=outbox.list_states(mails.mailbox_key_prefix(row.id)),
        note_form=note_form,
        withdraw_form=withdraw_form,
    )


def _make_form(kind: RequestKind, **answers: Any) -> RequestForm:
    """The form of a kind with its choices. `answers` are those to show in an empty form."""
    form = form_class(kind)(data=answers)
    own = dict.fromkeys(post.school for post in known_answers.list_own_posts())
    form.offer_schools(own, known_answers.list_schools)
    if "subject" in form:
        form.offer_subjects(subject_catalogue.list_subjects(SubjectKind(kind.subjects)))
    if "roles" in form:
        form.offer_roles(directory.list_roles())
    return form


def _find_subject_id(form: RequestForm) -> int | None:
    """The id of the chosen subject; None where the kind has none or another one is named."""
    if "subject" not in form or not form.subject.data:
        return None
    subjects = subject_catalogue.list_subjects(SubjectKind(form.kind.subjects))
    return next((row.id for row in subjects if row.key == form.subject.data), None)


def _make_draft(form: RequestForm) -> Draft:
    return Draft(
        kind=form.kind,
        subject=_find_subject_id(form),
        school=form.school.data,
        level=form.level or Level.PO,
        name=form.name.data,
        email=form.email.data,
        answers=summarise(form, directory.get_calendar()),
    )


def _saved_token() -> str:
    """The token of the saved form that is sent; "": it was not saved."""
    return request.form.get("_concept", "")


def _list_demo_mails(key: str) -> list[OutgoingMail]:
    """In a demo, the mails that a visitor waits for; no mail leaves it. `key` begins theirs."""
    return outbox.list_by_key(key) if key and is_demo() and is_from_this_machine() else []


def _render_form(form: RequestForm, duplicates: list[RequestRow], saved_token: str = "") -> str:
    today = clock.today()
    addresses = mailboxes.get_addresses()
    holidays = directory.get_calendar().holidays
    return render_template(
        "requests/new.html",
        form=form,
        kind=form.kind,
        duplicates=duplicates,
        saved_token=saved_token or _saved_token(),
        recipients=[
            (addresses[mailbox.key], " en ".join(Level(level).label for level in mailbox.levels))
            for mailbox in mailboxes.select_mailboxes(form.kind, current_region().mailboxes)
        ],
        holidays=[row for row in holidays if row.is_school and row.valid_until > today][:HOLIDAYS_SHOWN],
    )


def _redirect_to_submitted(form_key: str) -> Response:
    session["submitted"] = form_key
    return redirect(url_for(".submitted", form_key=form_key))
