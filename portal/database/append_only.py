"""Tables of which the database refuses to change or delete a row, also by a mistake in our own code; one whose
old rows are cleared lets those go. Migrations name the tables."""

from collections.abc import Callable, Sequence
from typing import Any


class SqliteAppendOnly:
    """Triggers of SQLite, per row; see Engine.make_append_only."""

    db: Any

    def make_append_only(self, table: str, columns: Sequence[str] = ()) -> None:
        update = "UPDATE OF " + ", ".join(f'"{name}"' for name in columns) if columns else "UPDATE"
        for name, change in (("update", update), ("delete", "DELETE")):
            self.db.execute_sql(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )

    def let_old_go(self, table: str, is_young: str, columns: Sequence[str] = ()) -> None:
        young = is_young.format(now="(CAST(strftime('%s', 'now') AS INTEGER) * 1000000)")
        self.db.execute_sql(f"DROP TRIGGER {table}_no_delete")
        self.db.execute_sql(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {young} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


class PostgresAppendOnly:
    """Triggers of PostgreSQL, per statement; see Engine.make_append_only."""

    db: Any
    _run_on_change: Callable[..., None]
    _create_function: Callable[..., None]

    def make_append_only(self, table: str, columns: Sequence[str] = ()) -> None:
        of = " OF " + ", ".join(f'"{name}"' for name in columns) if columns else ""
        self._run_on_change(
            f"{table}_is_append_only",
            [table],
            f"BEFORE UPDATE{of} OR DELETE OR TRUNCATE",
            f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'",
        )

    def let_old_go(self, table: str, is_young: str, columns: Sequence[str] = ()) -> None:
        name, of = f"{table}_is_append_only", ", ".join(f'"{name}"' for name in columns)
        young = is_young.format(now="(extract(epoch FROM now()) * 1000000)")
        self.db.execute_sql(f'DROP TRIGGER {name} ON "{table}"')
        changes = f"BEFORE UPDATE{f' OF {of}' if of else ''} OR TRUNCATE"
        self.db.execute_sql(
            f'CREATE TRIGGER {name} {changes} ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION {name}()'
        )
        refuse = (
            f"IF {young} THEN RAISE EXCEPTION '{table} is append-only' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF"
        )
        self._create_function(f"{table}_keeps_young", refuse, "old")
        self.db.execute_sql(
            f'CREATE TRIGGER {table}_keeps_young BEFORE DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {table}_keeps_young()"
        )
