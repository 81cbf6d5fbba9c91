"""A person goes to work for another organisation: everything follows on its day."""

from datetime import date, timedelta

import pytest
from peewee import fn

from portal.accounts.models import Account
from portal.accounts.sign_in_links import may_sign_in
from portal.database import connection
from portal.directory.models import ContactDetail, Organisation, Person
from portal.directory.who_works_or_is_absent import find_employer
from portal.mail.models import OutgoingMail
from portal.notices.models import Recipient
from portal.notices.permissions_and_confirmation import get_author
from tests.checks import extract, texts
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import coach, colleague, directory_rows, make_account, make_detail, posts
from tests.notices.conftest import FEBRUARY, Fields, Visit, Visitor, errors, on

BEFORE = FEBRUARY - timedelta(days=1)
NUMBER, ADDRESS = "06 12345999", "jip@ggd.example"


def moving(**more: object) -> Fields:
    """To the GGD on 1 February, with a new number and address."""
    with connection():
        ggd = Organisation.get(Organisation.key == "ggd-kennemerland")
    return {
        "dag": FEBRUARY.isoformat(), "naar": str(ggd.id), "tekst": "Ik ga naar de GGD.",
        "nieuw_telefoon": NUMBER, "nieuw_email": ADDRESS, **more,
    }  # fmt: skip


def address_of(person: Person) -> str:
    with connection():
        return str(ContactDetail.get(
            (ContactDetail.person == person) & (ContactDetail.kind == "email")
        ).value)  # fmt: skip


def test_posts_organisation_and_details_follow_on_the_day(visit: Visit) -> None:
    me, new = coach(), colleague(coach())
    before, old = directory_rows(), address_of(coach())
    first, kept, *_ = posts(me)
    member = visit("member")
    fields = moving(opvolger=str(new.id), **{f"plek_{kept.id}": "blijft"})
    notice = member.post("andere-organisatie", fields)
    assert "GGD Kennemerland" not in member.get(f"/personen/{me.id}?dag={FEBRUARY}")
    assert visit("coordinator").press(notice, "bevestigen").status_code == 302
    page = member.get(f"/wijzigingen/{notice}")
    number = len({post.school_id for post in posts(me)}) - 1
    assert (
        f"<h1>{me.name} gaat werken bij GGD Kennemerland; {number} scholen krijgen {new.name}, "
        f"1 blijft bij {me.name}</h1>"
    ) in page
    assert ADDRESS in page.partition("<table")[2].partition("</table>")[0]
    was, will = (
        {
            "card": member.get(f"/personen/{me.id}?dag={day}"),
            first.school_id: " ".join(texts(member.get(
                f"/scholen/{first.school.slug}?dag={day}"), "contact")),
            kept.school_id: " ".join(texts(member.get(
                f"/scholen/{kept.school.slug}?dag={day}"), "contact")),
        }
        for day in (BEFORE, FEBRUARY)
    )  # fmt: skip
    assert "GGD Kennemerland" not in was["card"]
    assert old in was["card"]
    assert "GGD Kennemerland" in will["card"]
    assert "06 12 34 59 99" in will["card"]
    assert ADDRESS in will["card"]
    assert old not in will["card"]
    assert me.name in was[first.school_id]
    assert me.name not in will[first.school_id]
    assert new.name in will[first.school_id]
    assert me.name in will[kept.school_id]
    at_ggd = [teams[kept.school_id].count("GGD Kennemerland") for teams in (was, will)]
    assert at_ggd[0] < at_ggd[1]
    assert "/personen/" in member.get(f"/?q={me.family_name}+ggd").partition("<main")[2]
    assert member.press(notice, "intrekken").status_code == 302
    assert directory_rows() == before


def test_a_number_for_members_stays_one(visit: Visit) -> None:
    """Also another number, in a mail, and once the notice was withdrawn."""
    me, number = coach(), "06 11 11 11 11"
    with connection():
        ContactDetail.delete().where(ContactDetail.person == me).execute()
    make_detail(me, "+31611111111", visibility="members")
    make_detail(me, "oud@cjg.example", "email")
    member = visit("member")
    reader = CheckedClient(member.app, member.app.response_class)
    for typed in (number, "06 22 22 22 22"):
        notice = member.post("andere-organisatie", moving(nieuw_telefoon=typed, opvolger="blijft"), mails=True)
        path = f"/wijzigingen/{notice}"
        shown = [typed in page for page in (reader.get(path).text, member.get(path))]
        assert shown == [False, True]
        assert ADDRESS in reader.get(path).text
        with on(FEBRUARY):
            assert typed not in reader.get(f"/personen/{me.id}").text
        with connection():
            bodies = [m.body for m in OutgoingMail.select() if m.key.startswith("notice:")]
        assert bodies
        assert not [body for body in bodies if typed in body]
        member.press(notice, "intrekken")
        assert typed not in member.get(path)
        assert "Bereikbaar vanaf" not in reader.get(path).text


