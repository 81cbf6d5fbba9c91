"""PostgreSQL: a server, many writers at a time. Only loaded where DATABASE_URL names one."""

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from typing import Any

import psycopg
from peewee import SQL, InterfaceError, PostgresqlDatabase, fn
from psycopg.pq import Conninfo

from portal.config import SettingError
from portal.database.append_only import PostgresAppendOnly
from portal.database.driver import give_driver
from portal.database.engine import Engine
from portal.database.noted_reads import NotingDatabase

give_driver()

# SQLSTATEs, or the beginning of one: the connection, the server's resources or its state is the
# trouble, or another transaction; and not the statement.
_UNAVAILABLE = (
    "08", "53", "57P0", "58",  # connection, no resources (a full disk), shutdown, disk error
    "40001", "40P01", "55P03", "57014", "25P03",  # serialisation, deadlock, time limits
    "25006",  # a server that only reads, such as a standby
)  # fmt: skip

_CHANGED_ROWS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}

_CONNECT: dict[str, Any] = {
    "connect_timeout": 5,  # seconds
    "application_name": "kernwijzer",
    # A connection whose server vanished without a word is found broken after some 20 seconds.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,  # milliseconds
    "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c timezone=UTC",
}

# Each word of search_document with its documents, in the order in which they are found, and each
# beginning of three letters at most; longer ones have few words, which search_word_count knows. GIN
# would give the documents of a beginning in no order, so that all were read and sorted. The text is
# folded: words of letters and digits with a space between two.
_LONGEST_BEGINNING = 3  # letters
_AFTER_ALL_LETTERS = "\U0010ffff"
_WORDS = """WITH word AS (
    SELECT rank, word, bool_or(in_name) AS in_name FROM {rows}, LATERAL (
        SELECT unnest(string_to_array(title || ' ' || names, ' ')), true
        UNION ALL SELECT unnest(string_to_array(context, ' ')), false
    ) AS part (word, in_name) WHERE word <> '' GROUP BY rank, word
), entry AS (
    SELECT word, rank, in_name FROM word UNION ALL
    SELECT left(word, n) || '*', rank, bool_or(in_name)
    FROM word, generate_series(1, {longest}) AS n WHERE n <= length(word) GROUP BY 1, 2
), number AS (SELECT word, count(*) AS documents FROM word GROUP BY word)"""
_ADD_WORDS = """{words}, added_words AS (
    INSERT INTO search_word SELECT word, rank, in_name FROM entry
) INSERT INTO search_word_count AS c SELECT word, documents FROM number
ON CONFLICT (word) DO UPDATE SET documents = c.documents + excluded.documents"""
_REMOVE_WORDS = """{words}, removed_words AS (
    DELETE FROM search_word AS s USING entry AS e WHERE s.word = e.word AND s.rank = e.rank
), gone AS (
    DELETE FROM search_word_count AS c USING number AS n
    WHERE c.word = n.word AND c.documents = n.documents
) UPDATE search_word_count AS c SET documents = c.documents - n.documents
FROM number AS n WHERE c.word = n.word AND c.documents > n.documents"""
_WORD_INDEX = (
    "ALTER TABLE search_document DROP IF EXISTS named, DROP IF EXISTS words",
    "DROP TABLE IF EXISTS search_word, search_word_count",
    'CREATE TABLE search_word (word text COLLATE "C", rank bigint, in_name boolean NOT NULL)',
    'CREATE TABLE search_word_count (word text COLLATE "C" PRIMARY KEY, documents int NOT NULL)',
    _ADD_WORDS.format(words=_WORDS.format(rows="search_document", longest=_LONGEST_BEGINNING)),
    "ALTER TABLE search_word ADD PRIMARY KEY (word, rank)",
    "CREATE INDEX search_word_named ON search_word (word, rank) WHERE in_name",
)
# Triggers of one change run in the order of their names.
_KEEP_WORDS = (
    ("search_word_1", _REMOVE_WORDS, "old", ("DELETE", "UPDATE")),
    ("search_word_2", _ADD_WORDS, "new", ("INSERT", "UPDATE")),
)
_FIND_WORDS = """
SELECT kind, ref, title, {part}, rank FROM ({ranks}) AS found JOIN search_document USING (rank)"""
# A value in a select of its own is unknown to the planner, so that it plans once for all words.
_ONE = """SELECT rank FROM search_word
WHERE word = (SELECT %s) AND {named} AND rank >= {first} AND rank < {end} ORDER BY rank"""
_BEGINNING = """SELECT DISTINCT rank
FROM (SELECT word FROM search_word_count WHERE word >= (SELECT %s) AND word < (SELECT %s)) AS c,
LATERAL (SELECT rank FROM search_word AS s WHERE s.word = c.word
    AND {named} AND rank >= {first} AND rank < {end} ORDER BY rank LIMIT {limit}) AS of_word
ORDER BY rank"""
_RAREST = """SELECT asked, documents FROM (SELECT unnest(string_to_array((SELECT %s), ',')) AS asked) AS of_text
    LEFT JOIN search_word_count ON word = asked ORDER BY documents NULLS FIRST LIMIT 1"""
