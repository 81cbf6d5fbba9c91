"""The hours and the place of a session, and who takes part."""


def up(migrator, db):
    db.execute_sql(
        'CREATE TABLE "planned_session" ("step_id" INTEGER NOT NULL PRIMARY KEY, '
        '"begins_at" BIGINT NOT NULL, "ends_at" BIGINT NOT NULL, "place" VARCHAR(255) NOT NULL, '
        '"leader" VARCHAR(255) NOT NULL, "invitees" TEXT NOT NULL, FOREIGN KEY ("step_id") '
        'REFERENCES "request_step" ("id") ON DELETE CASCADE)'
    )
