"""The rules of an import that no sample shows: rows, roles, decisions and what is refused."""

from datetime import date

import pytest

from portal.directory.similar_people import KnownPeople, KnownPerson
from portal.imports import json_tuples
from portal.imports.difference import merge_people
from portal.imports.directory_snapshot import Snapshot
from portal.imports.interpreter import interpret
from portal.imports.posts_and_questions import HIDDEN, Interpretation
from portal.imports.role_and_organisation_finder import RoleFinder, Words
from portal.imports.rows_about_pupils import without_pupil_data
from portal.imports.school_finder import SchoolWords
from portal.readers.tables import Cell, Row, Table
from tests.factories import CAMELOT
from tests.imports.messy_workbook import make_workbook
from tests.imports.score import score

BOS_EN_VAART = "15SB00"
HEAD = "School|Rol|Naam"


def make_table(*lines: str, name: str = "lijst.csv", hidden: tuple[int, ...] = ()) -> Table:
    """A table of lines whose cells are parted by "|"; rows count from 1."""
    return Table(
        name,
        tuple(
            Row(number, tuple(Cell(text) for text in line.split("|")), number in hidden)
            for number, line in enumerate(lines, start=1)
        ),
    )


def list_posts(found: Interpretation) -> list[tuple[str, str, str]]:
    return [(post.school, post.role, post.person.family_name if post.person else "") for post in found.posts]


def words(found: Interpretation) -> list[str]:
    return [question.word for question in found.questions]


def test_tables_that_were_kept_before_rows_could_be_struck_are_still_read() -> None:
    assert json_tuples.load(list[Table], '[["Blad1",[[2,[],true]]]]') == [Table("Blad1", (Row(2, (), is_hidden=True),))]


def test_a_hidden_row_counts_only_when_it_is_ticked(empty_directory: Snapshot) -> None:
    table = make_table(HEAD, "Camelot|CJG-coach|Noor Smit", hidden=(2,))
    assert not interpret([table], empty_directory, {}).posts
    shown = interpret([table], empty_directory, {f"{HIDDEN}{table.name}, regel 2": "ja"})
    assert list_posts(shown) == [(CAMELOT, "cjg-coach", "Smit")]


@pytest.mark.parametrize(("struck", "is_read"), [(0.4, True), (0.5, False)])
def test_a_row_that_is_half_struck_through_is_hidden(struck: float, is_read: bool, empty_directory: Snapshot) -> None:
    table = make_table(HEAD, "Camelot|CJG-coach|Noor Smit")
    rows = (table.rows[0], table.rows[1]._replace(struck=struck))
    assert bool(interpret([table._replace(rows=rows)], empty_directory, {}).posts) == is_read


def test_a_file_without_a_role_takes_that_of_the_upload_or_asks(empty_directory: Snapshot) -> None:
    table = make_table("School|Naam", "Camelot|Noor Smit")
    assert words(interpret([table], empty_directory, {})) == ["dit bestand"]
    given = interpret([table], empty_directory, {}, ["cjg-coach"])
    assert list_posts(given) == [(CAMELOT, "cjg-coach", "Smit")]


@pytest.mark.parametrize("name", ["CJG-coaches", "Leerplicht 2026-2027", "Jeugdartsen"])
def test_a_sheet_is_named_after_its_role(name: str, empty_directory: Snapshot) -> None:
    table = make_table("School|Naam", "Camelot|Noor Smit", name=name)
    found = interpret([table], empty_directory, {})
    assert len(found.posts) == 1
    assert not found.questions


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("doktersassistente", "doktersassistent"),
        ("Dokters-assistente", "doktersassistent"),
        ("dr.assistente", "doktersassistent"),
        ("IB onderbouw", "intern-begeleider"),
        ("IB'er bovenbouw", "intern-begeleider"),
        ("jeugdverpleegkundige VO", "jeugdverpleegkundige"),
    ],
)
def test_a_role_is_known_by_its_other_endings(word: str, role: str, empty_directory: Snapshot) -> None:
    assert RoleFinder(empty_directory.roles).find(word).values == (role,)


