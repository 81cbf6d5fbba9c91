"""Desks: the mail to who looks after them, the button, and who sees which."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database import connection
from portal.directory.models import CheckedBy, ContactDetail, ContactPoint, Organisation
from portal.mail.models import OutgoingMail
from portal.quality import contact_point_checks
from portal.quality.models import Report
from portal.site import current_site
from tests.clock import stopped_at
from tests.conftest import CheckedClient

SUBJECT = "[Kernwijzer] Kloppen deze contactpunten nog?"


@pytest.fixture
def own(portal_copy: Flask) -> ContactPoint:
    """The one desk that nobody confirmed: of the organisation of the editor."""
    with connection():
        for model in (ContactPoint, ContactDetail):
            model.update(checked_on=date(2029, 1, 1), checked_by=CheckedBy.SELF).execute()
        editor = Account.get(Account.role == AccountRole.EDITOR)
        point: ContactPoint = ContactPoint.select().join(ContactDetail).get()
        ContactPoint.update(organisation=editor.organisation, checked_by=CheckedBy.SOURCE).where(
            ContactPoint.id == point.id
        ).execute()
    return point


def ask(app: Flask) -> int:
    """One run of the job, now."""
    with app.app_context():
        site = current_site()
    with connection(), app.test_request_context(base_url=site.base_url):
        return contact_point_checks.ask(site)


def list_asked() -> list[OutgoingMail]:
    with connection():
        mails = OutgoingMail.select().where(OutgoingMail.subject == SUBJECT)
        return list(mails.order_by(OutgoingMail.id))


def form_in(page: str) -> tuple[str, dict[str, str]]:
    """The address and the version of the only desk on a page."""
    [(address, rest)] = re.findall(r'action="(/\w+/bevestigen/contactpunt/\d+)"(.*?)</form>', page)
    found = re.search(r'name="versie" value="([^"]+)"', rest)
    assert found
    return address, {"versie": found[1]}


def test_the_editor_is_asked_once_in_a_round_on_a_working_day(portal_copy: Flask, own: ContactPoint) -> None:
    assert ask(portal_copy) == 0  # no round began
    with stopped_at("2027-09-01 05:00:00") as clock:
        assert ask(portal_copy) == 0  # too early
        clock.tick(timedelta(hours=4))
        assert [ask(portal_copy), ask(portal_copy)] == [1, 0]
        clock.tick(timedelta(days=30))
        assert ask(portal_copy) == 0
    with stopped_at("2028-03-01 09:00:00"):
        assert ask(portal_copy) == 1
    first, _ = list_asked()
    with connection():
        assert first.recipient == Account.get(Account.role == AccountRole.EDITOR).email
    assert own.name in first.body and "/organisatie/bevestigen" in first.body


def test_without_an_editor_the_coordinator_is_asked(portal_copy: Flask, own: ContactPoint) -> None:
    with connection():
        Account.update(active_until=date(2027, 1, 1)).where(Account.role == AccountRole.EDITOR).execute()
        coordinators = Account.select().where(Account.role == AccountRole.COORDINATOR)
        asked = {row.email for row in coordinators}
    with stopped_at("2027-09-01 09:00:00"):
        assert ask(portal_copy) == len(asked)
    mails = list_asked()
    assert {mail.recipient for mail in mails} == asked
    assert "/beheer/bevestigen" in mails[0].body


def test_the_button_confirms_what_was_shown(portal_copy: Flask, own: ContactPoint) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")
    address, form = form_in(client.get("/organisatie/bevestigen").text)
    with connection():
        detail = ContactDetail.get(ContactDetail.contact_point == own)
        ContactDetail.update(row_version=9).where(ContactDetail.id == detail.id).execute()
    answer = client.submit(address, form)
    assert (answer.status_code, "Er is net iets veranderd" in answer.text) == (409, True)
    _, form = form_in(answer.text)
    assert client.submit(address, form).status_code == 302
    with connection():
        point = ContactPoint.get_by_id(own.id)
        assert (point.checked_by, point.checked_on) == (CheckedBy.ORGANISATION, date(2026, 11, 23))
        assert ContactDetail.get_by_id(detail.id).checked_by is CheckedBy.ORGANISATION
    assert own.name not in client.get("/organisatie/bevestigen").text
    assert client.submit(address, form).status_code == 404  # it is not asked any more


def test_nobody_confirms_the_desk_of_another_organisation(portal_copy: Flask, own: ContactPoint) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    client.sign_in("coordinator")
    address, form = form_in(client.get("/beheer/bevestigen").text)
    with connection():
        editor = Account.get(Account.role == AccountRole.EDITOR)
        other = Organisation.get(Organisation.id != editor.organisation_id)
        ContactPoint.update(organisation=other).where(ContactPoint.id == own.id).execute()
    client.sign_in("editor")
    assert client.submit(address, form).status_code == 403
    assert client.submit(address.replace("beheer", "organisatie"), form).status_code == 404
    with connection():
        assert ContactPoint.get_by_id(own.id).checked_by is CheckedBy.SOURCE
    client.sign_in("coordinator")
    assert client.submit(address, form).status_code == 302
    with connection():
        assert ContactPoint.get_by_id(own.id).checked_by is CheckedBy.CALL


def test_what_is_not_right_is_reported(portal_copy: Flask, own: ContactPoint) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")
    link = f"/klopt-niet/c{own.id}"
    assert f'href="{link}"' in client.get("/organisatie/bevestigen").text
    assert client.submit(link, {"wat": "other", "uitleg": "Ander nummer."}).status_code == 302
    with connection():
        assert Report.get(Report.contact_point == own).text == "Ander nummer."
