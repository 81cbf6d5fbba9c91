"""The pages for who asks: what there is, the form, and how it goes with a request."""

from contextlib import suppress
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from portal import clock, phones
from portal.accounts.access import client_network, current_person_id, current_user_or_none
from portal.directory import people
from portal.directory import schools as directory
from portal.mail import outbox
from portal.requests import catalogue, ical, mails, queries, submission, workflow
from portal.requests.forms import OTHER, ConfirmForm, NoteForm, RequestForm, WithdrawForm
from portal.requests.kinds import KINDS, KINDS_BY_SLUG, VERWIJSINDEX, Kind
from portal.requests.queries import RequestRow
from portal.requests.rules import ANSWER_WITHIN, SECTOR_LEVELS, UNCONFIRMED
from portal.requests.submission import Draft, TooOften
from portal.requests.summary import answers
from portal.requests.workflow import StepNotAllowed
from portal.site import current_site
from portal.web.access import public
from portal.web.downloads import download

blueprint = Blueprint("requests", __name__)


@blueprint.get("/aanvragen")
@public
def start() -> str:
    """What a school can ask for, and somebody's own requests."""
    someone = current_user_or_none()
    return render_template(
        "requests/start.html",
        kinds=KINDS,
        subjects=catalogue.list_subjects(),
        own=queries.own_roles_and_schools(someone.account) if someone else [],
    )


@blueprint.get("/aanvragen/<slug>")
@public
def ask(slug: str) -> str:
    """The form of one kind, with what is known filled in."""
    kind = _kind(slug)
    form = _form(kind, **_known(kind))
    return _ask_page(form, _open_requests(form))


@blueprint.post("/aanvragen/<slug>")
@public
def submit(slug: str) -> tuple[str, int] | Response:
    """Stores a request; from the same form a second time, shows the first."""
    form = _form(_kind(slug))
    if queries.find_submitted(form.formulier.data or ""):
        return _sent(form.formulier.data)
    valid = form.validate()
    same = _open_requests(form)
    if same and not form.toch.data:
        form.toch.errors = ["Er loopt al een aanvraag. Wil je toch een nieuwe? Zet het vinkje."]
        valid = False
    if valid:
        someone = current_user_or_none()
        try:
            submission.submit(
                _draft(form), form.formulier.data, someone.account if someone else None,
                client_network(), current_site(),
            )  # fmt: skip
            return _sent(form.formulier.data)
        except TooOften:
            form.email.errors = ["Er kwamen te veel aanvragen. Wacht een uur en probeer opnieuw."]
    return _ask_page(form, same), 422


@blueprint.get("/aanvragen/verstuurd/<form>")
@public
def sent(form: str) -> str | Response:
    """To who just asked: look in your mail, at which address only in the browser in which that
    was. Whoever is signed in follows the request at once."""
    row = queries.find_submitted(form)
    if row is None:
        abort(404)
    someone = current_user_or_none()
    if someone and queries.find_followed(row.reference, someone.account):
        return redirect(url_for(".follow", key=row.reference))
    return render_template(
        "requests/sent.html",
        row=row,
        mail_states=outbox.list_states(f"{mails.prefix(row.id)}confirm"),
        is_waiting=row.state == UNCONFIRMED,
        is_here=session.get("asked") == form,
    )


@blueprint.get("/aanvragen/volgen/<key>")
@public
def follow(key: str) -> str:
    """How it goes with a request; changes nothing."""
    return _follow_page(key, _followed(key), NoteForm(), WithdrawForm())


@blueprint.get("/aanvragen/volgen/<key>/afspraak.ics")
@public
def calendar(key: str) -> Response:
    """The planned session, for one's own calendar."""
    row = _followed(key)
    planned = ical.standing(queries.list_steps(row.id), clock.today())
    if planned is None:
        abort(404)
    content = ical.icalendar(row, planned, current_site().sender)
    name = f"aanvraag-{row.reference.lower()}.ics"
    return download(name, content, "text/calendar", method=ical.PUBLISH)


@blueprint.post("/aanvragen/volgen/<key>/versturen")
@public
def confirm(key: str) -> Response:
    """Sends a request that waited for its mail to be opened."""
    row = _followed(key)
    if ConfirmForm().validate():
        submission.confirm(row.id, current_site())
    return redirect(url_for(".follow", key=key))


@blueprint.post("/aanvragen/volgen/<key>/bericht")
@public
def add_note(key: str) -> tuple[str, int] | Response:
    """Adds something to a request."""
    row, form = _followed(key), NoteForm()
    if not form.validate():
        return _follow_page(key, row, form, WithdrawForm(formdata=None)), 422
    try:
        workflow.add_note(row, form.bericht.data, current_site())
        flash("Je bericht is toegevoegd. Het kernteamproject krijgt een mail.")
        return redirect(url_for(".follow", key=key))
    except StepNotAllowed:
        form.bericht.errors = ["De aanvraag is al afgesloten. Mail het kernteamproject."]
    except TooOften:
        form.bericht.errors = ["Je voegde al veel toe. Wacht een uur en probeer het opnieuw."]
    return _follow_page(key, _followed(key), form, WithdrawForm(formdata=None)), 422


