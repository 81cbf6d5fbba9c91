"""The outbox, and when each job last ran."""

from peewee import BigIntegerField, CharField, IntegerField, Model, TextField


def up(migrator, db):
    class JobRun(Model):
        name = CharField(primary_key=True)
        leased_until = BigIntegerField(null=True)
        last_run_at = BigIntegerField(null=True)
        last_ok_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "job_run"

    db.create_tables([JobRun])

    class OutgoingMail(Model):
        key = CharField(unique=True)
        recipient = CharField()
        reply_to = CharField(default="")
        subject = CharField()
        body = TextField()
        message_id = CharField(unique=True)
        state = CharField(index=True, default="waiting")
        created_at = BigIntegerField()
        waiting_since = BigIntegerField()
        next_attempt_at = BigIntegerField()
        attempts = IntegerField(default=0)
        lease = CharField(default="")
        done_at = BigIntegerField(null=True)
        error = TextField(default="")

        class Meta:
            database = db
            table_name = "outgoing_mail"

    db.create_tables([OutgoingMail])
