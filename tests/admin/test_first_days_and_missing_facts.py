"""The first days: what a new portal asks of its first administrator, until it is done."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal import clock
from portal.accounts.first_administrator import make_set_up_link
from portal.accounts.models import Account, ListedDomain
from portal.backups.make_and_restore import make_backup
from portal.database import connection
from portal.database.database_flags import DatabaseFlag
from portal.directory.models import Assignment, ContactDetail, ContactPoint, Organisation, Setting
from portal.mail.models import OutgoingMail
from portal.site import current_site
from tests.checks import parse, text
from tests.conftest import CheckedClient
from tests.factories import make_account, make_assignment, make_person
from tests.notices.conftest import hidden

NAMES = {"naam": "Coby Eerste", "email": "coby@swv.example"}


@pytest.fixture
def new_portal(portal_copy: Flask) -> Flask:
    """The region without people, accounts and mail: as `flask seed` leaves it."""
    with connection():
        DatabaseFlag.delete().where(DatabaseFlag.name == DatabaseFlag.DEMO).execute()
        for model in (Assignment, Account, OutgoingMail):
            model.delete().execute()
    return portal_copy


@pytest.fixture
def administrator(new_portal: Flask) -> CheckedClient:
    """A browser in which the first account was just made."""
    client = CheckedClient(new_portal, new_portal.response_class)
    with new_portal.app_context(), connection():
        path = (make_set_up_link(current_site()) or "").removeprefix(current_site().base_url)
    answer = client.submit(path, NAMES)
    assert answer.location == "/beheer"
    return client


def open_steps(client: CheckedClient) -> list[str]:
    """The steps that are links on the front of Beheer."""
    (main,) = parse(client.get("/beheer").text).iter("main")
    steps = main.find(".//section[@aria-labelledby='stappen']")
    return [] if steps is None else [text(link) for link in steps.iter("a")]


def test_each_step_is_shown_until_the_data_says_that_it_is_done(
    new_portal: Flask, administrator: CheckedClient
) -> None:
    first = open_steps(administrator)
    assert len(first) == len(set(first)) >= 6

    def send_mail() -> None:
        administrator.submit("/beheer/post/test")
        OutgoingMail.update(state="sent").execute()

    def answer_all() -> None:
        fields = hidden(administrator.get("/beheer/instellingen").text)
        number = {"nummer": "0800 2000", "reden": "Gevraagd."}  # the rest empty: no promise
        administrator.post("/beheer/instellingen", data={**fields, **number})
        assert "Vul in wat alleen jullie weten" in open_steps(administrator)
        ContactPoint.update(hours="altijd").execute()
        for point in ContactPoint.select():
            ContactDetail.create(contact_point=point, kind="phone", value="112", visibility="open", source="x")

    done: dict[str, Callable[[], object]] = {
        "Stuur jezelf een testmail": send_mail,
        "Vul in wat alleen jullie weten": answer_all,
        "Noem de maildomeinen van de organisaties": lambda: ListedDomain.create(
            domain="cjg.example", organisation=Organisation.get()
        ),
        "Vul de mensen in": lambda: make_assignment(make_person()),
        "Nodig nog een coördinator uit": lambda: make_account("coordinator"),
        "Nodig de mensen van de kernteams uit": make_account,
        "Kijk of er een back-up is": lambda: make_backup(new_portal.config["KERNWIJZER"], clock.now()),
    }
    for title, do in done.items():
        before = open_steps(administrator)
        if title not in before:
            continue
        with connection():
            do()
        assert open_steps(administrator) == [step for step in before if step != title], title


def test_the_steps_are_put_away_and_come_back(administrator: CheckedClient) -> None:
    for _ in range(2):
        assert administrator.submit("/beheer/eerste-stappen/weg").status_code == 302
    assert open_steps(administrator) == []
    assert administrator.get("/beheer/spoor").text.count("eerste stappen bij Beheer") == 1
    with connection():
        Setting.delete().execute()
    assert open_steps(administrator) != []


def test_a_demo_asks_for_no_steps(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("administrator")
    assert open_steps(client) == []
