"""Change sets with their own table, settings, and a version of every row of the directory.

The changes of a notice become those of its change set.
"""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from peewee import BigIntegerField, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, Model, TextField

from portal.database import current_engine

VERSIONED = (
    "municipality",
    "place",
    "postcode",
    "organisation",
    "sector",
    "school",
    "role",
    "role_in_sector",
    "contact_point",
    "responsibility",
    "holiday",
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class ChangeSet(Table):
        kind = CharField()
        ref = IntegerField(null=True)
        author = IntegerField(null=True, index=True)
        at = BigIntegerField(index=True)
        reason = TextField(default="")
        effective_on = DateField(null=True)
        state = CharField(default="applied")

        class Meta:
            indexes = ((("kind", "ref"), True),)

    class Change(Table):
        change_set = ForeignKeyField(ChangeSet)
        table = CharField()
        row = CharField()
        before = TextField(null=True)
        after = TextField(null=True)
        row_version = IntegerField()
        undone = BooleanField(default=False)
        erased = BooleanField(default=False)
        person = IntegerField(null=True, index=True)
        school = CharField(null=True, index=True)
        organisation = IntegerField(null=True, index=True)

        class Meta:
            indexes = ((("table", "row"), False),)

    class Setting(Table):
        key = CharField(primary_key=True)
        value = CharField()
        row_version = IntegerField(default=1)

    db.create_tables([ChangeSet, Change, Setting])
    for table in VERSIONED:
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN row_version INTEGER NOT NULL DEFAULT 1")
    change_sets = _carry_notices(db, ChangeSet)
    _carry_changes(db, Change, change_sets)
    db.execute_sql("DROP TABLE change_record")
    db.execute_sql("CREATE INDEX audit_entry_actor ON audit_entry (actor)")
    current_engine().renew_on_change("directory_version", ["setting"])
    current_engine().make_append_only("change_set", ["ref", "author", "at"])
    current_engine().make_append_only("change", ["change_set_id", "row_version"])


def _carry_notices(db, ChangeSet):
    """A change set for each notice; gives their ids by the id of the notice."""
    columns = "id, account_id, published_at, valid_from, withdrawn_at"
    change_sets = {}
    for notice, account, at, day, withdrawn_at in db.execute_sql(
        f"SELECT {columns} FROM notice ORDER BY id"  # noqa: S608 - no value of a user
    ).fetchall():
        state = "applied"
        if withdrawn_at is not None:
            moment = datetime.fromtimestamp(withdrawn_at / 1_000_000, UTC)
            withdrawn_on = str(moment.astimezone(ZoneInfo("Europe/Amsterdam")).date())
            state = "undone" if withdrawn_on < str(day) else "ended"
        change_sets[notice] = ChangeSet.insert(
            kind="notice", ref=notice, author=account, at=at, effective_on=day, state=state
        ).execute()
    return change_sets


def _carry_changes(db, Change, change_sets):
    columns = 'id, notice, "table", "row", "before", "after", row_version, undone'
    changes = db.execute_sql(
        f"SELECT {columns} FROM change_record ORDER BY id"  # noqa: S608 - no value of a user
    ).fetchall()
    about = {}  # per row whom and what it is about, where one of its changes says so
    for _, _, table, row, before, after, *_ in changes:
        values = {**json.loads(before or "{}"), **json.loads(after or "{}")}
        known = about.setdefault((table, row), _find_about(db, table, row))
        known.update({n: values[n] for n in ("person", "school", "organisation") if n in values})
        if table == "person":
            known["person"] = row
    for number, notice, table, row, before, after, row_version, undone in changes:
        if notice in change_sets:
            Change.insert(
                id=number,
                change_set=change_sets[notice],
                table=table,
                row=str(row),
                before=before,
                after=after,
                row_version=row_version,
                undone=undone,
                **about[table, row],
            ).execute()


def _find_about(db, table, row):
    """The person, school and organisation of a row that still exists."""
    columns = [column.name for column in db.get_columns(table)]
    known = [n for n in ("person", "school", "organisation") if f"{n}_id" in columns]
    if not known:
        return {}
    found = db.execute_sql(
        f"SELECT {', '.join(f'{n}_id' for n in known)} FROM {table} "  # noqa: S608 - ours
        f"WHERE id = {int(row)}"
    ).fetchone()
    return dict(zip(known, found, strict=True)) if found else {}
