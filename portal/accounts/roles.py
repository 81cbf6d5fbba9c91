"""The roles of accounts."""

from portal.labelled_enum import LabelledEnum


class AccountRole(LabelledEnum):
    """The role of an account, from the fewest rights to the most."""

    READER = "reader", "lezer"
    MEMBER = "member", "kernteamlid"
    EDITOR = "editor", "organisatiebeheerder"
    COORDINATOR = "coordinator", "coördinator"
    ADMINISTRATOR = "administrator", "beheerder"


COORDINATOR_ROLES = frozenset({AccountRole.COORDINATOR, AccountRole.ADMINISTRATOR})
