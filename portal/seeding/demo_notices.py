"""A few notices for the demo, from `seeds/demo/notices.toml`: posted as people do, without mail."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from portal import phones
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.directory.models import (
    Assignment,
    ContactDetail,
    DetailKind,
    Organisation,
    Person,
    Role,
)
from portal.notices import kinds
from portal.notices.choices import get_author
from portal.notices.drafts import Draft
from portal.notices.models import Notice, NoticeEvent, Recipient
from portal.notices.publishing import preview, publish
from portal.seeding.table_sync import Difference


def load_notices(folder: Path, day: date) -> Difference:
    """Post the demo's notices, as if it were the day `day`, where they are not there yet."""
    seeds = tomllib.loads((folder / "demo" / "notices.toml").read_text("utf-8"))["notices"]
    added = 0
    for number, row in enumerate(seeds):
        # A key begins with the account that posted.
        if not Notice.select().where(Notice.key.endswith(f":demo {number}")).exists():
            _post(f"demo {number}", row, day)
            added += 1
    return Difference("meldingen", added, 0, 0)


def _post(key: str, row: dict[str, Any], day: date) -> None:
    author = get_author(Account.get(Account.role == AccountRole.COORDINATOR))
    draft = _draft(row, day)
    person = Person.get_or_none(Person.id == draft.person)
    if person:
        author = author._replace(name=person.name)
    notice = publish(author, draft, key, preview(author, draft).seen, links=None)
    at = datetime.combine(day + timedelta(days=row["posted"]), time(8, 30), UTC)
    Notice.update(published_at=at).where(Notice.id == notice).execute()
    NoticeEvent.update(at=at).where(NoticeEvent.notice == notice).execute()
    Recipient.update(seen_at=at + timedelta(hours=3)).where(
        Recipient.id.in_(
            Recipient.select(Recipient.id)
            .where(Recipient.notice == notice)
            .order_by(Recipient.id.desc())
            .limit(row["seen"])
        )
    ).execute()


def _draft(row: dict[str, Any], day: date) -> Draft:
    person = _holder(row["role"], row["holder"]) if "role" in row else None
    organisation = Organisation.get_or_none(Organisation.key == row.get("organisation"))
    return Draft(
        kind=row["kind"],
        text=row["text"],
        valid_from=day - timedelta(days=day.weekday()) + timedelta(weeks=row["week"]),
        person=person,
        organisation=organisation.id if organisation else None,
        successor=str(_holder(row["role"], row["successor"])) if "successor" in row else "",
        details=(
            {
                ContactDetail.get(
                    (ContactDetail.person == person) & (ContactDetail.kind == DetailKind.PHONE)
                ).id: phones.normalise(row["phone"])
            }
            if row["kind"] == kinds.DETAILS
            else {}
        ),
    )


def _holder(role: str, number: int) -> int:
    """The how-manieth person who holds a role."""
    query = Assignment.select(Assignment.person).join(Role).where(Role.key == role).distinct()
    people = sorted(row.person_id for row in query)
    return int(people[number - 1])
