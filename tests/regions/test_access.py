"""The routes of kernen and meetings, which only some regions have: each kind of visitor asks for
each of them in the second region. Of the demo, 1 is a meeting of Kern Hillegom, where the member
works; 5 is the one of that kern for its schools only, 6 is one of another kern."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.config import Config
from portal.database import connection, open_database
from portal.meetings.models import Meeting
from tests.clock import TODAY
from tests.conftest import CheckedClient, config, copied
from tests.contracts.test_access import routes
from tests.regions.conftest import serving
from tests.routes import KEEP, NOWHERE, OWN, OWN_DONE, READ, ROUTES, VISITORS, Case, Statuses, statuses

SEEN = statuses(302, 302, 404, 200, 404, 200, 200)  # one's own meeting, and an open one at Beheer
LED = statuses(302, 302, 404, 403, 404, 200, 200)
CALLED_OFF = statuses(302, 302, 404, 403, 404, 302, 302)
SLOT = statuses(302, 302, 404, 404, 404, 200, 200)
SLOT_WRONG = statuses(302, 302, 404, 404, 404, 422, 422)
NOT_THERE = statuses(302, 302, 404, 404, 404, 404, 404)


def pages(rule: str, open_one: Statuses, number: int = 1) -> list[Case]:
    """An open meeting, and the one for schools only, of which nobody here gets a word."""
    return [Case(rule.format(number=number), open_one), Case(rule.format(number=5), NOT_THERE, "schools only")]


TABLE = {
    "GET /kernen": [Case("/kernen", READ)],
    "GET /kernen/<slug>": [Case("/kernen/hillegom", READ)],
    "GET /kernen/<slug>/kern.vcf": [Case("/kernen/hillegom/kern.vcf", READ)],
    "GET /overleg": [Case("/overleg", OWN)],
    "POST /overleg/feed": [Case("/overleg/feed", OWN_DONE)],
    "GET /overleg/feed/<secret:token>": [Case("/overleg/feed/x", NOWHERE)],
    "GET /overleg/antwoord/<secret:token>": [Case("/overleg/antwoord/x", NOWHERE)],
    "POST /overleg/antwoord/<secret:token>": [Case("/overleg/antwoord/x", NOWHERE)],
    "GET /overleg/reeks/nieuw": [Case("/overleg/reeks/nieuw", statuses(302, 302, 403, 200, 403, 200, 200))],
    "POST /overleg/reeks/nieuw": [Case("/overleg/reeks/nieuw", statuses(302, 302, 403, 422, 403, 422, 422))],
    "GET /overleg/<int:number>": [
        *pages("/overleg/{number}", SEEN),
        Case("/overleg/6", statuses(302, 302, 404, 404, 404, 200, 200), "another kern"),
    ],
    "GET /overleg/<int:number>/agenda": pages("/overleg/{number}/agenda", SEEN),
    "GET /overleg/<int:number>/draaiboek": pages("/overleg/{number}/draaiboek", SEEN),
    "GET /overleg/<int:number>/agenda/<any(casus,punt):kind>": [
        *pages("/overleg/{number}/agenda/punt", SLOT),
        Case("/overleg/1/agenda/casus", NOT_THERE, "a kern discusses no case"),
        Case("/overleg/9/agenda/casus", SLOT, "a school does"),
    ],
    "POST /overleg/<int:number>/agenda/<any(casus,punt):kind>": pages("/overleg/{number}/agenda/punt", SLOT_WRONG),
    "GET /overleg/<int:number>/agenda/<int:slot>": pages("/overleg/{number}/agenda/1", SLOT),
    "POST /overleg/<int:number>/agenda/<int:slot>": [
        # Without the version that a form shows: as with an old one.
        Case("/overleg/1/agenda/1", statuses(302, 302, 404, 404, 404, 409, 409)),
        Case("/overleg/6/agenda/1", statuses(302, 302, 404, 404, 404, 409, 409), "not its slot"),
    ],
    "POST /overleg/<int:number>/antwoord": [
        Case("/overleg/1/antwoord", statuses(302, 302, 404, 400, 404, 404, 404)),
        Case("/overleg/5/antwoord", NOT_THERE, "schools only"),
    ],
    "GET /overleg/<int:number>/wijzigen": pages("/overleg/{number}/wijzigen", LED),
    "POST /overleg/<int:number>/wijzigen": pages(
        "/overleg/{number}/wijzigen", statuses(302, 302, 404, 403, 404, 422, 422)
    ),
    "GET /overleg/<int:number>/verslag": pages("/overleg/{number}/verslag", SLOT, 2),
    "POST /overleg/<int:number>/verslag": pages("/overleg/{number}/verslag", SLOT_WRONG, 2),
    "POST /overleg/<int:number>/afzeggen": pages("/overleg/{number}/afzeggen", CALLED_OFF, 3),
    "GET /beheer/overleg": [Case("/beheer/overleg", KEEP)],
}


@pytest.fixture
def second_region(_bollenstreek: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The portal of the second region with a database of its own, in which meeting 2 is today."""
    with serving(_bollenstreek):
        usual: Config = _bollenstreek.config["KERNWIJZER"]
        settings = config(copied(_bollenstreek.extensions["database"], tmp_path), usual)
        _bollenstreek.config["KERNWIJZER"] = settings
        open_database(settings.database_url)
        with connection():
            Meeting.update(day=TODAY).where(Meeting.id == 2).execute()
        yield _bollenstreek
        _bollenstreek.config["KERNWIJZER"] = usual


def test_every_route_that_only_some_regions_have_stands_in_the_list(bollenstreek: Flask) -> None:
    assert routes(bollenstreek) - set(ROUTES) == set(TABLE)


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_gets_what_the_list_says(second_region: Flask, visitor: str) -> None:
    client, wrong = CheckedClient(second_region, second_region.response_class), []
    if visitor == "stranger":
        client.from_elsewhere()
    elif visitor != "network":
        client.sign_in(visitor)
    for route, cases in TABLE.items():
        for case in cases:
            is_read = route.startswith("GET")
            answer = client.get(case.address) if is_read else client.submit(case.address)
            if answer.status_code != case.statuses[visitor]:
                wrong.append(f"{route} {case.about}: {answer.status_code}")
    assert wrong == []
