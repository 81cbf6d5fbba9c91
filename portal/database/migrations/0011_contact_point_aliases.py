"""Other names of a contact point, by which a search finds it."""


def up(migrator, db):
    # The migrator would make the table anew, without the triggers that renew the version.
    db.execute_sql('ALTER TABLE "contact_point" ADD COLUMN "aliases" TEXT NOT NULL DEFAULT \'\'')
