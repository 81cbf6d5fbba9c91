"""No earlier text of a notice is not an empty one; another last day is a kind of its own."""


def up(migrator, db):
    for sql in (
        'ALTER TABLE "notice_event" RENAME COLUMN "old_text" TO "stored"',
        'ALTER TABLE "notice_event" ADD COLUMN "old_text" TEXT',
        'UPDATE "notice_event" SET "old_text" = NULLIF("stored", \'\')',
        'ALTER TABLE "notice_event" DROP COLUMN "stored"',
        """UPDATE "change_set" SET "kind" = 'last day'
        WHERE "kind" = 'completion' AND "reason" <> \'\'""",
    ):
        db.execute_sql(sql)