def test_a_withdrawal_later_brings_back_organisation_and_details_from_that_day(visit: Visit) -> None:
    me, old = coach(), address_of(coach())
    notice = visit("coordinator").post("andere-organisatie", moving(opvolger="blijft"), me.id)
    with connection():  # also where every post stays, its kernteam hears of the new number
        assert Recipient.select().where(Recipient.notice == notice).count() > 10
    with on(date(2027, 3, 1)):
        coordinator = visit("coordinator")
        assert coordinator.press(notice, "intrekken").status_code == 302
        moved = coordinator.get(f"/personen/{me.id}?dag=2027-02-20")
        back = coordinator.get(f"/personen/{me.id}")
    assert ("GGD Kennemerland" in moved, ADDRESS in moved) == (True, True)
    assert ("GGD Kennemerland" in back, old in back) == (False, True)


def test_mail_goes_to_the_old_teams_and_names_nobody_in_its_subject(visit: Visit) -> None:
    visit("member").post("andere-organisatie", moving(), mails=True)
    with connection():
        mail = OutgoingMail.select().where(OutgoingMail.key.startswith("notice:")).get()
    assert mail.subject == "[Kernwijzer] Andere organisatie per 1 februari 2027"
    assert "gaat werken bij GGD Kennemerland" in mail.body


def test_the_account_follows(visit: Visit) -> None:
    """An editor no longer speaks for the organisation that they left; the new address signs in."""
    me, member = coach(), visit("member")
    notice = member.post("andere-organisatie", moving())
    visit("coordinator").press(notice, "bevestigen")
    with connection():
        Account.update(email=address_of(me)).where(Account.person == me).execute()
        account = Account.get(Account.person == me)
        Account.update(role="editor", organisation=me.organisation_id).where(Account.id == account.id).execute()
        for day, sees, role in (
            (BEFORE, (True, False), "editor"),
            (FEBRUARY, (True, True), "member"),  # the old one until the new one is proved
        ):
            with stopped_at(f"{day} 09:00:00"):
                assert (may_sign_in(account.email), may_sign_in(ADDRESS)) == sees
                author = get_author(Account.get_by_id(account.id))
                assert author.role == role
                assert (me.organisation_id in author.speaks_for) == (role == "editor")
    client = CheckedClient(member.app, member.app.response_class)
    with on(FEBRUARY):
        client.submit("/inloggen", {"email": ADDRESS})
        with connection():
            body = OutgoingMail.select().order_by(OutgoingMail.id.desc()).get().body
        client.submit("/inloggen/code", {"code": extract(r"^(\d{3} \d{3})$", body)})
        assert ADDRESS in client.get("/account").text
        with connection():
            assert not may_sign_in(account.email)


def sign_in(visitor: Visitor, email: str) -> CheckedClient:
    """A browser that asked for a code at an address and typed it."""
    client = CheckedClient(visitor.app, visitor.app.response_class)
    client.submit("/inloggen", {"email": email})
    with connection():
        body = OutgoingMail.select().where(OutgoingMail.recipient == email).order_by(
            OutgoingMail.id.desc()
        ).get().body  # fmt: skip
    code = extract(r"^(\d{3} \d{3})$", body)
    assert client.submit("/inloggen/code", {"code": code}).status_code == 302
    return client


@pytest.mark.parametrize("later", [0, 30])
def test_a_withdrawn_move_gives_the_account_its_own_address_again(visit: Visit, later: int) -> None:
    """A typing error in the address let a stranger in; also where the old one was seeded."""
    me, old = coach(), address_of(coach())
    coordinator = visit("coordinator")
    with connection():
        Account.update(email=old).where(Account.person == me).execute()
    notice = coordinator.post("andere-organisatie", moving(dag=str(TODAY), opvolger="blijft"), me.id)
    stranger = sign_in(coordinator, ADDRESS)
    assert stranger.get("/account").status_code == 200
    with on(TODAY + timedelta(days=later)):
        if later:
            stranger = sign_in(coordinator.sign_in(), ADDRESS)
        assert coordinator.press(notice, "intrekken").status_code == 302
        assert stranger.get("/account").status_code == 302
        with connection():
            assert (may_sign_in(old), may_sign_in(ADDRESS)) == (True, False)
        assert old in sign_in(coordinator, old).get("/account").text


