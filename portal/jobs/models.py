"""The leases of the jobs and the times of their last runs."""

from peewee import CharField

from portal.database import BaseModel
from portal.database.fields import TimestampField


class JobRun(BaseModel):
    """The lease of one job: only the worker that holds it runs the job."""

    name = CharField(primary_key=True)
    leased_until = TimestampField(null=True)
    last_run_at = TimestampField(null=True)
    last_ok_at = TimestampField(null=True)
    last_done_at = TimestampField(null=True)  # the last run that had something to do, and did it
