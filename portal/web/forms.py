"""The form classes, fields and validators that all forms share."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import StopValidation
from wtforms.widgets import EmailInput, TelInput

from portal import clock, email_addresses, phones, typed_days
from portal.text import clean_line
from portal.web.formatting import day


def list_sent() -> list[tuple[str, str]]:
    """The names and values of the form in the current request as they were sent, without its token."""
    return [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]


def read_number(text: str | None) -> int | None:
    """An id or version out of an address or a hidden field; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


class Filled:
    """A validator of a field that must not stay empty.

    Not DataRequired of WTForms: that also sets the attribute `required`, with which the browser
    shows its own message in its own language.
    """

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: object, field: Field) -> None:
        if not field.data:
            raise StopValidation(self.message)


def from_today(form: object, field: Field) -> None:
    """A validator of a day: today or later. Raises ValidationError."""
    if field.data and field.data < clock.today():
        raise ValidationError("Deze dag is al voorbij. Kies een dag vanaf vandaag.")


class OneOf:
    """A validator of a choice field: the answer is one of the choices of the field.

    An empty answer counts as "". The field itself takes `validate_choice=False`, because the
    message of WTForms says less.
    """

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: object, field: SelectField | SelectMultipleField) -> None:
        several = isinstance(field, SelectMultipleField)
        answers = set(field.data or ()) if several else {field.data or ""}
        if not answers <= {value for value, *_ in field.iter_choices()}:
            raise ValidationError(self.message)


def choice_field(
    label: str, name: str, invalid: str = "", missing: str = "", kind: type[Field] = SelectField, **options: Any
) -> Any:
    """A field of which the answer is one of its choices, or some of them, as `kind` says.

    `invalid` is the message for another answer; without it the view decides. `missing` is the
    message for no answer, which is allowed otherwise where "" is a choice.
    """
    validators = [*([Filled(missing)] if missing else []), *([OneOf(invalid)] if invalid else [])]
    return kind(label, name=name, validate_choice=False, validators=validators, **options)


class QueryForm(FlaskForm):
    """A form that asks (GET). It changes nothing, so it has no CSRF token, and its address can be shared."""

    class Meta:
        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)


class ChangeForm(FlaskForm):
    """A form that changes something (POST), with a CSRF token. It reads text only, besides a
    SentFile: a file in the place of an answer is refused, and JSON is an empty form."""

    class Meta:
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """The submitted text. Flask-WTF also reads files and JSON, which no field expects."""
            if formdata is None or request.method != "POST":
                return None
            return request.form or None

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every answer is valid, and none is a file."""
        valid = super().validate(extra_validators)
        for field in self:
            is_answer = not isinstance(field, BooleanField | HiddenField | SentFile)
            if is_answer and field.name in request.files:
                field.errors = ["Hier kan geen bestand. Vul tekst in of kies een antwoord."]
                valid = False
        return bool(valid)


class TextField(StringField):
    """A text of one line, of at most `most` characters. With `missing`, the message where it is
    empty, it is required. `noun` names the text where it is too long."""

    def __init__(
        self, label: str, *, missing: str = "", most: int = 100, noun: str = "Deze tekst", **options: Any
    ) -> None:
        super().__init__(label, filters=[self.read], **options)
        self.missing = missing
        self.most = most
        self.too_long = f"{noun} is te lang. Gebruik hoogstens {most} tekens."

    def read(self, text: str | None) -> str:
        """The part of a typed text that counts; it is also shown back."""
        return clean_line(text or "")

    def pre_validate(self, form: object) -> None:
        if self.missing and not self.data:
            raise StopValidation(self.missing)
        if len(self.data or "") > self.most:
            raise StopValidation(self.too_long)


class SentFile(FileField):
    """A file that must be sent, in a form with `enctype="multipart/form-data"`; its view is
    decorated `with_file`. Its bytes are `data`, and `filename` is its name on the other machine."""

    data: Any
    filename = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the file, not the text with that name."""
        sent = request.files.get(self.name)
        self.data = sent.read() if sent else b""
        self.filename = clean_line(sent.filename or "")[-100:] if sent else ""

    def pre_validate(self, form: object) -> None:
        if not self.filename:
            raise StopValidation("Kies een bestand.")
        if not self.data:
            raise StopValidation("Dit bestand is leeg. Kies een ander bestand.")


