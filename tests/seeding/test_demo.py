"""The demo: invented people in every school, with vacancies, absences and successions."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import audit, clock
from portal.accounts.models import ListedDomain, SetUpLink
from portal.config import SEEDS
from portal.database import connection, db, open_database
from portal.database.database_flags import is_demo
from portal.directory import schools_and_kernen as directory
from portal.directory.models import Organisation
from portal.directory.who_works_or_is_absent import list_holders, list_vacancies
from portal.mail.outbox import Mail, enqueue
from portal.region import read_region
from portal.requests.queries import list_requests
from portal.requests.state_rules import CLOSED, OPEN, is_overdue
from portal.seeding.demo_people import load_demo
from portal.seeding.seed_files import SeedError
from tests.clock import TODAY, stopped_at
from tests.conftest import copied, kept_region, make_app
from tests.factories import make_account, make_notice, make_person, make_request
from tests.postgres import copy_database, url_of
from tests.seeding.test_region_directory import everything, seed

NOBODY = "03VS00"


@pytest.fixture(scope="module")
def without_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the region and nobody in it."""
    return kept_region(tmp_path_factory.mktemp("without-demo"))


@pytest.fixture
def real_portal(without_demo: Path, tmp_path: Path) -> Flask:
    """A portal with the region and nobody in it."""
    return make_app(copied(without_demo, tmp_path))


def test_every_school_but_one_has_people(app: Flask) -> None:
    with_people = {holder.school for holder in list_holders(TODAY)}
    assert {school.code for school in directory.list_schools()} - with_people == {NOBODY}


def test_there_are_vacancies_now_and_later(app: Flask) -> None:
    schools = [school.code for school in directory.list_schools()]
    now = {(v.role, v.school) for v in list_vacancies(TODAY, schools)}
    later = {(v.role, v.school) for v in list_vacancies(TODAY + timedelta(50), schools)}
    assert now
    assert later - now


def test_somebody_is_absent_with_and_somebody_without_a_substitute(app: Flask) -> None:
    absent = [holder for holder in list_holders(TODAY) if holder.is_absent]
    assert {holder.role for holder in absent if holder.substitute} == {"leerplichtambtenaar"}
    assert {holder.role for holder in absent if not holder.substitute} == {"jeugdverpleegkundige"}


def test_coaches_changed_and_will_change(app: Flask) -> None:
    def coaches(days: int) -> set[tuple[str, str]]:
        holders = list_holders(TODAY + timedelta(days), roles=["cjg-coach"])
        return {(holder.school, holder.contact.name) for holder in holders}

    assert coaches(-30) != coaches(0)
    assert coaches(0) != coaches(80)


def test_one_person_has_three_roles(app: Flask) -> None:
    holders = list_holders(TODAY, schools=["16TS07"])
    own = [h for h in holders if h.employer.startswith("school-")]
    assert len({holder.contact for holder in own}) == 1
    assert {h.role for h in own} == {
        "directeur", "zorgcoordinator", "schoolmaatschappelijk-werker",
    }  # fmt: skip


def test_somebody_gets_a_new_number(app: Flask) -> None:
    def numbers(days: int) -> set[str]:
        holders = list_holders(TODAY + timedelta(days), roles=["cjg-coach"])
        return {h.contact.of_kind("phone")[0].value for h in holders if h.school == school}

    changed = list_holders(TODAY, roles=["cjg-coach"])
    later = {h.contact.person_id: h.contact for h in list_holders(TODAY + timedelta(14))}
    school = next(
        h.school for h in changed
        if h.contact.person_id in later
        and later[h.contact.person_id].of_kind("phone") != h.contact.of_kind("phone")
    )  # fmt: skip
    assert numbers(13) == numbers(0) != numbers(14)


def test_nobody_has_an_address_or_number_that_could_be_real(app: Flask) -> None:
    contacts = {holder.contact for holder in list_holders(TODAY)}
    assert len(contacts) > 250
    for contact in contacts:
        for detail in contact.details:
            if detail.kind == "email":
                assert re.fullmatch(r"[a-z.-]+@[a-z0-9-]+\.example", detail.value)
            else:
                assert re.fullmatch(r"\+316123450\d\d|\+31612345\d{3}", detail.value)


def test_no_two_people_share_a_name_or_a_number(app: Flask) -> None:
    contacts = {holder.contact for holder in list_holders(TODAY)}
    assert len({contact.name for contact in contacts}) == len(contacts)
    assert len({contact.of_kind("phone")[0].value for contact in contacts}) == len(contacts)


def test_names_are_of_every_length_and_origin(app: Flask) -> None:
    names = {holder.contact.name for holder in list_holders(TODAY)}
    assert min(map(len, names)) <= 8
    assert max(map(len, names)) >= 26
    assert any("ş" in name or "ı" in name for name in names)
    assert any("van der " in name for name in names)


def test_the_demo_is_the_same_a_month_later(portal_copy: Flask) -> None:
    before = everything()
    with stopped_at(TODAY + timedelta(days=31)):
        assert "niets veranderd" in seed(portal_copy, "--demo")
    assert everything() == before


