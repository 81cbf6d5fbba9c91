"""Rows that came out of a file and that nobody checked yet."""

from portal.database import current_engine


def up(migrator, db):
    for table in ("assignment", "absence", "vacancy", "contact_detail"):
        current_engine().allow_null(table, "checked_on")
