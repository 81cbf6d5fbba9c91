"""A new round ends what was unconfirmed in the one before: pages are made anew when it begins."""

from portal.database import current_engine


def up(migrator, db):
    current_engine().renew_on_change("directory_version", ["confirmation_round"])
