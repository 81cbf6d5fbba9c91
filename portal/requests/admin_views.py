"""The coordinator's pages: the requests and their handling, statistics, catalogue, mailboxes."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import audit, clock
from portal.accounts.access import require_user, requires_coordinator
from portal.directory import schools_and_kernen as directory
from portal.idempotency import once
from portal.mail import outbox
from portal.mail.outbox import MailState
from portal.region import current_region
from portal.requests import mails, queries, subject_catalogue
from portal.requests.answer_summary import POSSIBLE_DAYS
from portal.requests.duplicates_and_shared_sessions import list_together
from portal.requests.forms import ListForm, MailboxForm, SubjectForm, YearForm
from portal.requests.mailboxes import change_addresses, get_addresses, list_mailboxes
from portal.requests.queries import RequestRow, Step
from portal.requests.state_rules import SENT, State, StepKind, is_overdue, likely_next
from portal.requests.statistics import list_sections
from portal.requests.step_forms import STEP_FORMS, StepForm, list_transitions, make_forms, run_step
from portal.web.csv_and_excel import csv_file
from portal.web.fragments import respond, show_form
from portal.web.long_lists import REQUESTS_PER_PAGE
from portal.workdays import school_year

Answer = tuple[str, int] | BaseResponse

blueprint = Blueprint("request_admin", __name__, url_prefix="/beheer/aanvragen")


@blueprint.get("")
@requires_coordinator
def list_requests() -> Response:
    """Shows the requests, those in which the requester waits first."""
    form = ListForm()
    is_valid = form.validate()
    calendar, today = directory.get_calendar(), clock.today()
    rows = queries.list_requests(**form.filters, limit=REQUESTS_PER_PAGE + 1) if is_valid else []
    open_requests = queries.list_requests()
    return respond(
        "requests/admin_list.html",
        form=form,
        has_more=len(rows) > REQUESTS_PER_PAGE,
        requests=[
            (row, calendar.count_working_days(row.received_on, today),
             is_overdue(row.state, row.received_on, today, calendar),
             len({other.school_code for other in list_together(row, open_requests)}))
            for row in rows[:REQUESTS_PER_PAGE]
        ],
    )  # fmt: skip


@blueprint.get("/export.csv")
@requires_coordinator
def export() -> Response:
    """Downloads the same list as CSV, without the personal data that is cleared in time."""
    form = ListForm()
    if not form.validate():
        abort(404)
    rows = queries.list_requests(**form.filters)
    audit.record(require_user().account.id, "exported", "request", len(rows))
    return csv_file(
        "aanvragen.csv",
        ("Nummer", "Soort", "Onderwerp", "PO of VO", "School", "Gemeente", "Staat", "Ontvangen",
         "Gepland", "Afgesloten"),
        (
            (row.reference, row.kind.name, row.subject, row.level.label, row.school,
             row.municipality, row.state.label, row.received_on, row.planned_on, row.closed_on)
            for row in rows
        ),
    )  # fmt: skip


@blueprint.get("/<int:number>")
@requires_coordinator
def detail(number: int) -> str:
    """Shows a request, its possible steps and its thread."""
    return _render_detail(_get_sent(number))


@blueprint.post("/<int:number>/<step>")
@requires_coordinator
@once("request_admin.detail")
def take_step(number: int, step: str) -> Answer:
    """Takes a step: another state, an answer, or something internal."""
    row = _get_sent(number)
    if step not in STEP_FORMS:
        abort(404)
    form = STEP_FORMS[step](row)
    status = run_step(row, form, _list_kinds(row), require_user().account.id)
    if status != 302:
        return _render_detail(_get_sent(number), form), status
    return redirect(url_for(".detail", number=number))


@blueprint.get("/overzicht")
@requires_coordinator
def statistics() -> Response:
    """Shows the numbers and lead times of requests, of all years or of one school year."""
    rows = sorted(queries.list_requests(SENT), key=lambda row: row.received_on)
    this_year = school_year(clock.today())
    years = sorted({school_year(row.received_on) for row in rows} | {this_year}, reverse=True)
    form = YearForm(years)
    is_valid = form.validate()
    chosen = form.school_year.data
    shown = [row for row in rows if chosen in ("", None, str(school_year(row.received_on)))]
    return respond("requests/admin_statistics.html", form=form, sections=list_sections(shown) if is_valid else [])


@blueprint.get("/aanbod")
@requires_coordinator
def subjects() -> str:
    """Shows the catalogue."""
    return render_template("requests/admin_subjects.html", subjects=subject_catalogue.list_subjects(only_offered=False))


@blueprint.route("/aanbod/nieuw", methods=["GET", "POST"])
@blueprint.route("/aanbod/<int:subject_id>", methods=["GET", "POST"])
@requires_coordinator
@once("request_admin.subjects")
def subject(subject_id: int = 0) -> Answer:
    """Shows the form of a subject; changes it, of which the kind stays, or adds one."""
    row = (subject_catalogue.find_subject(subject_id) or abort(404)) if subject_id else None
    is_asked = request.method != "POST"
    form = SubjectForm(obj=row, data={"is_offered": True}) if is_asked else SubjectForm()
    if row:
        form.kind.data = row.kind
    if is_asked or not form.validate():
        return show_form("requests/admin_subject.html", form, subject=row)
    subject_catalogue.store_subject(
        require_user().account.id, subject_id, kind=form.kind.data, name=form.name.data,
        explanation=form.explanation.data, given_by=form.given_by.data or "",
        is_offered=form.is_offered.data,
    )  # fmt: skip
    return redirect(url_for(".subjects"))


@blueprint.route("/mailboxen", methods=["GET", "POST"])
@requires_coordinator
def mailboxes() -> Answer:
    """Shows the present and the past addresses of the mailboxes, and changes those that new requests are sent to."""
    is_asked = request.method != "POST"
    known = get_addresses() if is_asked else None
    form = MailboxForm.of(current_region().mailboxes)(data=known)
    if not is_asked and form.validate():
        addresses = {mailbox.key: form[mailbox.key].data for mailbox in current_region().mailboxes}
        change_addresses(require_user().account.id, addresses)
        return redirect(url_for(".mailboxes"))
    return show_form(
        "requests/admin_mailboxes.html",
        form,
        mailboxes=current_region().mailboxes,
        history=[row for row in list_mailboxes() if row.key in form],
    )


def _get_sent(number: int) -> RequestRow:
    """The request with this id; 404 where it is not confirmed yet."""
    row = queries.find_request(number)
    if row is None or row.state == State.UNCONFIRMED:
        abort(404)
    return row


def _list_kinds(row: RequestRow) -> list[StepKind]:
    """The steps that the coordinator can take now."""
    if row.is_cleared:
        return []
    read = [StepKind.READ] if row.unread_since else []
    return [*list_transitions(row), StepKind.ANSWER, *read, StepKind.INTERNAL, StepKind.OWNER]


def _render_detail(row: RequestRow, submitted: StepForm | None = None) -> str:
    steps = queries.list_steps(row.id, with_internal=True)
    return render_template(
        "requests/admin_detail.html",
        row=row,
        steps=steps,
        mails=_list_mails(row, steps),
        together=list_together(row, queries.list_requests(kind=row.kind_key)),
        forms=make_forms(row, _list_kinds(row), submitted),
        step_url=lambda slug: url_for(".take_step", number=row.id, step=slug),
        likely=likely_next(row.state, row.kind.is_session),
        possible_days=dict(row.answers).get(POSSIBLE_DAYS, ""),
        submitted=submitted,
    )


def _list_mails(row: RequestRow, steps: list[Step]) -> dict[int, list[MailState]]:
    """The mails that each step (id) caused; the first step caused those without a step."""
    found: dict[int, list[MailState]] = {step.id: [] for step in steps}
    for mail in outbox.list_states(mails.key_prefix(row.id)):
        event, number, *_ = [*mail.key.removeprefix(mails.key_prefix(row.id)).split(":"), ""]
        found[int(number) if event == "step" else steps[0].id].append(mail)
    return found
