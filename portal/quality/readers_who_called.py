"""A reader who called says that the number was right: confirmed today, for everybody."""

from datetime import timedelta
from typing import Any

from portal import clock, throttle
from portal.accounts.models import Account
from portal.database import db
from portal.database.validity import valid_on
from portal.directory.checked_rows import record_check
from portal.directory.models import CheckedBy, ContactDetail, School
from portal.quality.reports import TooMany, list_posts
from portal.throttle import Limit
from portal.web.forms import read_number

CONFIRMATIONS = Limit("confirmations", 60, timedelta(hours=1))  # of an account


def confirm(line: str, account: Account) -> bool:
    """Record that a line of the finder was right: the id of a contact detail or the owner of a
    school's number, and behind a blank the code of the school where the person was called about;
    False where there is no such line any more. Raises TooMany."""
    key, _, school = line.partition(" ")
    rows: list[Any]
    person = None
    if key.startswith("s"):
        rows = list(School.select().where(School.code == key[1:]))
    else:
        number = (ContactDetail.id == read_number(key)) & valid_on(ContactDetail, clock.today())
        rows = list(ContactDetail.select().where(number))
        person = rows[0].person_id if rows else None
    if rows and isinstance(rows[0], ContactDetail) and rows[0].contact_point:
        rows.append(rows[0].contact_point)
    if person and school:
        rows += list_posts(person, school)
    if not rows:
        return False
    is_own = person is not None and person == account.person_id
    with db.atomic():
        if not throttle.attempt(CONFIRMATIONS, str(account.id)):
            raise TooMany
        record_check(rows, CheckedBy.SELF if is_own else CheckedBy.CALL, account.id)
    return True
