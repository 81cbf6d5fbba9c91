"""Every school, role and residence has an answer on every day of two years.

`expected/counts.csv` lists per role and residence how often the portal has to say "te bevestigen",
"niet in de gids" or "nog niet ingevuld", so that saying it everywhere cannot pass.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from flask import Flask

from portal.contacts import who_to_call
from portal.contacts.who_to_call import AnswerState, ContactAnswer, ContactFacts
from portal.directory import schools_and_kernen as directory
from portal.directory.contact_details import list_contact_points
from portal.directory.places import MunicipalityRow, list_municipalities
from portal.directory.who_works_or_is_absent import list_holders, list_vacancies
from portal.region import current_region
from tests.clock import TODAY

COUNTS = Path(__file__).parent / "expected" / "counts.csv"
RESIDENCES = (
    "Haarlem", "Zandvoort", "Bloemendaal", "Heemstede", "Haarlemmermeer", "Velsen", "Beverwijk",
    "Hillegom", "Amsterdam",
)  # fmt: skip
UNKNOWN_RESIDENCE = MunicipalityRow("", "Verweggistan", "", False)


def list_facts(day: date) -> Iterator[ContactFacts]:
    """The facts of every school on a day."""
    roles, schools = directory.list_roles(), directory.list_schools()
    contact_points, holders, vacancies = list_contact_points(day), defaultdict(list), defaultdict(list)
    for holder in list_holders(day):
        holders[holder.school].append(holder)
    for vacancy in list_vacancies(day, [school.code for school in schools]):
        vacancies[vacancy.school].append(vacancy)
    for school in schools:
        yield ContactFacts(
            school=school,
            residence=UNKNOWN_RESIDENCE,
            roles=roles,
            holders=holders[school.code],
            vacancies=vacancies[school.code],
            contact_points=contact_points,
            guide=current_region().guide,
            fallback_role=current_region().fallback_role,
        )


def list_answers(
    facts: ContactFacts, residences: list[MunicipalityRow]
) -> Iterator[tuple[MunicipalityRow, ContactAnswer]]:
    """Each answer at a school, for a pupil with each of these residences."""
    for role in facts.roles:
        if role.applies(facts.school.sector, facts.school.municipality):
            is_fixed = role.case_by == "school" and not role.service
            for residence in residences[:1] if is_fixed else residences:
                yield residence, who_to_call.answer(role, facts._replace(residence=residence))


def list_residences() -> list[MunicipalityRow]:
    by_name = {row.name: row for row in list_municipalities()}
    return [by_name[name] for name in RESIDENCES]


def test_no_answer_is_ever_empty(app: Flask) -> None:
    # The days on which the demo changes lie within 110 days of its seeding.
    days = {TODAY + timedelta(days=n) for n in (*range(-60, 110, 5), *range(-365, 366, 61))}
    residences = [*list_residences(), UNKNOWN_RESIDENCE]
    count = 0
    asked: dict[str, tuple[ContactFacts, int]] = {}  # per school; an answer follows from its facts
    for day in sorted(days):
        for facts in list_facts(day):
            before, number = asked.get(facts.school.code, (None, 0))
            if facts != before:
                answers = [answer for _, answer in list_answers(facts, residences)]
                number = len(answers)
                asked[facts.school.code] = facts, number
                for answer in answers:
                    assert answer.escalation
                    assert answer.primary
                    assert all(contact.name for contact in answer.escalation)
                    assert answer.reason.endswith(".")
                    assert answer.hint.endswith(".")
                    assert answer.role.source
            count += number
    assert count > 100_000


def count_answers() -> list[list[str]]:
    """Per role and residence the number of answers, and of those that leave something open."""
    total: Counter[tuple[str, str]] = Counter()
    open_: dict[str, Counter[tuple[str, str]]] = {
        "confirm": Counter(), "listed": Counter(), "unknown": Counter(),
    }  # fmt: skip
    answers = (list_answers(facts, list_residences()) for facts in list_facts(TODAY))
    for residence, answer in chain.from_iterable(answers):
        key = (answer.role.key, residence.name)
        total[key] += 1
        open_["confirm"][key] += answer.to_confirm
        open_["listed"][key] += answer.state is AnswerState.NOT_LISTED
        open_["unknown"][key] += answer.state is AnswerState.UNKNOWN
    return [
        [role, name, *(str(n) for n in (number, *(c[role, name] for c in open_.values())))]
        for (role, name), number in sorted(total.items())
    ]


def test_the_open_answers_are_exactly_as_listed(app: Flask) -> None:
    _, *listed = csv.reader(COUNTS.read_text("utf-8").splitlines())
    assert count_answers() == listed


def test_few_answers_are_open() -> None:
    rows = list(csv.DictReader(COUNTS.read_text("utf-8").splitlines()))
    for row in rows:
        # The decisions leave open: special education, Velsen, and roles without a source or with
        # only the handreiking. Everything else has an answer.
        if row["functie"] == "leerplichtambtenaar":
            assert (row["niet_in_het_routeboek"] != "0") == (row["woonplaats"] == "Amsterdam")
            if row["woonplaats"] in ("Haarlem", "Zandvoort", "Bloemendaal", "Heemstede"):
                assert int(row["te_bevestigen"]) <= 12
        else:
            assert row["niet_in_het_routeboek"] == "0"
        if row["functie"] in ("jeugdarts", "doktersassistent", "directeur", "intern-begeleider"):
            assert int(row["te_bevestigen"]) == 10
            assert int(row["nog_niet_ingevuld"]) <= 1
