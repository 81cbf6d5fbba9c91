"""The forms about accounts and signing in."""

import unicodedata

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, ValidationError

from portal.accounts import mail_domains
from portal.accounts.administration import ENDED, NEVER_SIGNED_IN, OF_NOBODY
from portal.accounts.models import ResetReason
from portal.web.forms import ChangeForm, DayField, Filled, MailAddressField, QueryForm, TextField, choice_field


def _name_field(label: str, missing: str) -> TextField:
    return TextField(label, name="naam", missing=missing, noun="Deze naam")


class SignInForm(ChangeForm):
    """The address to mail a sign-in link to."""

    email = MailAddressField("Je e-mailadres op je werk", missing="Vul je e-mailadres in.")


class CodeForm(ChangeForm):
    """The code from the mail. Only its digits count, of any script, so that it may be pasted with
    the text around it."""

    code = TextField("De code uit de mail")

    @property
    def digits(self) -> str:
        """The digits of the typed text, as ASCII."""
        return "".join(str(unicodedata.decimal(c)) for c in self.code.data or "" if c.isdecimal())

    def validate_code(self, field: TextField) -> None:
        """Refuse what cannot be a code: it costs no attempt."""
        if len(self.digits) != 6:
            raise ValidationError("Vul de zes cijfers uit de mail in.")


class FactorForm(ChangeForm):
    """The proof of a second factor: a code, or the signed answer of a browser."""

    code = TextField("De code van je app, of een code van papier")
    passkey = HiddenField()

    def validate_code(self, field: TextField) -> None:
        """Refuse a form without any proof: it costs no attempt."""
        if not (field.data or self.passkey.data):
            raise ValidationError("Vul de code in.")


class AppForm(ChangeForm):
    """The first code of an authenticator app, and its encrypted secret."""

    sealed = HiddenField(name="geheim")
    code = TextField("De code van zes cijfers uit de app", missing="Vul de zes cijfers in.")


class ResetForm(ChangeForm):
    """The reason why the second factors of an account are removed."""

    reason = choice_field(
        "Waarom wis je de tweede stap?", "waarom", "Kies waarom.", kind=RadioField, choices=dict(ResetReason.choices())
    )


class EndForm(ChangeForm):
    """The confirmation that one's own account ends."""

    is_sure = BooleanField("Ja, stop mijn account.", name="zeker", validators=[Filled("Zet het vinkje als je stopt.")])


class SetUpForm(ChangeForm):
    """The first administrator."""

    full_name = _name_field("Je naam", "Vul je naam in.")
    email = MailAddressField("Je e-mailadres op je werk", missing="Vul je e-mailadres in.")


class AccountForm(ChangeForm):
    """An account, as a coordinator creates or changes it. The view fills in the choices."""

    full_name = _name_field("Naam", "Vul een naam in.")
    email = MailAddressField("E-mailadres op het werk", missing="Vul je e-mailadres in.")
    role = choice_field("Rol", "rol", "Kies een rol uit de lijst.")
    organisation = choice_field("Organisatie (optioneel)", "organisatie", "Kies een organisatie uit de lijst.")
    person = choice_field("Wie is dit in de contactzoeker? (optioneel)", "persoon", "Kies een persoon uit de lijst.")
    last_day = DayField("Laatste dag met toegang (optioneel)", name="laatste_dag")


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
    """A mail domain of an organisation. The view fills in the choices."""

    domain = TextField("Wat staat er achter de @?", name="domein", most=253)
    organisation = choice_field("Van welke organisatie?", "organisatie", "Kies een organisatie uit de lijst.")

    def validate_domain(self, field: TextField) -> None:
        """Accept a domain such as school.nl; refuse an address and a public mail provider."""
        try:
            field.data = mail_domains.read_domain(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
