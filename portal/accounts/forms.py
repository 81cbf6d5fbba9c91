"""The forms for signing in, for the second factor, for the own account and for the first administrator."""

import unicodedata

from wtforms import BooleanField, HiddenField, ValidationError

from portal.web.forms import ChangeForm, Filled, MailAddressField, TextField


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


class EndForm(ChangeForm):
    """The confirmation that one's own account ends."""

    is_sure = BooleanField("Ja, stop mijn account.", name="zeker", validators=[Filled("Zet het vinkje als je stopt.")])


class SetUpForm(ChangeForm):
    """The first administrator."""

    full_name = TextField("Je naam", name="naam", missing="Vul je naam in.", noun="Deze naam")
    email = MailAddressField("Je e-mailadres op je werk", missing="Vul je e-mailadres in.")
