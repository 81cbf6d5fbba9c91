"""Loads the demo's requests (`demo/requests.toml`), each with its history and without mail."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.clock import AMSTERDAM
from portal.directory.models import School
from portal.directory.schools_and_kernen import get_calendar
from portal.keys import hash_secret
from portal.region import Region, RequestKind, current_region
from portal.requests.kinds import LEVEL_OF_SECTOR, Level, get_kind
from portal.requests.mailboxes import get_addresses, list_recipients
from portal.requests.models import Request, RequestDetails, RequestStep, Subject
from portal.requests.reference_numbers import make_reference
from portal.requests.session_hours_and_invitees import Session
from portal.requests.state_rules import CLOSED, State, StepKind
from portal.requests.step_writes import store_session
from portal.seeding.seed_files import read_toml
from portal.seeding.table_sync import Difference


def load_requests(region: Region, day: date) -> Difference:
    """Add the missing requests of the demo. Their dates are offsets from `day` (Amsterdam)."""
    seeds = read_toml(region.folder / "demo" / "requests.toml")["requests"]
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
    kind, level = get_kind(row["kind"]), LEVEL_OF_SECTOR.get(school.sector_id, Level.PO)
    subject = Subject.get_or_none(Subject.key == row.get("subject"))
    requester = Account.get_or_none(Account.email == row["email"])
    last = row["steps"][-1] if row["steps"] else {"state": State.RECEIVED, "day": row["day"]}
    sessions = [step["session"] for step in row["steps"] if "session" in step]
    request = Request.create(
        reference=make_reference(current_region().reference_prefix, at(row["day"]).date()),
        form_hash=hash_secret(f"demo {number}"),
        kind=kind.key,
        subject=subject,
        school=school,
        level=level,
        state=last["state"],
        planned_on=_school_day(day, sessions[-1]) if sessions else None,
        account=requester,
        created_at=at(row["day"]),
        received_at=at(row["day"]),
        unread_since=at(row["day"]) if last["state"] == State.RECEIVED else None,
        owner=coordinator if row["steps"] else None,
        closed_at=at(last["day"]) if last["state"] in CLOSED else None,
    )
    RequestDetails.create(
        request=request,
        name=row["name"],
        email=row["email"],
        answers=json.dumps(_answers(row, kind, school, level, subject), ensure_ascii=False),
        recipients="; ".join(list_recipients(kind, level, current_region().mailboxes, get_addresses())),
    )
    RequestStep.create(request=request, kind=StepKind.RECEIVED, taken_at=at(row["day"]))
    for step in row["steps"]:
        taken = RequestStep.create(
            request=request,
            kind=step["state"],
            taken_at=at(step["day"]),
            actor=coordinator,
            planned_on=_school_day(day, step["session"]) if "session" in step else None,
            text=step.get("text", ""),
        )
        if "session" in step:
            store_session(taken, _session(day, step))


def _school_day(day: date, days: int) -> date:
    return get_calendar().last_working_day(day + timedelta(days=days))


def _session(day: date, step: dict[str, Any]) -> Session:
    held_on = _school_day(day, step["session"])
    begins_at, ends_at = (datetime.combine(held_on, time.fromisoformat(hour), AMSTERDAM) for hour in step["hours"])
    return Session(begins_at, ends_at, step["place"], step["leader"], ())


def _answers(
    row: dict[str, Any], kind: RequestKind, school: School, level: Level, subject: Subject | None
) -> list[tuple[str, str]]:
    return [
        ("Soort aanvraag", kind.title),
        *([("Onderwerp", subject.name)] if subject else []),
        ("School", school.name),
        ("Voor", level.label),
        *((question, answer) for question, answer in row["asked"]),
        ("Naam", row["name"]),
        ("E-mailadres", row["email"]),
    ]
