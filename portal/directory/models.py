"""The directory's nouns: schools and places, who works where in which role, whom to fall back on.

Spans are half-open, `[valid_from, valid_until)`, in dates of Amsterdam; an open end is NULL.
Whatever a reader relies on carries its source and the date on which that was checked.
"""

from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from portal.database import BaseModel
from portal.database.fields import EnumField
from portal.workdays import HolidayKind


class Municipality(BaseModel):
    """A gemeente, of the region or around it."""

    code = CharField(primary_key=True)  # CBS, four digits: "0392"
    name = CharField(unique=True)
    slug = CharField(unique=True)
    in_region = BooleanField()


class Place(BaseModel):
    """A town or village as people name it, in one municipality."""

    name = CharField(unique=True)
    aliases = TextField(default="")  # "; " between them, like every `aliases`
    municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
    municipality_id: Any
    hint = TextField(default="")  # what somebody who types this name may be mistaken in


class Postcode(BaseModel):
    """The four digits of a postcode; they decide where a place's name does not."""

    pc4 = CharField(primary_key=True)
    municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
    municipality_id: Any
    place = ForeignKeyField(Place, null=True, on_delete="RESTRICT")
    place_id: Any


class Organisation(BaseModel):
    """An employer: a school, the CJG, the GGD, a municipality's attendance office."""

    SCHOOL = "school"
    PARTNER = "partner"

    key = CharField(unique=True)
    name = CharField()
    kind = CharField(choices=[(SCHOOL, "school"), (PARTNER, "partner")])


class Sector(BaseModel):
    """A kind of education: basisonderwijs, speciaal (basis)onderwijs, voortgezet onderwijs."""

    key = CharField(primary_key=True)  # "po", "so", "vo"
    label = CharField()
    position = IntegerField()


class School(BaseModel):
    """One location of a school, known by DUO's six-character code."""

    code = CharField(primary_key=True)
    organisation = ForeignKeyField(Organisation, unique=True, on_delete="RESTRICT")
    organisation_id: Any
    sector = ForeignKeyField(Sector, on_delete="RESTRICT")
    sector_id: Any
    name = CharField()  # the name people use
    duo_name = CharField()
    aliases = TextField(default="")
    slug = CharField(unique=True)
    street = CharField()
    postcode = CharField()
    place = ForeignKeyField(Place, on_delete="RESTRICT")
    place_id: Any
    phone = CharField(default="")
    website = CharField(default="")
    board_website = CharField(default="")  # where the school has neither number nor website
    source = CharField()
    checked_on = DateField()
    closed_on = DateField(null=True)  # no longer in DUO's list since then


class Role(BaseModel):
    """A function in or around the kernteam. Which there are is data of the region."""

    key = CharField(unique=True)
    label = CharField()
    aliases = TextField(default="")
    team = CharField(default="")  # roles that share a card, such as the JGZ-team
    call_about = TextField()  # waarvoor bel je
    position = IntegerField()
    one_holder = BooleanField()
    shown_first = BooleanField()  # whose number a search result shows for a school or place
    municipalities = CharField(default="")  # "; " between codes; empty: everywhere
    unconfirmed_in = CharField(default="")  # municipalities for which the sources leave it open
    member = BooleanField()  # False: helps the kernteam, is not part of it
    is_school_staff = (
        BooleanField()
    )  # the school's own post; whoever holds it speaks for the school
    service = CharField(default="")  # roles that do the same work in different municipalities
    case_by = CharField()  # what decides for one pupil, see routing.py
    why = TextField()  # the rule in one sentence
    source = CharField()
    checked_on = DateField()


class RoleInSector(BaseModel):
    """That schools of a sector have this role around them."""

    role = ForeignKeyField(Role, on_delete="CASCADE")
    role_id: Any
    sector = ForeignKeyField(Sector, on_delete="RESTRICT")
    sector_id: Any
    expected = BooleanField()  # False: fine when there is none
    to_confirm = BooleanField()

    class Meta:
        indexes = ((("role", "sector"), True),)


