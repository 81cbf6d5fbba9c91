"""The imports of coordinators, and the words of their files that were explained once."""

from peewee import CharField, DateField, IntegerField, TextField

from portal import clock
from portal.database import BaseModel
from portal.database.fields import EnumField, TimestampField
from portal.labelled_enum import LabelledEnum


class ImportState(LabelledEnum):
    WAITING = "waiting", "wordt gelezen"
    REFUSED = "refused", "niet te lezen"
    OPEN = "open", "nog niet toegepast"
    APPLIED = "applied", "toegepast"


class Coverage(LabelledEnum):
    """The part of the posts of its roles that a file tells; of that part nobody else is left."""

    PARTLY = "partly", "Nee, er ontbreken scholen of mensen"
    ITS_SCHOOLS = "its schools", "Ja, van de scholen die erin staan staat iedereen erin"
    EVERYTHING = "everything", "Ja, alle scholen en alle mensen van deze functies"


class Import(BaseModel):
    """A file with posts, and what was decided about it. Nothing of it is in the directory before it is applied."""

    label = CharField()  # the name of the file
    sender = CharField()
    account = IntegerField(null=True)  # id; NULL: in the shell
    at = TimestampField(index=True)
    made_on = DateField()  # of the file: what somebody changed since then is a conflict
    effective_on = DateField()
    roles = CharField(default="")  # keys, with blanks
    coverage = EnumField(Coverage, default=Coverage.PARTLY)
    state = EnumField(ImportState, default=ImportState.WAITING)
    busy_until = TimestampField(null=True)  # the lease of the worker that reads it
    refusal = CharField(default="")  # in Dutch
    file = TextField(default="")  # base64, until it was read
    tables = TextField(default="[]")  # JSON of Table
    decisions = TextField(default="{}")  # JSON: per key of a column or question
    asked = TextField(default="[]")  # JSON of Question: those that were answered
    interpretation = TextField(default="")  # JSON of Interpretation
    interpreted_for = CharField(default="")  # the decisions and the directory of that moment
    change_set = IntegerField(null=True)  # id
    row_version = IntegerField(default=1)


class RememberedWord(BaseModel):
    """A decision about a word or column in the files of a sender, for their next file."""

    sender = CharField()  # folded
    key = CharField()
    word = CharField()
    meaning = CharField()
    used_on = DateField(default=clock.today)  # of the last import with it

    class Meta:
        indexes = ((("sender", "key"), True),)
