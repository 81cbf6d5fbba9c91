"""The documents of each word in their order on PostgreSQL, and how many a word has on both engines.

`create_word_index` makes them of the documents that are there."""

from portal.database import current_engine


def up(migrator, db):
    current_engine().create_word_index()
