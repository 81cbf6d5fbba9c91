"""The forms of Beheer: the filter of the trail, and the settings."""

from wtforms import HiddenField
from wtforms.validators import Optional

from portal.admin.trail import Filters
from portal.privacy.forms import FreeTextField, GuardedForm
from portal.web.forms import DayField, PhoneField, QueryForm, choice_field, read_number


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


class SettingForm(GuardedForm):
    """A setting, with the reason of its change."""

    value = PhoneField("Telefoonnummer van Veilig Thuis", name="nummer")
    reason = FreeTextField(
        "Waarom verander je dit?",
        name="reden",
        missing="Schrijf in een paar woorden waarom, bijvoorbeeld waar het nummer staat.",
        most=200,
        rows=2,
    )
    version = HiddenField(name="versie")
