"""The recipients of a notice: audience, receipts, reminders, signed links, muted kinds."""

import re
from collections import defaultdict
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.database import connection, db
from portal.directory.models import Absence, Assignment, Person, Role, Substitute
from portal.keys import rotate
from portal.mail.models import OutgoingMail
from portal.mail.sending_and_retries import deliver_due
from portal.notices import publishing
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import MutedKind, Notice, Recipient, RecipientSchool
from portal.notices.permissions_and_confirmation import Author
from portal.notices.reminders import remind
from portal.site import current_site
from tests.checks import extract
from tests.clock import TODAY
from tests.conftest import CheckedClient, make_app
from tests.factories import coach, make_absence, make_account, make_assignment, role
from tests.mail.fixtures import MakeServer
from tests.mail.postbox import Postbox
from tests.notices.conftest import Visit, leave, mails, on

NEWS = {"dag": "2026-11-23", "tekst": "We zijn verhuisd."}


def run_reminders(app: Flask) -> None:
    with app.test_request_context(), connection():
        remind(current_site())


def seen_link(mail: OutgoingMail, purpose: str = "gezien") -> str:
    return extract(rf"https?://[^/]+(/wijzigingen/{purpose}/\S+)", mail.body)


# Audience


@settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
def test_recipients_are_exactly_the_audience(portal_copy: Flask, data: st.DataObject) -> None:
    """The expected audience is computed from the rows: holders of a member's role and their
    substitutes at the affected schools, on the day before or on the first day."""
    day = TODAY + timedelta(days=data.draw(st.integers(1, 20), label="day"))
    days = st.integers(-10, 30).map(lambda number: TODAY + timedelta(days=number))
    schools, cast = ["16LF00", "03NJ00", "02SB00"], list(range(1, 9))
    with portal_copy.test_request_context(), connection(), db.atomic() as transaction:
        for model in (Substitute, Absence, Assignment):
            model.delete().execute()
        roles = list(Role.select())
        source = {"source": "x", "checked_on": TODAY}
        for _ in range(data.draw(st.integers(1, 12), label="posts")):
            first = data.draw(days)
            Assignment.create(
                person=data.draw(st.sampled_from(cast)), role=data.draw(st.sampled_from(roles)),
                school=data.draw(st.sampled_from(schools)), valid_from=first,
                valid_until=data.draw(st.none() | days.filter(first.__lt__)), **source,
            )  # fmt: skip
        assignments = list(Assignment.select())
        for _ in range(data.draw(st.integers(0, 5), label="absences")):
            post, first = data.draw(st.sampled_from(assignments)), data.draw(days)
            if Absence.select().where(Absence.person == post.person).exists():
                continue  # overlapping absences are refused
            until = data.draw(st.none() | days.filter(lambda d: d > day))
            absence = Absence.create(person=post.person, valid_from=min(first, day), valid_until=until, **source)
            stand_in = st.sampled_from([*cast, 9, 10, 11])
            Substitute.create(absence=absence, assignment=post, person=data.draw(stand_in))
        affected = data.draw(st.lists(st.sampled_from(schools), min_size=1, unique=True))
        me = data.draw(st.none() | st.sampled_from(cast))
        author = Author(3, "Ik", "ik@x.example", "coordinator", me, None)
        vacancy = Role.get(~Role.one_holder)
        draft = Draft(NoticeKind.VACANCY, "x", day, role=vacancy.id, schools=tuple(affected))
        effect = publishing.preview(author, draft)
        number = publishing.publish(author, draft, "s", effect.row_versions, current_site())
        expected: dict[int, set[str]] = defaultdict(set)
        absences, substitutes = list(Absence.select()), list(Substitute.select())

        def holds(row: Any, on: date) -> bool:
            return row.valid_from <= on and (row.valid_until is None or on < row.valid_until)

        for on_day in (day - timedelta(days=1), day):
            away = {a.person_id for a in absences if holds(a, on_day)}
            absent = {a.id for a in absences if holds(a, on_day)}
            for post in assignments:
                if post.school_id not in affected or not post.role.member or not holds(post, on_day):
                    continue
                reached = {post.person_id} | {
                    s.person_id for s in substitutes
                    if s.assignment_id == post.id and s.absence_id in absent
                    and s.person_id not in away
                }  # fmt: skip
                for person in reached - {me}:
                    expected[person].add(post.school_id)
        assert {p: set(s) for p, s in effect.audience.items()} == expected
        rows = list(Recipient.select().where(Recipient.notice == number))
        assert sorted(row.person_id for row in rows) == sorted(expected)
        for row in rows:
            codes = RecipientSchool.select().where(RecipientSchool.recipient == row)
            assert {code.school_id for code in codes} == expected[row.person_id]
        # The audience is fixed: later changes do not matter.
        Assignment.delete().execute()
        assert Recipient.select().where(Recipient.notice == number).count() == len(rows)
        transaction.rollback()


