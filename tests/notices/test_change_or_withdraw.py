"""The life of a published notice: moved, withdrawn, confirmed, refused, edited by two at once; its earlier texts."""

import json
from datetime import date

import pytest

from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Absence, Assignment, Person, School
from portal.directory.who_works_or_is_absent import list_holders, list_vacancies
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice, NoticeEvent, Recipient
from tests.factories import coach, colleague, directory_rows, holder, make_account, make_assignment, posts, role
from tests.notices.conftest import FEBRUARY, JANUARY, Visit, errors, hidden, leave, mails, on

NOORA = {"opvolger": "nieuw", "voornaam": "Noora", "achternaam": "Nieuweling", "werkgever": "1"}
# Days before, at and after each day on which a notice or its withdrawal here changes an answer.
SPAN = [date(2027, 1, day) for day in (10, 11, 17, 18, 19, 25, 29, 30, 31)] + [
    date(2027, 2, day) for day in (1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 25, 26, 27, 28)
]
ABSENT = {"dag": "2027-01-18", "laatste_dag": "2027-01-29", "tekst": "Ik heb verlof."}


def answers() -> dict[date, list[str]]:
    """The holders, absences, substitutes and vacancies of the coach's schools on each day."""
    with connection():
        schools = [post.school_id for post in posts(coach())]
        return {
            day: sorted(
                f"{h.school} {h.role} {h.contact.name} {h.is_absent} "
                f"{h.substitute.name if h.substitute else ''} "
                f"{[d.value for d in h.contact.details]}"
                for h in list_holders(day, schools)
            )
            + sorted(f"{v.school} {v.role}" for v in list_vacancies(day, schools))
            for day in SPAN
        }


def about(kind: str) -> dict[str, str]:
    """Valid answers of the coach about themselves."""
    other = str(colleague(coach()).id)
    return {
        "opvolging": {"dag": FEBRUARY.isoformat(), "opvolger": other},
        "vertrek": {"dag": "2027-01-31", "opvolger": "vacature"},
        "afwezigheid": {"dag": "2027-01-18", "laatste_dag": "2027-02-12", "opvolger": other},
        "contactgegevens": {"dag": FEBRUARY.isoformat(), "extra_telefoon": "0612345999"},
    }[kind] | {"tekst": "Dit verandert er."}


KINDS = ("opvolging", "vertrek", "afwezigheid", "contactgegevens")


@pytest.mark.parametrize("kind", KINDS)
def test_withdrawal_before_the_first_day_restores_everything(visit: Visit, kind: str) -> None:
    before = directory_rows()
    with on(JANUARY):
        member = visit("member")
        notice = member.post(kind, about(kind))
        assert directory_rows() != before
        assert member.press(notice, "intrekken").status_code == 302
        page = member.get(f"/wijzigingen/{notice}")
    assert directory_rows() == before
    assert "Deze melding is ingetrokken op 10 januari 2027" in page
    assert "Er verandert niets." in page
    assert "zou ingaan op <strong>" in page
    assert "Wat zou er veranderen?" in page
    assert "Gezien door" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_withdrawal_afterwards_keeps_the_answers_of_earlier_days(visit: Visit, kind: str) -> None:
    untouched, later = answers(), date(2027, 2, 10)
    with on(JANUARY):
        notice = visit("member").post(kind, about(kind))
    posted = answers()
    with on(later):
        assert visit("member").press(notice, "intrekken").status_code == 302
    corrected = answers()
    assert posted != untouched
    for day in SPAN:
        assert corrected[day] == (posted if day < later else untouched)[day], day


def test_each_step_is_confirmed_on_the_page(visit: Visit) -> None:
    member = visit("member")
    notice = member.post("vertrek", leave())
    for action, more, sentence in (
        ("wijzigen", {"dag": "2027-02-28", "tekst": "Later."}, "Je wijziging is bewaard."),
        ("intrekken", {}, "De melding is ingetrokken. Wie haar kreeg, krijgt daarover mail."),
    ):
        answer = member.press(notice, action, **more)
        page = member.get(answer.headers["Location"])
        assert f'role="status">{sentence}</p>' in page


def test_withdrawal_removes_the_new_person_and_mails_them(visit: Visit) -> None:
    before = directory_rows()
    with on(JANUARY):
        member = visit("member")
        notice = member.post("vertrek", leave(**NOORA, email="noora@cjg.example"), mails=True)
        assert "noora@cjg.example" in {m.recipient for m in mails(f"notice:{notice}:")}
        assert member.press(notice, "intrekken").status_code == 302
    assert directory_rows() == before
    assert {m.recipient for m in mails("withdrawn")} == {
        m.recipient for m in mails(f"notice:{notice}:") if "withdrawn" not in m.key
        and "confirm" not in m.key
    }  # fmt: skip
    assert "noora@cjg.example" in {m.recipient for m in mails("withdrawn")}


