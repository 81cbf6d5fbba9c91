"""The days of the last two visits of an account."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "account" ADD COLUMN "visited_on" DATE')
    db.execute_sql('ALTER TABLE "account" ADD COLUMN "visited_before_on" DATE')
