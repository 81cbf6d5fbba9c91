"""What is asked about accounts, and how it says what is wrong."""

from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from portal.config import ADDRESS
from portal.web.forms import ChangeForm, DayField, strip_control_chars


def mailable(text: str) -> str:
    """`text` as an address that mail can be sent to; raises ValidationError where it is none."""
    try:
        address: str = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        address = ""
    if not ADDRESS.fullmatch(address):
        raise ValidationError("Vul een e-mailadres in zoals naam@school.nl.")
    return address


def email_address(form: object, field: EmailField) -> None:
    """A validator: an address of somebody who signs in."""
    if not field.data:
        raise ValidationError("Vul je e-mailadres in.")
    field.data = mailable(field.data).lower()


def _name(label: str, missing: str) -> StringField:
    return StringField(
        label,
        filters=[strip_control_chars],
        validators=[
            DataRequired(message=missing),
            Length(max=100, message="Deze naam is te lang. Gebruik hoogstens 100 tekens."),
        ],
    )


class SignInForm(ChangeForm):
    """Who wants to sign in."""

    email = EmailField(
        "Je e-mailadres op je werk", filters=[strip_control_chars], validators=[email_address]
    )


class CodeForm(ChangeForm):
    """The code from the mail."""

    code = StringField(
        "De code uit de mail",
        filters=[strip_control_chars],
        validators=[DataRequired(message="Vul de zes cijfers uit de mail in.")],
    )


class SetUpForm(ChangeForm):
    """Who is the first administrator."""

    naam = _name("Je naam", "Vul je naam in.")
    email = EmailField(
        "Je e-mailadres op je werk", filters=[strip_control_chars], validators=[email_address]
    )


class AccountForm(ChangeForm):
    """An account, as a coordinator makes or changes it."""

    naam = _name("Naam", "Vul een naam in.")
    email = EmailField(
        "E-mailadres op het werk", filters=[strip_control_chars], validators=[email_address]
    )
    rol = SelectField("Rol", validate_choice=False)
    organisatie = SelectField(
        "Organisatie (optioneel)", validators=[Optional()], validate_choice=False
    )
    persoon = SelectField(
        "Wie is dit in de contactzoeker? (optioneel)",
        validators=[Optional()],
        validate_choice=False,
    )
    laatste_dag = DayField("Laatste dag met toegang (optioneel)")

    def validate_rol(self, field: SelectField) -> None:
        """A role that this coordinator may give."""
        if field.data not in [value for value, _ in field.choices]:
            raise ValidationError("Kies een rol uit de lijst.")

    def validate_organisatie(self, field: SelectField) -> None:
        """An organisation of the region."""
        if (field.data or "") not in [value for value, _ in field.choices]:
            raise ValidationError("Kies een organisatie uit de lijst.")

    def validate_persoon(self, field: SelectField) -> None:
        """Somebody in the directory."""
        if (field.data or "") not in [value for value, _ in field.choices]:
            raise ValidationError("Kies een persoon uit de lijst.")


class DomainForm(ChangeForm):
    """A mail domain of an organisation."""

    domein = StringField("Deel na de @", filters=[strip_control_chars])
    organisatie = SelectField("Van welke organisatie?", validate_choice=False)

    def validate_domein(self, field: StringField) -> None:
        """A domain such as school.nl, not an address and not one that everybody can have."""
        domain = (field.data or "").lower().removeprefix("@")
        try:
            mailable(f"naam@{domain}")
        except ValidationError:
            raise ValidationError("Vul het deel na de @ in, zoals school.nl.") from None
        if domain in _FOR_EVERYBODY:
            raise ValidationError("Bij dit domein kan iedereen een adres krijgen. Kies een ander.")
        field.data = domain

    def validate_organisatie(self, field: SelectField) -> None:
        """An organisation of the region."""
        if field.data not in [value for value, _ in field.choices]:
            raise ValidationError("Kies een organisatie uit de lijst.")


# Where everybody can get an address: no organisation may list these.
_FOR_EVERYBODY = frozenset(
    {
        "gmail.com", "hotmail.com", "hotmail.nl", "icloud.com", "kpnmail.nl", "live.com",
        "live.nl", "me.com", "outlook.com", "planet.nl", "proton.me", "protonmail.com",
        "xs4all.nl", "yahoo.com", "ziggo.nl",
    }
)  # fmt: skip
