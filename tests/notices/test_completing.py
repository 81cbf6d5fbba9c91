"""A notice is completed later: a successor or substitute found, one school corrected."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.database import connection
from portal.database.validity import valid_on
from portal.directory.clearing import clear_old_values
from portal.directory.models import Absence, Assignment, Person, School
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice, Recipient
from tests.checks import texts
from tests.contracts.test_structure import counted
from tests.factories import coach, colleague, directory_rows, holder, make_detail, posts
from tests.notices.conftest import FEBRUARY, Fields, Visit, Visitor, errors, hidden, leave, on

NOORA = {"voornaam": "Noora", "achternaam": "Nieuweling"}
LATER = date(2027, 2, 15)


def complete(visitor: Visitor, notice: int, fields: Fields) -> str:
    """Fill in the form of a completion, look at the check page and press; gives that page."""
    path = f"/wijzigingen/{notice}/aanvullen"
    asked = hidden(visitor.get(path))
    checked = visitor.client.submit(path, {**asked, **fields, "stap": "controleren"})
    assert checked.status_code == 200, errors(checked.text)
    done = visitor.client.post(path, data={**hidden(checked.text), "stap": "plaatsen"})
    assert done.status_code == 302, errors(done.text)
    return checked.text


def at(visitor: Visitor, school: str, day: date) -> str:
    """The cards of a school on a day."""
    with connection():
        slug = School.get_by_id(school).slug
    return " ".join(texts(visitor.get(f"/scholen/{slug}?dag={day}"), "contact"))


def seen() -> set[int]:
    with connection():
        return {row.person_id for row in Recipient.select().where(Recipient.seen_at.is_null(False))}


def told(notice: int) -> set[str]:
    """The addresses that were mailed about a change."""
    with connection():
        key = f"notice:{notice}:changed:"
        return {m.recipient for m in OutgoingMail.select() if m.key.startswith(key)}


def see_all(notice: int) -> set[int]:
    with connection():
        Recipient.update(seen_at=Notice.get_by_id(notice).published_at).execute()
    return seen()


def team(school: str, person: Person) -> set[int]:
    """The people of a kernteam but one."""
    with connection():
        rows = Assignment.select(Assignment.person).where(Assignment.school == school)
        return {row.person_id for row in rows} - {person.id}


def test_a_successor_found_later_is_told_to_the_school_only(visit: Visit) -> None:
    me, member = coach(), visit("member")
    first, second, *_ = posts(me)
    notice = member.post("vertrek", leave(opvolger="vacature"))
    everybody = see_all(notice)
    before, new = directory_rows(), colleague(me)
    page = complete(member, notice, {f"plek_{first.id}": str(new.id)})
    assert "Dit gaat naar <strong>1 school" in page
    assert new.name in at(member, first.school_id, FEBRUARY)
    assert new.name not in at(member, second.school_id, FEBRUARY)
    unseen = everybody - seen()
    assert unseen == everybody & team(first.school_id, me)
    assert unseen < everybody
    page = member.get(f"/wijzigingen/{notice}")
    assert "Aangevuld of verbeterd vanaf 1-2-2027" in page
    with connection():
        unread = Recipient.select().where(Recipient.seen_at.is_null() & Recipient.mailed)
        assert told(notice) == {row.email for row in unread}
    with connection():
        body = OutgoingMail.select().where(OutgoingMail.key.contains(":changed:")).get().body
    assert f"{new.name}" in body
    assert "(eerst: vacature)" in body
    # Undone by itself, and with its notice.
    assert member.press(notice, "aanvulling-terug").status_code == 302
    assert directory_rows() == before
    assert "teruggedraaid" in member.get(f"/wijzigingen/{notice}")
    complete(member, notice, {"opvolger": str(new.id)})
    assert new.name in at(member, second.school_id, FEBRUARY)
    assert member.press(notice, "intrekken").status_code == 302
    assert me.name in at(member, first.school_id, FEBRUARY)
    assert me.name in at(member, second.school_id, FEBRUARY)


def test_a_typed_substitute_from_elsewhere_is_not_made_anew(visit: Visit) -> None:
    """Nobody of another organisation becomes a substitute without its word, nor a second time."""
    me, member, known = coach(), visit("member"), holder("jeugdarts")
    make_detail(known, "+31612345999")
    notice = member.post("afwezigheid", {"dag": "2027-02-01", "tekst": "x"})
    path = f"/wijzigingen/{notice}/aanvullen"
    typed = {
        **hidden(member.get(path)), "opvolger": "nieuw", "voornaam": known.given_name, "tussenvoegsel": known.infix,
        "achternaam": known.family_name, "werkgever": str(me.organisation_id), "telefoon": "06-12345999",
        "stap": "controleren",
    }  # fmt: skip
    asked = member.client.submit(path, typed)
    assert asked.status_code == 422
    assert "staat hier al, maar jij kunt die hier niet kiezen." in errors(asked.text)[0]
    assert 'value="06-12345999"' in asked.text


def test_a_typed_substitute_found_later_stands_in_from_that_day(visit: Visit) -> None:
    me, member = coach(), visit("member")
    first, second, *_ = posts(me)
    notice = member.post("afwezigheid", {"dag": "2027-01-04", "tekst": "x"})
    before = directory_rows()
    with on(date(2027, 1, 20)):
        member = visit("member")
        form = {"opvolger": str(colleague(me).id), f"plek_{first.id}": "nieuw", **NOORA}
        complete(member, notice, form | {"werkgever": str(me.organisation_id)})
        assert "Noora" in at(member, first.school_id, date(2027, 1, 20))
        assert colleague(me).name in at(member, second.school_id, date(2027, 1, 20))
        assert "Noora" not in at(member, first.school_id, date(2027, 1, 19))
        # Then the last day becomes known.
        assert member.press(
            notice, "wijzigen", laatste_dag="2027-02-14", tekst="Terug."
        ).status_code == 302  # fmt: skip
        assert "Noora" in at(member, first.school_id, date(2027, 2, 14))
        assert "Noora" not in at(member, first.school_id, LATER)
        with connection():
            assert [row.valid_until for row in Absence.select().order_by(Absence.valid_from)
                    if row.person_id == me.id][-2:] == [date(2027, 1, 20), LATER]  # fmt: skip
        assert member.press(notice, "intrekken").status_code == 302
        assert "Noora" not in at(member, first.school_id, date(2027, 1, 20))
    rows = directory_rows()
    assert rows["Assignment"] == before["Assignment"]


def test_one_school_is_corrected_after_the_first_day(visit: Visit) -> None:
    me, new = coach(), colleague(coach())
    first, second, *_ = posts(me)
    notice = visit("coordinator").post("vertrek", leave(opvolger=str(new.id)), me.id)
    with on(LATER):
        coordinator = visit("coordinator")
        complete(coordinator, notice, {f"plek_{first.id}": "blijft"})
        assert me.name in at(coordinator, first.school_id, LATER)
        assert new.name in at(coordinator, first.school_id, date(2027, 2, 14))
        assert new.name in at(coordinator, second.school_id, LATER)


def test_a_later_notice_about_another_school_stands_in_nobodys_way(visit: Visit) -> None:
    """Only the posts of the completion are touched."""
    me, new = coach(), colleague(coach())
    first, second, *_ = posts(me)
    coordinator = visit("coordinator")
    answers = {f"plek_{second.id}": str(new.id)}
    notice = coordinator.post("vertrek", leave(opvolger="vacature", **answers), me.id)
    coordinator.post("afwezigheid", {"dag": "2027-02-01", "tekst": "x"}, new.id)
    complete(coordinator, notice, {f"plek_{first.id}": str(new.id)})
    assert new.name in at(coordinator, first.school_id, FEBRUARY)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Er verandert nog niets. Kies bij een school iets anders."),
        ({"dag": "2027-01-15"}, "Kies een dag waarop deze melding geldt."),
        ({"opvolger": "999999"}, "Kies iemand uit de lijst."),
    ],
)
def test_an_error_says_what_to_do(visit: Visit, fields: Fields, sentence: str) -> None:
    member = visit("member")
    notice = member.post("vertrek", leave(opvolger="vacature"))
    path = f"/wijzigingen/{notice}/aanvullen"
    answer = member.client.submit(path, {**hidden(member.get(path)), **fields})
    assert answer.status_code == 422
    assert errors(answer.text) == [sentence]


def test_a_completed_departure_keeps_its_day(visit: Visit) -> None:
    me, member = coach(), visit("member")
    notice = member.post("vertrek", leave())
    complete(member, notice, {"opvolger": str(colleague(me).id)})
    answer = member.press(notice, "wijzigen", dag="2027-02-28", tekst="Later.")
    assert errors(answer.text) == ["Deze melding is aangevuld. Draai eerst de aanvulling terug."]


def test_a_pending_successor_of_a_completion_is_confirmed_and_refused(visit: Visit) -> None:
    me, member = coach(), visit("member")
    first, second, *_ = posts(me)
    notice = member.post("vertrek", leave())
    employer = {"werkgever": str(me.organisation_id)}
    complete(member, notice, {f"plek_{first.id}": "nieuw", **NOORA, **employer})
    assert "nog te bevestigen" in at(member, first.school_id, FEBRUARY).lower()
    editor = visit("editor")
    assert editor.press(notice, "afwijzen").status_code == 302
    assert "Noora" not in at(member, first.school_id, FEBRUARY)
    complete(member, notice, {f"plek_{second.id}": "nieuw", **NOORA, **employer})
    assert editor.press(notice, "bevestigen").status_code == 302
    assert "nog te bevestigen" not in at(member, second.school_id, FEBRUARY).lower()


def test_completions_of_coming_days_follow_each_other(visit: Visit) -> None:
    """A typed name at one school is meant for that school."""
    me, member = coach(), visit("member")
    first, second, *_ = posts(me)
    period = {"dag": "2027-02-01", "laatste_dag": "2027-02-28"}
    notice = member.post("afwezigheid", period)
    before = directory_rows()
    other, employer = colleague(me), {"werkgever": str(me.organisation_id)}
    some = {"opvolger": str(other.id), f"plek_{first.id}": "onbekend"}
    complete(member, notice, {"dag": "2027-02-10", **some})
    complete(member, notice, {"dag": "2027-02-20", f"plek_{first.id}": "nieuw", **NOORA, **employer})
    for day, at_first, at_second in (
        (date(2027, 2, 9), "", ""),
        (date(2027, 2, 10), "", other.name),
        (date(2027, 2, 20), "Noora", other.name),
    ):
        for school, name in ((first.school_id, at_first), (second.school_id, at_second)):
            shown = at(member, school, day)
            assert [who for who in ("Noora", other.name) if who in shown] == [name] * bool(name)
    # On a day before the second completion the absence has its own last day.
    assert "tot en met 28" in member.get(f"/personen/{me.id}?dag=2027-02-05")
    assert member.press(notice, "aanvulling-terug").status_code == 302
    assert "Noora" not in at(member, first.school_id, date(2027, 2, 20))
    assert other.name in at(member, second.school_id, date(2027, 2, 20))
    assert member.press(notice, "aanvulling-terug").status_code == 302
    assert directory_rows() == before
    assert member.press(notice, "aanvulling-terug").status_code == 409
    assert member.press(notice, "intrekken").status_code == 302


def test_taking_back_later_brings_back_who_stood_in_before(visit: Visit) -> None:
    me, other = coach(), colleague(coach())
    first, second, *_ = posts(me)
    fields = {"dag": "2027-01-04", "opvolger": str(other.id)}
    notice = visit("member").post("afwezigheid", fields)
    with on(date(2027, 1, 20)):
        typed = {f"plek_{first.id}": "nieuw", **NOORA, "werkgever": str(me.organisation_id)}
        complete(visit("member"), notice, typed)
    with on(FEBRUARY):
        member = visit("member")
        assert member.press(notice, "aanvulling-terug").status_code == 302
        assert "Noora" in at(member, first.school_id, date(2027, 1, 25))
        assert "Noora" not in at(member, first.school_id, FEBRUARY)
        for post in (first, second):
            assert other.name in at(member, post.school_id, FEBRUARY)


def test_an_absence_gets_a_last_day_after_a_completion_was_taken_back(visit: Visit) -> None:
    me, first = coach(), posts(coach())[0]
    notice = visit("member").post("afwezigheid", {"dag": "2027-01-04"})
    with on(date(2027, 1, 20)):
        complete(visit("member"), notice, {f"plek_{first.id}": str(colleague(me).id)})
    with on(date(2027, 1, 25)):
        assert visit("member").press(notice, "aanvulling-terug").status_code == 302
    with on(date(2027, 1, 26)):
        member = visit("member")
        done = member.press(notice, "wijzigen", laatste_dag="2027-02-14", tekst="")
        assert done.status_code == 302, errors(done.text)
        shown = [me.name in absent_on(day) for day in (date(2027, 1, 22), date(2027, 2, 14), LATER)]
        assert shown == [True, True, False]
        # The last day is taken back alone; its reason is no part of that.
        with connection():
            clear_old_values(clock.now() + timedelta(days=90))
        assert "Andere laatste dag terugdraaien" in member.get(f"/wijzigingen/{notice}")
        assert member.press(notice, "aanvulling-terug").status_code == 302
        assert me.name in absent_on(LATER)
        with connection():
            assert Notice.get_by_id(notice).valid_until is None
        assert "terugdraaien" not in member.get(f"/wijzigingen/{notice}")


def test_a_last_day_and_then_the_completion_below_it_are_taken_back(visit: Visit) -> None:
    first, before = posts(coach())[0], directory_rows()
    member = visit("member")
    notice = member.post("afwezigheid", {"dag": "2027-02-01", "laatste_dag": "2027-02-28"})
    posted = directory_rows()
    complete(member, notice, {"dag": "2027-02-10", f"plek_{first.id}": str(colleague(coach()).id)})
    assert member.press(notice, "wijzigen", **{
        "dag": "2027-02-01", "laatste_dag": "2027-03-07", "tekst": "",
    }).status_code == 302  # fmt: skip
    for label, last in (("Andere laatste dag", "28 februari"), ("Laatste aanvulling", "28 feb")):
        assert f"{label} terugdraaien" in member.get(f"/wijzigingen/{notice}")
        assert member.press(notice, "aanvulling-terug").status_code == 302
        assert last in member.get(f"/wijzigingen/{notice}")
    assert directory_rows() == posted
    assert member.press(notice, "intrekken").status_code == 302
    assert directory_rows() == before


def test_what_is_typed_stays_where_the_notice_changed_meanwhile(visit: Visit) -> None:
    first, member = posts(coach())[0], visit("member")
    notice = member.post("afwezigheid", {"dag": "2027-02-01"})
    path = f"/wijzigingen/{notice}/aanvullen"
    typed = {f"plek_{first.id}": "nieuw", **NOORA, "werkgever": str(coach().organisation_id)}
    asked = hidden(member.get(path))
    checked = member.client.submit(path, {**asked, **typed, "stap": "controleren"})
    member.press(notice, "wijzigen", dag="2027-02-01", tekst="Een andere tekst.")
    refused = member.client.post(path, data={**hidden(checked.text), "stap": "plaatsen"})
    assert refused.status_code == 409
    assert "Iemand anders heeft dit net gewijzigd." in refused.text
    done = member.client.post(path, data={**hidden(refused.text), "stap": "plaatsen"})
    assert done.status_code == 302
    assert "Noora" in at(member, first.school_id, FEBRUARY)


def test_what_is_over_is_completed_and_withdrawn_without_mail(visit: Visit) -> None:
    first = posts(coach())[0]
    with on(date(2027, 3, 1)):
        member = visit("member")
        over = {"dag": "2027-02-20", "laatste_dag": "2027-02-25"}
        notice = member.post("afwezigheid", over, mails=True)
        fields = {"dag": "2027-02-20", f"plek_{first.id}": str(colleague(coach()).id)}
        complete(member, notice, fields)
        member.press(notice, "aanvulling-terug")
        member.press(notice, "wijzigen", laatste_dag="2027-02-25", tekst="Anders.", mailen="y")
        assert "krijgt daarover mail" not in member.get(f"/wijzigingen/{notice}")
        done = member.press(notice, "intrekken")
        assert done.status_code == 302
        assert "mail." not in texts(member.get(done.headers["Location"]), "note")[0]
        with connection():
            assert not OutgoingMail.select().exists()


def test_pages_cost_as_many_statements_with_one_post_and_no_completion(visit: Visit) -> None:
    me, member = coach(), visit("member")
    held, notice = posts(me), member.post("afwezigheid", {"dag": "2027-02-01"})
    page = f"/wijzigingen/{notice}"
    costs = []
    for day in range(10, 14):
        with counted() as statements:
            member.get(page)
        costs.append(len(statements))
        chosen = str(colleague(me).id) if day % 2 == 0 else "onbekend"
        complete(member, notice, {"dag": f"2027-02-{day}", f"plek_{held[0].id}": chosen})
    assert max(costs) <= costs[0] + 2
    costs = []
    for number in (len(held), 1):
        with connection():
            gone = [post.id for post in held[number:]]
            Assignment.delete().where(Assignment.id.in_(gone)).execute()
        for _ in range(2):  # the second time what others changed is read
            with counted() as statements:
                member.get("/wijzigingen/nieuw?soort=vertrek")
                member.get(f"{page}/aanvullen")
        costs.append(len(statements))
    assert (costs[0] == costs[1], len(held) > 1) == (True, True)


def absent_on(day: date) -> set[str]:
    with connection():
        rows = Absence.select(Absence, Person).join(Person).where(valid_on(Absence, day))
        return {row.person.name for row in rows}
