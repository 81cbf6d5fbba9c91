"""The rules against a table of expected answers, written from the source documents.

`expected/answers.csv` is made to be read: each row has a question, its answer, and the line of the
source. The cast (people, absences, vacancies) is invented; schools and contact points are real.
"""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.contacts import who_to_call
from portal.database import connection, db
from portal.directory import schools_and_kernen as directory
from portal.directory.models import Absence, Assignment, Organisation, Person, Role, Substitute, Vacancy
from portal.directory.places import list_municipalities
from tests.conftest import kept_region, make_app

FOLDER = Path(__file__).parent / "expected"
COLUMNS = ("staat", "eerste", "daarna", "te_bevestigen")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / f"{name}.csv").read_text("utf-8").splitlines()))


TABLE = rows("answers")


def after(last_day: str) -> date | None:
    """The end (exclusive) of a period with this last day."""
    return date.fromisoformat(last_day) + timedelta(days=1) if last_day else None


def period(row: dict[str, str]) -> dict[str, Any]:
    return {
        "valid_from": date.fromisoformat(row["van"]),
        "valid_until": after(row["tot_en_met"]),
        "source": "proef",
        "checked_on": date(2026, 9, 1),
    }


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the region and the people of the table."""
    path = kept_region(tmp_path_factory.mktemp("cast"))
    make_app(path)
    with connection(), db.atomic():
        people: dict[str, Person] = {}

        def person(name: str, organisation: str = "leerplein") -> Person:
            if name not in people:
                given, _, family = name.partition(" ")
                people[name] = Person.create(
                    organisation=Organisation.get(Organisation.key == organisation),
                    given_name=given,
                    family_name=family,
                )
            return people[name]

        roles = {role.key: role for role in Role.select()}
        posts = {}
        for row in rows("people"):
            own = row["organisatie"] == "school"
            employer = f"school-{row['school']}" if own else row["organisatie"]
            posts[row["naam"], row["school"], row["functie"]] = Assignment.create(
                person=person(row["naam"], employer), role=roles[row["functie"]], school=row["school"], **period(row)
            )
        absences: dict[tuple[str, str], Absence] = {}
        for row in rows("absences"):
            key = (row["naam"], row["van"])
            if key not in absences:
                absences[key] = Absence.create(person=person(row["naam"]), **period(row))
            if row["vervanger"]:
                Substitute.create(
                    absence=absences[key],
                    assignment=posts[row["naam"], row["school"], row["functie"]],
                    person=person(row["vervanger"]),
                )
        for row in rows("vacancies"):
            Vacancy.create(role=roles[row["functie"]], school=row["school"], **period(row))
    db.close()
    return path


@pytest.fixture(scope="module")
def questions(cast: Path) -> list[tuple[dict[str, str], who_to_call.ContactFacts]]:
    """Each row of the table with its facts, as the portal loads them."""
    make_app(cast)
    with connection():
        municipalities = {town.name: town for town in list_municipalities()}
        schools = {school.code: school for school in directory.list_schools()}
        own = {s.code: municipalities[s.municipality_name] for s in schools.values()}
        loaded = [
            (
                row,
                who_to_call.load_facts(
                    [schools[row["school"]]],
                    date.fromisoformat(row["dag"]),
                    [municipalities.get(row["woonplaats"], own[row["school"]])],
                )[row["school"]],
            )
            for row in TABLE
        ]
    db.close()
    return loaded


Questions = list[tuple[dict[str, str], who_to_call.ContactFacts]]


def as_row(answer: who_to_call.ContactAnswer) -> dict[str, str]:
    """The answer columns of the table."""
    first, *others = [contact.name for contact in answer.escalation] or [""]
    return {
        "staat": answer.state.label,
        "eerste": first,
        "daarna": " > ".join(others),
        "te_bevestigen": "ja" if answer.to_confirm else "nee",
    }


def wrong_rows(questions: Questions) -> list[str]:
    """The rows of the table with another answer than expected."""
    wrong = []
    for row, facts in questions:
        (role,) = (role for role in facts.roles if role.key == row["functie"])
        expected = {column: row[column] for column in COLUMNS}
        if (answer := as_row(who_to_call.answer(role, facts))) != expected:
            wrong.append(
                f"{row['nr']} {row['school']} {row['functie']} {row['woonplaats']} {row['dag']}: "
                f"{answer} in plaats van {expected} ({row['bron']})"
            )
    return wrong


def test_the_table_asks_enough() -> None:
    assert len(TABLE) >= 150
    assert all(row["bron"] for row in TABLE)


def test_every_row_of_the_table_is_answered_as_the_sources_say(questions: Questions) -> None:
    wrong = wrong_rows(questions)
    assert not wrong, "\n".join(wrong)


RULES = who_to_call.RULES
MUTANTS: dict[str, tuple[str, Any]] = {
    "leerplicht follows the school": ("RULES", {**RULES, "home": RULES["school"]}),
    "the schoolcoach is for every pupil": ("RULES", {**RULES, "residents": RULES["school"]}),
    "the CJG-coach is only for residents": ("RULES", {**RULES, "school": RULES["residents"]}),
    "no second contact at the pupil's home": ("_same_service", lambda role, facts: []),
    "no contradiction is mentioned": ("describe_contradiction", lambda guide, claimant, municipality: ""),
    "a school has no number of its own": ("_school_itself", lambda facts: []),
    "the town hall of the school": (
        "_town_hall",
        lambda facts: facts.school.as_contact()._replace(name=f"Gemeente {facts.school.municipality_name}"),
    ),
    "absent people are called": (
        "_at_school",
        lambda role, facts, holders: (who_to_call.AnswerState.KNOWN, [h.contact for h in holders]),
    ),
    "substitutes come first": (
        "_at_school",
        lambda role, facts, holders: (who_to_call.AnswerState.KNOWN, [h.substitute or h.contact for h in holders]),
    ),
    "a vacancy is unknown": ("_vacancy", lambda role, facts: None),
    "everybody holds every role": ("_holders", lambda role, facts: list(facts.holders)),
    "nobody holds a role": ("_holders", lambda role, facts: []),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_that_is_broken_fails_the_table(
    questions: Questions, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    target, change = MUTANTS[name]
    monkeypatch.setattr(who_to_call, target, change)
    assert wrong_rows(questions)


FACTS: dict[str, Callable[[who_to_call.ContactFacts], who_to_call.ContactFacts]] = {
    "contact points of every sector": lambda facts: facts._replace(
        contact_points=[contact_point._replace(sector="") for contact_point in facts.contact_points]
    ),
    "the school's own claim is forgotten": lambda facts: facts._replace(
        contact_points=[contact_point._replace(also_by_school=False) for contact_point in facts.contact_points]
    ),
    "every claim counts": lambda facts: facts._replace(
        contact_points=[contact_point._replace(also_by_school=True) for contact_point in facts.contact_points]
    ),
    "nobody works for the body": lambda facts: facts._replace(
        holders=[holder._replace(employer="") for holder in facts.holders]
    ),
    "special education is like the rest": lambda facts: facts._replace(
        roles=[role._replace(to_confirm_in=frozenset()) for role in facts.roles]
    ),
    "the home is always the school's": lambda facts: facts._replace(
        residence=facts.residence._replace(code=facts.school.municipality)
    ),
    "every school has a number": lambda facts: facts._replace(school=facts.school._replace(phone="+31235111111")),
    "the last contact point first": lambda facts: facts._replace(contact_points=facts.contact_points[::-1]),
    "the youngest assignment first": lambda facts: facts._replace(holders=facts.holders[::-1]),
    "the sources are silent about nothing": lambda facts: facts._replace(
        roles=[role._replace(unconfirmed_in=frozenset()) for role in facts.roles]
    ),
    "nothing needs to be confirmed in a contact point": lambda facts: facts._replace(
        contact_points=[contact_point._replace(to_confirm=False) for contact_point in facts.contact_points]
    ),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_that_is_read_wrongly_fails_the_table(questions: Questions, name: str) -> None:
    assert wrong_rows([(row, FACTS[name](facts)) for row, facts in questions])
