"""What every form of the portal shares."""

from datetime import date, datetime
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, ValidationError


def strip_control_chars(text: str | None) -> str:
    """A filter for every text field: without the characters that no page and no database can
    hold (NUL and other control characters), and without blanks around it."""
    return "".join(c for c in text or "" if c.isprintable() or c in "\r\n\t").strip()


def chosen(field: SelectField, message: str) -> None:
    """Raise ValidationError with `message` where a choice is none of those that are offered."""
    if (field.data or "") not in [value for value, *_ in field.iter_choices()]:
        raise ValidationError(message)


class QueryForm(FlaskForm):
    """A form that asks (GET): it changes nothing, so it carries no token and can be shared as an
    address."""

    class Meta:
        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)


class ChangeForm(FlaskForm):
    """A form that changes something (POST); it carries the token against forged requests."""


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
