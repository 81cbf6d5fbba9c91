"""peewee without the driver of PostgreSQL, for the processes that use SQLite.

peewee imports psycopg wherever it is installed: a fifth of the start and 8 MB. Imported before the
first model; `portal.database.postgres` gives peewee the driver.
"""

import sys
from importlib import import_module
from typing import Any

_modules: dict[str, Any] = sys.modules
if _modules.setdefault("psycopg", None) is None:  # so that its import fails
    import_module("playhouse.migrations")
    del _modules["psycopg"]


def give_driver() -> None:
    """Let peewee use psycopg, as if it had found it. Raises ModuleNotFoundError without psycopg."""
    import peewee
    import psycopg
    from psycopg.pq import TransactionStatus
    from psycopg.types.json import Json, Jsonb

    names = {"psycopg": psycopg, "TransactionStatus": TransactionStatus}
    vars(peewee).update(names, Json_pg3=Json, Jsonb_pg3=Jsonb)
    for status in ("IDLE", "INERROR", "UNKNOWN"):
        setattr(peewee.Psycopg3Adapter, f"txn_{status.lower()}", TransactionStatus[status])
