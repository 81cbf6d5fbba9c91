"""The messy workbook of a region: as large and as messy as it says, and the same for each seed."""

from collections import Counter
from datetime import datetime
from io import BytesIO

import openpyxl

from tests.imports.messy_workbook import make_workbook


def test_a_seed_gives_one_workbook_with_the_posts_of_the_region() -> None:
    book, other = make_workbook(1), make_workbook(2)
    assert book.posts == make_workbook(1).posts != other.posts
    for posts in (book.posts, other.posts):
        assert len(posts) >= 800
        assert len({post.school for post in posts}) == 114
        people = {post.person for post in posts if post.person}
        assert 250 <= len(people) <= 350
        assert sum(not post.person for post in posts) >= 20  # vacancies
        assert sum(post.substitute != "" for post in posts) >= 8
        assert sum(post.valid_from is not None for post in posts) >= 3
        several = Counter((post.school, post.role) for post in posts)
        assert sum(number > 1 for number in several.values()) >= 10
        assert all(post.email.endswith(".example") for post in posts if post.email)


def test_the_workbook_has_the_habits_of_the_coordinators_files() -> None:
    book = openpyxl.load_workbook(BytesIO(make_workbook(1).data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    numbers = [cell.value for cell in cells if isinstance(cell.value, int)]
    assert sum(len(sheet.merged_cells.ranges) for sheet in book) > 10
    assert any(row.hidden for sheet in book for row in sheet.row_dimensions.values())
    assert "hidden" in {sheet.sheet_state for sheet in book}
    assert {"idem", '"', "VACATURE", "Totaal", "alle scholen in Zandvoort"} <= set(texts)
    assert any(600_000_000 < number < 700_000_000 for number in numbers)  # a lost zero
    assert any(31_600_000_000 < number < 31_700_000_000 for number in numbers)
    assert any(46_000 < number < 47_000 for number in numbers)  # a day of Excel
    assert any(isinstance(cell.value, datetime) for cell in cells)
    for part in ("vervanging door", "zie ", " (vpk)", "\n", " & ", "v.d. ", ", loc. ", "drs. "):
        assert any(part in text for text in texts), part


def test_the_long_workbook_has_as_many_rows_as_are_asked() -> None:
    long = make_workbook(3, least_rows=5_000)
    assert 5_000 <= len(long.posts) < 5_500
    assert len(set(long.posts)) == len(long.posts)
