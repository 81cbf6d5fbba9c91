"""Somebody who is merged or forgotten: their answers, presence and secret address."""

from portal.accounts import forgetting
from portal.database import connection
from portal.meetings import queries
from portal.meetings.kinds import Reply
from portal.meetings.models import MeetingFeed, Participant
from tests.checks import extract
from tests.editing.test_merging import merge
from tests.factories import make_assignment, make_detail, make_person
from tests.meetings.conftest import Town


def replies() -> list[tuple[int, str | None]]:
    """The person (id) and the answer of each participant, in order of meetings."""
    with connection():
        rows = Participant.select().where(Participant.reply.is_null(False))
        return [(row.person_id, row.reply) for row in rows.order_by(Participant.meeting)]


def test_the_answers_of_a_merged_person_go_along_and_come_back(town: Town) -> None:
    twin = make_person("Coach", "Dubbel")
    make_assignment(twin, "cjg-coach")
    make_detail(twin, "dubbel@school.example", "email")
    first, second = town.plan(), town.plan()
    with connection():
        queries.answer(town.meeting(first), town.coach.id, Reply.AWAY)
        queries.answer(town.meeting(first), twin.id, Reply.COMING)
        queries.answer(town.meeting(second), twin.id, Reply.SUBSTITUTE)
    before = sorted(replies())
    coordinator = town.browser("coordinator")
    location = merge(coordinator, town.coach, twin)
    assert replies() == [(town.coach.id, "away"), (town.coach.id, "substitute")]
    undo = {"terug": "/", "zeker": "ja"}
    coordinator.submit(f"/bewerkingen/{location.partition('=')[2]}/terugdraaien", undo)
    assert sorted(replies()) == before


def test_nothing_of_a_forgotten_person_is_left_in_a_meeting(town: Town) -> None:
    number = town.plan()
    town.run()
    coach, name = town.browser("member"), town.coach.name
    coach.submit(f"/overleg/{number}/antwoord", {"antwoord": "coming"})
    coach.submit("/overleg/feed", {"wat": "nieuw"})
    feed = extract(r"(/overleg/feed/[\w-]+)", coach.get("/overleg").text)
    mail = next(mail for mail in town.mails() if mail.recipient == "coach@school.example")
    link = extract(r"(/overleg/antwoord/\S+)", mail.body)
    with connection():
        queries.store_report(town.meeting(number), 1, held=True, present={town.coach.id}, outcomes={})
    assert name in town.browser("reader").get(f"/overleg/{number}").text
    with town.portal.app_context(), connection():
        forgetting.forget(town.coach.id, None, "Op verzoek.")
        assert not Participant.select().where(Participant.person == town.coach.id).exists()
        assert not MeetingFeed.select().exists()
    assert "coach@school.example" not in {mail.recipient for mail in town.mails()}
    director = town.browser("reader")
    for page in ("", "/draaiboek", "/verslag", "/agenda"):
        assert name not in director.get(f"/overleg/{number}{page}").text, page
    visitor = town.browser("reader").from_elsewhere()
    visitor.delete_cookie("kernwijzer")
    assert [visitor.get(address).status_code for address in (feed, link)] == [404, 404]
