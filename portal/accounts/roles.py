"""The roles of accounts, and how long each may stay signed in."""

from datetime import timedelta
from typing import NamedTuple

READER = "reader"
MEMBER = "member"
EDITOR = "editor"
COORDINATOR = "coordinator"
ADMINISTRATOR = "administrator"


class AccountRole(NamedTuple):
    """What a role is called, and after how long its session ends."""

    label: str
    idle: timedelta
    absolute: timedelta


_DAY = timedelta(hours=12)
ROLES = {
    READER: AccountRole("lezer", timedelta(hours=8), _DAY),
    MEMBER: AccountRole("kernteamlid", timedelta(hours=8), _DAY),
    EDITOR: AccountRole("organisatiebeheerder", timedelta(hours=8), _DAY),
    COORDINATOR: AccountRole("coördinator", timedelta(minutes=30), _DAY),
    ADMINISTRATOR: AccountRole("beheerder", timedelta(minutes=30), _DAY),
}
EVERYBODY = frozenset(ROLES)
COORDINATOR_ROLES = frozenset({COORDINATOR, ADMINISTRATOR})  # who look after the portal
