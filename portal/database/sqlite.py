"""SQLite: one file, one writer at a time."""

import fcntl
import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import SQL, SqliteDatabase, fn

from portal.database.append_only import SqliteAppendOnly
from portal.database.engine import Engine
from portal.database.noted_reads import NotingDatabase

# These codes say that the file, the disk or a lock is the trouble, and not the statement.
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
PRAGMAS: dict[str, int | str] = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "busy_timeout": 5000,  # milliseconds
    "synchronous": "full",
    "secure_delete": 1,  # overwrites deleted rows, which otherwise stay in a free page
}

# The words of search_document, and those of its names alone: otherwise a name is looked for among all addresses with
# the word. The text is folded: words of letters and digits with a space between two, which is how "ascii" reads it.
# Beginnings of up to 14 letters are indexed; for a longer one FTS5 first gathers every document that has it.
_SEARCHED = {"search_word": ("title", "names", "context"), "search_word_named": ("title", "names")}
_INDEX = (
    "DROP TABLE IF EXISTS {table}",
    "CREATE VIRTUAL TABLE {table} USING fts5 ({columns}, content='search_document', "
    "content_rowid='rank', tokenize='ascii', detail=none, "
    "prefix='1 2 3 4 5 6 7 8 9 10 11 12 13 14')",
    "INSERT INTO {table} ({table}) VALUES ('rebuild')",
)
_ADD = "INSERT INTO {table} (rowid, {columns}) VALUES (new.rank, {new})"
_REMOVE = "INSERT INTO {table} ({table}, rowid, {columns}) VALUES ('delete', old.rank, {old})"
# Each word with the number of its documents: FTS5 reads all documents of a word to tell it.
_COUNT = (
    "DROP TABLE IF EXISTS search_word_count",
    "CREATE TABLE search_word_count (word TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO search_word_count SELECT value, COUNT(DISTINCT rank) FROM search_document, {words} GROUP BY value",
)
_WORDS = (
    """json_each('["' || replace({row}title || ' ' || {row}names || ' ' || {row}context, """
    """' ', '","') || '"]') WHERE value <> ''"""
)
_COUNT_UP = (
    "INSERT INTO search_word_count SELECT DISTINCT value, 1 FROM {words} "
    "ON CONFLICT (word) DO UPDATE SET documents = documents + 1"
)
_COUNT_DOWN = (
    "UPDATE search_word_count SET documents = documents - 1 "
    "WHERE word IN (SELECT value FROM {words}); DELETE FROM search_word_count "
    "WHERE documents = 0 AND word IN (SELECT value FROM {words})"
)
_FIND_WORDS = """
SELECT * FROM (SELECT kind, ref, d.title, {part}, d.rank FROM search_document AS d
JOIN {table} ON d.rank = {table}.rowid
WHERE {table} MATCH ? AND {table}.rowid >= {first} AND {table}.rowid < {end}
ORDER BY {table}.rowid LIMIT {limit})"""

_PROBE = 64 * 1024  # bytes: the largest form
_KEY = '"id" INTEGER NOT NULL PRIMARY KEY'


class _Database(NotingDatabase, SqliteDatabase):
    """A connection per thread."""


