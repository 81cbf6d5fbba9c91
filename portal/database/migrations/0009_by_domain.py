"""An account knows whether it is there only because its domain was listed."""

from peewee import BooleanField


def up(migrator, db):
    migrator.migrate(migrator.add_column("account", "by_domain", BooleanField(default=False)))
    # Whoever was invited, set up or changed stands in the trail.
    db.execute_sql(
        "UPDATE account SET by_domain = 1 WHERE role = 'reader' "
        "AND substr(email, instr(email, '@') + 1) IN (SELECT domain FROM listed_domain) "
        "AND CAST(id AS TEXT) NOT IN "
        "(SELECT subject_id FROM audit_entry WHERE subject = 'account')"
    )