def test_moved_notice_keeps_the_row_of_a_new_person(visit: Visit) -> None:
    with on(JANUARY):
        member = visit("member")
        notice = member.post("vertrek", leave(**NOORA, email="noora@cjg.example"))
        with connection():
            before = {(r.id, r.person_id) for r in Recipient.select()}
            noora = Person.get(Person.given_name == "Noora")
        assert member.press(notice, "wijzigen", dag="2027-02-28", tekst="x").status_code == 302
        with connection():
            assert {(r.id, r.person_id) for r in Recipient.select()} == before
            assert Person.get(Person.given_name == "Noora") == noora
            assert {a.valid_from for a in posts(noora)} == {date(2027, 3, 1)}
        assert "noora@cjg.example" in {m.recipient for m in mails("changed")}


def test_another_day_is_mailed_but_another_text_is_not(visit: Visit) -> None:
    with on(JANUARY):
        member = visit("member")
        notice = member.post("vertrek", leave(), mails=True)
        mailed = {m.recipient for m in mails(f"notice:{notice}:")}
        assert member.press(notice, "wijzigen", dag="2027-01-31", tekst="Anders.").status_code == 302
        assert mails("changed") == []
        assert "De tekst is aangepast." in member.get(f"/wijzigingen/{notice}")
        assert member.press(notice, "wijzigen", dag="2027-02-28", tekst="Anders.").status_code == 302
        changed = mails("changed")
        assert {m.recipient for m in changed} == mailed
        assert len(changed) == len(mailed)
        assert "Dit geldt nu vanaf 1-3-2027. Eerst was dat vanaf 1-2-2027." in changed[0].body
        assert "Dit geldt nu vanaf 1-3-2027." in member.get(f"/wijzigingen/{notice}")
    with connection():
        assert {a.valid_until for a in posts(coach())} == {date(2027, 3, 1)}


def test_current_notice_changes_only_its_last_day_and_text(visit: Visit) -> None:
    with on(JANUARY):
        notice = visit("member").post("afwezigheid", {**ABSENT, "laatste_dag": ""})
        other = visit("member").post("contactgegevens", about("contactgegevens"))
    before_change = answers()
    with on(date(2027, 2, 10)):
        member = visit("member")
        page = member.get(f"/wijzigingen/{notice}/wijzigen")
        assert 'name="dag"' not in page
        assert 'name="laatste_dag"' in page
        assert 'name="laatste_dag"' not in member.get(f"/wijzigingen/{other}/wijzigen")
        # A forged first day is ignored.
        assert member.press(
            notice, "wijzigen", dag="2027-03-01", laatste_dag="2027-02-12", tekst="Ik ben terug."
        ).status_code == 302  # fmt: skip
        early = member.press(notice, "wijzigen", laatste_dag="2027-02-01", tekst="x")
        assert errors(early.text) == ["Die dag is al voorbij. Kies gisteren of later."]
    with connection():
        absence = Absence.get(Absence.person == coach())
    assert (absence.valid_from, absence.valid_until) == (date(2027, 1, 18), date(2027, 2, 13))
    now = answers()
    for day in SPAN:
        if day <= date(2027, 2, 12):
            assert now[day] == before_change[day]
        else:
            assert now[day] != before_change[day]
    assert "tot en met 12-2-2027" in mails("changed")[0].body


def test_later_notice_about_a_post_must_be_withdrawn_first(visit: Visit) -> None:
    before, other = directory_rows(), str(colleague(coach()).id)
    with on(JANUARY):
        member = visit("member")
        absence = member.post("afwezigheid", {**ABSENT, "opvolger": other})
        between = directory_rows()
        departure = member.post("vertrek", leave(opvolger=other))
        answer = member.press(absence, "intrekken")
        assert answer.status_code == 409
        assert "Latere meldingen bouwen hierop voort." in answer.text
        assert f'href="/wijzigingen/{departure}"' in answer.text
        moved = member.press(absence, "wijzigen", dag="2027-01-19", tekst="x")
        assert moved.status_code == 422
        assert f'href="/wijzigingen/{departure}"' in moved.text
        assert member.press(departure, "intrekken").status_code == 302
        assert directory_rows() == between
        assert member.press(absence, "intrekken").status_code == 302
    assert directory_rows() == before


