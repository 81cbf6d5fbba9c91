"""The coordinator's pages about requests: what waits, what becomes of it, what there is to ask."""

from collections.abc import Collection

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import audit, clock
from portal.accounts.access import require_user, requires_coordinator
from portal.directory import schools as directory
from portal.mail import outbox
from portal.requests import catalogue, mails, queries, rules, workflow
from portal.requests.admin_forms import (
    ALL,
    CLOSED,
    STEPS,
    ListForm,
    MailboxForm,
    MoveForm,
    SubjectForm,
    YearForm,
)
from portal.requests.catalogue import SubjectDraft, SubjectRow
from portal.requests.kinds import KINDS, KINDS_BY_KEY
from portal.requests.queries import RequestRow
from portal.requests.summary import ASKED_DAYS
from portal.requests.workflow import StepNotAllowed
from portal.site import current_site
from portal.web.downloads import csv_file
from portal.web.formatting import count, weekday
from portal.web.fragments import respond

LIMIT = 100

blueprint = Blueprint("request_admin", __name__, url_prefix="/beheer/aanvragen")


def waiting_summary() -> str:
    """One sentence for the overview of Beheer: how many requests wait for a first answer."""
    waiting = queries.count_waiting()
    if not waiting:
        return "Er wacht geen aanvraag op een eerste reactie."
    return f"{count(waiting, 'aanvraag wacht', 'aanvragen wachten')} op een eerste reactie."


@blueprint.get("")
@requires_coordinator
def overview() -> Response:
    """The requests, those that wait the longest on top."""
    form = _list_form()
    valid = form.validate()
    calendar, today = directory.get_calendar(), clock.today()
    rows = _listed(form, LIMIT + 1) if valid else []
    return respond(
        "requests/requests.html",
        "requests/_requests.html",
        status=200 if valid else 422,
        form=form,
        more=len(rows) > LIMIT,
        rows=[
            (row, calendar.count_working_days(row.received_on, today),
             rules.waits_too_long(row.state, row.received_on, today, calendar))
            for row in rows[:LIMIT]
        ],
    )  # fmt: skip


@blueprint.get("/export.csv")
@requires_coordinator
def export() -> Response:
    """The same list for a spreadsheet: without names and texts, which are cleared in time."""
    form = _list_form()
    if not form.validate():
        abort(404)
    rows = _listed(form)
    audit.record(require_user().account.id, "exported", "request", len(rows))
    return csv_file(
        "aanvragen.csv",
        ("Nummer", "Soort", "Onderwerp", "PO of VO", "School", "Gemeente", "Staat", "Ontvangen",
         "Gepland", "Afgesloten"),
        (
            (row.reference, row.kind.name, row.subject, row.level_name, row.school,
             row.municipality, row.state_name, row.received_on, row.planned_on, row.closed_on)
            for row in rows
        ),
    )  # fmt: skip


@blueprint.get("/<int:number>")
@requires_coordinator
def one(number: int) -> str:
    """A request, and what one can do with it."""
    return _one_page(_sent(number))


@blueprint.post("/<int:number>/<step>")
@requires_coordinator
def move(number: int, step: str) -> tuple[str, int] | BaseResponse:
    """Brings a request in another state."""
    row = _sent(number)
    if step not in STEPS:
        abort(404)
    form = MoveForm(STEPS[step], directory.get_calendar())
    if not form.validate():
        return _one_page(row, form), 422
    day = form.dag.data if form.dag else None
    try:
        workflow.move(
            row,
            form.state,
            require_user().account.id,
            current_site(),
            day=day,
            text=(form.toelichting.data or "") if form.toelichting else "",
        )
        on = f" op {weekday(day)}" if day else ""
        flash(f"De aanvraag is {rules.STATES[form.state]}{on}. De aanvrager krijgt een mail.")
    except StepNotAllowed:
        # Somebody else was first, or the button was pressed twice: the page shows what it became.
        flash(f"Er is niets veranderd. De aanvraag is al {_sent(number).state_name}.")
    return redirect(url_for(".one", number=number))


@blueprint.get("/overzicht")
@requires_coordinator
def statistics() -> Response:
    """How many requests there are about what and where, and how long they take."""
    rows = queries.list_counted()
    this_year = rules.school_year(clock.today())
    years = sorted({rules.school_year(row.received) for row in rows} | {this_year}, reverse=True)
    form = YearForm()
    form.schooljaar.choices = [("", "alle jaren"), *((str(y), f"{y}–{y + 1}") for y in years)]
    valid = form.validate()
    asked = [
        row
        for row in rows
        if not form.schooljaar.data or str(rules.school_year(row.received)) == form.schooljaar.data
    ]
    return respond(
        "requests/statistics.html",
        "requests/_statistics.html",
        status=200 if valid else 422,
        form=form,
        parts=_parts(asked) if valid else [],
    )


@blueprint.get("/aanbod")
@requires_coordinator
def subjects() -> str:
    """The catalogue: themes and organisations."""
    return render_template(
        "requests/subjects.html", subjects=catalogue.list_subjects(offered=False)
    )


@blueprint.get("/aanbod/nieuw")
@requires_coordinator
def new_subject() -> str:
    """Asks for a new theme or organisation."""
    form = SubjectForm(data={"aangeboden": True})
    return render_template("requests/subject.html", form=form, subject=None)


