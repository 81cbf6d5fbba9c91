"""Posting a notice: said once, told to those concerned, and known to the finder from its day on."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.database import connection
from portal.directory.models import Assignment, Person, School
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice, Recipient
from tests.checks import parse
from tests.conftest import CheckedClient

FEBRUARY = date(2027, 2, 1)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the last form on a page."""
    form = [f for f in parse(page).iter("form") if f.get("method") == "post"][-1]
    return {
        e.get("name") or "": e.get("value") or ""
        for e in form.iter("input")
        if e.get("type") == "hidden"
    }


@pytest.fixture
def visit(portal_copy: Flask) -> Callable[[str], CheckedClient]:
    """Somebody of the demo, in a browser of their own."""
    return lambda role: CheckedClient(portal_copy, portal_copy.response_class).sign_in(role)


def coach() -> Person:
    """The CJG-coach of the demo who has an account."""
    return Account.get(Account.role == "member").person


def test_a_coach_who_leaves_is_followed_up_from_the_day_on(
    visit: Callable[[str], CheckedClient],
) -> None:
    member = visit("member")
    with connection():
        person = coach()
        posts = list(Assignment.select().where(Assignment.person == person))
        colleague = (
            Person.select()
            .where((Person.organisation == person.organisation) & (Person.id != person.id))
            .get()
        )
        school = School.get_by_id(posts[0].school_id)
    page = member.get("/wijzigingen/nieuw?soort=vertrek").text
    form = {
        "dag": "2027-01-31",
        "opvolger": str(colleague.id),
        "tekst": "Ik ga met pensioen.",
        "sleutel": hidden(page)["sleutel"],
        "stap": "controleren",
    }
    answer = member.submit("/wijzigingen/nieuw?soort=vertrek", form)
    assert answer.status_code == 200, answer.text
    assert "Klopt het zo?" in answer.text
    with connection():
        assert not Notice.select().exists()
    answer = member.post(
        "/wijzigingen/nieuw?soort=vertrek", data={**hidden(answer.text), "stap": "plaatsen"}
    )
    assert answer.status_code == 302, answer.text
    page = member.get(answer.headers["Location"]).text
    assert "Je melding is geplaatst" in page
    for day, name in (("2027-01-31", person.name), ("2027-02-01", colleague.name)):
        card = member.get(f"/scholen/{school.slug}?dag={day}").text
        assert name in card, day
    assert "Bekijk de melding" in member.get(f"/scholen/{school.slug}").text
    with connection():
        assert OutgoingMail.select().count() == Recipient.select().count() > 10
