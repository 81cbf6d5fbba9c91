"""A row says that nobody confirmed it: pages are made anew when a question goes up."""

from portal.database import current_engine


def up(migrator, db):
    current_engine().renew_on_change("directory_version", ["confirmation"])