def test_an_edit_or_import_that_built_on_a_notice_is_not_called_a_notice(visit: Visit) -> None:
    """As is the notice, where both did."""
    with on(JANUARY):
        member = visit("member")
        absence = member.post("afwezigheid", {**ABSENT, "opvolger": str(colleague(coach()).id)})
        for kind in (ChangeSetKind.EDIT, ChangeSetKind.IMPORT):
            with connection(), db.atomic():
                change_set = ChangeSet.begin(kind, None)
                change_set.change(Absence.select().order_by(Absence.id.desc()).get())
        refused = member.press(absence, "intrekken").text
        assert "gewijzigd: bewerking op 10-1-2027 en import op 10-1-2027." in refused
        assert "Latere meldingen" not in refused
        moved = member.press(absence, "wijzigen", dag="2027-01-19", tekst="x")
        assert "import op 10-1-2027" in " ".join(errors(moved.text))
        departure = member.post("vertrek", leave(opvolger=str(colleague(coach()).id)))
        refused = member.press(absence, "intrekken").text
        assert "Latere meldingen bouwen hierop voort." in refused
        assert f'href="/wijzigingen/{departure}"' in refused
        assert "import op 10-1-2027" in refused


def test_withdrawn_later_notice_does_not_block_the_earlier_one(visit: Visit) -> None:
    untouched, other = answers(), str(colleague(coach()).id)
    with on(JANUARY):
        member = visit("member")
        absence = member.post("afwezigheid", {**ABSENT, "laatste_dag": "2027-02-26", "opvolger": other})
        only_absent = answers()
        departure = member.post("vertrek", leave(opvolger="vacature"))
    both = answers()
    with on(date(2027, 2, 8)):
        member = visit("member")
        assert member.press(departure, "intrekken").status_code == 302
    once = answers()
    for day in SPAN:  # substitutes too
        assert once[day] == (both if day < date(2027, 2, 8) else only_absent)[day], day
    with on(date(2027, 2, 10)):
        member = visit("member")
        assert member.press(absence, "intrekken").status_code == 302
    corrected = answers()
    for day in SPAN:
        assert corrected[day] == (once if day < date(2027, 2, 10) else untouched)[day], day


def test_successor_blocks_the_withdrawal_of_a_departure(visit: Visit) -> None:
    director = holder("directeur")
    at = posts(director)[0].school_id
    visitor = visit("coordinator")
    first = visitor.post("vertrek", leave(opvolger=""), director.id)
    second = visitor.post("nieuwe-collega", {
        **NOORA, "functie": str(role("directeur").id), "scholen": [at], "dag": "2027-03-01",
        "tekst": "Noora begint.",
    })  # fmt: skip
    answer = visitor.press(first, "intrekken")
    assert answer.status_code == 409
    assert f'href="/wijzigingen/{second}"' in answer.text
    assert visitor.press(second, "intrekken").status_code == 302
    assert visitor.press(first, "intrekken").status_code == 302


def test_concurrent_edits_lose_nothing(visit: Visit) -> None:
    member, editor = visit("member"), visit("editor")
    notice = member.post("vertrek", leave(tekst="Eerste tekst."))
    mine = hidden(member.get(f"/wijzigingen/{notice}/wijzigen"))
    theirs = hidden(editor.get(f"/wijzigingen/{notice}/wijzigen"))
    path = f"/wijzigingen/{notice}/wijzigen"
    first = {**theirs, "dag": "2027-01-31", "tekst": "Van het CJG."}
    assert editor.client.post(path, data=first).status_code == 302
    second = {**mine, "dag": "2027-02-28", "tekst": "Van de coach."}
    answer = member.client.post(path, data=second)
    assert answer.status_code == 409
    assert "Van het CJG." in answer.text
    assert ">Van de coach.</textarea>" in answer.text.replace("\r\n", "")
    assert 'value="2027-02-28"' in answer.text
    assert "Robin van Beheer" in answer.text
    with connection():
        assert Notice.get().text == "Van het CJG."
    again = {**hidden(answer.text), "dag": "2027-02-28", "tekst": "Van allebei."}
    assert member.client.post(path, data=again).status_code == 302
    with connection():
        assert Notice.get().text == "Van allebei."
        assert Notice.get().valid_from == date(2027, 3, 1)


