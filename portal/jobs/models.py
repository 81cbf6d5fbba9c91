"""When each job last ran, and who is running it now."""

from peewee import CharField

from portal.database import BaseModel, MomentField


class JobRun(BaseModel):
    """The lease of one job: whoever holds it runs the job, nobody else does."""

    name = CharField(primary_key=True)
    leased_until = MomentField(null=True)
    last_run_at = MomentField(null=True)
    last_ok_at = MomentField(null=True)
