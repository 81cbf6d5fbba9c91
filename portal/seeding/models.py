"""The file of DUO that a coordinator looks at."""

from peewee import CharField, DateField, TextField

from portal.database import BaseModel


class DuoUpload(BaseModel):
    """The last file of DUO that was sent and not applied yet; there is one at most."""

    label = CharField()  # the name of the file
    made_on = DateField()
    sector = CharField()  # key
    content = TextField()  # JSON of DuoFile, without the schools of other regions
