"""The search index, one document at a time."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from flask import Flask

from portal.database import connection, current_engine, db, fetch_tuples
from portal.directory.models import Organisation, Person, Place, School
from portal.search.choices import list_with_words
from portal.search.finding import find_documents
from portal.search.index import (
    FIRST_PAGE,
    PERSON,
    SCHOOL,
    Document,
    Hit,
    SearchDocument,
    reindex,
    replace_documents,
    update_documents,
    write_document,
)
from portal.text import fold
from tests.factories import make_person


def everything() -> list[tuple[str, ...]]:
    """The documents in the order of their ranks."""
    fields = SearchDocument.kind, *(getattr(SearchDocument, name) for name in Document._fields)
    return fetch_tuples(SearchDocument.select(*fields).order_by(SearchDocument.rank))


def assert_like_rebuilt() -> None:
    """The index is the one that a rebuild makes, with its words and their numbers."""
    counted = Counter(word for row in everything() for word in {*" ".join(row[2:5]).split()})
    found = everything(), [find_documents([word], 50) for word in counted]
    assert dict(current_engine().count_words()) == counted
    SearchDocument.delete().execute()
    assert current_engine().count_words() == []
    reindex()
    assert found == (everything(), [find_documents([word], 50) for word in counted])
    assert dict(current_engine().count_words()) == counted


def test_the_documents_follow_their_rows(portal_copy: Flask) -> None:
    with portal_copy.app_context(), connection(), db.atomic():
        person = make_person("Zoë", "Ébel")
        update_documents([(Person, person.id)])
        assert find_documents(["ebel"], 5) == [Hit(PERSON, str(person.id))]
        Person.update(given_name="Zoë", family_name="Yvel").where(Person.id == person.id).execute()
        Organisation.update(name="Bureau Anders").execute()  # of so many people that all are written anew
        place = Place.get(Place.name == "Bloemendaal")
        Place.update(aliases="Blommendaal").where(Place.id == place.id).execute()
        first, second, third = School.select().limit(3)
        School.update(name="De Nieuwe Naam").where(School.code == first.code).execute()
        School.update(closed_on=second.checked_on).where(School.code == second.code).execute()
        update_documents([(Person, person.id), (Place, place.id), (School, first.code), (School, second.code)])
        update_documents((Organisation, row.id) for row in Organisation.select())
        assert find_documents(["ebel"], 5) == []
        Person.delete().where(Person.id == person.id).execute()
        update_documents([(Person, person.id), (School, third.code)])
        assert_like_rebuilt()


def test_documents_of_one_name_have_one_order(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        for order in ("abc", "cba", "bca"):
            SearchDocument.delete().execute()
            documents = [Document(ref, "Berg", sort_key="berg") for ref in order]
            replace_documents("place", 3, documents)
            assert [ref for _, ref, *_ in everything()] == ["a", "b", "c"]


of_one_engine = pytest.mark.sqlite("the ranks are chosen before a statement")


def numbers(order: str) -> Iterable[int]:
    """The numbers below 100 in an order in which documents are written."""
    found = list(range(100))
    if order == "shuffled":
        random.Random(15).shuffle(found)
    return reversed(found) if order == "descending" else found


@pytest.mark.parametrize(
    "order", [*(pytest.param(order, marks=of_one_engine) for order in ("descending", "shuffled")), "ascending"]
)
def test_documents_between_two_others_stand_in_order(portal_copy: Flask, order: str) -> None:
    """Also more of them than fit into one gap."""
    with connection(), db.atomic():
        keys = [row[-1] for row in everything() if row[0] == PERSON]
        before = keys[len(keys) // 2]
        for number in numbers(order):
            document = Document(f"new{number}", "Proef", sort_key=f"{before}\t{number:03}")
            write_document(PERSON, 5, document)
        written = [row for row in everything() if row[0] == PERSON]
        assert [row[-1] for row in written] == sorted(row[-1] for row in written)
        assert find_documents(["proef"], 3) == [Hit(PERSON, f"new{n}") for n in range(3)]


def test_writing_one_document_moves_no_other(portal_copy: Flask) -> None:
    def ranks() -> dict[str, int]:
        rows = SearchDocument.select(SearchDocument.ref, SearchDocument.rank)
        return dict(fetch_tuples(rows.where(SearchDocument.kind == PERSON)))

    with connection(), db.atomic():
        before = ranks()
        person = make_person("Midden", "Jansen")
        update_documents([(Person, person.id)])
        after = ranks()
        del after[str(person.id)]
        assert after == before


@pytest.mark.parametrize("text", ["bloem", "school de", "x", "' OR 1 | & \"*"])
def test_a_find_box_takes_each_word_as_the_beginning_of_one(app: Flask, text: str) -> None:
    with connection():
        words = fold(text).split()
        expected = {
            ref for _, kind, ref, *texts in _list_documents() if kind == SCHOOL
            if all(f" {word}" in f" {' '.join(texts)}" for word in words)
        }  # fmt: skip
        assert {ref for (ref,) in fetch_tuples(list_with_words(SCHOOL, text))} == expected


@pytest.mark.parametrize("in_names", [True, False])
@pytest.mark.parametrize(
    "words",
    ["h", "ha", "haa", "haar", "haarlem", "de", "school", "203", "2033", "xyz", "bosenvaart",
     "haarlem s", "school haarlem", "haarlem school", "de b", "school de b", "xyz de", "de xyz", "de kwake",
     "de xyzzy"],
)  # fmt: skip
def test_documents_are_found_in_the_order_of_their_ranks(app: Flask, words: str, in_names: bool) -> None:
    """First those with the last word as a whole."""
    *others, last = words.split()
    with connection():
        fitting = [
            (row, text)
            for rank, *row, names, context in sorted(_list_documents())
            if (text := f" {row[2]} {names} {'' if in_names else context} ")
            if int(rank) < FIRST_PAGE and all(f" {word} " in text for word in others)
        ]
        parts = [[tuple(row) for row, text in fitting if end in text][:7] for end in (f" {last} ", f" {last}")]
        ranks = 0, FIRST_PAGE
        found = current_engine().find_words(words.split(), ranks, 7, in_names, both=True)
    assert found == parts[0] + parts[1]


def _list_documents() -> list[tuple[str, ...]]:
    of = SearchDocument
    return fetch_tuples(of.select(of.rank, of.kind, of.ref, of.title, of.names, of.context))
