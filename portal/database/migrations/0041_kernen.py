"""Kernen: groups of schools with people of their own. A post is at a school or at a kern."""

from peewee import CharField, DateField, ForeignKeyField, IntegerField, Model

from portal.database import current_engine

ON_DELETE = {
    "assignment": "RESTRICT",
    "vacancy": "RESTRICT",
    "notice_school": "CASCADE",
    "notice_line": "CASCADE",
    "recipient_school": "CASCADE",
}


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class School(Table):
        code = CharField(primary_key=True)

    class Kern(Table):
        code = CharField(primary_key=True)
        name = CharField(unique=True)
        sort_key = CharField()
        row_version = IntegerField()

    class KernMembership(Table):
        kern = ForeignKeyField(Kern, on_delete="RESTRICT")
        school = ForeignKeyField(School, on_delete="RESTRICT")
        valid_from = DateField()
        valid_until = DateField(null=True)
        row_version = IntegerField()
        source = CharField()
        checked_on = DateField()
        checked_by = CharField()

        class Meta:
            indexes = ((("school", "valid_from"), True),)

    db.create_tables([Kern, KernMembership])
    engine = current_engine()
    engine.renew_on_change("directory_version", ["kern", "kern_membership"])
    for table, on_delete in ON_DELETE.items():
        engine.allow_null(table, "school_id")
        db.execute_sql(
            f'ALTER TABLE "{table}" ADD COLUMN "kern_id" VARCHAR(255) REFERENCES "kern" ("code") ON DELETE {on_delete}'
        )
        db.execute_sql(f'CREATE INDEX "{table}_kern_id" ON "{table}" ("kern_id")')
        engine.add_check(table, "(school_id IS NULL) <> (kern_id IS NULL)")
    for table, owner in (("notice_school", "notice"), ("recipient_school", "recipient")):
        db.execute_sql(f'CREATE UNIQUE INDEX "{table}_{owner}_id_kern_id" ON "{table}" ("{owner}_id", "kern_id")')
    db.execute_sql('ALTER TABLE "vacancy" ADD COLUMN "known_on" DATE')
    db.execute_sql('ALTER TABLE "role" ADD COLUMN "of_kern" BOOLEAN NOT NULL DEFAULT FALSE')
