"""The ways in which several people write one workbook: blocks, references, remarks, short names."""

from datetime import date

import pytest

from portal.imports.columns import Field, read_sheet
from portal.imports.directory_snapshot import Snapshot
from portal.imports.interpreter import interpret
from portal.imports.posts_and_questions import Interpretation
from portal.imports.role_and_organisation_finder import RoleFinder, Words
from portal.imports.school_finder import SchoolWords, find_sector
from portal.readers.tables import Table
from tests.factories import CAMELOT
from tests.imports.test_interpreter import HEAD, list_posts, make_table, words


def read(directory: Snapshot, *tables: Table) -> Interpretation:
    return interpret(tables, directory, {})


def names(found: Interpretation) -> list[str]:
    people = (post.person for post in found.posts)
    return [f"{p.given_name} {p.infix} {p.family_name}".replace("  ", " ") for p in people if p]


@pytest.mark.parametrize(
    ("heading", "cell", "field"),
    [
        ("aantal leerlingen (teldatum)", "231", Field.UNUSED),
        ("gewijzigd op/door", "3 mei KdB", Field.UNUSED),
        ("Rayon", "kust", Field.UNUSED),
        ("vest.", "0", Field.LOCATION),
        ("Tel. of mobiel", "eerst bellen", Field.PHONE),
        ("bereikbaar op", "bel maar", Field.DAYS),
        ("E-mail (werk)", "volgt", Field.EMAIL),
        ("wanneer", "ma t/m wo", Field.DAYS),
        ("wat doet die", "leerplichtambtenaar", Field.ROLE),
        ("BPO", "Marcel Hoekstra", Field.PEOPLE),
        ("Kleur", "blauw", ""),
    ],
)
def test_a_heading_with_more_words_or_a_column_of_one_kind_is_known(
    heading: str, cell: str, field: str, empty_directory: Snapshot
) -> None:
    table = make_table(f"School|Naam|{heading}", f"Camelot|Noor Smit|{cell}", 'Valeo|Jan Bos|"')
    sheet = read_sheet(table, RoleFinder(empty_directory.roles), {})
    assert [column.field for column in sheet.columns] == [Field.SCHOOL, Field.NAME, field]


@pytest.mark.parametrize(
    ("name", "title", "counts"),
    [("oud 24-25", "", False), ("Archief", "", False), ("PO", "VERVALLEN per 1-8", False),
     ("Oud-Zuid", "", True), ("PO", "versie van oud-collega", True)],
)  # fmt: skip
def test_a_sheet_that_is_out_of_date_counts_only_where_it_is_ticked(
    name: str, title: str, counts: bool, empty_directory: Snapshot
) -> None:
    above = [title] if title else []
    found = read(empty_directory, make_table(*above, HEAD, "Camelot|CJG-coach|Noor Smit", name=name))
    assert (bool(found.posts), bool(found.hidden)) == (counts, not counts)


def test_rows_below_a_school_are_its_own_where_the_sheet_has_blocks(empty_directory: Snapshot) -> None:
    lines = ["Camelot|CJG-coach|Noor Smit", "|LPA|Teun Bos", "Onzin|CJG-coach|Els Vos",
             "|LPA|idem", "Valeo|CJG-coach|idem", "|LPA|idem"]  # fmt: skip
    found = read(empty_directory, make_table(HEAD, *lines))
    assert words(found) == ["Onzin"]
    assert list_posts(found) == [
        (CAMELOT, "cjg-coach", "Smit"), (CAMELOT, "leerplichtambtenaar", "Bos"),
        ("12BV00", "cjg-coach", "Vos"), ("12BV00", "leerplichtambtenaar", "Bos"),
    ]  # fmt: skip


def test_a_reference_to_a_school_finds_the_row_of_the_role(empty_directory: Snapshot) -> None:
    lines = ["Camelot|CJG-coach|Noor Smit", "|LPA|Teun Bos", "De Cirkel|CJG-coach|Els Vos",
             "|LPA|zie Camelot", "Valeo|CJG-coach|zie Cirkel", "|LPA|zie De Cirkel"]  # fmt: skip
    found = read(empty_directory, make_table(HEAD, *lines))
    assert [post[2] for post in list_posts(found)] == ["Smit", "Bos", "Vos", "Bos", "Vos", "Bos"]
    assert not found.rejected


