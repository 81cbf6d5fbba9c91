"""Sort keys: whoever writes a name writes its place in a list."""

from collections.abc import Callable

import pytest
from flask import Flask
from peewee import IntegrityError

from portal.database import connection, db
from portal.directory.models import Organisation, Person, School
from portal.directory.school_sort_names import sort_name
from portal.person_names import sort_key

NAME = {"given_name": "Zoë", "family_name": "Van ’t Àbel"}


def insert(person: Person) -> None:
    person.delete_instance()
    Person.insert({**person.__data__, **NAME}).execute()


def insert_many(person: Person) -> None:
    person.delete_instance()
    Person.insert_many([{**person.__data__, **NAME}]).execute()


def save(person: Person) -> None:
    person.given_name, person.family_name = NAME.values()
    person.save()


def save_a_part(person: Person) -> None:
    person.given_name, person.family_name = NAME.values()
    person.save(only=["family_name"])


def update(person: Person) -> None:
    fields = {Person.given_name: NAME["given_name"], Person.family_name: NAME["family_name"]}
    Person.update(fields).where(Person.id == person.id).execute()


@pytest.mark.parametrize("write", [insert, insert_many, save, save_a_part, update])
def test_every_way_to_write_a_name_writes_its_sort_key(portal_copy: Flask, write: Callable[[Person], None]) -> None:
    with connection(), db.atomic():
        organisation = Organisation.get()
        person = Person.create(organisation=organisation, given_name="Bo", family_name="Zwart")
        assert person.sort_key == "zwart bo"
        write(person)
        assert Person.get_by_id(person.id).sort_key == "van t abel zoe"


def test_a_part_of_a_name_or_no_sort_key_is_refused(portal_copy: Flask) -> None:
    with connection():
        with pytest.raises(ValueError, match="needs all of"):
            Person.update(family_name="Àbel")
        with pytest.raises(IntegrityError):
            db.execute_sql("INSERT INTO organisation (key, name, kind) VALUES ('a', 'Anders', 'partner')")


def test_seeds_and_demo_have_the_sort_keys_of_their_names(app: Flask) -> None:
    with connection():
        for model in (Organisation, School):
            for row in model.select():
                assert row.sort_key == sort_name(row.name)
        for person in Person.select():
            assert person.sort_key == sort_key(person.given_name, person.family_name)
