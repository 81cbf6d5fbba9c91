"""What every form of the portal shares."""

from datetime import date, datetime
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    Field,
    SelectField,
    SelectMultipleField,
    TelField,
    ValidationError,
)
from wtforms.validators import StopValidation

from portal import email_addresses, phones


def strip_control_chars(text: str | None) -> str:
    """A filter for every text field: without the characters that no page and no database can
    hold (NUL and other control characters), and without blanks around it."""
    return "".join(c for c in text or "" if c.isprintable() or c in "\r\n\t").strip()


def chosen(field: SelectField, message: str) -> None:
    """Raise ValidationError with `message` where a choice is none of those that are offered."""
    if (field.data or "") not in [value for value, *_ in field.iter_choices()]:
        raise ValidationError(message)


class Filled:
    """A validator of a field that must not stay empty. WTForms' DataRequired would also put the
    attribute `required` on the field; no form of the portal does."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: object, field: Field) -> None:
        if not field.data:
            raise StopValidation(self.message)


class OneOf:
    """A validator of a choice field: what was chosen is among what the field offers.

    An empty answer counts as "". Put `Optional()` before it where nothing needs to be chosen.
    The field itself takes `validate_choice=False`, because the message of WTForms says less.
    """

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: object, field: SelectField | SelectMultipleField) -> None:
        several = isinstance(field, SelectMultipleField)
        answers = set(field.data or ()) if several else {field.data or ""}
        if not answers <= {value for value, *_ in field.iter_choices()}:
            raise ValidationError(self.message)


class QueryForm(FlaskForm):
    """A form that asks (GET): it changes nothing, so it carries no token and can be shared as an
    address."""

    class Meta:
        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)


class ChangeForm(FlaskForm):
    """A form that changes something (POST); it carries the token against forged requests."""


class PhoneField(TelField):
    """A telephone number, Dutch or foreign, as people write it. May be empty.

    The value that the form began with is valid whatever it is: a stored "14 0251" is no number
    that can be checked. `number` is the value as the directory stores it.
    """

    MESSAGE = "Vul een telefoonnummer in, zoals 023 123 45 67."

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, filters=[strip_control_chars], **options)

    @property
    def number(self) -> str:
        """The number as E.164, "+31235113660", or the typed text where it has no such form."""
        return phones.normalise(self.data or "")

    def pre_validate(self, form: object) -> None:
        """Refuse what is no telephone number; raises StopValidation."""
        if self.data and self.data != self.object_data and not phones.is_number(self.data):
            raise StopValidation(self.MESSAGE)


class MailAddressField(EmailField):
    """A mail address, stored in lower case. May be empty unless `missing` says what to fill in.

    The value that the form began with is valid whatever it is.
    """

    MESSAGE = "Vul een e-mailadres in zoals naam@school.nl."

    data: Any

    def __init__(self, label: str, *, missing: str = "", **options: Any) -> None:
        super().__init__(label, filters=[strip_control_chars], **options)
        self.missing = missing

    def pre_validate(self, form: object) -> None:
        """Refuse what mail cannot be sent to; raises StopValidation."""
        if not self.data:
            if self.missing:
                raise StopValidation(self.missing)
        elif self.data != self.object_data:
            try:
                self.data = email_addresses.normalise(self.data).lower()
            except ValueError:
                raise StopValidation(self.MESSAGE) from None


class DayField(DateField):
    """A day, as a browser sends it (2027-02-01) or as people write it (1-2-2027). May be empty."""

    FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
    EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)

    def _value(self) -> str:
        """What the field shows: the day as a browser wants it, or else what was typed."""
        return (
            self.data.isoformat()
            if self.data
            else strip_control_chars(" ".join(self.raw_data or []))
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; raises ValueError with what to do."""
        text = strip_control_chars(valuelist[0]) if valuelist else ""
        self.data = None
        if not text:
            return
        for form in self.FORMATS:
            try:
                # A day has no time zone; strptime is only asked to read it.
                day = datetime.strptime(text, form).date()  # noqa: DTZ007
            except ValueError:
                continue
            if not self.EARLIEST <= day <= self.LATEST:
                raise ValueError("Kies een dag tussen 1 januari 2000 en 31 december 2099.")
            self.data = day
            return
        raise ValueError("Vul een dag in, zoals 1-2-2027.")
