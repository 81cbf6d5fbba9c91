"""The board of the tests is empty: what the demo posted there is undone."""

import pytest
from flask import Flask

from portal.database import connection, db
from portal.directory.ledger import Ledger
from portal.notices.models import Notice


@pytest.fixture(autouse=True)
def _empty_board(portal_copy: Flask) -> None:
    with connection(), db.atomic():
        for notice in Notice.select().order_by(Notice.id.desc()):
            Ledger(notice.id).undo()
            notice.delete_instance(recursive=True)
