"""What is over is mailed to nobody; a text is optional, and its old version is kept."""

from portal.database import connection
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice, NoticeEvent, Recipient
from tests.notices.conftest import Visit, leave

TELL = "tekst van de melding is aangepast"


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


def test_another_text_is_kept_beside_the_old_one_and_mailed_where_that_is_asked(visit: Visit) -> None:
    member = visit("member")
    notice = member.post("vertrek", leave(tekst="Ik ga met pensioen."))
    with connection():
        Recipient.update(seen_at=Notice.get_by_id(notice).published_at).execute()
    assert "Mail een andere tekst aan iedereen" in member.get(f"/wijzigingen/{notice}/wijzigen")
    for text, tell in (("Ik ga met verlof.", {}), ("Ik ga op reis.", {"mailen": "y"})):
        done = member.press(notice, "wijzigen", dag="2027-01-31", tekst=text, **tell)
        assert done.status_code == 302
        with connection():
            told = [m for m in OutgoingMail.select() if TELL in m.body]
            assert bool(told) == bool(tell)
            unseen = Recipient.select().where(Recipient.seen_at.is_null())
            assert unseen.exists() == bool(tell)
    page = member.get(f"/wijzigingen/{notice}")
    assert "Ik ga met <del>pensioen.</del><ins>verlof.</ins>" in page
    assert "Ik ga <del>met</del><ins>op</ins> <del>verlof.</del><ins>reis.</ins>" in page
    before = page.count("<details>")
    assert member.press(
        notice, "wijzigen", dag="2027-01-31", tekst="Ik ga op reis."
    ).status_code == 302  # fmt: skip
    assert member.get(f"/wijzigingen/{notice}").count("<details>") == before


def test_markup_in_an_old_text_is_shown_as_text(visit: Visit) -> None:
    member = visit("member")
    notice = member.post("vertrek", leave(tekst="<b>een</b> 06 12345678"))
    member.press(notice, "wijzigen", dag="2027-01-31", tekst="<i>twee</i>")
    page = member.get(f"/wijzigingen/{notice}")
    assert "&lt;b&gt;een" in page
    assert "<i>" not in page


def test_earlier_texts_are_for_the_author_and_go_when_that_is_asked(visit: Visit) -> None:
    """An empty text is a text too."""
    member, reader = visit("member"), visit("reader")
    notice = member.post("vertrek", leave(tekst="Eerste tekst."))
    for text in ("", "Derde heel anders."):
        member.press(notice, "wijzigen", dag="2027-01-31", tekst=text)
    path = f"/wijzigingen/{notice}"
    page = member.get(path)
    assert "<del>Eerste tekst.</del></p>" in page
    assert "<ins>Derde heel anders.</ins></p>" in page
    assert "Eerste" not in reader.get(path)
    assert reader.press(notice, "eerdere-teksten-wissen").status_code == 403
    assert member.press(notice, "eerdere-teksten-wissen").status_code == 302
    assert "Eerste" not in member.get(path)
    assert "Eerdere teksten wissen" not in member.get(path)
    with connection():
        assert not NoticeEvent.select().where(NoticeEvent.old_text.is_null(False)).exists()