def test_a_name_beside_a_code_is_known_in_the_other_sheets(empty_directory: Snapshot) -> None:
    coded = make_table(f"BRIN|{HEAD}", "20EK04|Vellesan de Kruidberg|Zoco|Noor Smit",
                       "16JB00|Camelot|IB|Els Vos", name="a")  # fmt: skip
    other = make_table(HEAD, "Vellesan De Kruidberg|Zoco|Teun Bos", "Camelot|LPA|Els Bos", name="b")
    found = read(empty_directory, coded, other)
    assert words(found) == ["Camelot"]  # its code contradicts its name: nothing is learned
    assert [post[:2] for post in list_posts(found)][-2:] == [
        ("20EK04", "zorgcoordinator"), (CAMELOT, "leerplichtambtenaar"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "address", "schools"),
    [
        ("VS Kleverpark", "Wouwermanstraat 49a", ["31RX00"]),
        ("vmbo Eenhoornstraat 8", "", ["01KL14"]),
        ("Bavo, Bavo Reviusstraat, De Dolfijn", "", ["19RK00", "19RK01", "16GK00"]),
        ("Vrije School VO Engelandlaan", "", ["16TS02"]),
        ("Openbare Basisschool De Kring/Hannie Schaft School / Valeo", "", ["15UJ00", "12BV00"]),
    ],
)
def test_a_school_is_known_by_what_stands_beside_its_name(
    text: str, address: str, schools: list[str], empty_directory: Snapshot
) -> None:
    found = Words(empty_directory).schools.find(SchoolWords(text, address=address))
    assert [code for _, one in found for code in one.values] == schools


def test_all_schools_of_a_place_are_those_of_the_sector_of_the_sheet(empty_directory: Snapshot) -> None:
    for title, count in (("PO Zandvoort", 4), ("basisonderwijs", 4), ("VO", 1), ("PO en VO", 5)):
        told = SchoolWords("alle scholen in Zandvoort", sector=find_sector(title))
        ((_, found),) = Words(empty_directory).schools.find(told)
        assert len(found.values) == count


@pytest.mark.parametrize(
    ("cells", "people"),
    [
        (["Fenna Wiersma-de Boer", "Fenna Wiersma", "F. Wiersma"], {"Fenna Wiersma-de Boer"}),
        (["Gerrit Jan Hofstra", "Gerrit-Jan Hofstra"], {"Gerrit-Jan Hofstra"}),
        (["06-12345988 Roderick Terwiel"], {"Roderick Terwiel"}),
        (["P.B. Bos (ma), Ö. Demir (di)"], {"P.B. Bos", "Ö. Demir"}),
        (["geen vaste; vacature"], set()),
        (["VERHOEVEN, PETRA"], {"Petra Verhoeven"}),
    ],
)
def test_people_are_one_however_their_names_are_written(
    cells: list[str], people: set[str], empty_directory: Snapshot
) -> None:
    schools = ("Camelot", "Valeo", "De Cirkel")
    lines = [f"{school}|CJG-coach|{cell}" for school, cell in zip(schools, cells, strict=False)]
    found = read(empty_directory, make_table(HEAD, *lines))
    assert (set(names(found)), found.questions) == (people, ())


@pytest.mark.parametrize(
    ("remark", "posts"),
    [
        ("tot 1-1-2027, daarna Esther Langeveld", ["Noor Smit", "Esther Langeveld"]),
        ("directeur: Jan Bos, j.bos@camelot.example", ["Noor Smit", "Jan Bos"]),
        ("locatiedirecteur Jan Bos 023 555 01 07", ["Noor Smit", "Jan Bos"]),
        ("vervallen per 1-1-2026", []),
        ("IB ook via 06-12345981", ["Noor Smit"]),
        ("directeur neemt waar", ["Noor Smit"]),
    ],
)
def test_a_remark_tells_who_comes_who_else_there_is_and_what_ends(
    remark: str, posts: list[str], empty_directory: Snapshot
) -> None:
    table = make_table(f"{HEAD}|Opmerking", f"Camelot|IB|Noor Smit|{remark}")
    assert names(read(empty_directory, table)) == posts


def test_a_number_in_a_remark_is_of_the_one_whom_it_is_about(empty_directory: Snapshot) -> None:
    table = make_table("School|Zoco|Directie|Opm", "Coornhert|Noor Smit|Jan Bos|zoco: 06 12345994",
                       "Schoter|Els Vos|Piet Vis|023 5550184")  # fmt: skip
    found = read(empty_directory, table)
    assert [post.person.phones for post in found.posts if post.person] == [
        ("+31612345994",), (), (), (),
    ]  # fmt: skip
    assert [unused.text for unused in found.unused] == ["023 5550184"]  # of whom?


