"""The answers of a request that are filled in already: what the link says, and what the directory knows of the
requester and the school."""

from typing import Any

from flask import g, request

from portal import clock, phones
from portal.accounts.access import current_person_id, current_user_or_none
from portal.directory import schools_and_kernen as directory
from portal.directory import who_works_or_is_absent
from portal.directory.contact_details import list_person_details
from portal.directory.models import DetailKind
from portal.directory.schools_and_kernen import SchoolRow
from portal.directory.who_works_or_is_absent import Post, list_held_roles
from portal.region import RequestKind


def list_known_answers(kind: RequestKind) -> dict[str, Any]:
    """The answers that the link or the directory knows, by field."""
    known: dict[str, Any] = {"subject": request.args.get("onderwerp"), "school": request.args.get("school")}
    if user := current_user_or_none():
        known |= {"name": user.account.name, "email": user.account.address}
    today, person = clock.today(), current_person_id()
    posts = list_own_posts()
    if person:
        details = list_person_details([person], today)[person]
        numbers = (detail.value for detail in details if detail.kind == DetailKind.PHONE)
        known["phone"] = phones.grouped(next(numbers, ""))
    if posts:
        known["job_title"] = posts[0].role_label
        if len({post.school for post in posts}) == 1:
            known["school"] = known["school"] or posts[0].school
    schools = (row for row in list_schools(known["school"] or "") if row.address)  # a kern has none
    school = next((row for row in schools if row.code == known["school"]), None)
    if school and posts and "participants" in kind.questions:
        known["roles"] = list_held_roles(today, school.around)
    if school and "school_address" in kind.questions:
        known["address"] = f"{school.street}, {school.postcode} {school.place}"
        known["school_phone"] = phones.grouped(school.phone)
    return known


def list_own_posts() -> list[Post]:
    """The posts of the requester today, read once per request."""
    if "own_posts" not in g:
        person = current_person_id()
        g.own_posts = who_works_or_is_absent.list_posts(clock.today(), [person]) if person else []
    posts: list[Post] = g.own_posts
    return posts


def list_schools(chosen: str) -> list[SchoolRow]:
    """The schools and kernen of the requester and the chosen one ("": none), read once per request."""
    codes = {*(post.school for post in list_own_posts()), chosen} - {""}
    if g.get("schools_of") != codes:
        g.schools_of, g.schools = codes, directory.list_schools_by_code(codes)
    found: list[SchoolRow] = g.schools
    return found
