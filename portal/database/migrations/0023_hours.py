"""The hours of a person, and the way in which they are reached best."""


def up(migrator, db):
    for column in ("hours", "reached_by"):
        db.execute_sql(f'ALTER TABLE "person" ADD COLUMN "{column}" VARCHAR(255) NOT NULL DEFAULT \'\'')
