"""The last run of a job that did something: a job that runs and does nothing is dead too."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "job_run" ADD COLUMN "last_done_at" BIGINT')