@pytest.mark.parametrize("other", ["jeugdarts", "GGD", "JGZ-team"])
def test_da_is_an_assistant_in_a_file_of_youth_care(other: str, empty_directory: Snapshot) -> None:
    table = make_table(HEAD, "Camelot|DA|Noor Smit", f"|{other}|")
    assert list_posts(interpret([table], empty_directory, {})) == [(CAMELOT, "doktersassistent", "Smit")]
    alone = make_table(HEAD, "Camelot|DA|Noor Smit")
    assert words(interpret([alone], empty_directory, {})) == ["DA"]


def test_a_cell_with_two_roles_gives_both_posts(empty_directory: Snapshot) -> None:
    table = make_table(HEAD, "Camelot|IB / directeur|Noor Smit")
    assert list_posts(interpret([table], empty_directory, {})) == [
        (CAMELOT, "intern-begeleider", "Smit"),
        (CAMELOT, "directeur", "Smit"),
    ]


def test_a_row_without_a_school_is_asked_about_once(empty_directory: Snapshot) -> None:
    table = make_table(HEAD, "Camelot|CJG-coach|Noor Smit", "|IB|Els Vos", "|LPA|Teun Bos")
    found = interpret([table], empty_directory, {})
    assert words(found) == ["(leeg)"]
    assert [row.number for row in found.questions[0].rows] == [3, 4]
    above = interpret([table], empty_directory, {found.questions[0].key: "ja"})
    assert [post[0] for post in list_posts(above)] == [CAMELOT] * 3
    below = interpret([table], empty_directory, {found.questions[0].key: "nee"})
    assert len(below.posts) == 1
    assert [row.row.number for row in below.rejected] == [3, 4]


def test_a_second_holder_of_a_post_for_one_is_refused(empty_directory: Snapshot) -> None:
    table = make_table(HEAD, "Camelot|directeur|Noor Smit", "Camelot|directeur|Els Vos")
    found = interpret([table], empty_directory, {})
    assert list_posts(found) == [(CAMELOT, "directeur", "Smit")]
    assert found.rejected[0].row.number == 3


def test_a_sheet_without_heading_is_said_to_be_unread(empty_directory: Snapshot) -> None:
    found = interpret([make_table("Camelot|Noor Smit")], empty_directory, {})
    assert not found.posts
    assert "namen van kolommen" in found.unused[0].read_as


def test_an_unknown_column_is_asked_and_its_answer_kept(empty_directory: Snapshot) -> None:
    table = make_table("School|Steunfiguur|Rol", "Camelot|Noor Smit|CJG-coach")
    column = interpret([table], empty_directory, {}).sheets[0].columns[1]
    assert (column.answer, column.examples) == ("", ("Noor Smit",))
    found = interpret([table], empty_directory, {column.key: "name"})
    assert list_posts(found) == [(CAMELOT, "cjg-coach", "Smit")]


def test_pupil_data_is_refused_and_gone_from_what_is_stored(empty_directory: Snapshot) -> None:
    table = make_table(
        "School|CJG-coach|Opmerking|Telefoon",
        "Camelot|Noor Smit|111222333|",
        "Camelot|Els Vos|Sem uit groep 6 heeft adhd|",
        "Camelot|Bo Vos|overleg met T.M. Bos van de GGD|111222333",
    )
    roles = RoleFinder(empty_directory.roles)
    stored = without_pupil_data([table], roles, empty_directory.not_names)
    texts = " ".join(cell.text for row in stored[0].rows[1:3] for cell in row.cells)
    assert not {"Sem", "111222333", "Smit"} & {*texts.split()}
    for tables in ([table], stored):
        found = interpret(tables, empty_directory, {})
        assert [row.row.number for row in found.rejected] == [2, 3]
        assert list_posts(found) == [(CAMELOT, "cjg-coach", "Vos")]


@pytest.mark.parametrize(
    "line",
    [
        "Camelot|CJG-coach|Jan Bos (voor leerling Sem Jansen uit groep 6, zit thuis)||",
        "Camelot|CJG-coach|Jan Bos (leerling Sem Jansen, gescheiden ouders)||",
        "Camelot|CJG-coach|Ouders van Sem Jansen||",
        "Camelot|CJG-coach|Jan Bos|moeder van Sem: 06 12 34 00 55|",
        "Camelot|CJG-coach|Jan Bos||Leerling Sem Jansen groep 5",
        "Camelot (dochter van Els, 9 jr)|CJG-coach|Jan Bos||",
        "Camelot|CJG-coach|Sem Jansen, 9 jr, adhd||",
    ],
)
def test_pupil_data_is_refused_in_every_column(line: str, empty_directory: Snapshot) -> None:
    table = make_table(f"{HEAD}|Telefoon|Organisatie", line, "Camelot|CJG-coach|Noor Smit||")
    found = interpret([table], empty_directory, {})
    assert list_posts(found) == [(CAMELOT, "cjg-coach", "Smit")]
    assert len(found.rejected) == 1
    assert not found.questions