@blueprint.post("/aanbod/nieuw")
@requires_coordinator
def add_subject() -> tuple[str, int] | BaseResponse:
    """Puts something in the catalogue."""
    form = SubjectForm()
    if not form.validate():
        return render_template("requests/subject.html", form=form, subject=None), 422
    catalogue.add_subject(require_user().account.id, form.soort.data, _draft(form))
    return redirect(url_for(".subjects"))


@blueprint.get("/aanbod/<int:subject_id>")
@requires_coordinator
def subject(subject_id: int) -> str:
    """Shows a theme or organisation to change it."""
    found = _subject(subject_id)
    form = SubjectForm(
        data={
            "soort": found.kind,
            "naam": found.name,
            "uitleg": found.explanation,
            "door": found.given_by,
            "aangeboden": found.is_offered,
        }
    )
    return render_template("requests/subject.html", form=form, subject=found)


@blueprint.post("/aanbod/<int:subject_id>")
@requires_coordinator
def change_subject(subject_id: int) -> tuple[str, int] | BaseResponse:
    """Changes a theme or organisation."""
    found, form = _subject(subject_id), SubjectForm()
    form.soort.data = found.kind
    if not form.validate():
        return render_template("requests/subject.html", form=form, subject=found), 422
    catalogue.change_subject(require_user().account.id, found.id, _draft(form))
    return redirect(url_for(".subjects"))


@blueprint.get("/postvakken")
@requires_coordinator
def mailboxes() -> str:
    """Where requests go now, and where they went before."""
    return _mailboxes_page(MailboxForm(data=catalogue.get_mailboxes()))


@blueprint.post("/postvakken")
@requires_coordinator
def change_mailboxes() -> tuple[str, int] | BaseResponse:
    """Lets requests go elsewhere from now on."""
    form = MailboxForm()
    if not form.validate():
        return _mailboxes_page(form), 422
    catalogue.change_mailboxes(
        require_user().account.id,
        {key: form[key].data for key in ("po", "vo", "verwijsindex")},
    )
    return redirect(url_for(".mailboxes"))


def _list_form() -> ListForm:
    form = ListForm()
    form.staat.choices = [("", "open"), *((key, rules.STATES[key]) for key in rules.STATES)]
    form.staat.choices += [(CLOSED, "afgesloten"), (ALL, "alle")]
    form.soort.choices = [("", "alle soorten"), *((kind.key, kind.name) for kind in KINDS)]
    towns = directory.list_municipalities(in_region=True)
    form.gemeente.choices = [("", "alle gemeenten"), *((town.slug, town.name) for town in towns)]
    return form


def _listed(form: ListForm, limit: int | None = None) -> list[RequestRow]:
    groups: dict[str, Collection[str]] = {
        "": rules.OPEN, CLOSED: rules.CLOSED, ALL: (*rules.OPEN, *rules.CLOSED),
    }  # fmt: skip
    state = form.staat.data or ""
    return queries.list_requests(
        groups.get(state, (state,)), form.soort.data or "", form.gemeente.data or "", limit
    )


def _sent(number: int) -> RequestRow:
    """The request, if it was sent; what waits to be confirmed is nobody's business yet."""
    row = queries.find_request(number)
    if row is None or row.state == rules.UNCONFIRMED:
        abort(404)
    return row


def _one_page(row: RequestRow, filled: MoveForm | None = None) -> str:
    slugs = {state: slug for slug, state in STEPS.items()}
    states = () if row.is_cleared else rules.NEXT[row.state]
    calendar = directory.get_calendar()
    return render_template(
        "requests/request.html",
        row=row,
        steps=queries.list_steps(row.id),
        mail_states=outbox.list_states(mails.arrival(row.id)),
        forms=[
            (slugs[state], filled if filled and filled.state == state
             else MoveForm(state, calendar, formdata=None))
            for state in states
        ],
        likely=rules.likely_next(row.kind_key, row.state),
        asked_days=dict(row.answers).get(ASKED_DAYS, ""),
        filled=filled,
    )  # fmt: skip


def _parts(rows: list[rules.RequestFact]) -> list[tuple[str, list[rules.Statistics]]]:
    """The headings of the overview, each with its counts."""
    calendar = directory.get_calendar()
    known = catalogue.list_subjects()

    def of(kind: str) -> list[rules.Statistics]:
        names = [row.name for row in known if row.kind == kind]
        pairs = ((row.subject or "anders", row) for row in rows if row.kind == kind)
        return rules.tally(pairs, calendar, names)

    towns = [town.name for town in directory.list_municipalities(in_region=True)]
    kinds = ((KINDS_BY_KEY[row.kind].name, row) for row in rows)
    years = ((f"{y}–{y + 1}", row) for row in rows if (y := rules.school_year(row.received)))
    return [
        ("Per soort", rules.tally(kinds, calendar, [kind.name for kind in KINDS])),
        ("Per thema", of("theme")),
        ("Per organisatie", of("organisation")),
        ("Per gemeente", rules.tally(((row.municipality, row) for row in rows), calendar, towns)),
        ("Per schooljaar", rules.tally(years, calendar)),
    ]


def _subject(subject_id: int) -> SubjectRow:
    found = catalogue.find_subject(subject_id)
    if found is None:
        abort(404)
    return found


def _draft(form: SubjectForm) -> SubjectDraft:
    return SubjectDraft(
        name=form.naam.data,
        explanation=form.uitleg.data,
        given_by=form.door.data or "",
        is_offered=form.aangeboden.data,
    )


def _mailboxes_page(form: MailboxForm) -> str:
    return render_template("requests/mailboxes.html", form=form, history=catalogue.list_mailboxes())
