"""Free text in forms: a bsn is refused, a doubtful text needs the tick, every text is guarded."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from wtforms import Form, HiddenField, StringField, TextAreaField

from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.web.forms import TextField

# Fields for one short value each, such as a name, an address or a code.
SHORT_FIELDS = {
    "_HoursForm.place",
    "ApplyForm.typed",
    "ApplyForm.closing",  # numbers
    "UploadForm.sender",  # of a file of an organisation
    "ReportForm.email",
    "PlanForm.place",
    "PlanForm.addresses",
    "PlanForm.leader",
    "SearchForm.query",
    "NameForm.name_or_place",
    "PostForm.text",
    "RoleForm.find",
    "AccountFilterForm.text",
    "FindForm.words",
    "ForgettingForm.name",
    "SchoolForm.name",
    "SchoolForm.aliases",
    "SchoolForm.phone",
    "SchoolForm.website",
    "OrganisationForm.name",
    "ContactPointForm.name",
    "ContactPointForm.aliases",
    "ContactPointForm.hours",
    "RoleForm.label",
    "RoleForm.aliases",
    "HolidayForm.name",
    "SettingsForm.veilig_thuis",
    "SettingsForm.answer_days",
    "SettingsForm.accessibility_days",
    "ResidenceForm.place",
    "SignInForm.email",
    "CodeForm.code",
    "FactorForm.code",
    "AppForm.code",
    "SetUpForm.full_name",
    "SetUpForm.email",
    "AccountForm.full_name",
    "AccountForm.email",
    "DomainForm.domain",
    "SuccessorForm.given_name",
    "SuccessorForm.infix",
    "SuccessorForm.family_name",
    "SuccessorForm.phone",
    "DetailsForm.more_phone",
    "MoveForm.more_phone",
    "MoveForm.more_email",
    "SuccessorForm.email",
    "SchoolAddressQuestion.address",
    "SchoolAddressQuestion.school_phone",
    "ParticipantsQuestion.group_size",
    "ContactQuestion.name",
    "ContactQuestion.job_title",
    "ContactQuestion.email",
    "SessionContactQuestion.phone",
    "PeopleForm.text",
    "NameForm.given_name",
    "NameForm.infix",
    "NameForm.family_name",
    "NewPersonForm.phone",
    "NewPersonForm.email",
    "WorkingTimeForm.hours",
    "DetailForm.value",
    "DetailForm.label",
    "SubjectForm.name",
    "SubjectForm.given_by",
}


class GoalForm(GuardedForm):
    goal = FreeTextField("Je wens", name="wens", missing="Vul je wens in.", most=100)


@pytest.fixture
def check(app: Flask) -> Any:
    """Submits a text, with or without the tick; gives the error, and whether it is doubtful."""

    def check(text: str, tick: bool = False) -> tuple[str, bool]:
        data = {"wens": text} | ({"nagekeken": "y"} if tick else {})
        with app.test_request_context(method="POST", data=data):
            form = GoalForm(meta={"csrf": False})
            form.validate()
            return (form.goal.errors or [""])[0], form.doubtful_field is form.goal

    return check


def test_an_ordinary_text_is_accepted(check: Any) -> None:
    assert check("Intervisie over verzuim in maart.") == ("", False)


def test_a_doubtful_text_is_accepted_only_with_the_tick(check: Any) -> None:
    error, is_doubtful = check("Sem uit groep 5 heeft adhd.")
    assert error.startswith("Haal gegevens van leerlingen en ouders weg,")
    assert is_doubtful
    assert check("Sem uit groep 5 heeft adhd.", tick=True) == ("", True)


def test_a_word_of_the_region_is_no_name_of_a_person(check: Any) -> None:
    assert check("Als een kind in Hillegom woont, wie belt dan met leerplicht?") == ("", False)
    assert check("Als een kind in Waterburen woont, wie belt dan met leerplicht?")[1]


@pytest.mark.parametrize("tick", [False, True])
def test_a_bsn_is_refused_even_with_the_tick(check: Any, tick: bool) -> None:
    assert check("Over 111.222.333", tick)[0] == "Dit lijkt een burgerservicenummer. Haal het weg."


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u3000", "\u2028", "\x85", "\x0b", "\x0c"])
def test_a_text_with_other_blanks_is_read_as_with_spaces(check: Any, blank: str) -> None:
    assert check("Sem uit groep 5 heeft adhd.".replace(" ", blank))[1]
    assert check("Over 111 222 333".replace(" ", blank))[0].startswith("Dit lijkt een burger")
    assert check(" S\u00adem uit gro\u200bep 5 heeft a\ufeffdhd.")[1]


def test_a_line_break_counts_as_one_character(check: Any) -> None:
    assert check("x\r\n" * 50 + "x") == ("De tekst is 1 tekens te lang. Maximaal 100 tekens.", False)
    assert check("x\r\n" * 49 + "xx") == ("", False)


def test_a_text_may_not_be_missing_or_too_long(check: Any) -> None:
    assert check("  ")[0] == "Vul je wens in."
    assert check("x" * 103)[0] == "De tekst is 3 tekens te lang. Maximaal 100 tekens."


def forms(base: type[Any] = Form) -> Iterator[type[Any]]:
    """The forms of the portal, and what they are composed of; not those with a field per row, such as MailboxForm.of,
    which are made while the portal runs and have the name of their base."""
    for form in base.__subclasses__():
        if form.__module__.startswith("portal.") and form.__name__ != base.__name__:
            yield from form.__mro__
        yield from forms(form)


def text_fields() -> Iterator[tuple[str, Any]]:
    """Every visible text field of every form of the portal, by form and attribute."""
    for form in set(forms()):
        for name, field in vars(form).items():
            kind = getattr(field, "field_class", None)
            if kind and issubclass(kind, StringField) and not issubclass(kind, HiddenField):
                yield f"{form.__name__}.{name}", kind


def test_every_text_field_is_clean_and_of_a_limited_length(app: Flask) -> None:
    assert {name for name, kind in text_fields() if not issubclass(kind, FreeTextField | TextField)} == set()


def test_every_text_field_is_guarded_or_short(app: Flask) -> None:
    short = [(name, kind) for name, kind in text_fields() if not issubclass(kind, FreeTextField)]
    assert not {name for name, kind in short if issubclass(kind, TextAreaField)}
    assert {name for name, _ in short} == SHORT_FIELDS