class SqliteEngine(SqliteAppendOnly, Engine):
    """A file of SQLite.

    Needs no row locks: BEGIN IMMEDIATE keeps all other writers out of a transaction.
    """

    day = "?"
    among = ("IN (SELECT value FROM json_each(?))",) * 2
    advice = (
        "Kijk of de schijf vol is, en of je mag schrijven in de map van de database. Is het "
        "bestand beschadigd? Zet dan een back-up terug, met `flask restore`."
    )

    def __init__(self, path: Path) -> None:
        self.db = _Database(
            str(path),
            # BEGIN IMMEDIATE: a transaction that reads before it writes otherwise fails with
            # "database is locked" as soon as two requests meet.
            lock_type="IMMEDIATE",
            pragmas=PRAGMAS,
        )

    def write_list(self, values: Sequence[str] | Sequence[int]) -> str:
        return json.dumps(values)

    def select_rows(self, table: str, columns: Sequence[str]) -> str:
        values = ", ".join(f"""value->>'{column}' AS "{column}\"""" for column in columns)
        return f"SELECT {values} FROM json_each(?)"  # noqa: S608 - names

    def as_lines(self, columns: Sequence[Any]) -> Any:
        return fn.GROUP_CONCAT(fn.JSON_ARRAY(*columns), "\n")

    def for_update(self, query: Any) -> Any:
        return query

    def skip_locked(self, query: Any) -> Any:
        return query

    def lock(self, name: str) -> None:
        pass

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Lock the folder: a migration is several transactions, and opening the file of the
        database outside SQLite would end the locks of SQLite when it is closed."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def can_write(self) -> bool:
        """Try a change of 64 kB, and a file of that size on the disk.

        Rolls the change back, so that nothing is written. It never reaches the disk, which is
        therefore asked by a file without a name.
        """
        with self.db.atomic() as transaction:
            self.db.execute_sql(f"CREATE TABLE probe AS SELECT zeroblob({_PROBE})")
            transaction.rollback()
        with tempfile.TemporaryFile(dir=self._folder, buffering=0) as file:
            file.write(bytes(_PROBE))
        return True

    def find_damage(self) -> str:
        (found,) = self.db.execute_sql("PRAGMA integrity_check(1)").fetchone()
        loose = self.db.execute_sql("PRAGMA foreign_key_check").fetchone()
        return str(found) if found != "ok" else f"foreign key of {loose[0]}" if loose else ""

    def scrub(self) -> None:
        """Merge the indexes of words, and checkpoint and truncate the WAL, so that deleted text
        does not survive in them. A search in one merged index is also quicker.

        A connection that reads at that moment keeps a part of the WAL; the next call takes it.
        """
        for table in _SEARCHED:
            self.db.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608
        self.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def erase(self) -> None:
        """See Engine.erase: `secure_delete` leaves what moved between pages."""
        self.db.execute_sql("VACUUM")
        self.scrub()

    def is_unavailable(self, error: BaseException) -> bool:
        """Whether the disk, a permission, a lock or the file itself caused `error`."""
        # Also the errors before it: rolling back what SQLite already rolled back is another error.
        cause: BaseException | None = error
        while cause:
            if getattr(cause, "sqlite_errorcode", 0) & 0xFF in _UNAVAILABLE:
                return True
            cause = cause.__context__
        return False

    def finish_migration(self) -> None:
        """Let no id be given again, which no model can say: AUTOINCREMENT, for every table with an id of its own."""
        with self.db.atomic():
            select = "SELECT name FROM sqlite_schema WHERE type = 'table' AND instr(sql, ?)"
            tables = self.db.execute_sql(select, (f"{_KEY},",)).fetchall()
            if tables:  # only a new table lets SQLite make the one of the last ids
                self.db.execute_sql("CREATE TABLE probe (id INTEGER PRIMARY KEY AUTOINCREMENT)")
                self.db.execute_sql("DROP TABLE probe")
            for (table,) in tables:
                self.db.execute_sql(
                    f'INSERT INTO sqlite_sequence SELECT ?, MAX(id) FROM "{table}" '  # noqa: S608
                    "HAVING MAX(id) > 0", (table,),
                )  # fmt: skip
                self._rewrite(table, f"{_KEY},", f"{_KEY} AUTOINCREMENT,")

    def new_ids(self, table: str, number: int) -> Sequence[int]:
        last = self.last_ids().get(table, 0)
        return range(last + 1, last + number + 1)

    def last_ids(self) -> dict[str, int]:
        return dict(self.db.execute_sql("SELECT name, seq FROM sqlite_sequence").fetchall())

    def set_last_id(self, table: str, last: int) -> None:
        self.db.execute_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        self.db.execute_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last))

    def create_search_table(self, table: str, searched: Sequence[str], kept: Sequence[str]) -> None:
        columns = [*searched, *(f"{column} UNINDEXED" for column in kept)]
        self.db.execute_sql(
            f"CREATE VIRTUAL TABLE {table} USING fts5 ({', '.join(columns)}, "
            "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5')"
        )

    def renew_on_change(self, version: str, tables: Sequence[str], *, each: bool = False) -> None:
        renew = f"UPDATE {version} SET number = random()"  # noqa: S608 - a name from a migration
        for table in tables:
            own = f" WHERE name = '{table}'" if each else ""
            for change in ("INSERT", "UPDATE", "DELETE"):
                self.db.execute_sql(
                    f"CREATE TRIGGER {table}_{change.lower()}_renews_{version} "
                    f"AFTER {change} ON {table} BEGIN {renew}{own}; END"
                )

    def allow_null(self, table: str, column: str) -> None:
        self._rewrite(table, rf'("{column}" [\w()]+) NOT NULL', r"\1")

    def add_check(self, table: str, condition: str) -> None:
        self._rewrite(table, r"\)$", f", CHECK ({condition}))")

    def _rewrite(self, table: str, pattern: str, replacement: str) -> None:
        """Change the stored statement, as https://sqlite.org/lang_altertable describes for a
        constraint: a copy of the table would lose its triggers and references."""
        of_table = "type = 'table' AND name = ?"
        select = f"SELECT sql FROM sqlite_schema WHERE {of_table}"  # noqa: S608 - no input
        (statement,) = self.db.execute_sql(select, (table,)).fetchone()
        changed, number = re.subn(pattern, replacement, statement)
        if number != 1:
            raise ValueError(f"{table}: {pattern} matches {number} times")
        (version,) = self.db.execute_sql("PRAGMA schema_version").fetchone()
        self.db.execute_sql("PRAGMA writable_schema = ON")
        update = f"UPDATE sqlite_schema SET sql = ? WHERE {of_table}"  # noqa: S608 - no input
        self.db.execute_sql(update, (changed, table))
        self.db.execute_sql(f"PRAGMA schema_version = {version + 1}")
        self.db.execute_sql("PRAGMA writable_schema = RESET")

    def create_word_index(self) -> None:
        old = "type = 'trigger' AND instr(sql, 'search_word')"
        select = f"SELECT name FROM sqlite_schema WHERE {old}"  # noqa: S608 - no input
        for (trigger,) in self.db.execute_sql(select).fetchall():
            self.db.execute_sql(f"DROP TRIGGER {trigger}")
        for table, columns in _SEARCHED.items():
            names = {"table": table, "columns": ", ".join(columns)}
            names |= {row: ", ".join(f"{row}.{name}" for name in columns) for row in ("new", "old")}
            for statement in _INDEX:
                self.db.execute_sql(statement.format(**names))
            self._run_on_document(table, _ADD.format(**names), _REMOVE.format(**names))
        every, new, old = (_WORDS.format(row=row) for row in ("", "new.", "old."))
        for statement in _COUNT:
            self.db.execute_sql(statement.format(words=every))
        up, down = _COUNT_UP.format(words=new), _COUNT_DOWN.format(words=old)
        self._run_on_document("search_word_count", up, down)

    def _run_on_document(self, table: str, add: str, remove: str) -> None:
        for change, run in (("INSERT", add), ("DELETE", remove), ("UPDATE", f"{remove}; {add}")):
            self.db.execute_sql(f"CREATE TRIGGER {table}_{change} AFTER {change} ON search_document BEGIN {run}; END")

    def _select_words(self, words: Sequence[str], in_names: bool, is_begun: bool) -> tuple[str, list[str]]:
        table = "search_word_named" if in_names else "search_word"
        query = " AND ".join(f'"{word}"' for word in words) + "*" * is_begun
        return _FIND_WORDS.replace("{table}", table), [query]

    def select_ranks(self, words: Sequence[str]) -> SQL:
        query = " AND ".join(f'"{word}"*' for word in words)
        return SQL("(SELECT rowid FROM search_word WHERE search_word MATCH ?)", (query,))

    @property
    def _folder(self) -> Path:
        return Path(self.db.database).absolute().parent
