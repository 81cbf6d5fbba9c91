"""The first day on which a contact point answers nowhere."""


def up(migrator, db):
    # The migrator would make the table anew, without the triggers that renew the version.
    db.execute_sql('ALTER TABLE "contact_point" ADD COLUMN "closed_on" DATE')
