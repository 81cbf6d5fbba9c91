"""The poster of a kernteam: its people, the details that it leaves out, and its QR code."""

import re
from datetime import date, timedelta

import pytest
import segno
from flask import Flask

from portal.database import connection, db
from portal.directory.contact_details import VIEWER_VISIBILITY, viewing_as
from portal.directory.models import Assignment, ContactDetail, ContactPoint, Person, Role, Visibility
from tests.checks import parse, text, texts
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import make_assignment, make_detail

CAMELOT = "/scholen/16lf00-basisschool-camelot/poster"
MOBILE = re.compile(r"(?:\+31|0) ?6(?: ?\d){8}|06\d{8}")


def roles(page: str) -> list[str]:
    sheet = next(e for e in parse(page).iter("article"))
    return [text(h) for h in sheet.iter("h2")]


def test_the_poster_of_a_po_school_has_its_kernteam(client: CheckedClient) -> None:
    assert roles(client.get(CAMELOT).text) == [
        "CJG-coach", "Leerplichtambtenaar", "Onderwijsconsulent", "Jeugdarts JGZ-team",
        "Jeugdverpleegkundige JGZ-team", "Doktersassistent JGZ-team", "Intern begeleider",
        "Directeur",
    ]  # fmt: skip


def test_the_poster_of_a_vo_school_has_a_zorgcoordinator(client: CheckedClient) -> None:
    shown = roles(client.get("/scholen/20dg00/poster").text)
    assert "Zorgcoördinator" in shown
    assert "Intern begeleider" not in shown


def test_the_poster_for_parents_has_no_mobile_number_and_no_personal_address(client: CheckedClient) -> None:
    for school in ("16lf00", "20dg00", "08vo00", "02se00"):
        page = client.get(f"/scholen/{school}/poster")
        if page.status_code == 404:
            continue
        (sheet,) = texts(page.text, "poster")
        assert not MOBILE.search(sheet), school
        assert ".example" not in sheet, school


def test_the_poster_for_the_staff_room_has_mobile_numbers(client: CheckedClient) -> None:
    (sheet,) = texts(client.get(f"{CAMELOT}?voor=team").text, "poster")
    assert MOBILE.search(sheet)


