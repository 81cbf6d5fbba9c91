"""The second factors of coordinators and administrators, and the sessions that proved one."""

from peewee import BigIntegerField, CharField, ForeignKeyField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class SecondFactor(Table):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        kind = CharField()
        device = CharField()
        data = TextField(unique=True)
        counter = BigIntegerField()
        created_at = BigIntegerField()

    class RecoveryCode(Table):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        code_mac = CharField(unique=True)
        created_at = BigIntegerField()

    db.create_tables([SecondFactor, RecoveryCode])
    db.execute_sql('ALTER TABLE "account" ADD COLUMN "factor_due_on" DATE')
    db.execute_sql('ALTER TABLE "sign_in_session" ADD COLUMN "proved_at" BIGINT')
    db.execute_sql('ALTER TABLE "sign_in_session" ADD COLUMN "challenge" VARCHAR(255) NOT NULL DEFAULT \'\'')
