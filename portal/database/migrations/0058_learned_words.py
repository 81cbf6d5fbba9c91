"""Whether the finder learned a word of a file is not asked any more."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "remembered_word" DROP COLUMN "is_alias"')
