"""No id is given again, also of a row that was removed before this migration."""

from peewee import Table

from portal.database import current_engine

_CHANGED = (
    "substitute", "absence", "assignment", "vacancy", "contact_detail", "employment", "person",
    "responsibility", "contact_point", "role_in_sector", "role", "organisation", "place", "holiday",
    "kern_membership",
)  # fmt: skip


def up(migrator, db):
    engine = current_engine()
    engine.finish_migration()  # SQLite knows no last ids before
    change, change_set, entry = (Table(name).bind(db) for name in ("change", "change_set", "audit_entry"))
    row = change.c.row.cast("INTEGER")
    used = [(table, change.select(row).where(change.c.table == table)) for table in _CHANGED] + [
        ("person", change_set.select(change_set.c.ref).where(change_set.c.kind == "erasure")),
        ("notice", change_set.select(change_set.c.ref)),
        ("account", change_set.select(change_set.c.author)),
        ("account", entry.select(entry.c.actor)),
    ]
    for table, ids in used:
        highest = max((number or 0 for (number,) in ids.tuples()), default=0)
        engine.set_last_id(table, max(highest, engine.last_ids().get(table, 0)))
