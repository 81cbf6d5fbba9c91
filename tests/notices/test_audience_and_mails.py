"""The mails about a notice: none where it is over, and no place for a text that nobody typed."""

from portal.database import connection
from portal.mail.models import OutgoingMail
from portal.notices.models import Recipient
from tests.notices.conftest import Visit


def test_what_is_over_is_mailed_to_nobody(visit: Visit) -> None:
    member = visit("member")
    over = {"dag": "2026-11-02", "laatste_dag": "2026-11-06"}
    assert "Dit is al voorbij: niemand krijgt er mail over." in member.preview(
        "afwezigheid", over
    ).text  # fmt: skip
    notice = member.post("afwezigheid", over, mails=True)
    with connection():
        assert not OutgoingMail.select().exists()
        assert Recipient.select().where(Recipient.notice == notice).exists()
    member.post("afwezigheid", {"dag": "2026-11-16", "laatste_dag": "2026-11-23"}, mails=True)
    with connection():
        assert OutgoingMail.select().exists()


def test_a_notice_without_a_text_leaves_its_place_out(visit: Visit) -> None:
    member = visit("member")
    notice = member.post("vertrek", {"dag": "2027-01-31", "tekst": ""}, mails=True)
    assert "Bericht van" not in member.get(f"/wijzigingen/{notice}")
    with connection():
        assert "schrijft:" not in OutgoingMail.select().get().body
