"""The directory: schools and places, people and their assignments, contact points, settings.

Validity periods are half-open, `[valid_from, valid_until)`, in Amsterdam dates; an open end is
NULL. Every fact that a reader relies on carries its source, the day on which it was looked up last,
and by whom. What only a file says was checked by nobody: its day is that of the file, or NULL.
"""

from typing import Any

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField, fn

from portal import person_names
from portal.database import BaseModel
from portal.database.fields import EnumField
from portal.database.sort_keys import SortedByName
from portal.directory.school_sort_names import sort_name
from portal.labelled_enum import LabelledEnum
from portal.person_names import full_name
from portal.workdays import HolidayKind


class DetailKind(LabelledEnum):
    """The kind of a contact detail."""

    PHONE = "phone", "telefoon"
    EMAIL = "email", "e-mail"
    WEBSITE = "website", "website"


class Visibility(LabelledEnum):
    """For whom a contact detail is visible. Members also see what is visible for everybody."""

    OPEN = "open", "iedereen"
    MEMBERS = "members", "wie is ingelogd"


class ReachedBy(LabelledEnum):
    """The way in which a person is reached best."""

    CALL = "call", "bellen"
    MAIL = "mail", "mailen"
    TEXT = "text", "appen of sms’en"
    ANY = "", "maakt niet uit"


class CheckedBy(LabelledEnum):
    """The one who said that a fact is right."""

    SELF = "self", "zelf"  # whom it is about
    ORGANISATION = "organisation", "organisatie"
    CALL = "call", "gebeld"  # somebody called, and it was right
    REPORT = "report", "melding"  # it was corrected after a report
    SOURCE = "source", "bron"  # a file says so; nobody checked


class Municipality(BaseModel):
    """A municipality (gemeente) in the region or around it."""

    code = CharField(primary_key=True)  # CBS, four digits: "0392"
    name = CharField(unique=True)
    slug = CharField(unique=True)
    in_region = BooleanField()
    row_version = IntegerField(default=1)


class Place(BaseModel):
    """A town, village or district by its common name, in one municipality."""

    name = CharField(unique=True)
    aliases = TextField(default="")  # separated by "; ", like every `aliases`
    municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
    municipality_id: Any
    hint = TextField(default="")  # one Dutch sentence where the name is easily misunderstood
    row_version = IntegerField(default=1)


class Postcode(BaseModel):
    """The four digits of a postcode. They tell municipalities apart where a place name does not."""

    pc4 = CharField(primary_key=True)
    municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
    municipality_id: Any
    place = ForeignKeyField(Place, null=True, on_delete="RESTRICT")
    place_id: Any
    row_version = IntegerField(default=1)


class Organisation(SortedByName, BaseModel):
    """An employer: a school, the CJG, the GGD, a municipality's attendance office."""

    SCHOOL = "school"
    PARTNER = "partner"

    key = CharField(unique=True)
    name = CharField()
    sort_key = CharField()
    kind = CharField(choices=[(SCHOOL, "school"), (PARTNER, "partner")])
    row_version = IntegerField(default=1)

    make_sort_key = staticmethod(sort_name)


class Sector(BaseModel):
    """A sector of education: basisonderwijs, speciaal (basis)onderwijs, voortgezet onderwijs."""

    key = CharField(primary_key=True)  # "po", "so", "vo"
    label = CharField()
    position = IntegerField()
    row_version = IntegerField(default=1)


class School(SortedByName, BaseModel):
    """One location of a school, identified by DUO's code of six characters (BRIN and location)."""

    code = CharField(primary_key=True)
    organisation = ForeignKeyField(Organisation, unique=True, on_delete="RESTRICT")
    organisation_id: Any
    sector = ForeignKeyField(Sector, on_delete="RESTRICT")
    sector_id: Any
    name = CharField()  # the name in daily use
    sort_key = CharField()
    duo_name = CharField()
    aliases = TextField(default="")
    slug = CharField(unique=True)
    street = CharField()
    postcode = CharField()
    place = ForeignKeyField(Place, on_delete="RESTRICT")
    place_id: Any
    phone = CharField(default="")
    website = CharField(default="")
    board_website = CharField(default="")  # for a school without a number and website of its own
    source = CharField()
    checked_on = DateField()
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)
    closed_on = DateField(null=True)  # the day from which DUO's list no longer has it
    row_version = IntegerField(default=1)

    make_sort_key = staticmethod(sort_name)


def is_open(on: Any, model: Any = School) -> Any:
    """The condition that a school, or a row of another model that closes, is open on the day `on`."""
    return model.closed_on.is_null() | (model.closed_on > on)


class Kern(SortedByName, BaseModel):
    """A named group of schools that have people together. A region switches kernen on."""

    code = CharField(primary_key=True)  # never the code of a school: "kern-waterburen"
    name = CharField(unique=True)
    sort_key = CharField()
    row_version = IntegerField(default=1)

    @property
    def slug(self) -> str:
        """Its code, with which the address of a school page leads to that of the kern."""
        return str(self.code)


def kern_slug(code: str) -> str:
    """The end of the address of the page of a kern with this code."""
    return code.removeprefix("kern-")


