"""After how many months the number of who holds a role is to be looked up again."""


def up(migrator, db):
    # The migrator would make the table anew, without the triggers that renew the version.
    db.execute_sql('ALTER TABLE "role" ADD COLUMN "check_months" INTEGER NOT NULL DEFAULT 6')
