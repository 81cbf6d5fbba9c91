"""The fields and validators that every form shares."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectField, SelectMultipleField
from wtforms.validators import Optional

from portal import email_addresses, phones
from portal.web.forms import MailAddressField, OneOf, PhoneField

MESSAGE = "Kies een kleur uit de lijst."
COLOURS = [("rood", "rood"), ("blauw", "blauw")]


class Colours(Form):
    one = SelectField(validators=[OneOf(MESSAGE)], validate_choice=False)
    must = RadioField(validators=[OneOf(MESSAGE)], validate_choice=False)
    may = RadioField(validators=[Optional(), OneOf(MESSAGE)], validate_choice=False)
    several = SelectMultipleField(validators=[OneOf(MESSAGE)], validate_choice=False)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.one.choices = [("", "maak een keuze"), *COLOURS]
        self.must.choices = self.may.choices = self.several.choices = COLOURS


class Caller(Form):
    phone = PhoneField("Telefoonnummer")


def wrong(form: Form) -> set[str]:
    form.validate()
    assert {tuple(errors) for errors in form.errors.values()} <= {(MESSAGE,)}
    return set(form.errors)


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ([("must", "rood")], set()),
        ([("one", "rood"), ("must", "blauw"), ("may", "rood"), ("several", "rood")], set()),
        ([], {"must"}),
        ([("one", "geel"), ("must", "geel"), ("may", "geel")], {"one", "must", "may"}),
        ([("must", "rood"), ("several", "rood"), ("several", "geel")], {"several"}),
        ([("must", "rood"), ("several", "")], {"several"}),
    ],
)
def test_an_answer_is_one_of_those_offered(answers: list[tuple[str, str]], faults: set[str]) -> None:
    assert wrong(Colours(MultiDict(answers))) == faults


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", ""),
        (" 023 511 36 60 ", "+31235113660"),
        ("+44 20 7946 0018", "+442079460018"),
        ("06\u0000 12345678", "+31612345678"),
    ],
)
def test_a_telephone_number_is_stored_in_one_form(typed: str, number: str) -> None:
    form = Caller(MultiDict({"phone": typed}))
    assert form.validate()
    assert form.phone.number == number


@pytest.mark.parametrize("typed", ["bel maar", "12345", "023 511"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    form = Caller(MultiDict({"phone": typed}))
    assert not form.validate()
    assert form.phone.errors == [phones.HOW_TO_TYPE]


def test_a_stored_value_may_stay_as_it_is() -> None:
    stored: dict[str, Any] = {"phone": "0251 256347/256256"}
    assert Caller(MultiDict(stored), data=stored).validate()
    assert not Caller(MultiDict(stored)).validate()


def test_a_link_to_an_address_adds_no_recipient_and_no_subject() -> None:
    assert email_addresses.link("noor@cjg.example") == "mailto:noor@cjg.example"
    assert email_addresses.link("a?bcc=z&subject=hi@cjg.example") == ("mailto:a%3Fbcc%3Dz%26subject%3Dhi@cjg.example")


class Writer(Form):
    may = MailAddressField("E-mailadres (optioneel)")
    must = MailAddressField("E-mailadres", missing="Vul je e-mailadres in.")


def test_a_mail_address_is_stored_in_lower_case() -> None:
    form = Writer(MultiDict({"must": " Noor.Brandsma@CJG.example "}))
    assert form.validate()
    assert form.must.data == "noor.brandsma@cjg.example"
    assert form.may.data == ""


@pytest.mark.parametrize(
    "pasted",
    ["Noor Brandsma <noor@cjg.example>", '"Brandsma, Noor" <Noor@CJG.example>', "noor@cjg.example;",
     "mailto:noor@cjg.example", "MAILTO:noor%40cjg.example?subject=Hoi", "(noor@cjg.example).",
     "noor@cjg.example <mailto:noor@cjg.example>", "Noor [mailto:noor@cjg.example]",
     "‘noor@cjg.example’", "\u00a0noor@cjg.example\u200b", "E-mail: noor@cjg.example,"],
)  # fmt: skip
def test_an_address_is_taken_out_of_what_is_pasted_and_shown_back(pasted: str) -> None:
    form = Writer(MultiDict({"must": pasted}))
    assert form.must._value().lower() == "noor@cjg.example"
    assert form.validate()
    assert form.must.data == form.must._value() == "noor@cjg.example"


def test_a_domain_with_other_letters_is_stored_as_ascii() -> None:
    form = Writer(MultiDict({"must": "Noor <noor@schoöl.example>", "may": "o'brien@cjg.example"}))
    assert form.validate()
    assert form.must.data == form.must._value() == "noor@xn--schol-mua.example"
    assert form.may.data == "o'brien@cjg.example"


@pytest.mark.parametrize(
    "typed",
    [
        "noor",
        "noor@cjg",
        "é@cjg.example",
        "Noor <noor>",
        "noor @ cjg.example",
        "noor@cjg.example; anna@cjg.example",
        "noor@cjg.example|",
        "noor,brandsma@cjg.example",
        "noor.b;brandsma@cjg.example",
        "@cjg.example",
    ],
)
def test_what_is_no_mail_address_is_refused(typed: str) -> None:
    form = Writer(MultiDict({"may": typed}))
    assert not form.validate()
    assert form.errors == {"may": [email_addresses.HOW_TO_TYPE], "must": ["Vul je e-mailadres in."]}