class KernMembership(BaseModel):
    """A school in a kern, for a period. The periods of a school do not overlap."""

    kern = ForeignKeyField(Kern, on_delete="RESTRICT")
    kern_id: Any
    school = ForeignKeyField(School, on_delete="RESTRICT")
    school_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField()
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)

    class Meta:
        indexes = ((("school", "valid_from"), True),)


Workplace = School | Kern
ONE_WORKPLACE = "(school_id IS NULL) <> (kern_id IS NULL)"


def is_kern(code: str) -> bool:
    """Whether a code is one of a kern, and not of a school."""
    return code.startswith("kern-")


class AtWorkplace:
    """A model with the columns `school` and `kern`, of which each row has one."""

    school: Any
    kern: Any
    school_id: Any
    kern_id: Any

    @property
    def workplace(self) -> Workplace:
        """The school or kern."""
        found: Workplace = self.school or self.kern
        return found

    @property
    def workplace_id(self) -> str:
        """The code of the school or kern."""
        return str(self.school_id or self.kern_id)

    @classmethod
    def code(cls) -> Any:
        """The code of the school or kern, in a query."""
        return fn.COALESCE(cls.school, cls.kern)

    @property
    def place_name(self) -> str:
        """The place of the school; "" for a kern."""
        return str(self.school.place.name) if self.school else ""

    @classmethod
    def of(cls, workplace: Workplace) -> Any:
        """The condition that a row is at this school or kern."""
        return (cls.school if isinstance(workplace, School) else cls.kern) == workplace

    @classmethod
    def at(cls, codes: Any, has_kern: bool | None = True) -> Any:
        """The condition that a row is at one of these schools or kernen (codes, or a select). Where no kern can be
        among them, the database need not look for one."""
        return cls.school.in_(codes) | cls.kern.in_(codes) if has_kern else cls.school.in_(codes)


def at_workplace(code: str) -> dict[str, str | None]:
    """The columns of a row at the school or kern with this code ("": neither)."""
    school, kern = ("", code) if is_kern(code) else (code, "")
    return {"school": school or None, "kern": kern or None}


class Role(BaseModel):
    """A function in or around the kernteam. The roles are data of the region."""

    key = CharField(unique=True)
    label = CharField()
    aliases = TextField(default="")
    team = CharField(default="")  # label of roles that belong together, such as the JGZ-team
    call_about = TextField()  # in Dutch: what this role can be called about
    position = IntegerField()
    one_holder = BooleanField()
    shown_first = BooleanField()  # its number stands beside a school or place in search results
    municipalities = CharField(default="")  # codes, separated by "; "; empty: everywhere
    unconfirmed_in = CharField(default="")  # codes of municipalities that the sources leave open
    member = BooleanField()  # False: helps the kernteam without being part of it
    is_school_staff = BooleanField()  # employed by the school; the holder speaks for the school
    service = CharField(default="")  # shared by roles that do the same work elsewhere
    case_by = CharField()  # the rule for one pupil: a key of portal.contacts.who_to_call.RULES
    why = TextField()  # that rule in one Dutch sentence
    of_kern = BooleanField(default=False)  # its holders work for the schools of a kern
    check_months = IntegerField(default=6)  # between checks of its holders
    source = CharField()
    checked_on = DateField()
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)
    row_version = IntegerField(default=1)


class RoleInSector(BaseModel):
    """A role that the schools of a sector have."""

    role = ForeignKeyField(Role, on_delete="CASCADE")
    role_id: Any
    sector = ForeignKeyField(Sector, on_delete="RESTRICT")
    sector_id: Any
    expected = BooleanField()  # False: an empty post is not a gap
    to_confirm = BooleanField()
    row_version = IntegerField(default=1)

    class Meta:
        indexes = ((("role", "sector"), True),)


class Person(SortedByName, BaseModel):
    """A person who works for an organisation of the region."""

    organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
    organisation_id: Any
    given_name = CharField()
    infix = CharField(default="")  # "van der"
    family_name = CharField()
    sort_key = CharField()
    working_days = CharField(default="")  # ISO weekdays: "124" is Monday, Tuesday, Thursday
    hours = CharField(default="")  # as people write them: "8.30-15.00"
    reached_by = EnumField(ReachedBy, default=ReachedBy.ANY)
    row_version = IntegerField(default=1)

    sorted_by = ("given_name", "family_name")
    make_sort_key = staticmethod(person_names.sort_key)

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.infix, self.family_name)


class Employment(BaseModel):
    """The work of a person for another organisation than `Person.organisation`, for a period."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
    organisation_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    is_pending = BooleanField(default=False)  # not yet confirmed by the organisation
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField()
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)


class Assignment(AtWorkplace, BaseModel):
    """A person in a role at a school or kern, for a period."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    role = ForeignKeyField(Role, on_delete="RESTRICT")
    role_id: Any
    school: Any = ForeignKeyField(School, null=True, on_delete="RESTRICT")
    school_id: Any
    kern: Any = ForeignKeyField(Kern, null=True, on_delete="RESTRICT")
    kern_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    is_pending = BooleanField(default=False)  # not yet confirmed by the person's organisation
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField(null=True)
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)

    class Meta:
        constraints = (Check(ONE_WORKPLACE),)
        indexes = (
            (("school", "role", "valid_from"), False),
            (("school", "valid_from"), False),
            (("school", "valid_until"), False),
        )


