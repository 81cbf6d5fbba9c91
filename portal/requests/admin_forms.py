"""The coordinator's forms: transitions of a request, filters, the catalogue and the mailboxes."""

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms import BooleanField, RadioField, ValidationError

from portal import clock
from portal.privacy.forms import FreeTextField, GuardedForm
from portal.region import RequestMailbox
from portal.requests.kinds import SubjectKind
from portal.requests.states import State
from portal.web.forms import (
    ChangeForm,
    DayField,
    MailAddressField,
    QueryForm,
    TextField,
    choice_field,
)
from portal.workdays import Calendar


class MoveForm(GuardedForm):
    """The button that moves a request to another state, with what that transition asks."""

    state: ClassVar[State]

    def __init__(self, calendar: Calendar, **kwargs: Any) -> None:
        # The page holds a form per transition, so their fields have a prefix.
        super().__init__(prefix=f"{self.state}-", **kwargs)
        self.calendar = calendar


class HandleForm(MoveForm):
    """Takes a request into handling."""

    state = State.HANDLING


class PlanForm(MoveForm):
    """Plans a session."""

    state = State.PLANNED

    day = DayField("Dag van de sessie", name="dag")
    accept_free_day = BooleanField("Ik plan de sessie toch op deze dag.", name="toch")
    explanation = FreeTextField(
        "Toelichting voor de aanvrager (optioneel)", name="toelichting", most=1000, rows=3
    )

    def validate_day(self, field: DayField) -> None:
        """Today or later."""
        if not field.data:
            raise ValidationError("Vul de dag van de sessie in.")
        if field.data < clock.today():
            raise ValidationError("Deze dag is al voorbij. Kies een dag vanaf vandaag.")

    def validate_accept_free_day(self, field: BooleanField) -> None:
        """A session on a day without school is possible, but seldom meant."""
        day = self.day.data
        if field.data or not day or self.day.errors or self.calendar.is_working_day(day):
            return
        names = [holiday.name for holiday in self.calendar.holidays_on(day)] or ["weekend"]
        raise ValidationError(
            f"Op deze dag is het {names[0].lower()}. Kies een andere dag of zet het vinkje."
        )


class FinishForm(MoveForm):
    """Closes a request as done."""

    state = State.DONE


class DeclineForm(MoveForm):
    """Declines a request."""

    state = State.DECLINED

    explanation = FreeTextField(
        "Waarom kan het niet doorgaan?",
        name="toelichting",
        missing="Vul in waarom het niet kan doorgaan.",
        most=1000,
        rows=3,
    )


MOVE_FORMS: dict[str, type[MoveForm]] = {  # per slug in the address
    "behandelen": HandleForm,
    "plannen": PlanForm,
    "afronden": FinishForm,
    "afwijzen": DeclineForm,
}
MOVE_SLUGS = {form.state: slug for slug, form in MOVE_FORMS.items()}


class ListForm(QueryForm):
    """The filter of the list of requests. The view sets the choices."""

    CLOSED, ALL = "afgesloten", "alle"  # groups of states; "" is every open one

    state = choice_field("Staat", "staat", "Kies een staat uit de lijst.")
    kind = choice_field("Soort", "soort", "Kies een soort uit de lijst.")
    municipality = choice_field("Gemeente", "gemeente", "Kies een gemeente uit de lijst.")


class YearForm(QueryForm):
    """The school year of the statistics. The view sets the choices."""

    school_year = choice_field("Schooljaar", "schooljaar", "Kies een schooljaar uit de lijst.")


class SubjectForm(GuardedForm):
    """A theme or organisation of the catalogue."""

    kind = choice_field(
        "Wat is het?", "soort", "Kies of het een thema of een organisatie is.", kind=RadioField,
        choices={kind.value: f"Een {kind.label}" for kind in SubjectKind},
    )  # fmt: skip
    name = TextField("Naam", name="naam", missing="Vul een naam in.", most=80, noun="Deze naam")
    explanation = FreeTextField(
        "Uitleg in één zin",
        name="uitleg",
        missing="Leg in één zin uit wat het is.",
        most=200,
        rows=2,
    )
    given_by = TextField("Wie kan dit geven? (optioneel)", name="door")
    is_offered = BooleanField("Scholen kunnen dit nu aanvragen.", name="aangeboden")


class MailboxForm(ChangeForm):
    """The address of each mailbox of a region, by its key."""

    @classmethod
    def of(cls, mailboxes: Iterable[RequestMailbox]) -> "type[MailboxForm]":
        """The form with a field for each of these mailboxes."""
        missing = "Vul je e-mailadres in."
        fields = {row.key: MailAddressField(row.label, missing=missing) for row in mailboxes}
        return type("MailboxForm", (cls,), fields)
