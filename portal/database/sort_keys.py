"""Sort keys: the place of a row in a list, stored so that it is the same on every engine."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from peewee import Field

from portal.text import fold


class SortedByName:
    """A model with a column `sort_key`, which is written with the columns that it is made of."""

    sorted_by: ClassVar[tuple[str, ...]] = ("name",)
    make_sort_key: ClassVar[Callable[..., str]] = staticmethod(fold)

    def save(self, force_insert: bool = False, only: Iterable[str] | None = None) -> Any:
        """Save the row, or only these columns of it, and the sort key."""
        values = _with_sort_key(type(self), {name: getattr(self, name) for name in self.sorted_by})
        self.sort_key = values["sort_key"]
        if only is not None:
            only = {*only, *values}
        return super().save(force_insert, only)  # type: ignore[misc]  # the model's

    @classmethod
    def insert(cls, values: Any = None, **more: Any) -> Any:
        """Insert a row."""
        return super().insert(_with_sort_key(cls, values, more))  # type: ignore[misc]  # the same

    @classmethod
    def insert_many(cls, rows: Iterable[Any], fields: Any = None) -> Any:
        """Insert these rows; those that are copied, as tuples of `fields`, with their sort keys."""
        if fields is None:
            rows = [_with_sort_key(cls, row) for row in rows]
        return super().insert_many(rows, fields)  # type: ignore[misc]  # the same

    @classmethod
    def update(cls, values: Any = None, **more: Any) -> Any:
        """Update rows. Raises ValueError for a part of the columns that the sort key is made of."""
        return super().update(_with_sort_key(cls, values, more))  # type: ignore[misc]  # the same


def _with_sort_key(model: type[SortedByName], *given: Any) -> dict[str, Any]:
    """The values by name, with the sort key where they hold the columns that it is made of."""
    values = {
        key.name if isinstance(key, Field) else key: value for some in given for key, value in (some or {}).items()
    }
    parts = [values[name] for name in model.sorted_by if name in values]
    if not parts:
        return values
    if len(parts) < len(model.sorted_by):
        raise ValueError(f"{model.__name__}: a sort key needs all of {model.sorted_by}")
    return {**values, "sort_key": model.make_sort_key(*parts)}