def test_words_of_offices_and_staff_are_no_pupil_data(empty_directory: Snapshot) -> None:
    table = make_table(
        f"{HEAD}|Telefoon|Organisatie",
        "Kindcentrum De Molenwerf|consulent Ouders & School|J. (Jet) Kooijman|06 - 12 34 59 21|",
        "Camelot|Ouder- en Jeugdsteunpunt|mw. T.M. Bos|023 - 555 01 12|CJG Kennemerland",
        "Noordzee Onderwijs Groep|SMW|A. de Vries||Centrum voor Jeugd en Gezin",
    )
    assert not interpret([table], empty_directory, {}).rejected


def test_somebody_of_the_directory_is_found_by_address_or_asked(empty_directory: Snapshot) -> None:
    organisation = next(o for o in empty_directory.organisations if o.key == "cjg-kennemerland")
    noor = KnownPerson(7, "Noor", "Smit", organisation.id, organisation.name, frozenset(),
                       frozenset(["n.smit@cjg.example"]))  # fmt: skip
    directory = empty_directory._replace(people=KnownPeople([noor]))
    by_address = make_table(f"{HEAD}|E-mail", "Camelot|CJG-coach|Noor Smit|N.Smit@cjg.example")
    person = interpret([by_address], directory, {}).posts[0].person
    assert person
    assert person.person == 7
    alike = make_table(HEAD, "Camelot|CJG-coach|Noor Smitt")
    question = interpret([alike], directory, {}).questions[0]
    assert [candidate.value for candidate in question.candidates] == ["7", "nieuw"]
    assert interpret([alike], directory, {question.key: "7"}).posts[0].person == person._replace(
        given_name="Noor", family_name="Smitt", emails=()
    )


@pytest.mark.parametrize(
    "text",
    [
        "wordt geworven", "vraag na bij school", "geen cjg coach", "Geen CJG", "intern opgelost",
        "Wordt Vervuld", "Team Zuid", "Sanne de Wit, Joris", "Nog in te vullen", "noor smit",
    ],
)  # fmt: skip
def test_a_cell_that_may_be_no_name_is_asked_about(text: str, empty_directory: Snapshot) -> None:
    table = make_table(HEAD, f"Camelot|directeur|{text}")
    found = interpret([table], empty_directory, {})
    assert (words(found), found.posts) == ([text], ())
    answers = {value: {found.questions[0].key: value} for value in ("vacature", "onbekend")}
    assert list_posts(interpret([table], empty_directory, answers["vacature"])) == [(CAMELOT, "directeur", "")]
    assert not interpret([table], empty_directory, answers["onbekend"]).posts


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Maria d'Hondt", ["d'Hondt"]),
        ("Jan Bos jr.", ["Bos"]),
        ("Jan Bos 16 uur", ["Bos"]),
        ("Şahin , Hatice", ["Şahin"]),
        ("Özge Demir - Prins", ["Demir-Prins"]),
        ("Anna de Wit - Visser", ["Wit-Visser"]),
        ("Sanne de Wit (ma) Joris Bos (di)", ["Wit", "Bos"]),
    ],
)
def test_names_with_more_behind_them_are_names(text: str, families: list[str], empty_directory: Snapshot) -> None:
    found = interpret([make_table(HEAD, f"Camelot|CJG-coach|{text}")], empty_directory, {})
    assert [post[2] for post in list_posts(found)] == families


@pytest.mark.parametrize(
    "text",
    ["Jan Bos, vervangt Piet Vos", "Jan Bos -> Piet Vos", "Jan Bos i.p.v. Piet Vos",
     "Jan Bos (voor Piet Vos)", "Jan Bos (invaller voor Piet Vos)"],
)  # fmt: skip
def test_somebody_in_the_place_of_another_is_refused(text: str, empty_directory: Snapshot) -> None:
    found = interpret([make_table(HEAD, f"Camelot|CJG-coach|{text}")], empty_directory, {})
    assert not found.posts
    assert "wie is er weg?" in found.rejected[0].reason


