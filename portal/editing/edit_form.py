"""The base of the forms that change the directory: a reason, and the version of what they show."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, HiddenField

from portal.directory.change_sets import RuleViolation
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.web.forms import PhoneField


class EditForm(GuardedForm):
    """A form that shows rows of the directory and changes them. One whose `reason` is None asks for none."""

    reason: Any = FreeTextField(
        "Waarom verander je dit?",
        name="reden",
        missing="Schrijf in een paar woorden waarom, bijvoorbeeld van wie je het weet.",
        most=200,
        rows=2,
    )
    version = HiddenField(name="versie")

    def __init__(self, rows: Sequence[Any] = (), data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """The form for these rows; without rows for something new. A field has the value of the column of the first row
        with its name, unless `data` gives another. `formdata=None` reads no answers."""
        columns = rows[0].__data__ if rows else {}
        super().__init__(data={**columns, **(data or {})}, **kwargs)
        self.rows = list(rows)
        if "formdata" in kwargs or not self.is_submitted():
            self.show_version_of(self)

    def show_version_of(self, form: "EditForm") -> None:
        """Send the version of the rows of another form along from now on."""
        self.version.raw_data = None
        self.version.data = " ".join(f"{row._pk}:{row.row_version}" for row in form.rows)

    @property
    def effective_on(self) -> date | None:
        """The first day of the change, where the form asks for it by a field `since`."""
        return self["since"].data if "since" in self else None

    def columns(self, model: Any) -> dict[str, Any]:
        """The answers of the fields that have the name of a column of a model."""
        return {
            name: field.number if isinstance(field, PhoneField) else field.data
            for name, field in self._fields.items()
            if name in model._meta.fields and field is not self.version
        }

    @property
    def asked(self) -> list[Field]:
        """The fields for the facts themselves."""
        own = (self.reason, self.is_checked)
        fields = [f for f in self if not isinstance(f, HiddenField) and f not in own]
        return sorted(fields, key=lambda field: field.name == "gecontroleerd")

    @staticmethod
    def present(row: Any) -> dict[str, Any]:
        """The values of fields for a row, where they are not those of its columns."""
        return {}

    def refuse(self, field: Field, message: str) -> RuleViolation:
        """An exception for `write` to raise; the page shows the message at this field."""
        field.errors = [message]
        return RuleViolation(message)


class CheckedEditForm(EditForm):
    """A form about facts with a source and the date of their last check."""

    looked_up = BooleanField("Ik heb vandaag nagekeken of dit klopt.", name="gecontroleerd")

    def __init__(self, rows: Sequence[Any] = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(rows, *args, **kwargs)
        if not rows:  # what is typed now was looked up now
            del self.looked_up
