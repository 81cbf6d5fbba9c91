"""The forms of Beheer: about accounts, invitations and mail domains; and the filters of the trail, a data leak and the
outbox."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField, ValidationError
from wtforms.validators import Optional

from portal import clock
from portal.accounts import administration, mail_domains
from portal.accounts.administration import ENDED, NEVER_SIGNED_IN, OF_NOBODY
from portal.accounts.roles import AccountRole, grantable_roles
from portal.accounts.second_factors import ResetReason
from portal.accounts.sign_in_addresses import list_addresses
from portal.admin.data_leak import USUAL, Asked
from portal.admin.trail import KINDS, Filters, list_accounts
from portal.mail.models import DeliveryState
from portal.mail.outbox import MailFilter
from portal.search.choices import offer_organisations, offer_people
from portal.web.forms import ChangeForm, DayField, MailAddressField, QueryForm, TextField, choice_field, read_number


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


class ResetForm(ChangeForm):
    """The reason why the second factors of an account are removed."""

    reason = choice_field(
        "Waarom wis je de tweede stap?", "waarom", "Kies waarom.", kind=RadioField, choices=dict(ResetReason.choices())
    )


class AccountForm(ChangeForm):
    """An account, as somebody with the role `giver` creates or changes it."""

    full_name = TextField("Naam", name="naam", missing="Vul een naam in.", noun="Deze naam")
    email = MailAddressField("E-mailadres op het werk", missing="Vul je e-mailadres in.")
    role = choice_field("Rol", "rol", "Kies een rol uit de lijst.")
    organisation = choice_field("Organisatie (optioneel)", "organisatie", "Kies een organisatie uit de lijst.")
    person = choice_field("Wie is dit in de contactzoeker? (optioneel)", "persoon", "Kies een persoon uit de lijst.")
    last_day = DayField("Laatste dag met toegang (optioneel)", name="laatste_dag")

    def __init__(self, giver: AccountRole, **data: Any) -> None:
        super().__init__(data=data)
        self.role.choices = [(role, role.label) for role in grantable_roles(giver)]
        offer_organisations(self.organisation, [("", "geen")])
        offer_people(self.person, [("", "niemand")])


class AccountFilterForm(QueryForm):
    text = TextField("Naam, e-mailadres of rol", name="zoek")
    state = choice_field(
        "Toegang", "stand", "Kies een stand uit de lijst.",
        choices={"": "alles", NEVER_SIGNED_IN: "nog nooit ingelogd",
                 OF_NOBODY: "kernteamlid dat nog bij niemand hoort", ENDED: "geen toegang meer"},
    )  # fmt: skip


class InvitationsForm(ChangeForm):
    """The people who are invited as members, or the day of the round that is invited again."""

    round = HiddenField(name="ronde")

    people = choice_field("Wie nodig je uit?", "persoon", missing="Kies wie je uitnodigt.", kind=SelectMultipleField)


class DomainForm(ChangeForm):
    """A mail domain of an organisation."""

    domain = TextField("Wat staat er achter de @?", name="domein", most=253)
    organisation = choice_field("Van welke organisatie?", "organisatie", "Kies een organisatie uit de lijst.")

    def __init__(self) -> None:
        super().__init__()
        offer_organisations(self.organisation, [])

    def validate_domain(self, field: TextField) -> None:
        """Accept a domain such as school.nl; refuse an address and a public mail provider."""
        try:
            field.data = mail_domains.read_domain(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