@pytest.mark.parametrize("day", ["31-2-2026", "99999", "zomer", "1-1-1970", "8/1/2027"])
@pytest.mark.parametrize("column", ["Vanaf", "Tot en met"])
def test_a_row_waits_for_the_answer_about_its_day(day: str, column: str, empty_directory: Snapshot) -> None:
    table = make_table(f"{HEAD}|{column}", f"Camelot|CJG-coach|Noor Smit|{day}")
    found = interpret([table], empty_directory, {})
    assert (len(found.questions), found.posts) == (1, ())
    answer = "maand-dag" if "/" in day else "2027-03-01"
    (post,) = interpret([table], empty_directory, {found.questions[0].key: answer}).posts
    first, after = (date(2027, 8, 1), date(2027, 8, 2)) if "/" in day else (
        date(2027, 3, 1), date(2027, 3, 2))  # fmt: skip
    assert (post.valid_from, post.valid_until) == ((first, None) if column == "Vanaf" else (None, after))


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("Wilbert Tol per 1-8-2027", date(2027, 8, 1), None),
        ("Wilbert Tol, vanaf 1-1", date(2027, 1, 1), None),
        ("Wilbert Tol t/m 31-1-2027", None, date(2027, 2, 1)),
        ("Wilbert Tol (vanaf 1 jan 2027 t/m 31-1-2027)", date(2027, 1, 1), date(2027, 2, 1)),
    ],
)
def test_the_days_behind_a_name_are_those_of_the_post(
    text: str, first: date | None, after: date | None, empty_directory: Snapshot
) -> None:
    found = interpret([make_table(HEAD, f"Camelot|CJG-coach|{text}")], empty_directory, {})
    assert list_posts(found) == [(CAMELOT, "cjg-coach", "Tol")]
    assert (found.posts[0].valid_from, found.posts[0].valid_until) == (first, after)


@pytest.mark.parametrize(
    "text",
    ["Judith Lamers (tot 1-1-2027), daarna Coen Vermaat",
     "Judith Lamers t/m 31-12-2026; vervolgens Coen Vermaat",
     "Judith Lamers, daarna Coen Vermaat (per 1-1-2027)"],
)  # fmt: skip
def test_the_second_of_two_begins_where_the_first_ends(text: str, empty_directory: Snapshot) -> None:
    found = interpret([make_table(HEAD, f"Camelot|directeur|{text}")], empty_directory, {})
    day = date(2027, 1, 1)
    assert [(p.valid_from, p.valid_until) for p in found.posts] == [(None, day), (day, None)]
    assert [post[2] for post in list_posts(found)] == ["Lamers", "Vermaat"]


@pytest.mark.parametrize("day", ["31-12-9999", "onbepaald", "onbepaalde tijd", "-"])
def test_no_end_is_no_question(day: str, empty_directory: Snapshot) -> None:
    table = make_table(f"{HEAD}|t/m", f"Camelot|CJG-coach|Noor Smit|{day}")
    assert interpret([table], empty_directory, {}).posts[0].valid_until is None
    cell = make_table(HEAD, "Camelot|CJG-coach|Noor Smit (t/m 31-12-9999)")
    assert interpret([cell], empty_directory, {}).posts[0].valid_until is None


@pytest.mark.parametrize("more", ["t/m 31-2-2027", "0,6 fte", "belt liever niet"])
def test_what_stands_beside_a_name_and_is_not_taken_is_said(more: str, empty_directory: Snapshot) -> None:
    found = interpret([make_table(HEAD, f"Camelot|IB|Noor Smit ({more})")], empty_directory, {})
    assert [cell.text for cell in found.unused] == [more]
    assert list_posts(found) == [(CAMELOT, "intern-begeleider", "Smit")]


def test_a_last_day_before_the_first_is_refused(empty_directory: Snapshot) -> None:
    table = make_table(f"{HEAD}|Vanaf|t/m", "Camelot|CJG-coach|Noor Smit|1-8-2027|1-8-2026")
    found = interpret([table], empty_directory, {})
    assert (found.posts, len(found.rejected)) == ((), 1)