def test_draft_stored_with_its_text_and_days_is_read_from_the_columns(visit: Visit) -> None:
    with on(JANUARY):
        member = visit("member")
        notice = member.post("vertrek", leave(opvolger=str(colleague(coach()).id)))
        with connection():
            row = Notice.get_by_id(notice)
            answers_only = json.loads(row.draft)
            assert {"kind", "text", "valid_from", "valid_until"}.isdisjoint(answers_only)
            earlier = {"kind": "nieuws", "text": "Oud.", "valid_from": "2026-01-01",
                       "valid_until": None}  # fmt: skip
            row.draft = json.dumps({**answers_only, **earlier})
            row.save()
        moved = member.press(notice, "wijzigen", dag="2027-02-28", tekst="Later.")
        assert moved.status_code == 302
    with connection():
        assert {a.valid_until for a in posts(coach())} == {date(2027, 3, 1)}
        assert Notice.get_by_id(notice).text == "Later."


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "99999999999999999999999", "²"])
def test_invalid_version_changes_nothing(visit: Visit, version: str) -> None:
    member = visit("member")
    notice = member.post("vertrek", leave())
    for action in ("intrekken", "wijzigen"):
        answer = member.press(notice, action, versie=version, dag="2027-02-28", tekst="x")
        assert answer.status_code == 409
    with connection():
        assert Notice.get().withdrawn_at is None


def test_withdrawn_notice_cannot_change(visit: Visit) -> None:
    member = visit("member")
    notice = member.post("vertrek", leave())
    assert member.press(notice, "intrekken").status_code == 302
    for action in ("intrekken", "wijzigen"):
        answer = member.press(notice, action, dag="2027-02-28", tekst="Mijn tekst.")
        assert answer.status_code == 409
        if action == "wijzigen":
            assert "Mijn tekst." in answer.text
    assert len(mails("withdrawn")) == len({m.recipient for m in mails("withdrawn")}) > 10


# A successor from another organisation


def foreign() -> Person:
    """A CJG-coach of another organisation."""
    return holder("cjg-coach", "cjg-heemstede")


def editor_of(organisation: int) -> Account:
    return make_account("editor", organisation=organisation)


def test_successor_of_another_organisation_is_pending_until_confirmed(visit: Visit) -> None:
    new = foreign()
    account = editor_of(new.organisation_id)
    member = visit("member")
    previewed = member.preview("vertrek", leave(opvolger=str(new.id)))
    assert "De opvolger moet nog worden bevestigd" in previewed.text
    notice = member.post("vertrek", leave(opvolger=str(new.id)), mails=True)
    (asked,) = mails(f"notice:{notice}:confirm")
    assert asked.recipient == account.email
    with connection():
        slug = School.get_by_id(posts(coach())[0].school_id).slug
    card = f"/scholen/{slug}?dag={FEBRUARY}"
    assert "te bevestigen" in member.get(card).lower()
    for stranger in (member, visit("editor")):
        assert ">Dit klopt<" not in stranger.get(f"/wijzigingen/{notice}")
        assert stranger.press(notice, "bevestigen").status_code == 404
        assert stranger.press(notice, "afwijzen").status_code == 404
    editor = visit(account)
    assert ">Dit klopt<" in editor.get(f"/wijzigingen/{notice}")
    assert editor.press(notice, "bevestigen").status_code == 302
    assert "nog te bevestigen" not in member.get(card).lower()
    assert "nog te bevestigen" not in member.get(f"/wijzigingen/{notice}").lower()
    (decided,) = mails("decided")
    assert decided.recipient == "member@demo.example"
    assert f"{new.name} is bevestigd." in decided.body
    assert editor.press(notice, "bevestigen").status_code == 404


def test_confirmers_are_mailed_the_moved_notice(visit: Visit) -> None:
    member = visit("member")
    notice = member.post("vertrek", leave(opvolger=str(foreign().id)), mails=True)
    member.press(notice, "wijzigen", dag="2027-02-28", tekst="Later.")
    first, second = mails(f"notice:{notice}:confirm")
    assert "1 februari 2027" in first.subject + first.body
    assert "1 maart 2027" in second.subject + second.body


def test_substitute_is_never_pending(visit: Visit) -> None:
    """A member chooses nobody of another organisation, and adds a new person to their own only."""
    fields = {"dag": FEBRUARY.isoformat(), "tekst": "Ik ben er niet."}
    member, own = visit("member"), str(coach().organisation_id)
    page = member.ask("afwezigheid")
    assert f'value="{foreign().id}"' not in page
    assert page.partition('name="werkgever">')[2].partition("</select>")[0].count("<option") == 1
    for wrong in ({"opvolger": str(foreign().id)}, NOORA | {"werkgever": foreign().organisation_id}):
        answer = member.preview("afwezigheid", fields | wrong)
        assert answer.status_code == 422
    notice = member.post("afwezigheid", fields | NOORA | {"werkgever": own})
    page = member.get(f"/wijzigingen/{notice}")
    assert "vervanger Noora Nieuweling" in page
    assert "nog te bevestigen" not in page