def test_leave_that_somebody_takes_over(empty_directory: Snapshot) -> None:
    remark = "met verlof t/m 28-2-2027; Floor van Aalders neemt haar scholen over (06-12345952)"
    table = make_table(f"{HEAD}|Opmerking", f"Camelot|CJG-coach|Noor Smit|{remark}")
    (post,) = read(empty_directory, table).posts
    assert post.absence and post.absence.valid_until == date(2027, 3, 1)
    substitute = post.absence.substitute
    assert substitute and (substitute.family_name, substitute.phones) == (
        "Aalders", ("+31612345952",),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["Postma, Wietske", "Verhoef, Wietske"])
def test_a_name_is_no_pupil_data_where_names_stand(name: str, empty_directory: Snapshot) -> None:
    found = read(empty_directory, make_table(HEAD, f"Camelot|CJG-coach|{name}"))
    assert (len(found.posts), found.rejected) == (1, ())


@pytest.mark.parametrize("text", ["SWV PO ZK", "Gem. Haarlemmermeer", "gemeente haarlemmermeer"])
def test_an_organisation_is_known_by_its_short_name(text: str, empty_directory: Snapshot) -> None:
    assert len(Words(empty_directory).organisations.find(text).values) == 1


def test_leave_at_one_school_is_no_absence_at_the_others(empty_directory: Snapshot) -> None:
    leave = "verlof t/m 15-1-2027, vervanger Iris Bloemen"
    lines = [f"Camelot|CJG-coach|Noor Smit|{leave}", "Valeo|CJG-coach|Noor Smit|"]
    asked = make_table(f"{HEAD}|Opmerking", *lines)
    (question,) = read(empty_directory, asked).questions
    for answer in ("overal", "overslaan"):
        everywhere = interpret([asked], empty_directory, {question.key: answer})
        assert [bool(post.absence) for post in everywhere.posts] == [True, False]
    told = make_table(f"{HEAD}|Opmerking", lines[0].replace("verlof", "alleen hier: verlof"), lines[1])
    for found in (interpret([asked], empty_directory, {question.key: "hier"}), read(empty_directory, told)):
        back = date(2027, 1, 16)
        assert [(name, post.valid_from, post.valid_until, post.absence)
                for name, post in zip(names(found), found.posts, strict=True)] == [
            ("Iris Bloemen", None, back, None), ("Noor Smit", back, None, None),
            ("Noor Smit", None, None, None),
        ]  # fmt: skip


def test_crosses_tell_who_works_at_which_school(empty_directory: Snapshot) -> None:
    across = make_table("Coach|Tel|De Cirkel|Valeo|Camelot", "Noor Smit|0612345911|x||X",
                        "Teun Bos||| v|", name="CJG-coaches")  # fmt: skip
    down = make_table("Wie doet welke school", "School|Sanne Kok|Jan Bos|Els van Dam",
                      "mobiel|06-12345811||", "Camelot|x||", "Valeo|||x", "De Cirkel||x|",
                      "De Meer|X||", "Don Bosco|X||", "Focus|X||", "De Parel|X||",
                      name="Leerplicht")  # fmt: skip
    found = read(empty_directory, across, down)
    told = [(post.school, post.role, post.person.phones) for post in found.posts if post.person]
    assert sorted(set(names(found)[3:])) == ["Els van Dam", "Jan Bos", "Sanne Kok"]
    assert names(found)[:3] == ["Noor Smit", "Noor Smit", "Teun Bos"]
    assert told[:2] == [("15WQ00", "cjg-coach", ("+31612345911",)),
                        (CAMELOT, "cjg-coach", ("+31612345911",))]  # fmt: skip
    assert told[3] == (CAMELOT, "leerplichtambtenaar", ("+31612345811",))
    assert not found.questions


def test_schools_below_a_person_are_asked_about_once(empty_directory: Snapshot) -> None:
    lines = ("Noor Smit|Camelot", "|Valeo", "|De Cirkel", "Teun Bos|De Meer", "|Don Bosco")
    table = make_table("CJG-coach|School", *lines)
    (question,) = read(empty_directory, table).questions
    found = interpret([table], empty_directory, {question.key: "ja"})
    assert names(found) == ["Noor Smit"] * 3 + ["Teun Bos"] * 2
    assert len(interpret([table], empty_directory, {question.key: "nee"}).posts) == 2


def test_initials_are_those_of_the_one_of_the_role_or_asked(empty_directory: Snapshot) -> None:
    lines = ("Camelot|Noor Smit|", "Valeo|NS|", "De Meer||Nick Stam", "De Cirkel|EV|Els de Vos")
    found = read(empty_directory, make_table("School|CJG-coach|IB", *lines))
    assert [[c.value for c in q.candidates] for q in found.questions] == [["Els de Vos"]]
    assert names(found)[:2] == ["Noor Smit", "Noor Smit"]
