"""The owner of a request, and since when a message of its requester waits."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "request" ADD COLUMN "unread_since" BIGINT')
    db.execute_sql('ALTER TABLE "request" ADD COLUMN "owner_id" INTEGER REFERENCES "account" ("id") ON DELETE SET NULL')
    db.execute_sql('CREATE INDEX "request_unread_since" ON "request" ("unread_since")')
    db.execute_sql('CREATE INDEX "request_owner_id" ON "request" ("owner_id")')
    db.execute_sql("UPDATE request SET unread_since = received_at WHERE state = 'received'")
