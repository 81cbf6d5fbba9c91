"""The board: order, filters and phases, and the pages and mails of a notice."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory.models import Municipality, Place, School
from portal.notices.days_and_phases import Phase, find_phase
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, Recipient
from tests.checks import parse, text
from tests.conftest import copied, switch
from tests.contracts.test_query_plans import collected
from tests.factories import coach, holder, make_account, posts
from tests.notices.conftest import FEBRUARY, JANUARY, Visit, Visitor, leave, on

Three = tuple[int, int, int]


def titles(page: str) -> list[str]:
    return [text(e) for e in parse(page).iter("a") if e.get("class") == "list-row__title"]


@pytest.fixture(scope="session")
def _three(_application: Flask, empty_board: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Three]:
    path = copied(empty_board, tmp_path_factory.mktemp("three"))
    portal = switch(_application, path)
    with on(JANUARY):
        coordinator = Visitor(portal, "coordinator")
        ours = Visitor(portal, "member").post("vertrek", leave())
        doctor = holder("schoolcoach", "altra")
        theirs = coordinator.post("afwezigheid", {
            "dag": "2027-01-04", "laatste_dag": "2027-01-15", "tekst": "Ziek."
        }, doctor.id)  # fmt: skip
        all_schools = coordinator.post("nieuws", {
            "dag": "2027-01-11", "organisatie": "regio", "tekst": "Nieuw Routeboek."
        })  # fmt: skip
    db.close()
    return path, (ours, theirs, all_schools)


@pytest.fixture
def template(request: pytest.FixtureRequest, empty_board: Path, _three: tuple[Path, Three]) -> Path:
    """Each test begins with an empty board, or with those three."""
    return _three[0] if "three" in request.fixturenames else empty_board


@pytest.fixture
def three(_three: tuple[Path, Three]) -> Three:
    """Notices of the coach, of an organisation elsewhere, and of the region, of 10 January."""
    return _three[1]


def test_notices_about_own_kernteams_come_first(visit: Visit, three: tuple[int, ...]) -> None:
    with on(JANUARY):
        page = visit("member").get("/wijzigingen")
        mine, others = page.split("Andere meldingen")
        assert [f"/wijzigingen/{n}" in mine for n in three] == [True, False, True]
        assert [f'"/wijzigingen/{n}"' in others for n in three] == [False, True, False]
        assert "maandag 1 februari 2027" in mine
        assert "Alle meldingen" in visit("reader").get("/wijzigingen")
    with on(date(2027, 1, 16)):
        assert len(titles(visit("reader").get("/wijzigingen"))) == 2


def test_the_board_asks_few_statements(visit: Visit, three: tuple[int, ...]) -> None:
    with on(JANUARY):
        for role in ("member", "coordinator"):
            visitor = visit(role)
            visitor.get("/wijzigingen")
            with collected() as statements:
                visitor.get("/wijzigingen")
            assert 4 < len(statements) <= 8, list(statements)


def test_each_filter_works_from_the_address(visit: Visit, three: tuple[int, ...]) -> None:
    altra, ours = (holder("schoolcoach", "altra").organisation_id, posts(coach())[0].school_id)
    with connection():
        town = School.get_by_id(ours).place.municipality.slug
    with on(JANUARY):
        reader = visit("reader").client
        for query, expected in (
            ("stand=gaat-in", [0, 2]),
            ("stand=geldt-nu", [1]),
            ("stand=archief", []),
            ("soort=vertrek", [0]),
            ("soort=afwezigheid&stand=geldt-nu", [1]),
            ("gemeente=haarlemmermeer", [1, 2]),
            (f"gemeente={town}", [0, 2]),
            (f"organisatie={altra}", [1]),
            (f"school={ours}", [0, 2]),
            ("soort=x&stand=y&gemeente=z&school=1&organisatie=99999999999999999999999", [0, 1, 2]),
        ):
            for headers in ({}, {"HX-Request": "true"}):
                page = reader.get(f"/wijzigingen?{query}", headers=headers).text
                shown = [n for n, at in enumerate(three) if re.search(f'"/wijzigingen/{at}["?]', page)]
                assert shown == expected, query


def test_past_and_withdrawn_notices_are_archived(visit: Visit, three: tuple[int, ...]) -> None:
    with on(JANUARY):
        visit("member").press(three[0], "intrekken")
    with on(date(2027, 1, 16)):
        page = visit("reader").get("/wijzigingen?stand=archief")
        assert [f'"/wijzigingen/{n}?stand=archief"' in page for n in three] == [True, True, False]
        assert "Ingetrokken" in page
        assert len(titles(visit("reader").get("/wijzigingen"))) == 1


@pytest.mark.parametrize(
    ("kind", "until", "withdrawn", "today", "phase"),
    [
        ("vertrek", None, False, date(2027, 1, 31), Phase.COMING),
        ("vertrek", None, False, FEBRUARY, Phase.CURRENT),
        ("vertrek", None, False, date(2027, 5, 1), Phase.CURRENT),
        ("vertrek", None, False, date(2027, 5, 2), Phase.ARCHIVED),
        ("afwezigheid", date(2027, 2, 10), False, date(2027, 2, 9), Phase.CURRENT),
        ("afwezigheid", date(2027, 2, 10), False, date(2027, 2, 10), Phase.ARCHIVED),
        ("afwezigheid", date(2027, 9, 1), False, date(2027, 8, 1), Phase.CURRENT),
        ("afwezigheid", None, False, date(2028, 8, 1), Phase.CURRENT),
        ("vertrek", None, True, JANUARY, Phase.ARCHIVED),
    ],
)
def test_phase_of_a_notice(kind: str, until: date | None, withdrawn: bool, today: date, phase: Phase) -> None:
    actual = find_phase(NoticeKind(kind), FEBRUARY, until, is_withdrawn=withdrawn, today=today)
    assert actual is phase


def test_upcoming_notices_come_before_current_ones(visit: Visit) -> None:
    coordinator = visit("coordinator")
    days = ["2027-03-01", "2026-09-01", "2026-12-01", "2026-11-02"]
    organisation = str(holder("schoolcoach", "altra").organisation_id)
    for day in days:
        coordinator.post("nieuws", {"dag": day, "organisatie": organisation, "tekst": "Nieuws."})
    page = coordinator.get("/wijzigingen")
    shown = [int(n) for n in re.findall(r'class="list-row__title" href="/wijzigingen/(\d+)"', page)]
    posted = dict(zip(sorted(shown), days, strict=True))
    assert [posted[number] for number in shown] == [
        "2026-12-01", "2027-03-01", "2026-11-02", "2026-09-01"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "day", "counted"),
    [
        ("nieuws", {"organisatie": "regio"}, date(2027, 4, 30), True),
        ("nieuws", {"organisatie": "regio"}, date(2027, 5, 2), False),
        ("afwezigheid", {"laatste_dag": "2027-02-12"}, date(2027, 2, 12), True),
        ("afwezigheid", {"laatste_dag": "2027-02-12"}, date(2027, 2, 13), False),
        ("afwezigheid", {}, date(2027, 12, 1), True),
    ],
)
def test_menu_counts_only_notices_on_the_board(
    visit: Visit, kind: str, more: dict[str, str], day: date, counted: bool
) -> None:
    with on(JANUARY):
        somebody = holder("schoolcoach", "altra").id if kind == "afwezigheid" else None
        fields = {"dag": FEBRUARY.isoformat(), "tekst": "x", **more}
        notice = visit("coordinator").post(kind, fields, somebody)
        with connection():
            person = Recipient.select().where(Recipient.notice == notice).get().person
    with on(day):
        page = visit(make_account(person=person)).get("/wijzigingen")
    assert ('class="badge">1<' in page) is counted
    assert (f'"/wijzigingen/{notice}"' in page) is counted


def test_unknown_notice_is_not_found(visit: Visit) -> None:
    reader = visit("reader")
    for number in ("0", "999", "99999999999999999999999"):
        assert reader.client.get(f"/wijzigingen/{number}").status_code == 404


def test_mail_subjects_are_short_and_name_nobody(visit: Visit) -> None:
    app = visit("reader").app
    day = date(2027, 9, 30)
    with app.test_request_context(), connection():
        from flask import render_template

        for kind in NoticeKind:
            for name in ("notice", "notice_changed", "notice_reminder", "notice_withdrawn",
                         "notice_confirm", "notice_decided"):  # fmt: skip
                notice = Notice(kind=kind, title="Tim de Graaf vertrekt", author_name="Coen", valid_from=day)
                subject = render_template(f"mail/{name}/subject.txt", notice=notice)
                assert subject.startswith("[Kernwijzer] ")
                assert len(subject) <= 78, subject
                assert "Tim" not in subject
                assert "Coen" not in subject


def test_other_accounts_see_no_receipts(visit: Visit) -> None:
    notice = visit("member").post("vertrek", leave())
    assert "Gezien door" in visit("editor").get(f"/wijzigingen/{notice}")
    assert "Gezien door" not in visit("reader").get(f"/wijzigingen/{notice}")
    colleague = visit(make_account(person=holder("cjg-coach", "cjg-heemstede")))
    assert "Gezien door" not in colleague.get(f"/wijzigingen/{notice}")


def test_filters_list_all_kinds_and_municipalities(visit: Visit, three: tuple[int, ...]) -> None:
    page = visit("reader").get("/wijzigingen")
    assert re.findall(r'<option value="([a-z-]*)">', page)[:4]
    assert all(f'value="{kind}"' in page for kind in NoticeKind)
    with connection():
        towns = [m.slug for m in Municipality.select().where(Municipality.in_region)]
        assert Place.select().exists()
        assert School.select().exists()
    assert all(f'value="{slug}"' in page for slug in towns)


def test_the_filter_of_the_board_comes_back_from_a_notice(visit: Visit) -> None:
    coordinator = visit("coordinator")
    notice = coordinator.post("nieuws", {
        "dag": "2027-02-01", "organisatie": str(coach().organisation_id), "tekst": "Dicht.",
    })  # fmt: skip
    page = coordinator.get("/wijzigingen?soort=nieuws&gemeente=")
    assert f'href="/wijzigingen/{notice}?soort=nieuws"' in page
    page = coordinator.get(f"/wijzigingen/{notice}?soort=nieuws&x=y")
    assert '<a href="/wijzigingen?soort=nieuws">Alle wijzigingen met jouw filter</a>' in page


def test_a_confirmation_is_shown_while_it_is_true(visit: Visit) -> None:
    coordinator = visit("coordinator")
    notice = coordinator.post("nieuws", {
        "dag": "2027-02-01", "organisatie": str(coach().organisation_id), "tekst": "Dicht.",
    })  # fmt: skip
    path = f"/wijzigingen/{notice}?gedaan="
    assert "Je melding is geplaatst." in coordinator.get(f"{path}geplaatst")
    assert "De melding is ingetrokken." not in coordinator.get(f"{path}ingetrokken")
    coordinator.press(notice, "intrekken")
    assert "Je melding is geplaatst." not in coordinator.get(f"{path}geplaatst")
    assert "De melding is ingetrokken." in coordinator.get(f"{path}ingetrokken")
