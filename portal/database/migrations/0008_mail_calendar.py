"""A mail can carry an appointment."""

from peewee import TextField


def up(migrator, db):
    migrator.migrate(migrator.add_column("outgoing_mail", "calendar", TextField(default="")))
