"""Lists of people, schools and organisations are in Dutch order."""

from flask import Flask

from portal.accounts.administration import list_accounts
from portal.accounts.models import Account
from portal.database import connection
from portal.directory import schools_and_kernen as directory
from portal.directory import who_works_or_is_absent
from portal.directory.models import Organisation, Person, School
from portal.search import choices
from tests.clock import TODAY
from tests.factories import make_assignment, make_person


def among(names: list[str], listed: list[str]) -> list[str]:
    """Those of `names` that are in a list, in the order of the list."""
    return [name for name in listed if name in names]


def test_names_stand_without_accents_capitals_and_infix(portal_copy: Flask) -> None:
    wanted = [
        "Zoë Àbel", "An 't Alder", "Åsa de Berg", "Jan Berg", "An Berg-Smit", "Wim bergen",
        "Bo d’Ancona", "Wim éind", "Bo van der Elst", "Al Ézer", "Jo Ĳsselman", "Nil Øst",
        "Bo van den Zand", "Ed Zand",
    ]  # fmt: skip
    with connection():
        for name in reversed(wanted):
            given, _, rest = name.partition(" ")
            infix, _, family = rest.rpartition(" ")
            person = make_person(given, family)
            Person.update(infix=infix).where(Person.id == person.id).execute()
            make_assignment(person)
        holders = [person for person, _ in who_works_or_is_absent.list_people_in_role(TODAY, "cjg-coach")]
        names = {row.id: row.contact.name for row in who_works_or_is_absent.list_people(TODAY, holders)}
        assert among(wanted, [names[person] for person in holders]) == wanted
        assert among(wanted, [one.name for one in choices.list_people()]) == wanted
        Account.update(name="Zoë Àbel").where(Account.role == "coordinator").execute()
        assert list_accounts()[0].name == "Zoë Àbel"


def test_schools_and_organisations_stand_without_accents_and_capitals(portal_copy: Flask) -> None:
    with connection():
        first, second, third = School.select().order_by(School.code).limit(3)
        for school, name in ((first, "École"), (second, "egel"), (third, "Zee")):
            School.update(name=name).where(School.code == school.code).execute()
        names = [school.name for school in directory.list_schools()]
        assert among(["egel", "École", "Zee"], names) == ["École", "egel", "Zee"]
        Organisation.update(name="Ööst").where(Organisation.key == "altra").execute()
        names = [name for _, name in choices.list_organisations()]
        assert "Ööst" in names[:-1]
        assert f"Zee, {third.place.name}" in names
