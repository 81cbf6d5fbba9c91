"""The address that an account got from a move of its person, beside its own."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "account" ADD COLUMN "moved_to" VARCHAR(255) NOT NULL DEFAULT \'\'')
