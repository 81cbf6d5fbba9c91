"""The source and check of who answers where: until now those of the contact point."""

from peewee import Table


def up(migrator, db):
    for column in (
        "\"source\" VARCHAR(255) NOT NULL DEFAULT ''",
        '"checked_on" DATE',
        "\"checked_by\" VARCHAR(255) NOT NULL DEFAULT 'source'",
    ):
        # The migrator would make the table anew, without the triggers that renew the version.
        db.execute_sql(f'ALTER TABLE "responsibility" ADD COLUMN {column}')
    answer = Table("responsibility", ("contact_point_id", "source", "checked_on")).bind(db)
    point = Table("contact_point", ("id", "source", "checked_on")).bind(db)
    own = point.id == answer.contact_point_id
    answer.update(
        source=point.select(point.source).where(own), checked_on=point.select(point.checked_on).where(own)
    ).execute()
