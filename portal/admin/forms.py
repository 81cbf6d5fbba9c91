"""The forms of Beheer: the filter of the trail, and the settings."""

from wtforms import HiddenField
from wtforms.validators import Optional, Regexp

from portal.accounts.addresses import list_addresses
from portal.admin.trail import Filters
from portal.directory.models import SettingKey
from portal.mail.models import DeliveryState
from portal.mail.outbox import MailFilter
from portal.privacy.forms import FreeTextField, GuardedForm
from portal.web.forms import DayField, PhoneField, QueryForm, TextField, choice_field, read_number


class TrailForm(QueryForm):
    """The filter of the trail. The view sets the choices."""

    kind = choice_field("Soort", "soort", "Kies een soort uit de lijst.")
    account = choice_field("Wie", "wie", "Kies iemand uit de lijst.")
    since = DayField("Vanaf", name="vanaf", validators=[Optional()])
    until = DayField("Tot en met", name="tot", validators=[Optional()])
    person = HiddenField(name="persoon")
    school = HiddenField(name="school")
    organisation = HiddenField(name="organisatie")

    @property
    def filters(self) -> Filters:
        """The choices of a valid form."""
        return Filters(
            kind=self.kind.data or "",
            account=read_number(self.account.data),
            since=self.since.data,
            until=self.until.data,
            person=read_number(self.person.data),
            school=self.school.data or "",
            organisation=read_number(self.organisation.data),
        )


class PostForm(QueryForm):
    """The filter of the outbox."""

    text = TextField("Adres of onderwerp", name="zoek")
    state = choice_field(
        "Hoe ver is het?", "stand", "Kies een stand uit de lijst.",
        choices={"": "alles"} | dict(DeliveryState.choices()),
    )  # fmt: skip
    person = HiddenField(name="persoon")

    @property
    def chosen(self) -> MailFilter:
        """The choices of a valid form."""
        person = read_number(self.person.data)
        recipients = list_addresses(person) if person else None
        return MailFilter(self.text.data or "", self.state.data or "", recipients)


_WORKING_DAYS = Regexp(r"([1-9][0-9]?)?$", message="Vul een aantal werkdagen in, zoals 5.")


class SettingsForm(GuardedForm):
    """The settings, with the reason of their change."""

    veilig_thuis = PhoneField("Telefoonnummer van Veilig Thuis (optioneel)", name="nummer")
    answer_days = TextField(
        "Werkdagen tot antwoord op een aanvraag (optioneel)",
        validators=[_WORKING_DAYS],
        name="aanvraag",
    )
    accessibility_days = TextField(
        "Werkdagen tot antwoord over toegankelijkheid (optioneel)",
        validators=[_WORKING_DAYS],
        name="toegankelijkheid",
    )
    reason = FreeTextField(
        "Waarom verander je dit?",
        name="reden",
        missing="Schrijf in een paar woorden waarom, bijvoorbeeld waar het nummer staat.",
        most=200,
        rows=2,
    )
    version = HiddenField(name="versie")

    @property
    def values(self) -> dict[SettingKey, str]:
        """The settings that were typed."""
        return {
            SettingKey.VEILIG_THUIS: self.veilig_thuis.number,
            SettingKey.ANSWER_DAYS: self.answer_days.data or "",
            SettingKey.ACCESSIBILITY_DAYS: self.accessibility_days.data or "",
        }
