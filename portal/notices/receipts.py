"""Read receipts: who has seen a notice, and who has not."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from peewee import JOIN, fn

from portal import clock
from portal.database import fetch_tuples
from portal.directory.models import Kern, Person, School
from portal.mail.models import DeliveryState
from portal.mail.outbox import list_states
from portal.notices.models import Notice, Recipient, RecipientSchool
from portal.person_names import full_name


class Receipt(NamedTuple):
    id: int  # of the recipient
    name: str
    email: str
    seen_at: datetime | None


class SchoolReceipts(NamedTuple):
    """The receipts of one kernteam."""

    school: str  # the name
    slug: str
    seen: int
    total: int
    missing: list[str]  # names


class Receipts(NamedTuple):
    schools: list[SchoolReceipts]
    people: dict[int, Receipt]  # by id
    seen: int  # people
    to_call: list[str]  # names of the recipients without a mail address
    failed: list[str]  # names of the recipients whose mail was given up


def get_receipts(notice: int) -> Receipts:
    """The receipts of a notice, per kernteam and together."""
    query = (
        Recipient.select(
            fn.COALESCE(School.sort_key, Kern.sort_key),
            fn.COALESCE(School.name, Kern.name),
            fn.COALESCE(School.slug, Kern.code),
            Recipient.person, Person.given_name, Person.infix, Person.family_name,
            Recipient.id, Recipient.email, Recipient.seen_at,
        )
        .join(Person)
        .join_from(Recipient, RecipientSchool, JOIN.LEFT_OUTER)
        .left_outer_join(School)
        .join_from(RecipientSchool, Kern, JOIN.LEFT_OUTER)
        .where(Recipient.notice == notice)
        .order_by(Person.sort_key, Person.id)
    )  # fmt: skip
    people: dict[int, Receipt] = {}
    schools: dict[tuple[str, str, str], list[Receipt]] = defaultdict(list)
    for *school, person, given_name, infix, family_name, id, email, seen_at in fetch_tuples(query):
        name = full_name(given_name, infix, family_name)
        people[person] = Receipt(id, name, email, seen_at)
        if school[0] is not None:
            schools[tuple(school)].append(people[person])
    states = {mail.key: mail.state for mail in list_states(f"notice:{notice}:")}
    lost = (DeliveryState.FAILED, DeliveryState.BOUNCED)
    return Receipts(
        schools=[
            SchoolReceipts(name, slug, _count_seen(team), len(team), [one.name for one in team if not one.seen_at])
            for (_, name, slug), team in sorted(schools.items())
        ],
        people=people,
        seen=_count_seen(people.values()),
        to_call=[one.name for one in people.values() if not one.email],
        failed=[one.name for one in people.values() if states.get(f"notice:{notice}:{one.id}") in lost],
    )


def _count_seen(receipts: Iterable[Receipt]) -> int:
    return sum(one.seen_at is not None for one in receipts)


def find_recipient(recipient: int) -> Recipient | None:
    return Recipient.get_or_none(Recipient.id == recipient)


def find_receipt(notice: int, person: int | None) -> Recipient | None:
    """The recipient of a notice that this person is."""
    is_theirs = (Recipient.notice == notice) & (Recipient.person == person)
    return Recipient.get_or_none(is_theirs) if person else None


def mark_seen(recipient: Recipient) -> None:
    """Record that a recipient saw the notice; the first time counts."""
    Recipient.update(seen_at=clock.now()).where((Recipient.id == recipient.id) & Recipient.seen_at.is_null()).execute()


def mark_unseen(notice: Notice, people: Iterable[int] | None = None) -> None:
    """Forget that the recipients of a notice saw it, or those of them who are these people (ids): it changed."""
    whose = Recipient.notice == notice
    if people is not None:
        whose &= Recipient.person.in_(list(people))
    Recipient.update(seen_at=None).where(whose).execute()
