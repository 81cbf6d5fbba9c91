"""A notice may have several change sets: its own, and one per completion."""


def up(migrator, db):
    db.execute_sql('DROP INDEX "change_set_kind_ref"')
    db.execute_sql('CREATE INDEX "change_set_kind_ref" ON "change_set" ("kind", "ref")')
