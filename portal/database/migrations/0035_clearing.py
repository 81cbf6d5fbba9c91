"""The trail may go after 24 months, and words of files know when they were used."""

from portal.database import current_engine

_KEPT = 729 * 24 * 3600 * 1_000_000  # microseconds: a day less than 24 months, for zones of time


def up(migrator, db):
    engine, since = current_engine(), f"{{now}} - {_KEPT}"
    engine.let_old_go("audit_entry", f"old.at > {since}")
    engine.let_old_go("change_set", f"old.at > {since}", ["ref", "author", "at"])
    of_change = "(SELECT at FROM change_set WHERE id = old.change_set_id)"
    engine.let_old_go("change", f"{of_change} > {since}", ["change_set_id", "row_version"])
    db.execute_sql("ALTER TABLE remembered_word ADD COLUMN used_on DATE NOT NULL DEFAULT '2026-11-27'")