class Person(BaseModel):
    """Somebody who works for an organisation of the region."""

    organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
    organisation_id: Any
    given_name = CharField()
    infix = CharField(default="")  # "van der"
    family_name = CharField()
    working_days = CharField(default="")  # ISO weekdays: "124" is Monday, Tuesday, Thursday
    row_version = IntegerField(default=1)

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.given_name, self.infix, self.family_name)))


class Assignment(BaseModel):
    """A person in a role at a school, for a span."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    role = ForeignKeyField(Role, on_delete="RESTRICT")
    role_id: Any
    school = ForeignKeyField(School, on_delete="RESTRICT")
    school_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    is_pending = BooleanField(default=False)  # their organisation has not confirmed it yet
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField()

    class Meta:
        indexes = ((("school", "role", "valid_from"), False),)


class Absence(BaseModel):
    """A person who is not there, for a span."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField()


class Substitute(BaseModel):
    """Who stands in for one assignment during an absence."""

    absence = ForeignKeyField(Absence, on_delete="CASCADE")
    absence_id: Any
    assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
    assignment_id: Any
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any

    row_version = IntegerField(default=1)

    class Meta:
        indexes = ((("absence", "assignment"), True),)


class Vacancy(BaseModel):
    """That a post at a school is open, for a span; without one, a gap is just unknown."""

    role = ForeignKeyField(Role, on_delete="RESTRICT")
    role_id: Any
    school = ForeignKeyField(School, on_delete="RESTRICT")
    school_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField()


class ContactPoint(BaseModel):
    """A contact_point of an organisation that one can always turn to; it may lack a number."""

    key = CharField(unique=True)
    organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
    organisation_id: Any
    name = CharField()
    note = TextField(default="")
    source = CharField()
    checked_on = DateField()


class Responsibility(BaseModel):
    """The contact point that answers for a role in a municipality; rank 1 is asked first."""

    role = ForeignKeyField(Role, on_delete="CASCADE")
    role_id: Any
    municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
    municipality_id: Any
    sector = CharField(default="")  # only for schools of this sector; empty: for all
    contact_point = ForeignKeyField(ContactPoint, on_delete="CASCADE")
    contact_point_id: Any
    rank = IntegerField()
    also_by_school = BooleanField()  # the source says so for schools here, whoever the pupil
    to_confirm = BooleanField()

    class Meta:
        indexes = ((("role", "municipality", "sector", "rank"), True),)


class ContactDetail(BaseModel):
    """A number, address or site of one person or one contact point, for a span."""

    PHONE, EMAIL, WEBSITE = "phone", "email", "website"
    OPEN, MEMBERS = "open", "members"

    person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
    person_id: Any
    contact_point = ForeignKeyField(ContactPoint, null=True, on_delete="CASCADE")
    contact_point_id: Any
    kind = CharField(choices=[(PHONE, "telefoon"), (EMAIL, "e-mail"), (WEBSITE, "website")])
    value = CharField()  # a telephone number as E.164 where it is one: "+31235113660"
    label = CharField(default="")  # whose it is, where that is not plain
    visibility = CharField(choices=[(OPEN, "iedereen"), (MEMBERS, "wie is ingelogd")])
    valid_from = DateField(null=True)
    valid_until = DateField(null=True)
    position = IntegerField(default=0)
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField()


class Holiday(BaseModel):
    """Days on which schools and offices are closed: a public holiday, or a school holiday."""

    name = CharField()
    kind = EnumField(HolidayKind)
    valid_from = DateField(index=True)
    valid_until = DateField()
    source = CharField()
    checked_on = DateField()


class ChangeRecord(BaseModel):
    """A row of the directory that a notice made, changed or removed, so that it can be undone.

    `before` and `after` hold the fields that differ as JSON; NULL where the row did not exist.
    """

    notice = IntegerField(index=True)  # an id; this package knows no notices
    table = CharField()
    row = IntegerField()
    before = TextField(null=True)
    after = TextField(null=True)
    row_version = IntegerField()  # of the row after the change
    undone = BooleanField(default=False)

    class Meta:
        indexes = ((("table", "row"), False),)
