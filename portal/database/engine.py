"""The interface to a database engine: all that differs between SQLite and PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from peewee import SQL, Database


class Engine(ABC):
    """One database with the engine that runs it. Features ask `current_engine()`, and for locks
    `portal.database`, which wants a transaction for them."""

    db: Database
    day: str  # a date as a parameter that the plan of a statement does not depend on
    among: tuple[str, str]  # the condition that a value is in a list, which is one parameter: of texts, of numbers
    advice: str  # in Dutch: what to look at where the database cannot be reached or changed

    @abstractmethod
    def write_list(self, values: Sequence[str] | Sequence[int]) -> str:
        """A list as the parameter of `among`."""

    @abstractmethod
    def select_rows(self, table: str, columns: Sequence[str]) -> str:
        """The select of `columns` of rows for a table, which are one parameter: JSON, a list of objects."""

    @abstractmethod
    def as_lines(self, columns: Sequence[Any]) -> Any:
        """The rows of a select with these columns as one text: a line of JSON for each, a list."""

    @abstractmethod
    def for_update(self, query: Any) -> Any:
        """The select, locking its rows until the end of the transaction."""

    @abstractmethod
    def skip_locked(self, query: Any) -> Any:
        """The select, locking its rows, without those that another transaction locked."""

    @abstractmethod
    def lock(self, name: str) -> None:
        """Wait for the lock of this name and hold it until the end of the transaction."""

    @abstractmethod
    def migration_lock(self) -> AbstractContextManager[None]:
        """Wait until no other process migrates this database, and keep the others waiting."""

    def finish_migration(self) -> None:  # noqa: B027 - most engines have nothing to finish
        """Set what a migration cannot say for all engines."""

    @abstractmethod
    def new_ids(self, table: str, number: int) -> Sequence[int]:
        """So many ids for new rows of `table`, which no row of it ever had, in ascending order. On
        SQLite other writers must wait for this transaction."""

    @abstractmethod
    def can_write(self) -> bool:
        """Whether a change is taken now; writes nothing. Raises peewee.DatabaseError or OSError where it is not."""

    @abstractmethod
    def find_damage(self) -> str:
        """The first fault of the stored data in the engine's words, or ""; reads everything. Raises
        peewee.DatabaseError where it cannot be read."""

    @abstractmethod
    def scrub(self) -> None:
        """Leave nothing of what was deleted in the files of the database."""

    @abstractmethod
    def erase(self) -> None:
        """`scrub`, and rewrite the tables, so that no part of a deleted text stays in a page; outside a transaction."""

    @abstractmethod
    def is_unavailable(self, error: BaseException) -> bool:
        """Whether the database could not be reached or written when it raised `error`, so that the
        same request may succeed later; False where the statement is wrong."""

    def compact(self) -> None:  # noqa: B027 - most engines have nothing to do
        """Give back the room of what many writes replaced; outside a transaction."""

    def lift_time_limits(self) -> None:  # noqa: B027 - most engines have no such limit
        """Let this connection take as long as it needs, until it is closed."""

    @abstractmethod
    def last_ids(self) -> dict[str, int]:
        """The last id that each table gave, also to a row that is gone; without tables that gave none."""

    @abstractmethod
    def set_last_id(self, table: str, last: int) -> None:
        """The next row of `table` gets an id above `last` (0: none was given)."""

    @abstractmethod
    def create_search_table(self, table: str, searched: Sequence[str], kept: Sequence[str]) -> None:
        """Create a full-text table with the columns `searched`, and `kept` which are only stored."""

    @abstractmethod
    def make_append_only(self, table: str, columns: Sequence[str] = ()) -> None:
        """Refuse every DELETE on `table`, and every UPDATE, or those of the columns `columns`."""

    @abstractmethod
    def let_old_go(self, table: str, is_young: str, columns: Sequence[str] = ()) -> None:
        """Let the rows of an append-only table be deleted, other than those for which `is_young` holds: a condition on
        the row `old`, in which {now} is now in microseconds. `columns`: as in `make_append_only`."""

    @abstractmethod
    def renew_on_change(self, version: str, tables: Sequence[str], *, each: bool = False) -> None:
        """Give the row of the table `version`, or with `each` the row with the name of the changed
        table, a random number with every change of `tables`."""

    @abstractmethod
    def allow_null(self, table: str, column: str) -> None:
        """Let a column be empty, in a migration."""

    @abstractmethod
    def add_check(self, table: str, condition: str) -> None:
        """Refuse the rows of a table for which a condition does not hold, in a migration."""

    @abstractmethod
    def create_word_index(self) -> None:
        """Index the words of the columns title, names and context of `search_document`, in place of
        an index that is there; the database keeps it."""

    def find_words(
        self, words: Sequence[str], ranks: tuple[int, int], limit: int, in_names: bool, both: bool
    ) -> list[tuple[str, str, str]]:
        """The kind, ref and title of the documents of `search_document` with all `words`, of which the last may be a
        prefix; in the order of their ranks, from the first to the second of `ranks` (exclusive). With `both` those with
        the last as a whole word come first, and then once more.

        The words hold letters and digits only. `in_names` leaves out what stands in the context.
        """
        parts, values = [], list[str]()
        for part, is_begun in enumerate((False, True) if both else (True,)):
            select, asked = self._select_words(words, in_names, is_begun)
            parts.append(select.format(part=part, first=ranks[0], end=ranks[1], limit=limit))
            values += asked
        found = self.db.execute_sql(" UNION ALL ".join(parts) + " ORDER BY 4, 5", values)
        return [row[:3] for row in found.fetchall()]

    @abstractmethod
    def _select_words(self, words: Sequence[str], in_names: bool, is_begun: bool) -> tuple[str, list[str]]:
        """The select of `find_words` with its values: of whole words, or with the last one as a
        beginning. The number of its part, the ranks and the limit are still names in braces: as
        values they would keep PostgreSQL from planning it once."""

    @abstractmethod
    def select_ranks(self, words: Sequence[str]) -> SQL:
        """The select of the ranks of the documents of `search_document` in which each of the words
        begins a word. The words hold letters and digits only; one at least."""

    def count_words(self) -> list[tuple[str, int]]:
        """Each word of `search_document`, with the number of documents that have it."""
        select = "SELECT word, documents FROM search_word_count"
        return list(self.db.execute_sql(select).fetchall())
