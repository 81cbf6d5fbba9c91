"""A few requests for the demo, from `seeds/demo/requests.toml`, with a history and without mail."""

import json
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.directory.models import School
from portal.keys import hash_secret
from portal.requests.catalogue import get_mailboxes
from portal.requests.kinds import KINDS_BY_KEY, LEVEL_NAMES
from portal.requests.models import Request, RequestDetails, RequestStep, Subject
from portal.requests.rules import CLOSED, RECEIVED, make_reference, recipients
from portal.seeding.table_sync import Difference


def load_requests(folder: Path, day: date) -> Difference:
    """Add the demo's requests, as if it were the day `day`, where they are not there yet."""
    seeds = tomllib.loads((folder / "demo" / "requests.toml").read_text("utf-8"))["requests"]
    coordinator = Account.get(Account.role == AccountRole.COORDINATOR)
    added = 0
    for number, row in enumerate(seeds):
        if not Request.select().where(Request.form_hash == hash_secret(f"demo {number}")).exists():
            _add(number, row, day, coordinator)
            added += 1
    return Difference("aanvragen", added, 0, 0)


def _add(number: int, row: dict[str, Any], day: date, coordinator: Account) -> None:
    def at(days: int) -> datetime:
        return datetime.combine(day + timedelta(days=days), time(9), UTC)

    school = School.get_by_id(row["school"])
    level = school.sector_id
    subject = Subject.get_or_none(Subject.key == row.get("subject"))
    asker = Account.get_or_none(Account.email == row["email"])
    last = row["steps"][-1] if row["steps"] else {"state": RECEIVED, "day": row["day"]}
    sessions = [step["session"] for step in row["steps"] if "session" in step]
    request = Request.create(
        reference=make_reference(at(row["day"]).date()),
        form_hash=hash_secret(f"demo {number}"),
        kind=row["kind"],
        subject=subject,
        school=school,
        level=level,
        state=last["state"],
        planned_on=day + timedelta(days=sessions[-1]) if sessions else None,
        account=asker,
        created_at=at(row["day"]),
        received_at=at(row["day"]),
        closed_at=at(last["day"]) if last["state"] in CLOSED else None,
    )
    RequestDetails.create(
        request=request,
        name=row["name"],
        email=row["email"],
        answers=json.dumps(_answers(row, school, level, subject), ensure_ascii=False),
        recipients="; ".join(recipients(row["kind"], level, get_mailboxes())),
    )
    RequestStep.create(request=request, what=RECEIVED, at=at(row["day"]))
    for step in row["steps"]:
        RequestStep.create(
            request=request,
            what=step["state"],
            at=at(step["day"]),
            by=coordinator,
            planned_on=day + timedelta(days=step["session"]) if "session" in step else None,
            text=step.get("text", ""),
        )


def _answers(
    row: dict[str, Any], school: School, level: str, subject: Subject | None
) -> list[tuple[str, str]]:
    told = [
        ("Soort aanvraag", KINDS_BY_KEY[row["kind"]].title),
        *([("Onderwerp", subject.name)] if subject else []),
        ("School", school.name),
        ("Voor", LEVEL_NAMES[level]),
        *((label, text) for label, text in row["asked"]),
        ("Naam", row["name"]),
        ("E-mailadres", row["email"]),
    ]
    return [(label, text) for label, text in told]
