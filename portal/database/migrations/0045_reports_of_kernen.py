"""A report about a post at a kern."""


def up(migrator, db):
    db.execute_sql(
        'ALTER TABLE "report" ADD COLUMN "kern_id" VARCHAR(255) REFERENCES "kern" ("code") ON DELETE CASCADE'
    )
    db.execute_sql('CREATE INDEX "report_kern_id" ON "report" ("kern_id")')
