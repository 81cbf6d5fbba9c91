"""The migrations: what a start does to the database that it finds."""

from flask import Flask

from portal.database import connection, db, migrate


def test_a_database_of_another_version_is_left_alone(portal_copy: Flask) -> None:
    with connection():
        db.execute_sql("UPDATE schema_migration SET name = '0099_later'")
    for command in ("seed", "serve"):
        result = portal_copy.test_cli_runner().invoke(args=[command])
        assert result.exit_code == 1
        assert "hoort bij een andere versie van Kernwijzer (0099_later)" in result.output
    with connection():
        assert db.execute_sql("SELECT name FROM schema_migration").fetchall() == [("0099_later",)]


def test_a_second_start_changes_nothing(portal_copy: Flask) -> None:
    assert migrate() == []