def test_a_database_without_the_demo_has_no_mark(real_portal: Flask) -> None:
    with connection():
        assert not is_demo()


def test_the_demo_never_comes_into_a_database_that_is_in_use(real_portal: Flask) -> None:
    """A used set-up link counts too: the account that it made may be gone."""
    with connection():
        organisation = Organisation.get()
    uses: dict[str, Callable[[], object]] = {
        "person": make_person,
        "account": make_account,
        "notice": make_notice,
        "request": lambda: make_request(real_portal, None),
        "domain": lambda: ListedDomain.create(domain="cjg.example", organisation=organisation),
        "link": lambda: SetUpLink.create(token_hash="x", created_at=clock.now(), used_at=clock.now()),
        "mail": lambda: enqueue(Mail("a", "x@cjg.example", "Onderwerp", "Tekst"), "x.example"),
        "trail": lambda: audit.record(None, "restored", "database"),
    }
    path = real_portal.config["KERNWIJZER"].database
    db.close()
    for name, use in uses.items():
        open_database(url_of(copy_database(path, path.with_name(f"{name}.sqlite"))))
        with connection():
            use()
            before = everything()
            with pytest.raises(SeedError, match=r"^Deze database is al in gebruik\."):
                load_demo(read_region(SEEDS / "zuid-kennemerland"))
            assert everything() == before, name


def test_a_portal_that_is_no_demo_does_not_say_so(real_portal: Flask) -> None:
    assert "verzonnen mensen en nummers" not in real_portal.test_client().get("/privacy").text


def test_the_demos_own_pages_say_that_they_are_a_demo(app: Flask) -> None:
    assert "verzonnen mensen en nummers" in app.test_client().get("/").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"host": "0.0.0.0"},
         "HOST: een demo draait alleen op deze computer, niet op 0.0.0.0. Laat HOST weg."),
        ({"host": "::"},
         "HOST: een demo draait alleen op deze computer, niet op ::. Laat HOST weg."),
        ({"base_url": "http://kernwijzer.example"},
         "BASE_URL: een demo draait alleen op deze computer, niet op kernwijzer.example. "
         "Laat BASE_URL weg."),
        ({"trusted_hosts": ("localhost", "kernwijzer.example")},
         "TRUSTED_HOSTS: een demo draait alleen op deze computer, niet op kernwijzer.example. "
         "Laat TRUSTED_HOSTS weg."),
        ({"proxies": 1}, "PROXIES: een demo draait niet achter een proxy. Laat PROXIES weg."),
        ({"smtp_host": "mail.example"},
         "SMTP_HOST: een demo verstuurt geen mail. Laat SMTP_HOST weg."),
    ],
)  # fmt: skip
def test_a_demo_is_never_served_to_other_computers(portal_copy: Flask, change: dict[str, Any], sentence: str) -> None:
    portal_copy.config["KERNWIJZER"] = replace(portal_copy.config["KERNWIJZER"], **change)
    result = portal_copy.test_cli_runner().invoke(args=["serve"])
    assert (result.exit_code, result.output) == (78, f"{sentence}\n")


def test_there_are_requests_in_every_state_and_one_waits_too_long(app: Flask) -> None:
    with connection():
        rows = list_requests((*OPEN, *CLOSED))
        calendar = directory.get_calendar()
    assert {row.state for row in rows} == {"received", "handling", "planned", "done", "declined"}
    assert [row.reference for row in rows if is_overdue(row.state, row.received_on, TODAY, calendar)] == [
        rows[0].reference
    ]
    assert all(row.email.endswith(".example") for row in rows)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pools.toml", 'employer = "altra"', 'employer = "niemand"'),
        ("pools.toml", "schools_each = 6", "schools = 6"),
        ("pools.toml", 'accounts_at = "cjg-kennemerland"', 'accounts_at = "rbl-holland-rijnland"'),
        ("story.toml", "who = 2", "who = 200"),
        ("story.toml", 'kind = "vacancy"', 'kind = "vacature"'),
        ("notices.toml", 'kind = "vertrek"', 'kind = "weg"'),
        ("requests.toml", 'school = "16LF00"', 'school = "99ZZ99"'),
        ("requests.toml", 'kind = "intervisie"', 'kind = "borrel"'),
    ],
)
def test_a_fault_in_the_demo_is_one_sentence_with_the_file(
    without_demo: Path, tmp_path: Path, file: str, old: str, new: str
) -> None:
    folder = Path(shutil.copytree(SEEDS / "zuid-kennemerland", tmp_path / "x"))
    path = folder / "demo" / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    # Only the module with the fault: publishing the notices of the demo takes two seconds.
    region = replace(read_region(folder), modules=frozenset({path.stem}))
    open_database(url_of(copied(without_demo, tmp_path)))
    with connection(), pytest.raises(SeedError, match=rf"^demo/{file}: .*\.$"):
        load_demo(region)
