"""Whether the organisation to which a person moves must still confirm that."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "employment" ADD COLUMN "is_pending" BOOLEAN NOT NULL DEFAULT FALSE')
