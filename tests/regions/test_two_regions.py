"""Two real regions: every page of the second is whole and reads easily, every question has an
answer there, and no page of one names a school, person, organisation, mailbox, guide or project of
the other."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.config import SEEDS, Config
from portal.database import connection
from portal.database.cache import _shared
from portal.database.noted_reads import tables_of
from portal.directory import schools_and_kernen as directory
from portal.directory.places import list_municipalities
from portal.directory.schools_and_kernen import list_kernen, list_members
from portal.finder.result_lines import search
from portal.region import read_region
from tests.checks import parse
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.contacts.test_every_question import UNKNOWN_RESIDENCE, list_answers, list_facts
from tests.contracts.test_query_plans import collected, full_scans
from tests.contracts.test_readability import DATA, list_faults
from tests.database.test_cache import DIRECTORY
from tests.guide import readability
from tests.regions.crawl import find_names, follow_links, list_names

# Pages that look in every table for one person, or show all who are signed in.
EVERYWHERE = re.compile(r"/vergeten$|/account/gegevens|/beheer/gezien")
FIRST = read_region(SEEDS / "zuid-kennemerland")


def names_of(app: Flask) -> set[str]:
    settings: Config = app.config["KERNWIJZER"]
    return list_names(settings.region, settings.database)


def not_in(names: set[str], others: set[str]) -> set[str]:
    """The `names` that are no part of a name of the other region: two towns have a Schakel, and
    both regions name the office for leerplicht of the other's pupils."""
    text = "|".join(others)
    return {name for name in names if name not in text}


def find_foreign(client: CheckedClient, foreign: set[str], most: int) -> dict[str, set[str]]:
    return {address: found for address, page in follow_links(client, most) if (found := find_names(foreign, page))}


def test_a_role_of_a_kern_leads_to_the_kernen(bollenstreek: Flask) -> None:
    client = CheckedClient(bollenstreek, bollenstreek.response_class).sign_in("coordinator")
    page = client.get("/functies/kwartiermaker").text
    assert page.index(">je kern</a>, dan zie je wie je belt") < page.index("info@swv-db.nl</a>")
    assert "bij welke kern?" in client.get("/organisatie/verdeling").text


def test_a_kern_that_is_named_after_a_place_is_found_first(bollenstreek: Flask) -> None:
    with bollenstreek.test_request_context(), connection():
        kernen = {kern.name: kern.name for kern in list_kernen(TODAY)}
        for text, name in {**kernen, "kern sassenheim": "Kern Sassenheim en Warmond"}.items():
            assert search(text, TODAY).results[0].title == name, text


@pytest.mark.sqlite("the names are read out of the file")
@pytest.mark.parametrize("visitor", ["reader", "member", "coordinator"])
def test_no_page_of_the_second_region_names_the_first(seeded: Path, bollenstreek: Flask, visitor: str) -> None:
    foreign = not_in(list_names(FIRST, seeded), names_of(bollenstreek))
    assert len(foreign) > 600
    client = CheckedClient(bollenstreek, bollenstreek.response_class).sign_in(visitor)
    named, hard, everywhere, seen = {}, {}, set[str](), set[str]()
    with collected() as statements:
        for address, page in follow_links(client, most=2):
            if found := find_names(foreign, page):
                named[address] = found
            for main in parse(page).iter("main"):  # a sheet to print has none
                faults = list_faults(readability.full_sentences(main))
                if faults and address.partition("?")[0] not in DATA:
                    hard[address] = faults
            if EVERYWHERE.search(address):
                everywhere |= set(statements) - seen
            seen = set(statements)
    assert named == {}
    assert hard == {}
    scans = {(table, sql) for table, sql in full_scans(statements) if sql not in everywhere}
    assert scans == set()


@pytest.mark.sqlite("the names are read out of the file")
def test_no_page_of_the_first_region_names_the_second(_bollenstreek: Flask, portal_copy: Flask) -> None:
    foreign = not_in(names_of(_bollenstreek), names_of(portal_copy))
    assert len(foreign) > 200
    # Other tests check these pages.
    client = CheckedClient(portal_copy, portal_copy.response_class, checks=False)
    assert find_foreign(client.sign_in("coordinator"), foreign, most=1) == {}
    # Kept rows, also of tests before this one, are of tables that renew the version; a change set
    # changes with its rows, and the index of words with its documents.
    kept = [key[0] for _, key in _shared.kept if isinstance(key, tuple) and isinstance(key[0], str)]
    renewing = {model._meta.table_name for model in DIRECTORY}
    renewing |= {"change", "change_set", "search_word", "search_word_named"}
    assert len(kept) > 10
    assert {table for sql in kept for table in tables_of(sql)} <= renewing


def test_every_question_has_an_answer_in_the_second_region(bollenstreek: Flask) -> None:
    with connection():
        homes = [*list_municipalities(), UNKNOWN_RESIDENCE]
        answers = [
            answer
            for day in (TODAY, TODAY + timedelta(days=45))
            for facts in list_facts(day)
            for _, answer in list_answers(facts, homes)
        ]
    assert len(answers) > 1_000
    for answer in answers:
        assert answer.escalation
        assert answer.primary
        assert all(contact.name for contact in answer.escalation)
        assert answer.reason.endswith(".")
        assert answer.hint.endswith(".")


def test_every_school_of_the_second_region_is_in_one_of_nine_kernen(bollenstreek: Flask) -> None:
    client = CheckedClient(bollenstreek, bollenstreek.response_class)
    with connection():
        members = list_members(TODAY)
        assert set(members) == {school.code for school in directory.list_schools()}
        assert len(list_kernen(TODAY)) == len({kern.code for kern in members.values()}) == 9
    source = "Bron van de indeling: Ons voorbeeld"
    assert source in client.get("/kernen").text and source in client.get("/kernen/lisse").text


def test_what_the_second_region_lacks_is_not_there(bollenstreek: Flask) -> None:
    client = CheckedClient(bollenstreek, bollenstreek.response_class).sign_in("coordinator")
    for address in ("/routeboek", "/routeboek/verzuimkaart", "/aanvragen", "/beheer/aanvragen"):
        assert client.get(address).status_code == 404, address
    page = client.get("/").text
    for word in ("Routeboek", "Verzuimkaart", "Aanvragen", "aanvraag"):
        assert word not in page
