"""Editing of organisations, contact points, their numbers, and who answers where."""

import re
from datetime import timedelta

import pytest
from peewee import fn

from portal.database import connection
from portal.directory.models import ContactDetail, ContactPoint, Organisation, Responsibility
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.editing.conftest import fill_in, read, refusals, save, trail, undo
from tests.factories import coach, posts

POINT = "/beheer/contactpunten/leerplicht-velsen"
ANSWER = "/beheer/functies/leerplichtambtenaar/velsen/alle"
LATER = TODAY + timedelta(days=60)


def detail_path() -> str:
    """The address of the newest detail."""
    with connection():
        number = ContactDetail.select(fn.MAX(ContactDetail.id)).scalar()
        return f"{POINT}/nummers/{number}"


def test_a_desk_without_a_number_gets_one_with_its_hours(coordinator: CheckedClient) -> None:
    assert "geen nummer bekend" in coordinator.get("/gemeenten/velsen").text
    save(coordinator, POINT, uren="op werkdagen van 9 tot 12 uur", gecontroleerd="y")
    saved = save(
        coordinator, f"{POINT}/nummers/nieuw", soort="phone", waarde="0255 567 200",
        reden="Staat op velsen.nl.",
    )  # fmt: skip
    assert saved.headers["Location"].startswith(f"{POINT}?bewaard=")
    page = coordinator.get("/gemeenten/velsen").text
    assert "0255 56 72 00" in page
    assert "Op werkdagen van 9 tot 12 uur" in page
    assert refusals(coordinator, f"{POINT}/nummers/nieuw", soort="phone", waarde="0255-567200") == [
        "Dit nummer of adres staat er al."
    ]
    assert "0255 56 72 00" in coordinator.get("/?q=0255567200").text
    told = trail(coordinator)
    assert "uren: eerst leeg, nu op werkdagen van 9 tot 12 uur" in told
    undo(coordinator, saved)
    assert "0255 56 72 00" not in coordinator.get("/gemeenten/velsen").text


def test_an_unticked_change_keeps_the_source_beside_its_date(coordinator: CheckedClient) -> None:
    def checked() -> tuple[object, object]:
        with connection():
            point = ContactPoint.get(ContactPoint.key == "leerplicht-velsen")
            return point.source, point.checked_on

    before = checked()
    assert save(coordinator, POINT, uren="op werkdagen van 9 tot 12 uur").status_code == 302
    assert checked() == before
    save(coordinator, POINT, uren="op werkdagen van 9 tot 13 uur", gecontroleerd="y")
    source, day = checked()
    assert (str(source)[:10], day) == ("Bewerking ", TODAY)


def test_another_number_counts_from_its_day_on(coordinator: CheckedClient) -> None:
    save(coordinator, f"{POINT}/nummers/nieuw", soort="phone", waarde="0255 567 200")
    path = detail_path()
    assert save(coordinator, path, waarde="0255 567 999", vanaf=str(LATER)).status_code == 302
    assert "0255 56 72 00" in coordinator.get("/gemeenten/velsen").text
    assert "0255 56 79 99" in coordinator.get(f"/gemeenten/velsen?dag={LATER}").text
    later = detail_path()
    assert save(coordinator, later, van="Balie", laatste_dag=str(LATER)).status_code == 302
    with connection():
        detail = ContactDetail.get_by_id(int(later.rpartition("/")[2]))
        assert (detail.label, detail.valid_from) == ("Balie", LATER)
        assert detail.valid_until == LATER + timedelta(days=1)
    too_early = str(LATER - timedelta(days=1))
    assert refusals(coordinator, later, laatste_dag=too_early) == ["De laatste dag ligt voor de eerste dag."]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("phone", "bel maar", "Vul een telefoonnummer in"),
        ("email", "iemand bij school", "Vul een e-mailadres in"),
        ("website", "javascript:alert(1)", "Vul een website in"),
        ("website", "https://", "Vul een website in"),
        ("fax", "023 123 45 67", "Kies iets uit de lijst."),
        ("phone", "", "Vul een nummer, e-mailadres of website in."),
    ],
)
def test_a_value_is_of_its_kind(coordinator: CheckedClient, kind: str, value: str, message: str) -> None:
    (told,) = refusals(coordinator, f"{POINT}/nummers/nieuw", soort=kind, waarde=value)
    assert told.startswith(message)


def test_contact_points_with_the_same_name_are_told_apart_by_where_they_answer(coordinator: CheckedClient) -> None:
    page = coordinator.get("/beheer/contactpunten").text
    labels = re.findall(r">(Frontoffice GGD/JGZ[^<]*)<", page)
    assert len(labels) == len(set(labels)) == 2
    assert "Frontoffice GGD/JGZ, Haarlemmermeer" in labels


