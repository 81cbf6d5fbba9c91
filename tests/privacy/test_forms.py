"""A form with free text: what blocks, what asks for a second look, and that no text escapes it."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from wtforms import Form, HiddenField, StringField, TextAreaField

import portal
from portal.privacy.forms import FreeTextField, GuardedForm

# Fields for one short thing each: a name, an address, a code, a place. No story fits in them.
ONE_THING = {
    "SearchForm.q",
    "ResidenceForm.plaats",
    "SignInForm.email",
    "CodeForm.code",
    "SetUpForm.full_name",
    "SetUpForm.email",
    "AccountForm.full_name",
    "AccountForm.email",
    "DomainForm.domain",
    "_SuccessorForm.given_name",
    "_SuccessorForm.infix",
    "_SuccessorForm.family_name",
    "_SuccessorForm.phone",
    "DetailsForm.more_phone",
    "_SuccessorForm.email",
    "SchoolAddressQuestion.address",
    "SchoolAddressQuestion.school_phone",
    "ParticipantsQuestion.group_size",
    "ContactQuestion.name",
    "ContactQuestion.job_title",
    "ContactQuestion.email",
    "SessionContactQuestion.phone",
    "SubjectForm.name",
    "SubjectForm.given_by",
}


class Wish(GuardedForm):
    wens = FreeTextField("Je wens", missing="Vul je wens in.", most=100)


@pytest.fixture
def check(app: Flask) -> Any:
    """What the form answers to a text, with or without the tick: the error, and the doubt."""

    def check(text: str, tick: bool = False) -> tuple[str, bool]:
        data = {"wens": text} | ({"nagekeken": "y"} if tick else {})
        with app.test_request_context(method="POST", data=data):
            form = Wish(meta={"csrf": False})
            form.validate()
            return (form.wens.errors or [""])[0], form.doubted is form.wens

    return check


def test_an_ordinary_text_passes(check: Any) -> None:
    assert check("Intervisie over verzuim in maart.") == ("", False)


def test_a_likely_pupil_asks_for_the_tick_and_passes_with_it(check: Any) -> None:
    error, doubted = check("Sem uit groep 5 heeft adhd.")
    assert error.startswith("Haal gegevens van leerlingen en ouders weg,")
    assert doubted
    assert check("Sem uit groep 5 heeft adhd.", tick=True) == ("", True)


@pytest.mark.parametrize("tick", [False, True])
def test_a_bsn_blocks_whatever_is_ticked(check: Any, tick: bool) -> None:
    assert check("Over 111.222.333", tick)[0] == "Dit lijkt een burgerservicenummer. Haal het weg."


def test_a_text_is_asked_for_and_has_an_end(check: Any) -> None:
    assert check("  ")[0] == "Vul je wens in."
    assert check("x" * 103)[0] == "De tekst is 3 tekens te lang. Maximaal 100 tekens."


def text_fields() -> Iterator[tuple[str, Any]]:
    """Every field of every form of the portal that takes text."""
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if not module.name.endswith("forms") or module.name == "portal.privacy.forms":
            continue
        for form in vars(importlib.import_module(module.name)).values():
            if isinstance(form, type) and issubclass(form, Form):
                for name, field in vars(form).items():
                    made = getattr(field, "field_class", None)
                    if made and issubclass(made, StringField) and not issubclass(made, HiddenField):
                        yield f"{form.__name__}.{name}", made


def test_every_text_is_a_free_text_or_holds_one_thing() -> None:
    fields = dict(text_fields())
    free = {name for name, kind in fields.items() if issubclass(kind, FreeTextField)}
    assert not {n for n in set(fields) - free if issubclass(fields[n], TextAreaField)}
    assert set(fields) - free == ONE_THING
