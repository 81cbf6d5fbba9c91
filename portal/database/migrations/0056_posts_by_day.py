"""Indexes for the posts of a school that begin or end after a day."""


def up(migrator, db):
    for column in ("valid_from", "valid_until"):
        db.execute_sql(f"CREATE INDEX assignment_school_id_{column} ON assignment (school_id, {column})")
