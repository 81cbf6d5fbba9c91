"""Clears by itself: people without a post, their old numbers, accounts that ended, and visits."""

from contextlib import suppress
from datetime import datetime

from portal import clock
from portal.accounts import second_factors
from portal.accounts.forgetting import forget_without_scrubbing, scrub
from portal.accounts.models import ACCOUNTS_LOCK, Account
from portal.database import db, fetch_tuples, lock
from portal.database.validity import current_or_future
from portal.directory.change_sets import Change, ChangeSet, RuleViolation
from portal.directory.models import Assignment, ContactDetail, Employment, Person


def forget_departed(before: datetime) -> int:
    """Forget the people who were added, and have had no post since, before an aware moment, and
    have no account and no other work; gives their number."""
    day, today = clock.day_of(before), clock.today()
    later = Assignment.valid_until.is_null() | (Assignment.valid_until > day)
    posted = Assignment.select(Assignment.person).where(later)
    # The trail is kept for longer than that: who is not in it was added before.
    added = Change.select(Change.person).join(ChangeSet)
    added = added.where((Change.table == "person") & Change.before.is_null() & (ChangeSet.at >= before))
    has_access = Account.active_until.is_null() | (Account.active_until > today)
    active = Account.select(Account.person).where(has_access & Account.person.is_null(False))
    employed = Employment.select(Employment.person).where(current_or_future(Employment, today))
    kept = (posted, added, active, employed)
    departed = Person.select(Person.id).where(*(Person.id.not_in(people) for people in kept))
    count = 0
    for (person,) in fetch_tuples(departed):
        with suppress(RuleViolation):  # the next clearing tries it again
            forget_without_scrubbing(person, None, "Werkt hier niet meer.")
            count += 1
    if count:
        scrub()
    return count


def clear_ended_details(before: datetime) -> int:
    """Delete the numbers and addresses of people that ended before an aware moment; gives how many.
    An address with which an account still signs in stays, until the account follows."""
    ended = ContactDetail.person.is_null(False) & (ContactDetail.valid_until < clock.day_of(before))
    emails = {account.address for account in Account.select()}
    details = ContactDetail.select(ContactDetail.id, ContactDetail.value).where(ended)
    old = [number for number, value in fetch_tuples(details) if value.lower() not in emails]
    return int(ContactDetail.delete().where(ContactDetail.id.in_(old)).execute())


def clear_visits(before: datetime) -> int:
    """Clear the visits of before an aware moment; gives their number."""
    day = clock.day_of(before)
    return sum(
        int(Account.update({visit: None}).where(visit < day).execute())
        for visit in (Account.visited_on, Account.visited_before_on)
    )


def clear_ended(before: datetime) -> int:
    """Delete the accounts of nobody in the directory that ended before an aware moment; gives their
    number. The account of a person goes when that person is forgotten, its second factors now."""
    ended = Account.active_until < clock.day_of(before)
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        for account in Account.select().where(ended):
            second_factors.clear(account)
        return int(Account.delete().where(Account.person.is_null() & ended).execute())