class PhoneField(TextField):
    """A telephone number, Dutch or foreign, as people write it. May be empty.

    The initial value is always valid: a stored text may hold two numbers.
    """

    widget = TelInput()

    @property
    def number(self) -> str:
        """The number as E.164, "+31235113660", or the typed text where it has no such form."""
        return phones.normalise(self.data or "")

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        if self.data and self.data != self.object_data and not phones.is_number(self.data):
            raise StopValidation(phones.HOW_TO_TYPE)


class MailAddressField(TextField):
    """A mail address, pasted with a name around it or not, stored in lower case. May be empty.

    The initial value is always valid. A domain with other letters than ASCII is stored as "xn--".
    """

    widget = EmailInput()

    data: Any

    def __init__(self, label: str, *, most: int = 254, **options: Any) -> None:  # RFC 5321, 4.5.3.1
        super().__init__(label, most=most, **options)

    def read(self, text: str | None) -> str:
        """The address in the typed text, or the text where it does not hold one address."""
        return email_addresses.take_out(super().read(text))

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        if self.data and self.data != self.object_data:
            try:
                self.data = email_addresses.normalise(self.data).lower()
            except ValueError:
                raise StopValidation(email_addresses.HOW_TO_TYPE) from None


class LookalikeField(RadioField):
    """Whether a new person is one who is known already; asked where somebody is alike."""

    OTHER = "anders"

    def __init__(self, label: str = "Is het iemand die hier al staat?", **options: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **options)
        self._asked: list[str] = []  # sentences

    def offer(self, people: Iterable[tuple[int, str, str]], barred: Iterable[str] = ()) -> None:
        """Ask about these people: id, name with organisation, and why they may be the same; and about those who are
        `barred` from being chosen, by name with organisation."""
        known = list(people)
        self.choices = [(str(person), f"Ja: {label}, {reason}") for person, label, reason in known]
        self._asked = [f"Bedoel je {label}? Kies het hieronder." for _, label, _ in known[:1]]
        self._asked += [
            f"{label} staat hier al, maar jij kunt die hier niet kiezen. Vraag de coördinator, of kies hieronder dat "
            "het iemand anders is."
            for label in list(barred)[:1]
        ]
        if self._asked:
            self.choices.append((self.OTHER, "Nee, dit is iemand anders"))

    def pre_validate(self, form: object) -> None:
        if self.choices and self.data not in dict(self.choices):
            raise StopValidation(" ".join(self._asked))


class DayField(DateField):
    """A day as a browser sends it (2027-02-01) or as people write it (1-2-2027, 1 februari 2027). May be empty."""

    def _value(self) -> str:
        """The day in ISO format, as the input element needs it, or else the typed text."""
        return self.data.isoformat() if self.data else clean_line(" ".join(self.raw_data or []))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the submitted text; raises ValueError with a Dutch message."""
        text = clean_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            read = typed_days.read_day(text)
        except ValueError:
            raise ValueError(typed_days.HOW_TO_TYPE_DAY) from None
        if not typed_days.EARLIEST <= read <= typed_days.LATEST:
            raise ValueError(typed_days.DAY_OUTSIDE_LIMITS)
        self.data = read


class HourField(TimeField):
    """An hour of the day as a browser sends it (15:30) or as people write it. May be empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the submitted text; raises ValueError with a Dutch message."""
        text = clean_line(valuelist[0]) if valuelist else ""
        self.data = None
        try:
            self.data = typed_days.read_time(text) if text else None
        except ValueError:
            raise ValueError(typed_days.HOW_TO_TYPE_HOUR) from None


class Difference(NamedTuple):
    """A field of which the typed answer is not what is stored now; both as text."""

    label: str
    present: str
    typed: str


def compare(typed: Sequence[Field], present: Sequence[Field]) -> list[Difference]:
    """The fields whose answer differs from that of the same field with the present values."""
    pairs = zip(present, typed, strict=True)
    texts = [(now.label.text.removesuffix(" (optioneel)"), _text(old), _text(now)) for old, now in pairs]
    return [Difference(*text) for text in texts if text[1] != text[2]]


def _text(field: Field) -> str:
    """The answer of a field as people read it."""
    if isinstance(field, BooleanField):
        return "ja" if field.data else "nee"
    if hasattr(field, "iter_choices"):
        return ", ".join(choice.label for choice in field.iter_choices() if choice.selected)
    if isinstance(field, TimeField):
        return f"{field.data:%H.%M} uur" if field.data else ""
    if isinstance(field, DateField):
        return day(field.data) if field.data else ""
    text = field.number if isinstance(field, PhoneField) else field.data
    return phones.grouped(str(text or ""))
