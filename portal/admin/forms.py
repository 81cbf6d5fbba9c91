"""The forms of Beheer: the filters of the trail, of a data leak and of the outbox."""

from wtforms import HiddenField, ValidationError
from wtforms.validators import Optional

from portal import clock
from portal.accounts import administration
from portal.accounts.sign_in_addresses import list_addresses
from portal.admin.data_leak import USUAL, Asked
from portal.admin.trail import KINDS, Filters, list_accounts
from portal.mail.models import DeliveryState
from portal.mail.outbox import MailFilter
from portal.web.forms import DayField, QueryForm, TextField, choice_field, read_number


class TrailForm(QueryForm):
    """The filter of the trail."""

    kind = choice_field("Soort", "soort", "Kies een soort uit de lijst.", choices={"": "alles"} | dict(KINDS))
    account = choice_field("Wie", "wie", "Kies iemand uit de lijst.")
    since = DayField("Vanaf", name="vanaf", validators=[Optional()])
    until = DayField("Tot en met", name="tot", validators=[Optional()])
    person = HiddenField(name="persoon")
    school = HiddenField(name="school")
    organisation = HiddenField(name="organisatie")

    def __init__(self) -> None:
        super().__init__()
        self.account.choices = [("", "iedereen"), *list_accounts(read_number(self.account.data))]

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


class LeakForm(QueryForm):
    """The period and the account of a data leak."""

    account = choice_field("Wie", "wie", "Kies iemand uit de lijst.")
    since = DayField("Vanaf", name="vanaf", validators=[Optional()])
    until = DayField("Tot en met", name="tot", validators=[Optional()])

    def __init__(self) -> None:
        super().__init__()
        accounts = [(str(row.id), f"{row.name} ({row.address})") for row in administration.list_accounts()]
        self.account.choices = [("", "iedereen"), *accounts]

    def validate_until(self, field: DayField) -> None:
        """Refuse a last day before the first one."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError("Kies een laatste dag die na de eerste komt.")

    @property
    def asked(self) -> Asked:
        """The choices; where a day is left empty, the thirty days until today, or until the last one."""
        until = self.until.data or clock.today()
        since = self.since.data or until - USUAL
        return Asked(since, until, read_number(self.account.data))


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
