"""The roles of accounts, and how long a session of each role lasts."""

from datetime import timedelta

from portal.labelled_enum import LabelledEnum


class AccountRole(LabelledEnum):
    """The role of an account, from the fewest rights to the most."""

    READER = "reader", "lezer"
    MEMBER = "member", "kernteamlid"
    EDITOR = "editor", "organisatiebeheerder"
    COORDINATOR = "coordinator", "coördinator"
    ADMINISTRATOR = "administrator", "beheerder"

    @property
    def idle_timeout(self) -> timedelta:
        """The time without a request after which a session ends."""
        return timedelta(minutes=30) if self in COORDINATOR_ROLES else timedelta(hours=8)


COORDINATOR_ROLES = frozenset({AccountRole.COORDINATOR, AccountRole.ADMINISTRATOR})
SESSION_LIFETIME = timedelta(hours=12)  # for every role, however often the session is used