@pytest.mark.parametrize(
    ("number", "readings"),
    [
        ("06 12 34 50 13", []),
        ("06-12345013", []),
        ("612345013", ["612345013"]),
        ("0031 6 12345013", ["0031 6 12345013"]),
    ],
)
def test_a_number_that_was_read_otherwise_is_shown_as_it_stood(
    number: str, readings: list[str], empty_directory: Snapshot
) -> None:
    table = make_table(f"{HEAD}|Telefoon", f"Camelot|CJG-coach|Noor Smit|{number}")
    assert [one.text for one in interpret([table], empty_directory, {}).readings] == readings


@pytest.mark.parametrize(
    ("text", "count", "asked"),
    [
        ("Kennemer Lyceum + Onzinschool", 1, ["Onzinschool"]),
        ("Ter Cleeff; Onzin; Camelot (code 16LF00); Valeo", 3, ["Onzin"]),
        ("Camelot, Onzin, Quux, Valeo, De Ark", 2, ["Onzin", "Quux", "De Ark"]),
    ],
)
def test_only_the_unknown_parts_of_a_list_of_schools_are_asked(
    text: str, count: int, asked: list[str], empty_directory: Snapshot
) -> None:
    found = interpret([make_table(HEAD, f"{text}|CJG-coach|Noor Smit")], empty_directory, {})
    assert (len(found.posts), words(found)) == (count, asked)


@pytest.mark.parametrize("text", ["Centrum en Zuid-West", "Oost", "locaties", "niet bereikbaar? cjg@cjg.example"])
def test_a_row_without_people_needs_no_school(text: str, empty_directory: Snapshot) -> None:
    below = ("Camelot|Noor Smit|", f"{text}||", f"{text}|{text}|{text}")
    found = interpret([make_table("School|CJG-coach|LPA", *below)], empty_directory, {})
    assert (len(found.posts), found.questions) == (1, ())
    assert text in [cell.text for cell in found.unused]


@pytest.mark.parametrize("text", ["zie tabblad PO Haarlem", "Zie daar", "(zie tabbladen)"])
def test_a_row_of_which_the_school_stands_elsewhere_tells_details(text: str, empty_directory: Snapshot) -> None:
    below = (f"{text}|CJG-coach|Noor Smit|0612345911", "Camelot|CJG-coach|Noor Smit|")
    found = interpret([make_table(f"{HEAD}|Telefoon", *below)], empty_directory, {})
    (post,) = found.posts
    assert post.person and post.person.phones == ("+31612345911",)
    assert (found.questions, found.rejected) == ((), ())
    assert "verwijst" in found.unused[0].read_as


@pytest.mark.parametrize(
    "text",
    ["zie tabblad PO Haarlem; verder VO: Coornhert", "Coornhert (zie tabblad VO)",
     "Coornhert, zie daar"],
)  # fmt: skip
def test_the_school_beside_a_reference_counts(text: str, empty_directory: Snapshot) -> None:
    found = interpret([make_table(HEAD, f"{text}|LPA|Noor Smit")], empty_directory, {})
    assert list_posts(found) == [("20RF00", "leerplichtambtenaar", "Smit")]


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("PBS (Prinses Beatrixschool)", "11CF00"),
        ("De Trapeze (Schoterbos)", "14WV00"),
        ("SBO Plein Oost (was Hildebrand)", "18QX00"),
        ("Kon. Wilhelmina (KWS)", "04OH00"),
        ("Int. School Haarlem", "01LZ01"),
    ],
)
def test_a_school_with_its_other_name_behind_it_is_one(text: str, school: str, empty_directory: Snapshot) -> None:
    finder = Words(empty_directory).schools
    assert [found.values for _, found in finder.find(SchoolWords(text))] == [(school,)]


@pytest.mark.parametrize(
    ("text", "count"),
    [("alle Zandvoortse basisscholen", 4), ("alle Heemsteedse scholen", 11),
     ("alle 9 basisscholen Heemstede", 9), ("alle scholen in Zandvoort", 5)],
)  # fmt: skip
def test_all_schools_of_a_place_are_those_of_their_sector(text: str, count: int, empty_directory: Snapshot) -> None:
    ((_, found),) = Words(empty_directory).schools.find(SchoolWords(text))
    assert len(found.values) == count