def test_a_functional_address_signs_in_its_next_owner(visit: Visit) -> None:
    """Its former owner did not sign in since; a reader by domain stands in nobody's way."""
    first, second = coach(), colleague(coach())
    coordinator, shared = visit("coordinator"), address_of(coach())
    with connection():
        Account.update(email=shared).where(Account.person == first).execute()
        own = make_account("member", person=second)
        Account.update(email=address_of(second)).where(Account.id == own.id).execute()
        make_account("reader")
        Account.update(email=ADDRESS, by_domain=True).where(
            Account.id == Account.select(fn.MAX(Account.id)).scalar()
        ).execute()
    for person, to in ((first, ADDRESS), (second, shared)):
        fields = moving(dag=str(TODAY), opvolger="blijft", nieuw_email=to)
        coordinator.post("andere-organisatie", fields, person.id)
    assert second.name in sign_in(coordinator, shared).get("/account").text
    assert second.name in sign_in(coordinator, shared).get("/account").text
    assert first.name in sign_in(coordinator, ADDRESS).get("/account").text


def test_an_editor_gives_a_colleagues_account_no_address(visit: Visit) -> None:
    me = coach()
    with connection():
        Account.update(email=address_of(me)).where(Account.person == me).execute()
    editor = visit(make_account("editor", organisation=me.organisation_id))
    editor.post("andere-organisatie", moving(), me.id)
    with on(FEBRUARY), connection():
        assert not may_sign_in(ADDRESS)
        assert may_sign_in(Account.get(Account.person == me).email)


def test_the_new_organisation_gives_posts_before_the_day(visit: Visit) -> None:
    me = coach()
    with connection():
        ggd = Organisation.get(Organisation.key == "ggd-kennemerland")
    editor = visit(make_account("editor", organisation=ggd.id))
    listed = f'<option value="{me.id}">'
    assert listed not in editor.ask("nieuwe-collega")
    notice = visit("member").post("andere-organisatie", moving())
    assert listed not in editor.ask("nieuwe-collega")
    assert editor.press(notice, "bevestigen").status_code == 302
    assert listed in editor.ask("nieuwe-collega")


def test_a_second_move_names_the_contradiction(visit: Visit) -> None:
    coordinator, me = visit("coordinator"), coach()
    coordinator.post("andere-organisatie", moving(opvolger="blijft"), me.id)
    for day, sentence in (
        ("2027-01-15", f"{me.name} gaat later al naar een andere organisatie."),
        ("2027-03-01", f"{me.name} werkt daar dan al. Kies een andere organisatie."),
    ):
        answer = coordinator.preview("andere-organisatie", moving(dag=day), me.id)
        assert errors(answer.text)[0].startswith(sentence)


def test_a_member_speaks_for_another_organisation_once_that_confirmed(visit: Visit) -> None:
    """The organisation or a coordinator; until then, and where it refuses, all stays."""
    me, fields = coach(), moving(dag=str(TODAY), opvolger="blijft")
    member, ggd = visit("member"), int(moving()["naar"])
    account = make_account("editor", organisation=ggd)
    editor, asks = visit(account), {account.email}
    for step, employer in (("afwijzen", me.organisation_id), ("bevestigen", ggd)):
        checked = member.preview("andere-organisatie", fields)
        assert "De nieuwe organisatie moet dit nog bevestigen." in checked.text
        notice = member.post("andere-organisatie", fields, mails=True)
        assert f"De organisatie waar {me.name} werkt of gaat werken" in member.get(f"/wijzigingen/{notice}")
        assert member.press(notice, "bevestigen").status_code == 404
        with connection():
            account = Account.get(Account.person == me)
            assert get_author(account).organisation == me.organisation_id
            asked = {m.recipient for m in OutgoingMail.select() if ":confirm:" in m.key}
        assert asked == asks
        assert editor.press(notice, step).status_code == 302
        with connection():
            assert get_author(account).organisation == employer
    assert member.press(notice, "intrekken").status_code == 302
    with connection():
        assert get_author(account).organisation == me.organisation_id


def test_an_editor_moves_nobody_elsewhere_alone(visit: Visit) -> None:
    editor = visit(make_account("editor", organisation=coach().organisation_id))
    notice = editor.post("andere-organisatie", moving(dag=str(TODAY)), coach().id)
    with connection():
        assert find_employer(coach(), TODAY) == coach().organisation_id
        visit("coordinator").press(notice, "bevestigen")
        assert find_employer(coach(), TODAY) != coach().organisation_id