@blueprint.post("/aanvragen/volgen/<key>/intrekken")
@public
def withdraw(key: str) -> tuple[str, int] | Response:
    """Withdraws a request."""
    row, form = _followed(key), WithdrawForm()
    if not form.validate():
        return _follow_page(key, row, NoteForm(formdata=None), form), 422
    with suppress(StepNotAllowed):  # it is closed already: the page shows how
        workflow.withdraw(row, form.reden.data, current_site())
        flash("Je aanvraag is ingetrokken. Je krijgt hierover een mail.")
    return redirect(url_for(".follow", key=key))


def _kind(slug: str) -> Kind:
    kind = KINDS_BY_SLUG.get(slug)
    if kind is None:
        abort(404)
    return kind


def _followed(key: str) -> RequestRow:
    someone = current_user_or_none()
    row = queries.find_followed(key, someone.account if someone else None)
    if row is None:
        abort(404)
    return row


def _follow_page(key: str, row: RequestRow, note: NoteForm, reason: WithdrawForm) -> str:
    steps = queries.list_steps(row.id)
    return render_template(
        "requests/follow.html",
        key=key,
        row=row,
        steps=steps,
        planned=ical.standing(steps, clock.today()),
        mail_states=outbox.list_states(mails.arrival(row.id)),
        note=note,
        reason=reason,
        days=ANSWER_WITHIN,
    )


def _form(kind: Kind, **known: Any) -> RequestForm:
    """The form with what there is to choose from."""
    form = RequestForm(kind, data=known)
    schools = directory.list_schools()
    form.school.choices = [
        ("", "kies een school"), *((s.code, f"{s.name}, {s.place}") for s in schools),
    ]  # fmt: skip
    form.sectors = {school.code: SECTOR_LEVELS.get(school.sector, "") for school in schools}
    if form.onderwerp:
        what = "organisatie" if form.welke else "thema"
        form.onderwerp.label.text = f"Over welk{'e' if form.welke else ''} {what}?"
        form.onderwerp.choices = [
            ("", f"kies een {what}"),
            *((row.key, row.name) for row in catalogue.list_subjects(kind.subjects)),
        ]
        if form.welke:
            form.onderwerp.choices.append((OTHER, "Een andere organisatie"))
    if form.functies:
        form.functies.choices = [
            (role.key, role.label) for role in directory.list_roles() if role.member
        ]
    return form


def _known(kind: Kind) -> dict[str, Any]:
    """What need not be asked again: the subject of the link, and who is signed in."""
    known: dict[str, Any] = {
        "onderwerp": request.args.get("onderwerp"), "school": request.args.get("school"),
    }  # fmt: skip
    someone = current_user_or_none()
    if someone:
        account = someone.account
        known |= {"naam": account.name, "email": account.email}
        person = current_person_id()
        posts = people.list_posts(clock.today(), [person]) if person else []
        if posts:
            known["functie"] = posts[0].role_label
            if len({post.school for post in posts}) == 1:
                known["school"] = known["school"] or posts[0].school
    school = directory.find_school(known["school"]) if known["school"] else None
    if school and "van_de_school" in kind.questions:
        known["adres"] = f"{school.street}, {school.postcode} {school.place}"
        known["telefoon_school"] = phones.grouped(school.phone)
    return known


def _open_requests(form: RequestForm) -> list[RequestRow]:
    """What the chosen school asks already, about the same; an account is everybody's own."""
    if not form.school.data or form.kind.key == VERWIJSINDEX:
        return []
    return queries.list_open_of(form.kind.key, [form.school.data], _subject(form))


def _subject(form: RequestForm) -> int | None:
    chosen = form.onderwerp.data if form.onderwerp else None
    rows = catalogue.list_subjects(form.kind.subjects) if chosen else []
    return next((row.id for row in rows if row.key == chosen), None)


def _draft(form: RequestForm) -> Draft:
    return Draft(
        kind=form.kind.key,
        subject=_subject(form),
        school=form.school.data,
        level=form.level or "po",
        name=form.naam.data,
        email=form.email.data,
        answers=answers(form, directory.get_calendar()),
    )


def _ask_page(form: RequestForm, same: list[RequestRow]) -> str:
    today = clock.today()
    calendar = directory.get_calendar()
    return render_template(
        "requests/ask.html",
        form=form,
        kind=form.kind,
        same=same,
        mailboxes=catalogue.get_mailboxes(),
        holidays=[h for h in calendar.holidays if h.is_school and h.valid_until > today][:3],
    )


def _sent(form: str) -> Response:
    session["asked"] = form
    return redirect(url_for(".sent", form=form))