@pytest.mark.parametrize("name", ["Beatrixschool", "De Ark", "Sint Bavo", "Molenwiek"])
def test_a_name_of_two_schools_is_asked_about(name: str, empty_directory: Snapshot) -> None:
    found = interpret([make_table(HEAD, f"{name}|IB|Noor Smit")], empty_directory, {})
    assert words(found) == [name]
    assert len(found.questions[0].candidates) == 2


def test_a_word_of_two_roles_is_asked_about(empty_directory: Snapshot) -> None:
    roles = tuple(
        role._replace(aliases=f"{role.aliases}; directeur") if role.key == "cjg-coach" else role
        for role in empty_directory.roles
    )
    table = make_table(HEAD, "Camelot|directeur|Noor Smit")
    found = interpret([table], empty_directory._replace(roles=roles), {})
    assert (words(found), found.posts) == (["directeur"], ())


@pytest.mark.parametrize("text", ["van den Berg", "Berg", "dr. El Amrani"])
def test_a_family_name_alone_is_asked_about(text: str, empty_directory: Snapshot) -> None:
    found = interpret([make_table(HEAD, f"Camelot|CJG-coach|{text}")], empty_directory, {})
    assert (len(found.questions), found.posts) == (1, ())


def test_namesakes_are_asked_about_apart_and_stay_apart(empty_directory: Snapshot) -> None:
    keys = ["cjg-kennemerland", "cjg-heemstede", "altra"]
    employers = [next(o for o in empty_directory.organisations if o.key == key) for key in keys]
    pia = KnownPerson(7, "Pia", "Plof", employers[0].id, "CJG", frozenset(), frozenset(["p@x.example"]))
    directory = empty_directory._replace(people=KnownPeople([pia]))
    table = make_table(
        f"{HEAD}|E-mail|Organisatie",
        "Icarus|CJG-coach|Pia Plof|pia@heemstede.example|CJG Heemstede",
        "Jong Geleerd|schoolcoach|Pia Plof|plof@altra.example|Altra",
    )
    first, second = interpret([table], directory, {}).questions
    assert first.key != second.key
    answers = {first.key: "7", second.key: "nieuw"}
    found = interpret([table], directory, answers)
    assert [post.person and post.person.person for post in found.posts] == [7, None]
    later = make_table(f"{HEAD}|E-mail|Organisatie", "Camelot|jeugdarts|Pia Plof|dr.plof@ggd.example|GGD")
    assert words(interpret([later], directory, answers)) == ["Pia Plof"]


def test_two_new_people_of_one_name_and_organisation_are_two(empty_directory: Snapshot) -> None:
    table = make_table(
        f"{HEAD}|E-mail",
        "Camelot|CJG-coach|Jan Jansen|jan@cjg.example",
        "Bos en Vaart|CJG-coach|Jan Jansen|j.jansen@cjg.example",
        "De Zuidwester|CJG-coach|Jan Jansen|jan@cjg.example",
    )
    people = merge_people(interpret([table], empty_directory, {}).posts).values()
    assert [person.emails for person in people] == [("jan@cjg.example",), ("j.jansen@cjg.example",)]


@pytest.mark.parametrize("decision", ["999999", "x", "99ZZ99", "Camelot; drop", "16LF00 99ZZ99"])
def test_a_decision_that_the_directory_does_not_know_is_asked_anew(decision: str, empty_directory: Snapshot) -> None:
    table = make_table(f"{HEAD}|Organisatie", "Zonnebloem|Orthopedagoog|Noor Smit|Kontext",
                       f"{BOS_EN_VAART}|CJG-coach|Noor Bos|Kontext")  # fmt: skip
    found = interpret([table], empty_directory, {})
    again = interpret([table], empty_directory, {q.key: decision for q in found.questions})
    assert again.questions == found.questions
    assert not again.posts


def test_a_workbook_of_the_region_comes_out_right_with_few_questions(empty_directory: Snapshot) -> None:
    result = score(make_workbook(4), empty_directory)
    assert result.expected > 800
    assert result.share > 0.98
    assert result.wrong == 0
    assert result.first + result.columns <= 15
    assert result.second == 0
