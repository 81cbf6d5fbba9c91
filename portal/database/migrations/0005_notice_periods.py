"""An index with which the board finds the notices that are not archived."""


def up(migrator, db):
    migrator.migrate(migrator.add_index("notice", ("valid_until", "kind")))
