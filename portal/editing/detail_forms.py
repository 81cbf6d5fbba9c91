"""The form about a number, mail address or website of a person or contact point, and its write."""

import re
from typing import Any

from wtforms import ValidationError

from portal import clock, email_addresses, phones
from portal.database.validity import current_or_future, day_after, last_day
from portal.directory.change_sets import ChangeSet
from portal.directory.models import ContactDetail, DetailKind, Visibility
from portal.editing.edit_page import CheckedEditForm, write_row
from portal.web.forms import DayField, TextField, choice_field

_WEBSITE = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_FAULTS = {
    DetailKind.PHONE: phones.HOW_TO_TYPE,
    DetailKind.EMAIL: email_addresses.HOW_TO_TYPE,
    DetailKind.WEBSITE: "Vul een website in, zoals www.school.nl.",
}


def read_value(kind: str, text: str) -> str:
    """The value of a contact detail (a DetailKind) as it is stored. Raises ValueError, in Dutch."""
    if kind == DetailKind.PHONE and phones.is_number(text):
        return phones.normalise(text)
    if kind == DetailKind.WEBSITE and _WEBSITE.fullmatch(text):
        return text
    if kind == DetailKind.EMAIL:
        try:
            return email_addresses.normalise(email_addresses.take_out(text)).lower()
        except ValueError:
            pass
    raise ValueError(_FAULTS[DetailKind(kind)])


class DetailForm(CheckedEditForm):
    """A new contact detail, or another value from a day on."""

    kind = choice_field(
        "Wat is het?", "soort", "Kies iets uit de lijst.", choices=dict(DetailKind.choices()), default=DetailKind.PHONE
    )
    value = TextField(
        "Nummer, e-mailadres of website", name="waarde", most=254, missing="Vul een nummer, e-mailadres of website in."
    )
    label = TextField(
        "Van wie of waarvoor? (optioneel)", name="van",
        description="Alleen als het van iemand anders is, of voor iets in het bijzonder.",
    )  # fmt: skip
    visibility = choice_field(
        "Wie mag het zien?", "zichtbaar", "Kies iets uit de lijst.",
        choices=dict(Visibility.choices()), default=Visibility.OPEN,
    )  # fmt: skip
    since = DayField(
        "Vanaf wanneer? (optioneel)", name="vanaf", description="Leeg: een ander nummer of adres geldt vanaf vandaag."
    )
    last_day = DayField("Laatste dag (optioneel)", name="laatste_dag")

    @staticmethod
    def present(row: ContactDetail) -> dict[str, Any]:
        until = row.valid_until
        return {"value": phones.grouped(row.value), "last_day": last_day(until) if until else None}

    def validate_value(self, field: TextField) -> None:
        """Refuse what is not of the chosen kind; what stands there already is accepted."""
        is_same = (field.data, self.kind.data) == (field.object_data, self.kind.object_data)
        if not is_same and self.kind.data in set(DetailKind):
            try:
                read_value(self.kind.data, field.data or "")
            except ValueError as fault:
                raise ValidationError(str(fault)) from None


def write_detail(change_set: ChangeSet, form: DetailForm, **owner: int) -> None:
    """Change the detail of a form, or add one for an owner (`person` or `contact_point`, an id).
    Another value replaces the old one from the day `since`, by default today. Raises RuleViolation
    for a period that ends before it begins, and for a value that the owner has already."""
    old = form.rows[0] if form.rows else None
    value, since = form.value.data or "", form.since.data
    until = day_after(form.last_day.data) if form.last_day.data else None
    is_same = old and (value, form.kind.data) == (phones.grouped(old.value), old.kind)
    if old and not since:
        since = old.valid_from if is_same else clock.today()
    if until and since and until <= since:
        raise form.refuse(form.last_day, "De laatste dag ligt voor de eerste dag.")
    values = {"valid_from": since, "valid_until": until}
    if old and is_same:
        write_row(change_set, ContactDetail, form, value=old.value, **values)
        return
    if old and since:
        change_set.end(old, since)
    form.rows, stored = [], read_value(form.kind.data, value)
    alike = current_or_future(ContactDetail, since or clock.today())
    for name, number in owner.items():
        alike &= getattr(ContactDetail, name) == number
    if ContactDetail.select().where(alike & (ContactDetail.value == stored)).exists():
        raise form.refuse(form.value, "Dit nummer of adres staat er al.")
    write_row(change_set, ContactDetail, form, value=stored, position=old.position if old else 0, **values, **owner)
