"""When each job last ran, and who is running it now."""

from peewee import CharField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class JobRun(BaseModel):
    """The lease of one job: whoever holds it runs the job, nobody else does."""

    name = CharField(primary_key=True)
    leased_until = TimestampField(null=True)
    last_run_at = TimestampField(null=True)
    last_ok_at = TimestampField(null=True)
