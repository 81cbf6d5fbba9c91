"""Answers for a data leak: what was downloaded, who signed in, and what an account opened. Made of the trail, the
accounts, the sessions and the log of this machine; the pages say what none of these keeps."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from peewee import fn

from portal import clock
from portal.accounts.models import Account, SignInSession
from portal.admin import trail
from portal.config import current_config
from portal.data_register import Mark, list_columns
from portal.database import fetch_tuples
from portal.directory.models import Person
from portal.retention_periods import ALL
from portal.text import fold
from portal.web.logs import count_pages

USUAL = timedelta(days=30)  # looked at before today, unless a first day is chosen
MOST = 10_000


class Asked(NamedTuple):
    """The period (Amsterdam days, with the last one) and the account (id) that are asked about."""

    since: date
    until: date
    account: int | None


class SignIn(NamedTuple):
    """An account that signed in, the days, and its sessions: begin, last request, browser."""

    account: Account
    days: list[date]
    sessions: list[tuple[datetime, datetime, str]]


def list_downloads(asked: Asked) -> list[trail.TrailEntry]:
    """The lists that were downloaded, the newest first."""
    filters = trail.Filters(trail.DOWNLOAD, asked.account, asked.since, asked.until)
    return trail.list_trail(filters, MOST)


def list_sign_ins(asked: Asked) -> list[SignIn]:
    """The accounts that signed in, by name. Of each its last two days are known, and its sessions
    of the last hours; two statements."""
    sessions: dict[int, list[tuple[datetime, datetime, str]]] = {}
    for row in SignInSession.select().order_by(SignInSession.created_at):
        if asked.since <= clock.day_of(row.created_at) <= asked.until:
            times = (row.created_at, row.seen_at, row.device)
            sessions.setdefault(row.account_id, []).append(times)
    query = Account.select().where(Account.visited_on >= asked.since)
    if asked.account:
        query = query.where(Account.id == asked.account)
    found = []
    for account in sorted(query, key=lambda account: fold(account.name)):
        visited = (account.visited_on, account.visited_before_on)
        days = [on for on in visited if on and asked.since <= on <= asked.until]
        if days:
            found.append(SignIn(account, days, sessions.get(account.id, [])))
    return found


def list_opened(asked: Asked) -> list[tuple[str, int]]:
    """How often the account opened each kind of page, by the log of this machine: addresses with
    "…" for what differs. Empty without an account, and where the log is not in a folder."""
    folder = current_config().logs
    if not (folder and asked.account):
        return []
    counts = count_pages(folder, asked.since, asked.until, asked.account)
    return [(re.sub("<[^>]+>", "…", route), times) for route, times in counts.most_common()]


def list_kinds() -> list[str]:
    """The kinds of data that are about people, in Dutch."""
    personal = {column.kept for column in list_columns() if column.mark is Mark.PERSON}
    return [kept.what for kept in ALL if kept in personal]


def count_people() -> tuple[int, int]:
    """How many people the portal lists, and how many accounts there are."""
    ((people, accounts),) = fetch_tuples(Person.select(fn.COUNT(Person.id), Account.select(fn.COUNT(Account.id))))
    return people, accounts
