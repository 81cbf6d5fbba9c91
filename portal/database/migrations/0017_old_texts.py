"""The text of a notice before it was changed."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "notice_event" ADD COLUMN "old_text" TEXT NOT NULL DEFAULT \'\'')
