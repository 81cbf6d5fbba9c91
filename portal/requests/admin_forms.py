"""What the coordinator fills in: what becomes of a request, what there is, where requests go."""

from typing import Any

from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from portal import clock
from portal.accounts.forms import email_address
from portal.privacy.forms import FreeTextField, GuardedForm
from portal.requests.rules import NEEDS_DAY, NEEDS_REASON
from portal.web.forms import ChangeForm, DayField, QueryForm, strip_control_chars
from portal.workdays import Calendar

STEPS = {"behandelen": "handling", "plannen": "planned", "afronden": "done", "afwijzen": "declined"}
OPEN, CLOSED, ALL = "open", "afgesloten", "alle"


class MoveForm(GuardedForm):
    """What must be said when a request comes in another state."""

    dag = DayField("Dag van de sessie")
    toch = BooleanField("Ik plan de sessie toch op deze dag.")
    toelichting = FreeTextField("Toelichting voor de aanvrager (optioneel)", most=1000, rows=3)

    def __init__(self, state: str, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(prefix=f"{state}-", **kwargs)
        self.state = state
        self.calendar = calendar
        if state not in NEEDS_DAY:
            del self["dag"], self["toch"]
        if state not in (*NEEDS_DAY, *NEEDS_REASON):
            del self["toelichting"]  # so that one press is enough
            return
        if state in NEEDS_REASON:
            self.toelichting.label.text = "Waarom kan het niet doorgaan?"
            self.toelichting.missing = "Vul in waarom het niet kan doorgaan."

    def validate_dag(self, field: DayField) -> None:
        """The day of the session, not one that is over."""
        if not field.data:
            raise ValidationError("Vul de dag van de sessie in.")
        if field.data < clock.today():
            raise ValidationError("Deze dag is al voorbij. Kies een dag vanaf vandaag.")

    def validate_toch(self, field: BooleanField) -> None:
        """A session on a day without school is possible, but seldom meant."""
        day = self.dag.data
        if field.data or not day or self.dag.errors or self.calendar.is_working_day(day):
            return
        free = [row.name for row in self.calendar.holidays_on(day)] or ["weekend"]
        raise ValidationError(
            f"Op deze dag is het {free[0].lower()}. Kies een andere dag of zet het vinkje."
        )


class ListForm(QueryForm):
    """The filter of the list of requests; the choices come from the view."""

    staat = SelectField("Staat", validators=[Optional()], validate_choice=False)
    soort = SelectField("Soort", validators=[Optional()], validate_choice=False)
    gemeente = SelectField("Gemeente", validators=[Optional()], validate_choice=False)

    def validate_staat(self, field: SelectField) -> None:
        """A state or a group of them."""
        _from_list(field, "Kies een staat uit de lijst.")

    def validate_soort(self, field: SelectField) -> None:
        """A kind of request."""
        _from_list(field, "Kies een soort uit de lijst.")

    def validate_gemeente(self, field: SelectField) -> None:
        """A municipality of the region."""
        _from_list(field, "Kies een gemeente uit de lijst.")


class YearForm(QueryForm):
    """The school year that the overview is about."""

    schooljaar = SelectField("Schooljaar", validators=[Optional()], validate_choice=False)

    def validate_schooljaar(self, field: SelectField) -> None:
        """A year in which something was asked."""
        _from_list(field, "Kies een schooljaar uit de lijst.")


class SubjectForm(GuardedForm):
    """A theme or organisation of the catalogue."""

    soort = RadioField("Wat is het?", validate_choice=False)
    naam = StringField(
        "Naam",
        filters=[strip_control_chars],
        validators=[Length(max=80, message="Deze naam is te lang. Gebruik hoogstens 80 tekens.")],
    )
    uitleg = FreeTextField(
        "Uitleg in één zin", missing="Leg in één zin uit wat het is.", most=200, rows=2
    )
    door = StringField(
        "Wie kan dit geven? (optioneel)",
        filters=[strip_control_chars],
        validators=[
            Length(max=100, message="Deze tekst is te lang. Gebruik hoogstens 100 tekens.")
        ],
    )
    aangeboden = BooleanField("Scholen kunnen dit nu aanvragen.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.soort.choices = [("theme", "Een thema"), ("organisation", "Een organisatie")]

    def validate_soort(self, field: RadioField) -> None:
        """A theme or an organisation."""
        _from_list(field, "Kies of het een thema of een organisatie is.")

    def validate_naam(self, field: StringField) -> None:
        """What it is called."""
        if not field.data:
            raise ValidationError("Vul een naam in.")


class MailboxForm(ChangeForm):
    """Where requests go."""

    po = EmailField("Aanvragen voor PO", filters=[strip_control_chars], validators=[email_address])
    vo = EmailField("Aanvragen voor VO", filters=[strip_control_chars], validators=[email_address])
    verwijsindex = EmailField(
        "Accounts voor de Verwijsindex", filters=[strip_control_chars], validators=[email_address]
    )


def _from_list(field: SelectField | RadioField, message: str) -> None:
    if (field.data or "") not in [value for value, _ in field.choices]:
        raise ValidationError(message)
