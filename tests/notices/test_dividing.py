"""A division: one notice of an organisation about many posts, and one about posts that stand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.database import connection, db
from portal.directory.assignments import assign, hand_over
from portal.directory.change_sets import ChangeSet, ChangeSetKind, RuleViolation
from portal.directory.models import Assignment, Person, School, Vacancy
from portal.directory.undoing import undo
from portal.mail.models import OutgoingMail
from portal.notices.announcing_afterwards import list_organisations
from portal.notices.change_or_withdraw import withdraw
from portal.notices.drafts import UNKNOWN, VACANT, Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, Recipient
from portal.notices.permissions_and_confirmation import Author, get_author
from portal.notices.publishing import preview, publish
from portal.notices.titles_differences_and_warnings import list_lines
from portal.site import Site
from tests.clock import TODAY
from tests.factories import clear_board, coach, colleague, directory_rows, find_of_notice, make_assignment, posts
from tests.factories import role as find_role

AUGUST, OCTOBER = date(2027, 8, 1), date(2027, 10, 1)
SITE = Site("http://localhost", "po.example", "kernteam@po.example", ("x",), "x")


@pytest.fixture
def author(portal_copy: Flask) -> Iterator[Author]:
    clear_board()
    with portal_copy.test_request_context(), connection():
        yield get_author(Account.get(Account.role == "coordinator"))


def division(answers: dict[int, str], fills: dict[str, str] | None = None, **more: object) -> Draft:
    """A draft in which these posts of CJG-coaches get other holders per 1 August."""
    schools = [row.school_id for row in Assignment.select().where(Assignment.id.in_(list(answers)))]
    values = {
        "role": find_role("cjg-coach").id, "organisation": coach().organisation_id,
        "posts": answers, "fills": fills or {}, "schools": tuple({*schools, *(fills or {})}),
    }  # fmt: skip
    return Draft(NoticeKind.DIVISION, "", AUGUST, **values | more)


def holders(school: str, on: date) -> set[str]:
    rows = Assignment.select(Assignment, Person).join(Person).where(Assignment.school == school)
    return {
        row.person.name for row in rows
        if row.role_id == find_role("cjg-coach").id
        and row.valid_from <= on and (row.valid_until is None or row.valid_until > on)
    }  # fmt: skip


def post_it(author: Author, draft: Draft, key: str = "key") -> Notice:
    seen = preview(author, draft)
    return Notice.get_by_id(publish(author, draft, key, seen.row_versions, SITE))


def test_two_people_change_places_in_one_notice_with_one_mail_each(author: Author) -> None:
    one, other = coach(), colleague(coach())
    first = posts(one)[0]
    second = make_assignment(other, school=posts(one)[1].school_id)
    posts(one)[1].delete_instance()
    before = directory_rows()
    notice = post_it(author, division({first.id: str(other.id), second.id: str(one.id)}))
    assert other.name in holders(first.school_id, AUGUST) - holders(first.school_id, TODAY)
    assert holders(second.school_id, AUGUST) == {one.name}
    assert notice.title == ("Nieuwe verdeling van CJG Kennemerland per 1 augustus 2027: 2 mensen, 2 scholen")
    told = list(Recipient.select().where(Recipient.notice == notice))
    assert {one.id, other.id} <= {row.person_id for row in told}
    keys = [m.key for m in OutgoingMail.select() if m.key.startswith(f"notice:{notice.id}:")]
    assert len(keys) == len(set(keys)) == sum(row.mailed for row in told)
    withdraw(author, notice.id, notice.row_version, SITE)
    assert directory_rows() == before


def test_the_line_names_the_holder_of_the_day_before_an_earlier_notice_began(author: Author) -> None:
    one, other = coach(), colleague(coach())
    (third,) = Person.select().where(
        (Person.organisation == one.organisation_id) & Person.id.not_in([one.id, other.id])
    ).order_by(Person.id).limit(1)  # fmt: skip
    first, second = posts(one)[:2]
    january = date(2027, 1, 1)
    earlier = division({first.id: str(other.id)})
    post_it(author, replace(earlier, valid_from=january), "earlier")
    (between,) = Assignment.select().where((Assignment.school == first.school_id) & (Assignment.valid_from == january))
    notice = post_it(author, division({between.id: str(third.id), second.id: str(third.id)}))
    lines = {school.code: school.lines for school in list_lines(notice.id)}
    assert other.name in lines[first.school_id][0].before
    assert one.name in lines[second.school_id][0].before
    mailed = OutgoingMail.select().where(OutgoingMail.key.startswith(f"notice:{notice.id}:"))
    assert any(f"(daarvoor: {other.name}" in mail.body for mail in mailed)


def test_a_partner_reads_about_the_own_schools_only(author: Author) -> None:
    one, other = coach(), colleague(coach())
    first, second = posts(one)[:2]
    notice = post_it(author, division({first.id: str(other.id), second.id: str(other.id)}))
    names = [school.name for school in list_lines(notice.id)]
    assert len(names) == 2
    mails = [m for m in OutgoingMail.select() if m.key.startswith(f"notice:{notice.id}:")]
    counts = {sum(name in mail.body for name in names) for mail in mails}
    assert counts == {1, 2}


def test_a_post_becomes_vacant_unknown_or_gets_one_more(author: Author) -> None:
    one, other = coach(), colleague(coach())
    first, second, third = posts(one)[:3]
    fills = {third.school_id: str(other.id)}
    post_it(author, division({first.id: VACANT, second.id: UNKNOWN}, fills))
    assert holders(first.school_id, AUGUST) == holders(second.school_id, AUGUST) == set()
    assert holders(third.school_id, AUGUST) == {one.name, other.name}
    assert [row.school_id for row in Vacancy.select() if row.valid_from == AUGUST] == [first.school_id]


def test_a_later_change_stays_unless_it_is_replaced(author: Author) -> None:
    one, other = coach(), colleague(coach())
    post, consulent = posts(one)[0], find_role("onderwijsconsulent")
    school = post.school_id
    (present,) = Assignment.select().where((Assignment.school == school) & (Assignment.role == consulent))
    with db.atomic():
        hand_over(ChangeSet.begin(ChangeSetKind.EDIT, None), present, one, OCTOBER)
    values = {"role": consulent.id, "schools": (school,)}
    effect = preview(author, division({present.id: str(other.id)}, **values))
    assert any("Dat blijft zo" in warning for warning in effect.warnings)
    draft = division({present.id: str(other.id)}, replaces_later=True, **values)
    post_it(author, draft)
    rows = Assignment.select().where(
        (Assignment.school == school) & (Assignment.role == consulent)
    ).order_by(Assignment.valid_from)  # fmt: skip
    assert [(row.person_id, row.valid_until) for row in rows][-1] == (other.id, None)


def change_without_mail(author: Author) -> tuple[ChangeSet, list[Assignment]]:
    """An import that gives two posts of a coach to a colleague."""
    moved = posts(coach())[:2]
    with db.atomic():
        change_set = ChangeSet.begin(ChangeSetKind.IMPORT, author.account, effective_on=AUGUST)
        for post in moved:
            hand_over(change_set, post, colleague(coach()), AUGUST)
        school = School.get_by_id(moved[0].school_id)
        director = Person.get(Person.organisation == school.organisation_id)
        elsewhere = posts(coach())[3].school_id
        assign(change_set, director, find_role("gedragsconsulent"), School.get_by_id(elsewhere), AUGUST)
    return change_set, moved


def test_what_stands_already_is_told_per_organisation_once(author: Author) -> None:
    change_set, moved = change_without_mail(author)
    cjg = coach().organisation_id
    rows = {row.organisation: row for row in list_organisations(change_set.id)}
    assert len(rows) == 2
    assert (rows[cjg].name, rows[cjg].schools, rows[cjg].notice) == ("CJG Kennemerland", 2, None)
    assert 0 < rows[cjg].mails <= rows[cjg].people
    before = directory_rows()
    draft = Draft(
        NoticeKind.DIVISION, "", AUGUST, organisation=cjg, announces=change_set.id
    )  # fmt: skip
    notice = post_it(author, draft)
    assert directory_rows() == before
    lines = {school.code: school.lines for school in list_lines(notice.id)}
    assert set(lines) == {post.school_id for post in moved}
    for (line,) in lines.values():
        assert coach().name in line.before
        assert colleague(coach()).name in line.after
    assert notice.title.endswith("per 1 augustus 2027: 1 persoon, 2 scholen")
    assert Recipient.select().where(Recipient.notice == notice).count() == rows[cjg].people
    again = {row.organisation: row.notice for row in list_organisations(change_set.id)}
    assert again == {cjg: notice.id, next(key for key in rows if key != cjg): None}
    with pytest.raises(RuleViolation, match="al verteld"):
        publish(author, draft, "again", "", SITE)
    withdraw(author, notice.id, notice.row_version, SITE)
    assert directory_rows() == before


def test_an_undone_import_and_a_notice_are_not_told(author: Author) -> None:
    change_set, _ = change_without_mail(author)
    undo(change_set)
    assert list_organisations(change_set.id) == []
    notice = post_it(author, division({posts(coach())[0].id: VACANT}))
    assert list_organisations(find_of_notice(notice.id).id) == []
