"""Mail: a last moment, the address for List-Unsubscribe, and the fault of the server."""

from peewee import BigIntegerField, BooleanField, CharField, Model, TextField


def up(migrator, db):
    class DeliveryFault(Model):
        error = TextField()
        advice = TextField()
        hits_all = BooleanField()
        since = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([DeliveryFault])
    migrator.migrate(
        migrator.add_column("outgoing_mail", "unsubscribe", CharField(default="")),
        migrator.add_column("outgoing_mail", "to_mailbox", BooleanField(default=False)),
        migrator.add_column("outgoing_mail", "not_after", BigIntegerField(null=True)),
        migrator.sql("CREATE INDEX outgoing_mail_not_cleared ON outgoing_mail (next_attempt_at) WHERE recipient <> ''"),
    )
