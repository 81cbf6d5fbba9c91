"""A secret of each question of a round, which its link and mails name: no id, and no day."""

from secrets import token_urlsafe

from peewee import Table


def up(migrator, db):
    db.execute_sql('ALTER TABLE "confirmation" ADD COLUMN "secret" VARCHAR(255) NOT NULL DEFAULT \'\'')
    rows = Table("confirmation", ("id", "secret")).bind(db)
    for (number,) in list(rows.select(rows.id).tuples()):
        rows.update(secret=token_urlsafe()).where(rows.id == number).execute()
    db.execute_sql('CREATE UNIQUE INDEX "confirmation_secret" ON "confirmation" ("secret")')
