"""The roles of accounts, and which of them each may grant."""

from portal.labelled_enum import LabelledEnum


class AccountRole(LabelledEnum):
    """The role of an account, from the fewest rights to the most."""

    READER = "reader", "lezer"
    MEMBER = "member", "kernteamlid"
    EDITOR = "editor", "organisatiebeheerder"
    COORDINATOR = "coordinator", "coördinator"
    ADMINISTRATOR = "administrator", "beheerder"


COORDINATOR_ROLES = frozenset({AccountRole.COORDINATOR, AccountRole.ADMINISTRATOR})


def grantable_roles(granter: AccountRole) -> list[AccountRole]:
    """The roles that this role may grant: an administrator all, a coordinator those below."""
    is_administrator = granter is AccountRole.ADMINISTRATOR
    return [role for role in AccountRole if is_administrator or role not in COORDINATOR_ROLES]