# Reminders


@pytest.fixture
def seven(portal_copy: Flask) -> list[Person]:
    """The seven members of the only kernteam; an eighth person posts."""
    with connection(), db.atomic():
        for model in (Substitute, Absence, Assignment):
            model.delete().execute()
        people = list(Person.select().order_by(Person.id).limit(8))
        for person in people[:7]:
            make_assignment(person, valid_from=date(2026, 1, 1))
    return people[:7]


def post_about(visit: Visit, kind: str = "vacature") -> int:
    return visit("coordinator").post(kind, {
        "dag": "2026-12-01", "tekst": "Er is nog niemand.", "scholen": ["16LF00"],
        "functie": str(role("jeugdarts").id),
    }, mails=True)  # fmt: skip


def test_two_unseen_of_seven_are_reminded_once(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    notice = post_about(visit)
    for mail in mails(f"notice:{notice}:")[:5]:
        visitor = CheckedClient(portal_copy, portal_copy.response_class)
        assert visitor.submit(seen_link(mail)).status_code == 302
    page = visit("coordinator").get(f"/wijzigingen/{notice}")
    assert "Gezien door 5 van 7." in page
    assert "gezien door 5 van 7" in page
    missing = sorted(m.recipient for m in mails(f"notice:{notice}:")[5:])
    names = [p.name for p in seven[5:]]
    assert f"nog niet: {', '.join(sorted(names))}" in page
    for day, number in ((1, 0), (4, 0), (6, 0), (7, 2), (8, 2), (60, 2)):
        with on(TODAY + timedelta(days=day)):
            run_reminders(portal_copy)
            run_reminders(portal_copy)
            assert len(mails("reminder")) == number, day
    assert sorted(m.recipient for m in mails("reminder")) == missing
    assert all("Dit is de enige herinnering." in m.body for m in mails("reminder"))


def test_holidays_are_no_working_days(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    """Posted on Thursday 17 December; the Christmas holidays last from 19 December to 3 January."""
    with on(date(2026, 12, 17)):
        visit("coordinator").post("vacature", {
            "dag": "2027-02-01", "tekst": "x", "scholen": ["16LF00"],
            "functie": str(role("jeugdarts").id),
        }, mails=True)  # fmt: skip
    for day, number in (
        (date(2026, 12, 24), 0), (date(2027, 1, 3), 0), (date(2027, 1, 6), 0),
        (date(2027, 1, 7), 7),
    ):  # fmt: skip
        with on(day):
            run_reminders(portal_copy)
            assert len(mails("reminder")) == number, day


def test_absent_recipient_is_reminded_on_return(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    notice = post_about(visit)
    with connection():
        make_absence(seven[0], TODAY, date(2026, 12, 14))
        MutedKind.create(person=seven[1], kind="vacature")
    with on(date(2026, 12, 3)):
        run_reminders(portal_copy)
        assert len(mails("reminder")) == 5
    with on(date(2026, 12, 14)):
        run_reminders(portal_copy)
        assert len(mails("reminder")) == 6
    visit("coordinator").press(notice, "intrekken")
    with on(date(2026, 12, 15)):
        run_reminders(portal_copy)
        assert len(mails("reminder")) == 6


def test_moved_notice_restarts_the_reminder_period(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    notice = post_about(visit)
    first, *_ = mails(f"notice:{notice}:")
    CheckedClient(portal_copy, portal_copy.response_class).submit(seen_link(first))
    with on(date(2026, 11, 27)):
        coordinator = visit("coordinator")
        assert coordinator.press(
            notice, "wijzigen", dag="2026-12-18", tekst="Later."
        ).status_code == 302  # fmt: skip
        assert "Gezien door 0 van 7." in coordinator.get(f"/wijzigingen/{notice}")
    for day, number in ((date(2026, 12, 1), 0), (date(2026, 12, 4), 7)):
        with on(day):
            run_reminders(portal_copy)
            assert len(mails("reminder")) == number


def test_concurrent_workers_remind_once(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    post_about(visit)
    with on(date(2026, 12, 3)):
        threads = [Thread(target=run_reminders, args=(portal_copy,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(mails("reminder")) == 7


# Links in mails


def test_opening_the_link_does_not_count_as_seen(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    notice = post_about(visit)
    path = seen_link(mails(f"notice:{notice}:")[0])
    client = CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()
    for _ in range(5):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    with connection():
        assert not Recipient.select().where(Recipient.seen_at.is_null(False)).exists()
    assert client.submit(path).status_code == 302
    with connection():
        (row,) = Recipient.select().where(Recipient.seen_at.is_null(False))
    first = row.seen_at
    assert "Je hebt dit gezien op" in client.get(path).text
    with on(date(2026, 12, 1)):
        client.submit(path)
    with connection():
        assert Recipient.get_by_id(row.id).seen_at == first
    for wrong in (path[:-1], path + "x"):
        assert client.get(wrong).status_code == 404
        assert client.submit(wrong).status_code == 404
    assert client.get(path.replace("gezien", "afmelden")).status_code == 404


def test_the_link_shows_title_and_days_and_the_rest_after_signing_in(
    portal_copy: Flask, visit: Visit, seven: list[Person]
) -> None:
    notice = post_about(visit)
    path = seen_link(mails(f"notice:{notice}:")[0])
    client = CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()
    page = client.get(f"{path}).").text  # as a mail program takes it along
    assert "<h1>Vacature: jeugdarts op 1 school</h1>" in page
    assert "Vanaf dinsdag 1 december 2026" in page
    assert "<table" not in page
    with connection():
        posted = Notice.get_by_id(notice)
    assert posted.text not in page
    assert posted.author_name not in page
    rest = f"/wijzigingen/{notice}"
    assert f'href="{rest}"' in page
    assert client.get(rest).location == "/inloggen"


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_the_link_shows_nothing_a_month_after_the_end(
    portal_copy: Flask, visit: Visit, seven: list[Person], is_withdrawn: bool
) -> None:
    notice = post_about(visit)
    path = seen_link(mails(f"notice:{notice}:")[0])
    end = date(2026, 12, 1) if is_withdrawn else date(2026, 12, 4)
    with on(end), connection():
        change = {"withdrawn_at": clock.now()} if is_withdrawn else {"valid_until": end}
        Notice.update(change).where(Notice.id == notice).execute()
    client = CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()
    with on(end + timedelta(days=29)):
        assert client.get(path).status_code == 200
    with on(end + timedelta(days=30)):
        for answer in (client.get(path), client.submit(path)):
            assert answer.status_code == 410
            assert "Deze link werkt niet meer" in answer.text
            assert "Vacature" not in answer.text


def test_signed_link_survives_key_rotation(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    notice = post_about(visit)
    path = seen_link(mails(f"notice:{notice}:")[0])
    settings = portal_copy.config["KERNWIJZER"]
    rotate(settings.keys)
    restarted = make_app(settings)
    client = CheckedClient(restarted, restarted.response_class).from_elsewhere()
    assert client.submit(path).status_code == 302
    with connection():
        assert Recipient.select().where(Recipient.seen_at.is_null(False)).count() == 1


def test_muted_kind_sends_no_mail_but_stays_on_the_board(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    notice = post_about(visit)
    first = mails(f"notice:{notice}:")[0]
    path = seen_link(first, "afmelden")
    client = CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()
    client.get(path)
    client.head(path)
    with connection():
        assert not MutedKind.select().exists()
    assert "Je krijgt geen mail meer over vacature" in client.submit(path).text
    assert "Je krijgt geen mail meer over vacature" in client.get(path).text
    with connection():
        assert [(m.person_id, m.kind) for m in MutedKind.select()] == [(seven[0].id, "vacature")]
    # Changes of a notice that was mailed before are still mailed.
    coordinator = visit("coordinator")
    coordinator.press(notice, "wijzigen", dag="2026-12-18", tekst="Later.")
    assert first.recipient in {m.recipient for m in mails("changed")}
    other = visit("coordinator").post("vacature", {
        "dag": "2026-12-01", "tekst": "x", "scholen": ["16LF00"],
        "functie": str(role("doktersassistent").id),
    }, mails=True)  # fmt: skip
    assert first.recipient not in {m.recipient for m in mails(f"notice:{other}:")}
    with connection():
        row = Recipient.get((Recipient.notice == other) & (Recipient.person == seven[0]))
        assert (row.mailed, bool(row.email)) == (False, True)
    coordinator.press(other, "wijzigen", dag="2026-12-18", tekst="Later.")
    assert first.recipient not in {m.recipient for m in mails(f"notice:{other}:changed")}
    mine = visit(make_account(person=seven[0]))
    assert 'value="vacature">' in mine.get("/wijzigingen/mail")
    assert mine.client.submit(
        "/wijzigingen/mail", {"soort": "vacature"}).status_code == 302  # fmt: skip
    with connection():
        kinds = {m.kind for m in MutedKind.select()}
    assert "vacature" not in kinds
    assert len(kinds) == len(NoticeKind) - 1


def test_a_mail_program_unsubscribes_with_one_click(portal_copy: Flask, visit: Visit, seven: list[Person]) -> None:
    """RFC 8058: one POST without session, token or page of ours, answered with 200."""
    post_about(visit)
    mail = mails("notice:")[0]
    path = seen_link(mail, "afmelden")
    assert mail.unsubscribe.endswith(path)
    one_click = {"List-Unsubscribe": "One-Click"}
    for body in ({"data": one_click}, {"data": one_click, "content_type": "multipart/form-data"}):
        with connection():
            MutedKind.delete().execute()
        client = CheckedClient(portal_copy, portal_copy.response_class).from_elsewhere()
        for wrong in (path[:-1], path + "x", "/wijzigingen/afmelden/x"):
            assert client.post(wrong, **body).status_code == 200
        with connection():
            assert MutedKind.select().count() == 0
        elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
        answer = client.post(path, headers=elsewhere, **body)
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
        with connection():
            assert [m.person_id for m in MutedKind.select()] == [seven[0].id]


def test_seen_button_lowers_the_number_in_the_menu(visit: Visit, seven: list[Person]) -> None:
    first, second = post_about(visit), visit("coordinator").post("nieuws", {
        **NEWS, "organisatie": "regio"
    })  # fmt: skip
    me = visit(make_account(person=seven[0]))
    assert re.search(r'<a href="/wijzigingen">Wijzigingen <[^>]+>2\b', me.get("/")), me.get("/")
    assert me.press(first, "gezien").status_code == 302
    assert "Je hebt dit gezien op" in me.get(f"/wijzigingen/{first}")
    assert re.search(r'<a href="/wijzigingen">Wijzigingen <[^>]+>1\b', me.get("/"))
    visit("coordinator").press(second, "intrekken")
    assert "badge" not in me.get("/privacy")


# Delivery


def test_mail_arrives_with_the_author_as_reply_to(
    portal_copy: Flask, visit: Visit, seven: list[Person], postbox: Postbox,
    make_server: MakeServer,
) -> None:  # fmt: skip
    post_about(visit)
    with connection():
        deliver_due(make_server())
    assert len(postbox.letters) == 7
    for letter in postbox.letters:
        assert letter.message["Reply-To"] == "coordinator@demo.example"
        assert letter.message["Subject"] == "[Kernwijzer] Vacature per 1 december 2026"
        body = letter.message.get_content()
        assert "Coen Coördinator schrijft:\n> Er is nog niemand." in body.replace("\r\n", "\n")
        assert "Vanaf dinsdag 1 december 2026: Vacature: jeugdarts op 1 school." in body


def test_undeliverable_mail_is_shown_to_the_author(
    visit: Visit, seven: list[Person], postbox: Postbox, make_server: MakeServer,
) -> None:  # fmt: skip
    notice = post_about(visit)
    postbox.answer("RCPT", "550 No such user")
    with connection():
        deliver_due(make_server())
        failed = OutgoingMail.get(OutgoingMail.state == "failed")
        number = int(failed.key.rpartition(":")[2])
        name = Recipient.get_by_id(number).person.name
    page = visit("coordinator").get(f"/wijzigingen/{notice}")
    assert f"De mail kwam niet aan bij:</strong> {name}." in page


def test_log_contains_no_personal_data(portal_copy: Flask, visit: Visit) -> None:
    """Each canary is processed first, or its absence would prove nothing."""
    member = visit("member")
    new = {"opvolger": "nieuw", "voornaam": "Kanarie", "achternaam": "Zanger",
           "werkgever": str(coach().organisation_id), "email": "kanarie@vogel.example",
           "telefoon": "06 12345678"}  # fmt: skip
    notice = member.post("vertrek", leave(tekst="Tjilp tjilp.", **new), mails=True)
    assert "Kanarie Zanger" in member.get(f"/wijzigingen/{notice}")
    visit("editor").press(notice, "bevestigen")
    member.press(notice, "wijzigen", dag="2027-02-28", tekst="Tjilp tjilp tjilp.")
    path = seen_link(mails("changed")[0])
    member.client.submit(path)
    member.get("/wijzigingen?soort=vertrek")
    with on(date(2026, 12, 10)):
        run_reminders(portal_copy)
    assert mails("reminder")
    member.press(notice, "intrekken")
    folder = portal_copy.config["KERNWIJZER"].logs
    (log,) = folder.glob("kernwijzer-*.log")
    logged = log.read_text("utf-8").lower()
    assert "/wijzigingen/gezien/<secret:token>" in logged
    people = [coach().name.lower(), coach().family_name.lower(), "robin"]
    token = path.rpartition("/")[2].lower()
    for canary in ("kanarie", "zanger", "vogel", "12345678", "tjilp", "@", token, *people):
        assert canary not in logged, canary
