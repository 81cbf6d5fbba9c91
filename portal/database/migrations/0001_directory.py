"""The directory: schools and places, people and their assignments, contact points, the index.

A frozen copy of the models as they were; what changes later gets a migration of its own.
"""

from peewee import (
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class Organisation(Model):
        key = CharField(unique=True)
        name = CharField()
        kind = CharField()

        class Meta:
            database = db
            table_name = "organisation"

    db.create_tables([Organisation])

    class Person(Model):
        organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
        given_name = CharField()
        infix = CharField(default="")
        family_name = CharField()
        working_days = CharField(default="")

        class Meta:
            database = db
            table_name = "person"

    db.create_tables([Person])

    class Absence(Model):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        valid_from = DateField()
        valid_until = DateField(null=True)
        source = CharField()
        checked_on = DateField()

        class Meta:
            database = db
            table_name = "absence"

    db.create_tables([Absence])

    class Role(Model):
        key = CharField(unique=True)
        label = CharField()
        aliases = TextField(default="")
        team = CharField(default="")
        call_about = TextField()
        position = IntegerField()
        one_holder = BooleanField()
        shown_first = BooleanField()
        municipalities = CharField(default="")
        unconfirmed_in = CharField(default="")
        member = BooleanField()
        service = CharField(default="")
        case_by = CharField()
        why = TextField()
        source = CharField()
        checked_on = DateField()

        class Meta:
            database = db
            table_name = "role"

    db.create_tables([Role])

    class Sector(Model):
        key = CharField(primary_key=True)
        label = CharField()
        position = IntegerField()

        class Meta:
            database = db
            table_name = "sector"

    db.create_tables([Sector])

    class Municipality(Model):
        code = CharField(primary_key=True)
        name = CharField(unique=True)
        slug = CharField(unique=True)
        in_region = BooleanField()

        class Meta:
            database = db
            table_name = "municipality"

    db.create_tables([Municipality])

    class Place(Model):
        name = CharField(unique=True)
        aliases = TextField(default="")
        municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
        hint = TextField(default="")

        class Meta:
            database = db
            table_name = "place"

    db.create_tables([Place])

    class School(Model):
        code = CharField(primary_key=True)
        organisation = ForeignKeyField(Organisation, unique=True, on_delete="RESTRICT")
        sector = ForeignKeyField(Sector, on_delete="RESTRICT")
        name = CharField()
        duo_name = CharField()
        aliases = TextField(default="")
        slug = CharField(unique=True)
        street = CharField()
        postcode = CharField()
        place = ForeignKeyField(Place, on_delete="RESTRICT")
        phone = CharField(default="")
        website = CharField(default="")
        board_website = CharField(default="")
        source = CharField()
        checked_on = DateField()
        closed_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "school"

    db.create_tables([School])

    class Assignment(Model):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        role = ForeignKeyField(Role, on_delete="RESTRICT")
        school = ForeignKeyField(School, on_delete="RESTRICT")
        valid_from = DateField()
        valid_until = DateField(null=True)
        origin_kind = CharField(default="")
        origin_id = IntegerField(null=True)
        source = CharField()
        checked_on = DateField()

        class Meta:
            database = db
            table_name = "assignment"
            indexes = ((("school", "role", "valid_from"), False),)

    db.create_tables([Assignment])

    class ContactPoint(Model):
        key = CharField(unique=True)
        organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
        name = CharField()
        note = TextField(default="")
        source = CharField()
        checked_on = DateField()

        class Meta:
            database = db
            table_name = "contact_point"

    db.create_tables([ContactPoint])

    class ContactDetail(Model):
        person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
        contact_point = ForeignKeyField(ContactPoint, null=True, on_delete="CASCADE")
        kind = CharField()
        value = CharField()
        label = CharField(default="")
        visibility = CharField()
        valid_from = DateField(null=True)
        valid_until = DateField(null=True)
        position = IntegerField(default=0)
        source = CharField()
        checked_on = DateField()

        class Meta:
            database = db
            table_name = "contact_detail"

    db.create_tables([ContactDetail])

    class DatabaseFlag(Model):
        name = CharField(primary_key=True)
        set_on = DateField()

        class Meta:
            database = db
            table_name = "database_flag"

    db.create_tables([DatabaseFlag])

    class Postcode(Model):
        pc4 = CharField(primary_key=True)
        municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
        place = ForeignKeyField(Place, null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "postcode"

    db.create_tables([Postcode])

    class Responsibility(Model):
        role = ForeignKeyField(Role, on_delete="CASCADE")
        municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
        sector = CharField(default="")
        contact_point = ForeignKeyField(ContactPoint, on_delete="CASCADE")
        rank = IntegerField()
        also_by_school = BooleanField()
        to_confirm = BooleanField()

        class Meta:
            database = db
            table_name = "responsibility"
            indexes = ((("role", "municipality", "sector", "rank"), True),)

    db.create_tables([Responsibility])

    class RoleInSector(Model):
        role = ForeignKeyField(Role, on_delete="CASCADE")
        sector = ForeignKeyField(Sector, on_delete="RESTRICT")
        expected = BooleanField()
        to_confirm = BooleanField()

        class Meta:
            database = db
            table_name = "role_in_sector"
            indexes = ((("role", "sector"), True),)

    db.create_tables([RoleInSector])

    class Substitute(Model):
        absence = ForeignKeyField(Absence, on_delete="CASCADE")
        assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "substitute"
            indexes = ((("absence", "assignment"), True),)

    db.create_tables([Substitute])

    class Vacancy(Model):
        role = ForeignKeyField(Role, on_delete="RESTRICT")
        school = ForeignKeyField(School, on_delete="RESTRICT")
        valid_from = DateField()
        valid_until = DateField(null=True)
        source = CharField()
        checked_on = DateField()

        class Meta:
            database = db
            table_name = "vacancy"

    db.create_tables([Vacancy])

    # Virtual tables are outside what the migrations can compare: by hand.
    db.execute_sql(
        "CREATE VIRTUAL TABLE search_document USING fts5 "
        "(title, names, context, kind UNINDEXED, ref UNINDEXED, "
        "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5')"
    )