class Absence(BaseModel):
    """The absence of a person, for a period."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField(null=True)
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)


class Substitute(BaseModel):
    """The person who stands in for one assignment during an absence."""

    absence = ForeignKeyField(Absence, on_delete="CASCADE")
    absence_id: Any
    assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
    assignment_id: Any
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: Any

    row_version = IntegerField(default=1)

    class Meta:
        indexes = ((("absence", "assignment"), True),)


class Vacancy(AtWorkplace, BaseModel):
    """A post at a school or kern that is open, for a period. A gap without a vacancy is unknown."""

    role = ForeignKeyField(Role, on_delete="RESTRICT")
    role_id: Any
    school: Any = ForeignKeyField(School, null=True, on_delete="RESTRICT")
    school_id: Any
    kern: Any = ForeignKeyField(Kern, null=True, on_delete="RESTRICT")
    kern_id: Any
    valid_from = DateField()
    valid_until = DateField(null=True)
    known_on = DateField(null=True)  # the day around which it is known who comes
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField(null=True)
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)

    class Meta:
        constraints = (Check(ONE_WORKPLACE),)


class ContactPoint(BaseModel):
    """An organisation's desk, the fallback for its people. It may lack a number."""

    key = CharField(unique=True)
    organisation = ForeignKeyField(Organisation, on_delete="RESTRICT")
    organisation_id: Any
    name = CharField()
    aliases = TextField(default="")
    hours = CharField(default="")  # as people write them
    note = TextField(default="")
    closed_on = DateField(null=True)  # the first day on which it answers nowhere
    source = CharField()
    checked_on = DateField()
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)
    row_version = IntegerField(default=1)


class Responsibility(BaseModel):
    """The contact point that answers for a role in a municipality; rank 1 comes first."""

    role = ForeignKeyField(Role, on_delete="CASCADE")
    role_id: Any
    municipality = ForeignKeyField(Municipality, on_delete="RESTRICT")
    municipality_id: Any
    sector = CharField(default="")  # key; empty: for schools of every sector
    contact_point = ForeignKeyField(ContactPoint, on_delete="CASCADE")
    contact_point_id: Any
    rank = IntegerField()
    also_by_school = BooleanField()  # the source also claims it by the school's municipality
    to_confirm = BooleanField()
    source = CharField(default="")
    checked_on = DateField(null=True)
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)
    row_version = IntegerField(default=1)

    class Meta:
        indexes = ((("role", "municipality", "sector", "rank"), True),)


class ContactDetail(BaseModel):
    """A number, mail address or website of one person or one contact point, for a period."""

    person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
    person_id: Any
    contact_point = ForeignKeyField(ContactPoint, null=True, on_delete="CASCADE")
    contact_point_id: Any
    kind = EnumField(DetailKind)
    value = CharField()  # a telephone number in E.164 where it has that form: "+31235113660"
    label = CharField(default="")  # the owner, where that is not the person or contact point itself
    visibility = EnumField(Visibility)
    valid_from = DateField(null=True, index=True)
    valid_until = DateField(null=True)
    position = IntegerField(default=0)
    row_version = IntegerField(default=1)
    source = CharField()
    checked_on = DateField(null=True)
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)


class Holiday(BaseModel):
    """A public holiday or a school holiday."""

    name = CharField()
    kind = EnumField(HolidayKind)
    valid_from = DateField(index=True)
    valid_until = DateField()
    source = CharField()
    checked_on = DateField()
    checked_by = EnumField(CheckedBy, default=CheckedBy.SOURCE)
    row_version = IntegerField(default=1)


class SettingKey(LabelledEnum):
    """A fact that a coordinator types."""

    VEILIG_THUIS = "veilig-thuis", "nummer van Veilig Thuis"
    # Promises: empty, no text makes them.
    ANSWER_DAYS = "antwoord-aanvraag", "werkdagen tot antwoord op een aanvraag"
    ACCESSIBILITY_DAYS = "antwoord-toegankelijkheid", "werkdagen tot antwoord over toegankelijkheid"
    FIRST_DAYS = "eerste-dagen", "eerste stappen bij Beheer"  # not empty: put away


class Setting(BaseModel):
    """The value of such a fact; see `portal.directory.settings`."""

    key = EnumField(SettingKey, primary_key=True)
    value = CharField()
    row_version = IntegerField(default=1)


# Every table whose rows change through change sets.
CHILDREN_FIRST: tuple[type[BaseModel], ...] = (
    Substitute, Absence, Assignment, Vacancy, ContactDetail, Employment, Person, Responsibility,
    ContactPoint, RoleInSector, Role, KernMembership, Kern, School, Sector, Organisation, Postcode,
    Place, Municipality, Holiday, Setting,
)  # fmt: skip