def test_a_detail_stands_under_its_own_contact_point(coordinator: CheckedClient) -> None:
    save(coordinator, f"{POINT}/nummers/nieuw", soort="website", waarde="www.velsen.example")
    number = detail_path().rpartition("/")[2]
    assert coordinator.get(f"/beheer/contactpunten/leerplein/nummers/{number}").status_code == 404
    assert coordinator.get(f"{POINT}/nummers/999999").status_code == 404


def test_a_new_organisation_and_its_contact_point(coordinator: CheckedClient) -> None:
    saved = save(coordinator, "/beheer/organisaties/nieuw", naam="Bureau Nieuw")
    assert saved.headers["Location"].startswith("/beheer/organisaties?bewaard=")
    assert refusals(coordinator, "/beheer/organisaties/nieuw", naam="bureau  nieuw") == [
        "Deze organisatie staat er al."
    ]
    with connection():
        organisation = Organisation.get(Organisation.key == "bureau-nieuw")
    for _ in range(2):  # the key of the second is another
        answer = save(
            coordinator, "/beheer/contactpunten/nieuw",
            naam="Nieuw", organisatie="bureau-nieuw",
        )  # fmt: skip
        assert answer.status_code == 302
    with connection():
        ours = ContactPoint.select().where(ContactPoint.organisation == organisation)
        assert {point.key for point in ours} == {"nieuw-2", "nieuw-3"}
    save(coordinator, "/beheer/organisaties/bureau-nieuw", naam="Bureau Anders")
    assert "Bureau Anders" in coordinator.get("/beheer/contactpunten").text
    assert refusals(coordinator, "/beheer/contactpunten/nieuw", naam="x", organisatie="9999") == [
        "Kies iets uit de lijst."
    ]


def test_the_organisation_of_a_school_follows_the_school(coordinator: CheckedClient) -> None:
    assert coordinator.get("/beheer/organisaties/school-16LF00").status_code == 404


def test_who_answers_where(coordinator: CheckedClient) -> None:
    with connection():
        before = Responsibility.select().count()
    velsen, leerplein = "leerplicht-velsen", "leerplein"
    form = fill_in(coordinator, ANSWER)
    assert form["eerst"] == velsen
    for wrong in ({"daarna": velsen}, {"eerst": "", "daarna": leerplein}, {"eerst": "999999"}):
        assert refusals(coordinator, ANSWER, **({"eerst": velsen} | wrong))
    saved = save(coordinator, ANSWER, eerst=leerplein, daarna=velsen, te_bevestigen="y")
    assert saved.status_code == 302
    assert "Leerplein, Bureau CAReL, daarna" in coordinator.get("/beheer/functies/leerplichtambtenaar").text.replace(
        "\n", ""
    )
    assert "Leerplein" in coordinator.get("/gemeenten/velsen").text
    assert "contactpunt: eerst " in trail(coordinator)
    number = saved.headers["Location"].partition("=")[2]
    told = f"Het contactpunt is gewijzigd: Bewerking {number}, 23 november 2026."
    school = f"/scholen/{posts(coach())[0].school.slug}"
    assert told in read(coordinator, f"{school}?woont=velsen")
    assert "Het contactpunt is gewijzigd" not in coordinator.get(school).text
    conflict = coordinator.post(ANSWER, data=form)
    assert conflict.status_code == 409
    undo(coordinator, saved)
    assert told not in read(coordinator, f"{school}?woont=velsen")
    vo = ANSWER.replace("alle", "vo")
    assert save(coordinator, vo, eerst=leerplein).status_code == 302
    assert save(coordinator, vo, eerst="").status_code == 302
    with connection():
        assert Responsibility.select().count() == before
    for path in (vo.replace("vo", "xx"), vo.replace("velsen", "x"), vo.replace("leer", "x")):
        assert coordinator.get(path).status_code == 404


def test_a_contact_point_stops_from_a_day_and_comes_back(coordinator: CheckedClient) -> None:
    with connection():
        [number, *_] = ContactDetail.select().join(ContactPoint).where(
            (ContactPoint.key == "leerplein") & (ContactDetail.kind == "phone")
        )  # fmt: skip
    places = ("/gemeenten/haarlem?", "/?q=leerplein&", f"/?q={number.value[-9:]}&")

    def shown(day: str) -> list[bool]:
        pages = [coordinator.get(f"{path}dag={day}") for path in places]
        return ["Leerplein" in page.text.partition("<main")[2] for page in pages]

    assert shown("2027-02-01") == [True, True, True]
    path = POINT.replace("leerplicht-velsen", "leerplein")
    saved = save(coordinator, path, laatste_dag="31-1-2027")
    assert "tot en met 31 januari 2027" in read(coordinator, "/beheer/contactpunten")
    assert "CAReL (stopt of is gestopt)" in coordinator.get(ANSWER).text
    assert shown("2027-01-31") == [True, True, True]
    assert shown("2027-02-01") == [False, False, False]
    undo(coordinator, saved)
    assert shown("2027-02-01") == [True, True, True]
