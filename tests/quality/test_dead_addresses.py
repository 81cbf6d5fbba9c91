"""A mail that comes back is a report about its address."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.database import connection, db
from portal.database.database_flags import DatabaseFlag
from portal.directory.models import ContactDetail, ContactPoint
from portal.jobs.worker import tick
from portal.mail.models import OutgoingMail
from portal.mail.outbox import Mail, enqueue
from portal.quality.dead_addresses import report_dead_address
from portal.quality.models import Report, ReportState
from tests.clock import TODAY
from tests.conftest import CheckedClient, config, make_app
from tests.factories import make_detail, make_person
from tests.mail.imap_server import serving_imap
from tests.mail.postbox import PASSWORD, Postbox
from tests.mail.test_bounces import make_bounce

NOOR = "Noor@school.example"
UNKNOWN = "550 5.1.1 User unknown"


@pytest.fixture
def address(portal_copy: Flask) -> ContactDetail:
    """The mail address of somebody in the directory."""
    return make_detail(make_person("Noor", "Proef"), NOOR, kind="email")


def reported() -> list[Report]:
    with connection():
        return list(Report.select())


def test_the_coordinator_sees_a_dead_address_and_mends_it(portal_copy: Flask, address: ContactDetail) -> None:
    with connection():
        report_dead_address(NOOR.lower(), UNKNOWN)
    (report,) = reported()
    assert (report.person_id, report.detail_id) == (address.person_id, address.id)
    assert (report.state, report.is_shown) == (ReportState.COORDINATOR, True)
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
    assert "Noor Proef" in client.get("/beheer/gemeld").text
    page = client.get(f"/beheer/gemeld/{report.id}").text
    assert "Een mailserver zegt dat dit e-mailadres niet klopt." in page
    assert f"Het antwoord was: {UNKNOWN}" in page
    assert f"/gegevens/{address.id}?fout={report.id}" in page


def test_an_address_is_reported_once_until_somebody_answered(address: ContactDetail) -> None:
    with connection():
        report_dead_address(NOOR, UNKNOWN)
        report_dead_address(NOOR, "550 5.1.1 weer")
        assert Report.select().count() == 1
        Report.update(state=ReportState.REFUSED).execute()
        report_dead_address(NOOR, UNKNOWN)
        assert Report.select().count() == 2


def test_everybody_who_has_the_address_is_reported(address: ContactDetail) -> None:
    with connection(), db.atomic():
        point = ContactPoint.get()
        shared = {"kind": "email", "value": NOOR, "visibility": "open", "source": "x"}
        ContactDetail.create(contact_point=point, **shared)
        ContactDetail.create(person=address.person, **shared, valid_until=TODAY)  # was theirs
        ContactDetail.create(person=address.person, **shared | {"kind": "website"}, valid_until=None)
        report_dead_address(NOOR, UNKNOWN)
    found = {(report.person_id, report.contact_point_id) for report in reported()}
    assert found == {(address.person_id, None), (None, point.id)}


def test_an_address_that_is_nobodys_is_not_reported(address: ContactDetail) -> None:
    with connection():
        for other in ("x@school.example", "", "%", f"x{NOOR}", "noor@school.example\n"):
            report_dead_address(other, UNKNOWN)
    assert reported() == []


@pytest.mark.parametrize("how", ["refused", "bounced"])
def test_the_worker_reports_what_is_refused_and_what_comes_back(
    portal_copy: Flask, address: ContactDetail, postbox: Postbox, how: str
) -> None:
    """The whole way, with a real mail server and a real mailbox."""
    with serving_imap() as folder:
        settings = replace(
            config(portal_copy.config["KERNWIJZER"].database),
            smtp_host="127.0.0.1", smtp_port=postbox.port, smtp_security="none",
            mail_bounce="terug+@po.example", imap_host="127.0.0.1", imap_port=folder.port,
            imap_security="none", imap_user="post", imap_password=PASSWORD,
        )  # fmt: skip
        app = make_app(settings)
        jobs = [job for job in app.extensions["jobs"] if job.name in ("mail", "bounces")]
        with connection(), db.atomic():
            DatabaseFlag.delete().execute()  # a demo sends and reads nothing
            OutgoingMail.delete().execute()
            enqueue(Mail("a", NOOR, "Onderwerp", "De tekst."), "po.example")
        if how == "refused":
            postbox.answer("RCPT", UNKNOWN)
        with app.app_context(), connection():
            tick(jobs)
            if how == "bounced":
                assert reported() == []
                folder.add(make_bounce(postbox.letters[0].sender))
                for job in jobs:
                    tick([job._replace(every=timedelta(0))])
    (report,) = reported()
    assert report.text.endswith(UNKNOWN)
    with connection():
        assert OutgoingMail.get().state == {"refused": "failed", "bounced": "bounced"}[how]
    assert clock.day_of(report.at) == TODAY
