"""The steps of a request as forms: in Beheer, and by the link in a mail to a mailbox."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask import flash
from wtforms import BooleanField, SelectMultipleField, ValidationError

from portal import clock, email_addresses
from portal.accounts.administration import list_coordinators
from portal.directory import schools_and_kernen as directory
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.requests import queries, session_calendar, step_writes
from portal.requests.limits import MOST_ADDRESSES, TOO_MANY_STEPS, LimitReached
from portal.requests.queries import RequestRow
from portal.requests.session_hours_and_invitees import Session, list_invitees
from portal.requests.state_rules import TRANSITIONS, StepKind
from portal.requests.step_writes import StepNotAllowed
from portal.site import current_site
from portal.web.formatting import weekday
from portal.web.forms import DayField, Filled, HourField, TextField, choice_field, from_today

_DONE = {
    StepKind.ANSWER: "Je antwoord is verstuurd.",
    StepKind.INTERNAL: "De notitie is bewaard. De aanvrager ziet haar niet.",
    StepKind.OWNER: "{} behandelt deze aanvraag.",
    StepKind.READ: "Het bericht is gelezen. De aanvrager krijgt geen mail.",
}


class StepForm(GuardedForm):
    """The button with which the coordinator takes a step, with what that step asks.

    `session` is the one that is planned now, if any.
    """

    kind: ClassVar[StepKind]

    def __init__(self, row: RequestRow, session: Session | None = None, **kwargs: Any) -> None:
        # The page holds a form per step, so their fields have a prefix.
        super().__init__(prefix=f"{self.kind}-", **kwargs)
        self.row = row


class AddressesField(TextField):
    """Mail addresses, with commas, semicolons or blanks between them. May be empty."""

    @property
    def addresses(self) -> list[str]:
        """The addresses in lower case. Raises ValueError for the first text that is none."""
        return [email_addresses.normalise(part).lower() for part in re.split("[,; ]", self.data) if part]

    def pre_validate(self, form: object) -> None:
        """Raises ValidationError where a part is no mail address, or there are more than 20."""
        super().pre_validate(form)
        try:
            number = len(self.addresses)
        except ValueError:
            raise ValidationError(
                "Vul e-mailadressen in met een komma ertussen, zoals an@school.nl, bo@ggd.nl."
            ) from None
        if number > MOST_ADDRESSES:
            raise ValidationError(f"Nodig hoogstens {MOST_ADDRESSES} adressen uit.")


class PlanForm(StepForm):
    """Plans a session, or moves it: then with the answers of the last time."""

    kind = StepKind.PLANNED

    day = DayField("Dag van de sessie", name="dag", validators=[Filled("Vul de dag van de sessie in."), from_today])
    begins = HourField("Begint om", name="begin", validators=[Filled("Vul in hoe laat de sessie begint.")])
    ends = HourField("Eindigt om", name="eind", validators=[Filled("Vul in hoe laat de sessie eindigt.")])
    place = TextField("Waar is het?", name="plaats", missing="Vul in waar het is.", most=200)
    leader = TextField("Wie leidt de sessie? (optioneel)", name="leider")
    roles = choice_field(
        "Wie uit het kernteam nodig je uit? (optioneel)", "functies", "Kies functies uit de lijst.",
        kind=SelectMultipleField,
    )  # fmt: skip
    addresses = AddressesField("Wie nog meer? Vul e-mailadressen in (optioneel)", name="adressen", most=1000)
    accept_free_day = BooleanField("Ik plan de sessie toch op deze dag.", name="toch")
    explanation = FreeTextField("Toelichting voor de aanvrager (optioneel)", name="toelichting", most=1000, rows=3)

    def __init__(self, row: RequestRow, session: Session | None = None, **kwargs: Any) -> None:
        school = directory.find_school(row.school_code)
        known: dict[str, Any] = {"place": f"{row.school}, {school.street}, {row.place}" if school else row.school}
        if session:
            known |= session._asdict() | {
                "day": row.planned_on,
                "begins": session.begins,
                "ends": session.ends,
                "roles": [invitee.role for invitee in session.invitees if invitee.role],
                "addresses": ", ".join(who.address for who in session.invitees if not who.role),
            }
        super().__init__(row, data=known, **kwargs)
        # The kernteam of the day, as the page of the school shows it.
        on_the_day = directory.find_school(row.school_code, self.day.data) if self.day.data else school
        self._around = on_the_day.around if on_the_day else []
        self.roles.choices = [
            (role.key, role.label)
            for role in directory.list_roles()
            if role.member and on_the_day and role.is_around(on_the_day)
        ]

    @property
    def session(self) -> Session:
        """The session of a valid form."""
        day: Any = self.day.data
        begins_at, ends_at = (
            datetime.combine(day, hour, clock.AMSTERDAM).astimezone(UTC)
            for hour in (self.begins.data, self.ends.data)
            if hour
        )
        invitees = list_invitees(day, self._around, self.roles.data, self.addresses.addresses)
        return Session(begins_at, ends_at, self.place.data, self.leader.data, tuple(invitees))

    def validate_ends(self, field: HourField) -> None:
        if self.begins.data and field.data and field.data <= self.begins.data:
            raise ValidationError("De sessie eindigt voordat hij begint.")

    def validate_roles(self, field: SelectMultipleField) -> None:
        """Refuse a role that nobody with a known address has on the day of the session."""
        if not self.day.data:
            return
        invitees = list_invitees(self.day.data, self._around, field.data, [])
        unreached = {*field.data} - {invitee.role for invitee in invitees}
        missing = [label for key, label, *_ in field.iter_choices() if key in unreached]
        if missing:
            raise ValidationError(f"Van de {missing[0]} is op die dag geen e-mailadres bekend. Haal het vinkje weg.")

    def validate_accept_free_day(self, field: BooleanField) -> None:
        """Ask whether a day without school is meant."""
        day = None if field.data or self.day.errors else self.day.data
        if day and (question := directory.get_calendar().ask_about_day(day, "Op deze dag")):
            raise ValidationError(question)


class OwnerForm(StepForm):
    """Chooses who handles the request."""

    kind = StepKind.OWNER

    owner = choice_field("Wie behandelt dit?", "behandelaar", "Kies iemand uit de lijst.", "Kies iemand.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner.choices = [("", "kies iemand"), *list_coordinators()]


class HandleForm(StepForm):
    kind = StepKind.HANDLING


class FinishForm(StepForm):
    kind = StepKind.DONE


class DeclineForm(StepForm):
    kind = StepKind.DECLINED

    explanation = FreeTextField(
        "Waarom kan het niet doorgaan?", name="toelichting", missing="Vul in waarom het niet kan doorgaan.",
        most=1000, rows=3,
    )  # fmt: skip


class AnswerForm(StepForm):
    kind = StepKind.ANSWER

    explanation = FreeTextField("Je antwoord aan de aanvrager", name="antwoord", missing="Vul je antwoord in.", rows=4)


class InternalForm(StepForm):
    """A note that the requester never sees."""

    kind = StepKind.INTERNAL

    explanation = FreeTextField("Notitie voor collega’s", name="notitie", missing="Vul een notitie in.", rows=3)


class ReadForm(StepForm):
    """Says that a message of the requester needs no answer."""

    kind = StepKind.READ


STEP_FORMS: dict[str, type[StepForm]] = {  # per slug in the address
    "behandelen": HandleForm,
    "plannen": PlanForm,
    "afronden": FinishForm,
    "afwijzen": DeclineForm,
    "antwoorden": AnswerForm,
    "notitie": InternalForm,
    "gelezen": ReadForm,
    "behandelaar": OwnerForm,
}


def run_step(
    row: RequestRow, form: StepForm, possible: Collection[StepKind], actor: int | None, link_step: int | None = None
) -> int:
    """Take the step of a form, and flash what was done. Gives the status of the answer: 302, 422
    where the form is invalid, 409 where nothing was done because the request has moved since.

    Without an actor (account), somebody does it by a link that was mailed at `link_step` (id).
    """
    if form.kind not in possible:  # nothing of the form is read
        flash(_say_unchanged(row, link_step))
        return 409
    if not form.validate():
        return 422
    session = form.session if isinstance(form, PlanForm) else None
    owner = form.owner if isinstance(form, OwnerForm) else None
    text = dict(owner.choices)[owner.data] if owner else ""
    try:
        step_writes.take_step(
            row.id,
            form.kind,
            actor,
            current_site(),
            session=session,
            text=form.explanation.data if "explanation" in form else text,
            owner=int(owner.data) if owner else None,
            link_step=link_step,
        )
    except StepNotAllowed:
        flash(_say_unchanged(queries.get_request(row.id), link_step))
        return 409
    except LimitReached:
        flash(TOO_MANY_STEPS)
        return 409
    on_day = f" op {weekday(session.day)}" if session else ""
    is_state = f"De aanvraag is {form.kind.label}{on_day}. De aanvrager krijgt een mail."
    flash(_DONE.get(form.kind, is_state).format(text))
    return 302


def _say_unchanged(row: RequestRow, link_step: int | None) -> str:
    once_each = "" if link_step is None else " Met een link uit een mail kan elke stap één keer."
    return f"Er is niets veranderd. De aanvraag is al {row.state.label}.{once_each}"


def make_forms(row: RequestRow, kinds: Collection[StepKind], submitted: StepForm | None = None) -> dict[str, StepForm]:
    """The forms of these kinds of steps by their slug, with the one that was submitted: also where
    its step is no longer possible and it holds a text, so that nothing typed is lost."""
    appointment = session_calendar.upcoming(queries.list_steps(row.id), clock.today())
    session = appointment.session if appointment else None
    return {
        slug: submitted if isinstance(submitted, form) else form(row, session, formdata=None)
        for slug, form in STEP_FORMS.items()
        if form.kind in kinds or (isinstance(submitted, form) and "explanation" in submitted)
    }


def list_transitions(row: RequestRow) -> list[StepKind]:
    """The steps that move a request to another state now."""
    return [] if row.is_cleared else [StepKind(state) for state in TRANSITIONS[row.state]]