def test_refused_successor_stays_away_when_the_notice_moves(visit: Visit) -> None:
    new, own = foreign(), coach().id
    account = editor_of(new.organisation_id)
    member = visit("member")
    before = directory_rows()
    notice = member.post("vertrek", leave(opvolger=str(new.id)), mails=True)
    assert visit(account).press(notice, "afwijzen").status_code == 302
    (decided,) = mails("decided")
    assert "De plek is nu niet ingevuld." in decided.body
    assert {m.recipient for m in mails("changed")} == {
        m.recipient for m in mails(f"notice:{notice}:") if m.key.split(":")[2].isdigit()
    }
    page = member.get(f"/wijzigingen/{notice}")
    number = len({post.school_id for post in posts(coach())})
    assert f"<h1>{coach().name} vertrekt; {number} scholen krijgen nog niemand</h1>" in page
    assert new.name not in page.partition("Wat verandert er?")[2].partition("Wie heeft dit")[0]
    assert not [p for p in posts(new) if p.is_pending]
    assert member.press(notice, "wijzigen", dag="2027-02-28", tekst="Later.").status_code == 302
    assert not [p for p in posts(new) if p.is_pending]
    with on(date(2027, 3, 10)):
        assert visit("member").press(notice, "intrekken").status_code == 302
    assert not [p for p in posts(new) if p.is_pending]
    assert len([p for p in posts(coach()) if p.valid_until is None]) == len(
        [row for row in before["Assignment"] if f"'person': {own}," in row]
    )


def test_refused_new_person_is_removed(visit: Visit) -> None:
    member = visit("member")
    before = directory_rows()
    notice = member.post("vertrek", leave(**{**NOORA, "werkgever": str(coach().organisation_id)}))
    assert "/personen/" in member.get("/?q=noora+nieuweling").partition("<main")[2]
    assert visit("editor").press(notice, "afwijzen").status_code == 302
    assert "/personen/" not in member.get("/?q=noora+nieuweling").partition("<main")[2]
    assert member.press(notice, "wijzigen", dag="2027-02-28", tekst="Later.").status_code == 302
    assert member.press(notice, "intrekken").status_code == 302
    assert directory_rows() == before


def test_each_organisation_confirms_its_own_successor(visit: Visit) -> None:
    first, second = posts(coach())[:2]
    new, other = foreign(), holder("schoolcoach", "altra")
    with connection():  # a CJG-coach of a third organisation
        make_assignment(other, valid_from=date(2026, 1, 1))
    ours, theirs = editor_of(new.organisation_id), editor_of(other.organisation_id)
    member = visit("member")
    notice = member.post("vertrek", leave(**{
        f"plek_{first.id}": str(new.id), f"plek_{second.id}": str(other.id)
    }), mails=True)  # fmt: skip
    page = member.get(f"/wijzigingen/{notice}")
    assert f"{new.name} en {other.name}" in page or f"{other.name} en {new.name}" in page
    assert {m.recipient for m in mails(":confirm")} == {ours.email, theirs.email}
    assert visit(ours).press(notice, "bevestigen").status_code == 302
    with connection():
        assert {a.person_id for a in Assignment.select().where(Assignment.is_pending)} == {other.id}
    assert visit(theirs).press(notice, "afwijzen").status_code == 302
    with connection():
        assert not Assignment.select().where(Assignment.is_pending).exists()
        assert Assignment.select().where(
            (Assignment.person == new) & (Assignment.valid_from == FEBRUARY)
        ).exists()  # fmt: skip


def test_coordinator_confirms_for_an_organisation_without_editor(visit: Visit) -> None:
    new = foreign()
    notice = visit("member").post("vertrek", leave(opvolger=str(new.id)), mails=True)
    assert [m.recipient for m in mails(":confirm")] == ["coordinator@demo.example"]
    assert visit("coordinator").press(notice, "bevestigen").status_code == 302


def test_own_colleague_and_coordinators_choice_are_not_pending(visit: Visit) -> None:
    visit("member").post("vertrek", leave(opvolger=str(colleague(coach()).id)))
    other = holder("cjg-coach", "cjg-kennemerland", 1)
    visit("coordinator").post("vertrek", leave(opvolger=str(foreign().id)), other.id)
    with connection():
        assert not Assignment.select().where(Assignment.is_pending).exists()


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
            told = [m for m in OutgoingMail.select() if "tekst van de melding is aangepast" in m.body]
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
