"""The one way to answer a page that changes the directory, and to undo what it saved; and the base of its form: a
reason, and the version of what it shows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import abort, current_app, redirect, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field, HiddenField

from portal.accounts.access import require_user
from portal.database import Outdated, db
from portal.database.directory_version import lock_directory
from portal.directory.change_sets import ChangeSet, ChangeSetKind, RuleViolation
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.search.index import update_documents
from portal.web.forms import PhoneField, compare, read_number
from portal.web.fragments import show_form

Answer = str | tuple[str, int] | Response
Write = Callable[[ChangeSet, Any], Any]


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


def edit(template: str, read: Callable[..., EditForm], write: Write, then: str = "", **page: Any) -> Answer:
    """Show the form that `read` makes, or save its answers by `write` and lead to the address
    `then`, by default of the same page. Answers 422 to a form with a fault, and 409 with both
    versions where its rows changed meanwhile; both keep what was typed."""
    form = read()
    if not (form.is_submitted() and form.validate()):
        return show_form(template, form, **page)
    try:
        number = _save(form, read, write)
    except Outdated as conflict:
        differences = compare(form.asked, conflict.present.asked)
        form.show_version_of(conflict.present)
        return show_form(template, form, 409, differences=differences, **page)
    except RuleViolation as fault:
        if not form.errors:
            (form.reason or form.asked[0]).errors = [str(fault)]
        return show_form(template, form, **page)
    then = then or request.path
    return redirect(f"{then}{'&' if '?' in then else '?'}bewaard={number}")


def find(model: Any, key: str | int) -> Any:
    """The row with this key; answers 404 where there is none."""
    column = model._meta.fields.get("key", model._meta.primary_key)
    return model.get_or_none(column == key) or abort(404)


def edit_row(template: str, form_class: type[EditForm], row: Any, write: Write, then: str = "", **page: Any) -> Answer:
    """`edit` for one row, or for a new one where `row` is None."""

    def read(**how: Any) -> EditForm:
        rows = [type(row).get_or_none(row._pk_expr())] if row else []
        rows = [row for row in rows if row]  # somebody may have removed it
        return form_class(rows, form_class.present(rows[0]) if rows else {}, **how)

    return edit(template, read, write, then, row=row, **page)


def _save(form: EditForm, read: Callable[..., EditForm], write: Write) -> int:
    """Write the answers in one change set; gives its id, or 0 where nothing changed."""
    with db.atomic() as transaction:
        lock_directory()
        present = read(formdata=None)
        if present.version.data != form.version.data:
            raise Outdated(present)
        if not form.validate():  # somebody may have added the same person before the lock
            raise RuleViolation
        reason = form.reason.data if form.reason else ""
        account, report = require_user().account, read_number(request.form.get("fout"))
        begin = current_app.extensions.get("begin_to_settle")
        settle = begin(report, account, present.rows) if begin and report else None
        change_set = ChangeSet.begin(
            ChangeSetKind.REPORT if settle else ChangeSetKind.EDIT, account.id,
            ref=report if settle else None, reason=reason or "", effective_on=form.effective_on,
        )  # fmt: skip
        form.rows = present.rows  # as they are under the lock
        write(change_set, form)
        changed = change_set.list_rows()
        if not changed:
            transaction.rollback()
            return 0
        if settle:
            settle(change_set.says_otherwise())
        update_documents(changed)
    return int(change_set.id)


def change_row(change_set: ChangeSet, row: Any, values: Mapping[str, Any], *, looked_up: bool | None = None) -> None:
    """Update the columns of a row that differ. Its source is then this change set, unless the form
    asks whether it was `looked_up` today and it was not: source and date go together."""
    changed = {name: value for name, value in values.items() if row.__data__[name] != value}
    if (changed or looked_up) and looked_up is not False and "source" in row._meta.fields:
        if changed:
            changed["source"] = change_set.source
        changed |= change_set.checked()
    if changed:
        change_set.change(row, **changed)


def write_row(change_set: ChangeSet, model: Any, form: EditForm, **more: Any) -> Any:
    """Change the first row of a form, or add one where it has none, by its answers for the columns
    of the model and by `more`; gives the row."""
    values = form.columns(model) | more
    if not form.rows:
        return change_set.add(model, **values)
    looked_up = form["looked_up"].data if "looked_up" in form else None
    change_row(change_set, form.rows[0], values, looked_up=looked_up)
    return form.rows[0]
