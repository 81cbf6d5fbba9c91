"""A portal whose region has kernen and meetings switched on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.config import Config
from portal.database import connection, db, open_database
from portal.directory.models import Assignment, ContactDetail
from portal.mail.models import OutgoingMail
from portal.meetings import due_mails, planning_and_calling_off, queries
from portal.meetings.models import Meeting
from portal.region import choose_region, current_region
from portal.site import current_site
from tests.conftest import CheckedClient, config, copied, make_app
from tests.factories import CAMELOT, make_assignment, make_detail, make_person

THURSDAY = date(2026, 12, 17)  # its agenda closes on 10 December at 17:00


def with_meetings(database: Path) -> Config:
    settings = config(database)
    modules = settings.region.modules | {"kernen", "meetings"}
    region = replace(settings.region, modules=modules, safe_mail_url="https://veilig.example/nieuw")
    return replace(settings, region=region)


@pytest.fixture(scope="session")
def _with_meetings(seeded: Path) -> Flask:
    return make_app(with_meetings(seeded))


@pytest.fixture
def portal(_with_meetings: Flask, seeded: Path, tmp_path: Path) -> Iterator[Flask]:
    """The portal with a database of its own; the region as it is comes back after the test."""
    usual = current_region()
    settings = with_meetings(copied(seeded, tmp_path))
    _with_meetings.config["KERNWIJZER"] = settings
    choose_region(settings.region)
    open_database(settings.database_url)
    db.connect()  # once for the test: see `switch`
    yield _with_meetings
    db.close()
    choose_region(usual)


class Town:
    """The people of Camelot: a director (signs in as the reader), the coach of its kernteam (the
    member), and the portal around them."""

    def __init__(self, portal: Flask) -> None:
        self.portal = portal
        with connection():
            Assignment.delete().where(Assignment.school == CAMELOT).execute()
            member: Any = Account.get(Account.role == "member")
            self.coach = member.person
            self.director = make_person("Dirk", "Directeur")
            make_assignment(self.director, "directeur")
            make_assignment(self.coach, "cjg-coach")
            for person, name in ((self.director, "dirk"), (self.coach, "coach")):
                ContactDetail.delete().where(ContactDetail.person == person).execute()
                make_detail(person, f"{name}@school.example", "email")
            Account.update(person=self.director).where(Account.role == "reader").execute()

    def browser(self, role: str) -> Any:
        """Somebody who is signed in; fields may have several values."""
        return CheckedClient(self.portal, self.portal.response_class).sign_in(role)

    def run(self) -> int:
        """The work of the worker at this moment."""
        with self.portal.test_request_context(), connection():
            return due_mails.run(current_site())

    def plan(self, day: date = THURSDAY, **values: Any) -> int:
        """Plan a meeting of Camelot from three to half past four; gives its id."""
        plain: dict[str, Any] = {
            "workplace": CAMELOT, "days": [day], "begins": time(15), "ends": time(16, 30),
            "place": "De teamkamer", "leader": "directeur", "schools_only": False,
        }  # fmt: skip
        with connection():
            planned = planning_and_calling_off.plan(self.account("coordinator"), **plain | values)
        return int(planned[0].id)

    def account(self, role: str) -> int:
        with connection():
            return int(Account.get(Account.role == role).id)

    def mails(self, what: str = "") -> list[OutgoingMail]:
        """The mails about meetings, of one kind where it is named."""
        with connection():
            query = OutgoingMail.select().where(OutgoingMail.key.contains("meeting:"))
            return [row for row in query.order_by(OutgoingMail.id) if row.subject.startswith(what)]

    def meeting(self, number: int) -> Meeting:
        with connection():
            found = queries.find_meeting(number)
            assert found
            return found


@pytest.fixture
def town(portal: Flask) -> Town:
    return Town(portal)