_FITTING = """ AS of_word, LATERAL (
    SELECT FROM search_document AS d WHERE d.rank = of_word.rank
    AND ' ' || {text} || ' ' LIKE ALL (string_to_array((SELECT %s), ',')) LIMIT 1
) AS fitting ORDER BY rank"""
# The documents with the rarest word that have the other words too.
_SEVERAL = f"""SELECT rank FROM (SELECT rank FROM search_word WHERE word = (SELECT asked FROM ({_RAREST}) AS rarest)
    AND {{named}} AND rank >= {{first}} AND rank < {{end}} ORDER BY rank){_FITTING}"""  # noqa: S608 - constants
# The same for a long beginning: those with one of its words where these are few beside the rarest other word. For "de"
# and a name that nobody has, every document with "de" would be looked at.
_SEVERAL_BEGUN = f"""WITH search_word_rarest AS MATERIALIZED ({_RAREST}),
search_word_begun AS MATERIALIZED (
    SELECT word, documents FROM search_word_count WHERE word >= (SELECT %s) AND word < (SELECT %s)
), search_word_few AS MATERIALIZED (
    SELECT coalesce(sum(documents), 0) * 8 < (SELECT documents FROM search_word_rarest) AS few FROM search_word_begun
) SELECT rank FROM ((
    SELECT rank FROM search_word
    WHERE word = (SELECT asked FROM search_word_rarest, search_word_few WHERE few IS NOT TRUE)
    AND {{named}} AND rank >= {{first}} AND rank < {{end}} ORDER BY rank
)
UNION ALL
(
    SELECT DISTINCT rank FROM search_word_begun AS c, LATERAL (SELECT rank FROM search_word AS s WHERE s.word = c.word
        AND {{named}} AND rank >= {{first}} AND rank < {{end}}) AS of_beginning
    WHERE (SELECT few FROM search_word_few) ORDER BY rank
)
ORDER BY rank){_FITTING}"""  # noqa: S608 - constants

_PROBE = 64 * 1024  # bytes: the largest form


