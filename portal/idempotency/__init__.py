"""Idempotent forms: a form that is sent twice is done once.

The key of a form, which is a hash, is stored in the transaction that does it, so that two presses at the same moment
count as one as well.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from peewee import CharField
from werkzeug.wrappers import Response

from portal import clock
from portal.database import BaseModel, add_unless_present, db
from portal.database.fields import TimestampField
from portal.jobs.clearing import delete_by, register_clearing
from portal.retention_periods import DONE_FORMS
from portal.web.form_keys import FIELD, make_form_key


class DoneForm(BaseModel):
    """A form that was sent and done."""

    form_hash = CharField(unique=True)
    done_at = TimestampField(index=True)


View = TypeVar("View", bound=Callable[..., Any])


def register(app: Flask) -> None:
    """Clear the hashes."""
    register_clearing(app, DONE_FORMS, delete_by(DoneForm.done_at))


def once(destination: str) -> Callable[[View], View]:
    """A decorator of a view that makes or changes something. The second time that a form arrives, the view is not
    called: the answer leads to the endpoint `destination`, with those arguments of the address that it takes.

    Only a redirect means that the form was done. The answers count too, because the Back button may bring back a form
    with its old key, in which somebody then writes something else.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**arguments: Any) -> Any:
            if not request.form.get(FIELD):
                return view(**arguments)
            form_hash = make_form_key()
            with db.atomic():
                # Stored before the view: a second press at this moment waits for the first one.
                if not add_unless_present(DoneForm, form_hash=form_hash, done_at=clock.now()):
                    rule = next(current_app.url_map.iter_rules(destination))
                    shared = {name: arguments[name] for name in rule.arguments}
                    return redirect(url_for(destination, **shared))
                response = view(**arguments)
                if not isinstance(response, Response) or response.status_code != 302:
                    DoneForm.delete().where(DoneForm.form_hash == form_hash).execute()
                return response

        answer.is_once = True  # type: ignore[attr-defined]  # a function takes any
        return answer  # type: ignore[return-value]  # it takes what the view takes

    return decorate
