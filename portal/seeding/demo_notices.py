"""Loads the demo's notices (`demo/notices.toml`), published like any notice, without mail."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal import phones
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.directory.models import Assignment, ContactDetail, DetailKind, Organisation, Person, Role
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice, NoticeEvent, Recipient
from portal.notices.permissions_and_confirmation import get_author
from portal.notices.publishing import preview, publish
from portal.region import Region
from portal.seeding.seed_files import read_toml
from portal.seeding.table_sync import Difference


def load_notices(region: Region, day: date) -> Difference:
    """Publish the missing notices of the demo. Their dates are offsets from `day` (Amsterdam)."""
    seeds = read_toml(region.folder / "demo" / "notices.toml")["notices"]
    added = 0
    for number, row in enumerate(seeds):
        # The key of a notice begins with the account of its author.
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
    notice = publish(author, draft, key, preview(author, draft).row_versions, site=None)
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
        kind=NoticeKind(row["kind"]),
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
            if row["kind"] == NoticeKind.DETAILS
            else {}
        ),
    )


def _holder(role: str, number: int) -> int:
    """The id of the n-th holder of a role; the first is 1."""
    query = Assignment.select(Assignment.person).join(Role).where(Role.key == role).distinct()
    people = sorted(row.person_id for row in query)
    return int(people[number - 1])