class PostgresEngine(PostgresAppendOnly, Engine):
    """A database of a PostgreSQL server, at READ COMMITTED."""

    # Planning for a known day takes 3 ms for the coming events of a search, running 0.5.
    day = "(SELECT %s::date)"
    # A known list stands in a select of its own too: a short one has so cheap a plan that others were planned anew.
    among = "= ANY((SELECT %s::text[])::text[])", "= ANY((SELECT %s::bigint[])::bigint[])"
    advice = (
        "Kijk of PostgreSQL draait en vanaf hier te bereiken is, en of in DATABASE_URL de "
        "computer, de gebruiker, het wachtwoord en de naam van de database kloppen."
    )

    def __init__(self, url: str) -> None:
        try:
            parts = Conninfo.parse(url.encode())
        except psycopg.OperationalError:
            # Its message holds the part that is wrong, which may be the password.
            raise SettingError(
                "DATABASE_URL: PostgreSQL kan dit adres niet lezen. Schrijf een spatie, % of @ in "
                "een wachtwoord als %20, %25 of %40, en kijk of alles na ? klopt."
            ) from None
        given = {part.keyword.decode() for part in parts if part.val is not None}
        usual = {name: value for name, value in _CONNECT.items() if name not in given}
        self.db = _Database(url, prefer_psycopg3=True, **usual)

    def write_list(self, values: Sequence[str] | Sequence[int]) -> str:
        quoted = (str(value).replace("\\", r"\\").replace('"', r"\"") for value in values)
        return "{" + ",".join(f'"{value}"' for value in quoted) + "}"

    def select_rows(self, table: str, columns: Sequence[str]) -> str:
        names = ", ".join(f'"{column}"' for column in columns)
        return f'SELECT {names} FROM json_populate_recordset(NULL::"{table}", %s)'  # noqa: S608 - names

    def as_lines(self, columns: Sequence[Any]) -> Any:
        return fn.STRING_AGG(fn.JSON_BUILD_ARRAY(*columns).cast("text"), "\n")

    def for_update(self, query: Any) -> Any:
        return query.for_update(of=query.model)

    def skip_locked(self, query: Any) -> Any:
        return query.for_update(of=query.model, skip_locked=True)

    def lock(self, name: str) -> None:
        self.db.execute_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Lock for the session, which a migration shares: it is several transactions, and takes as long as it needs.

        Raises SettingError where the database cannot hold every letter.
        """
        opened = self.db.connect(reuse_if_open=True)
        try:
            encoding = self.db.connection().info.parameter_status("server_encoding")
            if encoding != "UTF8":
                raise SettingError(
                    f"DATABASE_URL: deze database heeft de tekenset {encoding}. Maak er een met "
                    "UTF8: `createdb --template=template0 --encoding=UTF8 NAAM`."
                )
            self.lift_time_limits()
            self.db.execute_sql("SELECT pg_advisory_lock(hashtextextended('migration', 0))")
            yield
        finally:
            if not self.db.is_closed():
                self.db.execute_sql("SELECT pg_advisory_unlock_all()")
                self.db.execute_sql("RESET ALL")
                if opened:
                    self.db.close()

    def new_ids(self, table: str, number: int) -> Sequence[int]:
        """See Engine.new_ids: a sequence never gives one twice nor goes back."""
        rows = self.db.execute_sql(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, number)
        ).fetchall()
        return [new for (new,) in rows]

    def can_write(self) -> bool:
        """Try a table of 64 kB, which takes room on the disk, and roll it back."""
        with self.db.atomic() as transaction:
            self.db.execute_sql(
                "CREATE TEMPORARY TABLE probe AS SELECT repeat(md5(n::text), 32) AS text "
                "FROM generate_series(1, %s) AS n",
                (_PROBE // 1024,),
            )
            transaction.rollback()
        return True

    def find_damage(self) -> str:
        """See Engine.find_damage: what the server knows. Reading all is what a backup does."""
        index = self.db.execute_sql("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid").fetchone()
        (pages,) = self.db.execute_sql(
            "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
        return f"index {index[0]}" if index else f"{pages} pages" if pages else ""

    def scrub(self) -> None:
        """Nothing: deleted rows leave with autovacuum, and no dump holds them. The server's files
        and its WAL are guarded by who runs the server."""

    def erase(self) -> None:
        """See Engine.erase: a vacuum takes deleted rows out of the pages; the server's own log goes by age."""
        self.db.execute_sql("VACUUM")

    def is_unavailable(self, error: BaseException) -> bool:
        """Whether the connection, the server or another transaction caused `error`."""
        cause: BaseException | None = error
        while cause:
            if isinstance(cause, InterfaceError | psycopg.InterfaceError):
                return True  # the connection was lost before
            if isinstance(cause, psycopg.Error):
                # Without a state, the connection failed or broke.
                lost = isinstance(cause, psycopg.OperationalError) and not cause.sqlstate
                if lost or (cause.sqlstate or "").startswith(_UNAVAILABLE):
                    return True
            cause = cause.__context__
        return False

    def compact(self) -> None:
        """Each statement of one transaction leaves a version of the directory behind: 431 pages
        instead of one after 206,000 statements, and every request reads them."""
        self.db.execute_sql("VACUUM FULL directory_version, table_version")
        self.db.execute_sql("ANALYZE")

    def lift_time_limits(self) -> None:
        """See Engine.lift_time_limits: a database that is read waits while another is written."""
        for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            self.db.execute_sql(f"SET {limit} = 0")

    def last_ids(self) -> dict[str, int]:
        """See Engine.last_ids: a sequence remembers what it gave."""
        rows = self.db.execute_sql(
            "SELECT t.relname, pg_sequence_last_value(s.oid) FROM pg_class s "
            "JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') "
            "JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S'"
        ).fetchall()
        return {table: last for table, last in rows if last}

    def set_last_id(self, table: str, last: int) -> None:
        """See Engine.set_last_id."""
        self.db.execute_sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, %s)", (table, max(last, 1), last > 0))

    def create_search_table(self, table: str, searched: Sequence[str], kept: Sequence[str]) -> None:
        columns = ", ".join(f"{column} TEXT NOT NULL" for column in [*searched, *kept])
        self.db.execute_sql(f"CREATE TABLE {table} (rowid BIGINT PRIMARY KEY, {columns})")

    def renew_on_change(self, version: str, tables: Sequence[str], *, each: bool = False) -> None:
        """See Engine.renew_on_change. A statement that changes no row renews nothing, such as a
        deletion of old rows where there are none."""
        name = f"renew_{version}"
        renew = f"UPDATE {version} SET number = (random() * 9e18)::bigint"  # noqa: S608 - a migration's
        if each:
            renew += " WHERE name = TG_TABLE_NAME"
        self._run_on_change(name, tables, "AFTER TRUNCATE", renew)
        renew = f"IF EXISTS (SELECT FROM changed) THEN {renew}; END IF"
        self._create_function(f"{name}_of_rows", renew)
        for table, (change, rows) in product(tables, _CHANGED_ROWS.items()):
            self.db.execute_sql(
                f'CREATE TRIGGER {name}_{change.lower()} AFTER {change} ON "{table}" '
                f"REFERENCING {rows} TABLE AS changed "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_of_rows()"
            )

    def allow_null(self, table: str, column: str) -> None:
        self.db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP NOT NULL')

    def add_check(self, table: str, condition: str) -> None:
        self.db.execute_sql(f'ALTER TABLE "{table}" ADD CHECK ({condition})')

    def create_word_index(self) -> None:
        for statement in _WORD_INDEX:
            self.db.execute_sql(statement)
        for name, statement, rows, changes in _KEEP_WORDS:
            statement = statement.format(words=_WORDS.format(rows=f"{rows}_rows", longest=_LONGEST_BEGINNING))
            self._create_function(name, statement)
            for change in changes:
                self.db.execute_sql(
                    f"CREATE OR REPLACE TRIGGER {name}_{change} AFTER {change} "
                    f"ON search_document REFERENCING {rows} TABLE AS {rows}_rows "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
                )

    def _select_words(self, words: Sequence[str], in_names: bool, is_begun: bool) -> tuple[str, list[str]]:
        *others, last = words
        if others:
            fitting = [*(f"% {word} %" for word in others), f"% {last}{'' if is_begun else ' '}%"]
            driving = others if is_begun else words
            found, values = _SEVERAL, [",".join(driving), ",".join(fitting)]
            if is_begun and len(last) > _LONGEST_BEGINNING:
                found, values[1:1] = _SEVERAL_BEGUN, [last, last + _AFTER_ALL_LETTERS]
        elif is_begun and len(last) > _LONGEST_BEGINNING:
            found, values = _BEGINNING, [last, last + _AFTER_ALL_LETTERS]
        else:
            found, values = _ONE, [f"{last}*" if is_begun else last]
        text = "title || ' ' || names" + ("" if in_names else " || ' ' || context")
        found = found.replace("{named}", "in_name" if in_names else "true").replace("{text}", text)
        return _FIND_WORDS.replace("{ranks}", f"{found} LIMIT {{limit}}"), values

    def select_ranks(self, words: Sequence[str]) -> SQL:
        of_word = "SELECT rank FROM search_word WHERE word >= %s AND word < %s"
        bounds = [bound for word in words for bound in (word, word + _AFTER_ALL_LETTERS)]
        return SQL(f"({' INTERSECT '.join([of_word] * len(words))})", bounds)

    def _run_on_change(self, function: str, tables: Sequence[str], changes: str, statement: str) -> None:
        """Run `statement` once for every statement that makes one of the `changes`."""
        self._create_function(function, statement)
        for table in tables:
            self.db.execute_sql(
                f'CREATE TRIGGER {function} {changes} ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION {function}()'
            )

    def _create_function(self, name: str, statement: str, returned: str = "NULL") -> None:
        self.db.execute_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {statement}; RETURN {returned}; END $$"
        )

    def finish_migration(self) -> None:
        """Give every text column any length and the order of its code points, as on SQLite, and school its room."""
        columns = self.db.execute_sql(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' "
            "AND c.data_type IN ('text', 'character varying') "
            "AND (c.data_type <> 'text' OR c.collation_name IS DISTINCT FROM 'C')"
        ).fetchall()
        for table, column in columns:
            self.db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"')
        # A file of DUO dates every school anew: with room for both versions of a row in its page, no index is written.
        room = "SELECT 1 FROM pg_class WHERE oid = 'school'::regclass AND reloptions @> '{fillfactor=45}'"
        if not self.db.execute_sql(room).fetchone():
            self.db.execute_sql("ALTER TABLE school SET (fillfactor = 45)")


class _Database(NotingDatabase, PostgresqlDatabase):
    """A connection per thread, made again after the server closed it."""

    _state: Any  # for the type checker: the connection of this thread and its transactions

    def is_closed(self) -> bool:
        """Whether the next statement needs a new connection.

        Within a transaction a lost connection counts as open, so that the transaction fails.
        """
        if self._state.closed or self._state.transactions:
            return bool(self._state.closed)
        if _is_lost(self._state.conn):
            self.close()
            return True
        return False


def _is_lost(connection: Any) -> bool:
    """Whether an idle connection is closed; the server only speaks unasked to end it."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
