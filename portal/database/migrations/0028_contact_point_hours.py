"""The hours in which a contact point can be reached."""


def up(migrator, db):
    # The migrator would make the table anew, without the triggers that renew the version.
    db.execute_sql('ALTER TABLE "contact_point" ADD COLUMN "hours" VARCHAR(255) NOT NULL DEFAULT \'\'')
