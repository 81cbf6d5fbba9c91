"""Refuses the demo in a database that people use."""

from portal.accounts.models import Account, ListedDomain, SetUpLink
from portal.audit import AuditEntry
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Person
from portal.mail.models import OutgoingMail
from portal.notices.models import Notice
from portal.requests.models import Request
from portal.seeding.seed_files import SeedError

# A row in one of these, or a used set-up link, shows that people use the database.
_IN_USE = (Account, ListedDomain, Person, ChangeSet, Notice, Request, OutgoingMail, AuditEntry)


def refuse_database_in_use() -> None:
    """Raise SeedError where people use this database."""
    if SetUpLink.select().where(SetUpLink.used_at.is_null(False)).exists() or any(
        model.select().exists() for model in _IN_USE
    ):
        raise SeedError(
            "Deze database is al in gebruik. Met de demo erin zou iedereen beheerder kunnen "
            "worden. Kies een andere database, met DATABASE_URL."
        )
