"""Over all schools, roles, homes and two years of days: there is always an answer.

`expected/counts.csv` lists per role and home how often the portal has to say "te bevestigen",
"niet in de gids" or "nog niet ingevuld", so that saying it everywhere cannot pass.
"""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from flask import Flask

from portal.contacts import rules
from portal.contacts.rules import ContactAnswer, Facts, State
from portal.directory import people
from portal.directory import schools as directory
from portal.directory.contact_details import list_contact_points
from portal.directory.read_models import MunicipalityRow
from portal.region import current_region
from tests.conftest import TODAY

COUNTS = Path(__file__).parent / "expected" / "counts.csv"
HOMES = (
    "Haarlem", "Zandvoort", "Bloemendaal", "Heemstede", "Haarlemmermeer", "Velsen", "Beverwijk",
    "Hillegom", "Amsterdam",
)  # fmt: skip
UNHEARD_OF = MunicipalityRow("", "Verweggistan", "", False)


def answers_on(
    day: date, homes: list[MunicipalityRow]
) -> list[tuple[MunicipalityRow, ContactAnswer]]:
    """Each answer at every school on a day, for a pupil from each of `homes`."""
    roles, schools = directory.list_roles(), directory.list_schools()
    contact_points, holders = list_contact_points(day), people.list_holders(day)
    vacancies = people.list_vacancies(day, [school.code for school in schools])
    found = []
    for school in schools:
        facts = Facts(
            school=school,
            home=homes[0],
            roles=roles,
            holders=[holder for holder in holders if holder.school == school.code],
            vacancies=[vacancy for vacancy in vacancies if vacancy.school == school.code],
            contact_points=contact_points,
            guide=current_region().guide,
            fallback_role=current_region().fallback_role,
        )
        for role in roles:
            if role.applies(school.sector, school.municipality):
                moved = homes if role.case_by != "school" or role.service else homes[:1]
                found += [(home, rules.answer(role, facts._replace(home=home))) for home in moved]
    return found


def homes() -> list[MunicipalityRow]:
    towns = {town.name: town for town in directory.list_municipalities()}
    return [towns[name] for name in HOMES]


def test_no_answer_is_ever_empty(app: Flask) -> None:
    # The days on which the demo changes lie within 110 days of its seeding.
    days = {TODAY + timedelta(days=n) for n in (*range(-60, 110, 5), *range(-365, 366, 61))}
    asked = 0
    for day in days:
        for _, answer in answers_on(day, [*homes(), UNHEARD_OF]):
            asked += 1
            assert answer.escalation
            assert answer.primary
            assert all(contact.name for contact in answer.escalation)
            assert answer.reason.endswith(".")
            assert answer.hint.endswith(".")
            assert answer.role.source
    assert asked > 100_000


def counted() -> list[list[str]]:
    """Per role and home: the answers, and how many of them admit that something is open."""
    total: Counter[tuple[str, str]] = Counter()
    open_: dict[str, Counter[tuple[str, str]]] = {
        "confirm": Counter(), "listed": Counter(), "unknown": Counter(),
    }  # fmt: skip
    for home, answer in answers_on(TODAY, homes()):
        key = (answer.role.key, home.name)
        total[key] += 1
        open_["confirm"][key] += answer.to_confirm
        open_["listed"][key] += answer.state is State.NOT_LISTED
        open_["unknown"][key] += answer.state is State.UNKNOWN
    return [
        [role, home, *(str(n) for n in (number, *(c[role, home] for c in open_.values())))]
        for (role, home), number in sorted(total.items())
    ]


def test_how_often_something_is_open_is_exactly_as_listed(app: Flask) -> None:
    _, *listed = csv.reader(COUNTS.read_text("utf-8").splitlines())
    assert counted() == listed


def test_little_is_open() -> None:
    rows = list(csv.DictReader(COUNTS.read_text("utf-8").splitlines()))
    for row in rows:
        # What the decisions leave open: special education, Velsen, and what only the
        # handreiking or nobody says. The rest is answered.
        if row["functie"] == "leerplichtambtenaar":
            assert (row["niet_in_het_routeboek"] != "0") == (row["woonplaats"] == "Amsterdam")
            if row["woonplaats"] in ("Haarlem", "Zandvoort", "Bloemendaal", "Heemstede"):
                assert int(row["te_bevestigen"]) <= 12
        else:
            assert row["niet_in_het_routeboek"] == "0"
        if row["functie"] in ("jeugdarts", "doktersassistent", "directeur", "intern-begeleider"):
            assert int(row["te_bevestigen"]) == 10
            assert int(row["nog_niet_ingevuld"]) <= 1