def test_details_for_members_are_on_no_poster(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        coach = Assignment.get(
            (Assignment.role == Role.get(Role.key == "cjg-coach"))
            & (Assignment.school == "16LF00") & (Assignment.valid_from <= TODAY)
        )  # fmt: skip
        ContactDetail.delete().where(ContactDetail.person == coach.person_id).execute()
        make_detail(coach.person_id, "+31235550123", visibility="members")
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("member")
    assert "023 555 01 23" in client.get("/scholen/16lf00-basisschool-camelot").text
    for variant in ("", "?voor=team"):
        assert "023 555 01 23" not in client.get(CAMELOT + variant).text
    # The signed-in reader still sees it on the next page.
    assert "023 555 01 23" in client.get("/scholen/16lf00-basisschool-camelot").text


def test_the_visibility_of_the_reader_is_restored_after_the_poster() -> None:
    before = VIEWER_VISIBILITY.set(Visibility.MEMBERS)
    with pytest.raises(ValueError, match="x"), viewing_as(Visibility.OPEN):
        assert VIEWER_VISIBILITY.get() is Visibility.OPEN
        raise ValueError("x")
    assert VIEWER_VISIBILITY.get() is Visibility.MEMBERS
    VIEWER_VISIBILITY.reset(before)


def test_the_mobile_number_of_a_contact_point_is_kept_from_parents_too(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        contact_point = ContactPoint.get(ContactPoint.key == "cjg-haarlem-zandvoort")
        ContactDetail.update(value="+31612345999").where(
            (ContactDetail.contact_point == contact_point) & (ContactDetail.kind == "phone")
        ).execute()
    client = CheckedClient(portal_copy, portal_copy.response_class)
    (sheet,) = texts(client.get(CAMELOT).text, "poster")
    assert "99 9" not in sheet
    assert not MOBILE.search(sheet)


def test_parents_in_haarlemmermeer_see_the_cjg_and_not_the_helpdesk_for_schools(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        role = Role.get(Role.key == "schoolcoach")
        Assignment.delete().where(Assignment.role == role).execute()
    client = CheckedClient(portal_copy, portal_copy.response_class)
    parents = texts(client.get("/scholen/08vo00/poster").text, "poster")[0]
    assert "elpdesk" not in parents
    assert "cjghaarlemmermeer.nl/over-cjg via CJG Haarlemmermeer" in parents
    staff = texts(client.get("/scholen/08vo00/poster?voor=team").text, "poster")[0]
    assert "helpdeskschoolcoaches@altra.nl" in staff


def test_parents_see_the_desk_that_the_region_has_for_them(client: CheckedClient) -> None:
    desk = "Bij het Ouder- en Jeugdsteunpunt helpen ze je verder: passendonderwijs-zk.nl/ouderpagina"
    assert desk in texts(client.get(CAMELOT).text, "poster")[0]
    assert "Jeugdsteunpunt" not in texts(client.get(f"{CAMELOT}?voor=team").text, "poster")[0]


def test_a_poster_fits_on_a3_as_well(client: CheckedClient) -> None:
    page = client.get(f"{CAMELOT}?voor=team&formaat=a3").text
    assert 'class="poster poster--a3"' in page
    assert f'href="{CAMELOT}?formaat=a3"' in page
    assert "poster--a3" not in client.get(CAMELOT).text


def test_the_mailbox_for_schools_is_kept_from_parents(client: CheckedClient) -> None:
    """Also where a school has no number of its own, and in Velsen, which has no CJG."""
    for school in ("16lf00", "20dg00", "16ts07"):
        parents = texts(client.get(f"/scholen/{school}/poster").text, "poster")[0]
        assert "kernteam@" not in parents
        assert "Kernteamproject" not in parents
        assert "Vraag het op school." in parents
        assert "kernteam@" in client.get(f"/scholen/{school}/poster?voor=team").text or (school == "16lf00")


def test_the_page_says_once_how_to_print(client: CheckedClient) -> None:
    """Its own button says so; the button of the browser is not named beside it."""
    page = client.get(CAMELOT).text
    assert "data-print" in page
    assert "knop van je browser" not in page


def test_the_poster_shows_its_date(client: CheckedClient) -> None:
    assert "Stand per 23 november 2026" in client.get(CAMELOT).text


def test_the_qr_code_leads_to_the_changes_since_that_day(client: CheckedClient) -> None:
    page = client.get(CAMELOT).text
    wanted = segno.make("http://127.0.0.1:5000/scholen/16lf00/poster/2026-11-23", error="m", micro=False).svg_inline(
        omitsize=True, border=2, svgclass="qr-code", lineclass=None, light="#fff"
    )
    assert wanted in page
    assert "style=" not in page
    assert client.get("/scholen/16lf00/poster/2026-11-23").status_code == 200


def test_a_poster_of_today_is_up_to_date(client: CheckedClient) -> None:
    page = client.get("/scholen/16lf00/poster/2026-11-23").text
    assert "Er is niets veranderd, voor zover wij weten. De poster klopt nog." in page


def test_an_old_poster_shows_the_changes_and_the_people_of_today(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        role = Role.get(Role.key == "cjg-coach")
        old = Assignment.get(
            (Assignment.role == role) & (Assignment.school == "16LF00")
            & (Assignment.valid_from <= TODAY)
        )  # fmt: skip
        Assignment.update(valid_until=date(2026, 11, 2)).where(Assignment.id == old.id).execute()
        new = Person.select().where(Person.id != old.person_id).get()
        make_assignment(new, "cjg-coach", valid_from=date(2026, 11, 2))
        was, now = old.person.name, new.name
    client = CheckedClient(portal_copy, portal_copy.response_class)
    page = client.get("/scholen/16lf00/poster/2026-11-01").text
    assert f"{now} volgt {was} op als CJG-coach." in page
    assert "Er is 1 ding veranderd." in page
    assert now in texts(page, "list")[-1]
    assert "niets veranderd" in client.get("/scholen/16lf00/poster/2026-11-02").text


@pytest.mark.parametrize(
    "day", ["morgen", "2026-13-01", "20261123", "2026-W48-1", f"{TODAY + timedelta(days=1)}", "%00"]
)
def test_a_date_that_no_poster_can_have_is_not_found(client: CheckedClient, day: str) -> None:
    assert client.get(f"/scholen/16lf00/poster/{day}").status_code == 404


def test_a_parent_at_home_is_asked_to_sign_in(client: CheckedClient) -> None:
    answer = client.from_elsewhere().get("/scholen/16lf00/poster/2026-11-01")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/inloggen"


def test_the_page_of_a_school_leads_to_its_poster(client: CheckedClient) -> None:
    page = client.get("/scholen/16lf00-basisschool-camelot").text
    assert f'href="{CAMELOT}"' in page
    assert 'href="/routeboek/verzuimkaart?school=16lf00-basisschool-camelot"' in page


# ---- the text for the school guide --------------------------------------------------------------


def test_the_school_text_says_that_a_kernteam_is_normal(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    page = client.get("/routeboek/schooltekst").text
    assert texts(page, "copy-text")[0].startswith("Op onze school werken we met een kernteam.")
    assert len(texts(page, "copy-text")) == 2
    (only,) = texts(client.get("/routeboek/schooltekst?voor=vo").text, "copy-text")
    assert "mentor" in only
