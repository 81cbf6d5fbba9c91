"""For which school and home an aid is asked, and who answers there."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import request

from portal import clock
from portal.accounts.access import current_person_id
from portal.contacts import resolve
from portal.contacts.residence_form import read_residence, set_residence_choices
from portal.contacts.rules import ContactAnswer
from portal.directory import people
from portal.directory import schools as directory
from portal.directory.read_models import MunicipalityRow, PlaceRow, SchoolRow
from portal.guide.forms import SchoolForm

CONSULTANT = "onderwijsconsulent"


class ToolContext(NamedTuple):
    """What was asked: for which school and home, and whether there is an answer to give."""

    form: SchoolForm
    school: SchoolRow | None
    home: MunicipalityRow | None
    choices: tuple[PlaceRow, ...]
    answered: bool

    @classmethod
    def unasked(cls) -> "ToolContext":
        """Nothing was asked yet."""
        return cls(SchoolForm(), None, None, (), answered=False)

    @property
    def town(self) -> str:
        """The municipality that the answer is for."""
        if self.home:
            return self.home.name
        return self.school.municipality_name if self.school else ""

    def called(self, calls: Sequence[str]) -> list[ContactAnswer]:
        """Who answers at this school and for this home, for each of these roles or services; for
        one that the school does not have, its onderwijsconsulent."""
        if self.school is None:
            return []
        around = resolve.kernteam(self.school, clock.today(), self.home)
        found: dict[str, ContactAnswer] = {}
        for call in calls:
            fitting = [a for a in around if call in (a.role.key, a.role.service)]
            for answer in fitting or [a for a in around if a.role.key == CONSULTANT]:
                found.setdefault(answer.role.key, answer)
        return list(found.values())


def read_tool_context(form: SchoolForm) -> ToolContext:
    """Reads what was asked. An answer is given once the questions of the aid were sent along, or
    where it has none."""
    schools = directory.list_schools()
    person = current_person_id()
    own = people.list_schools_of(clock.today(), person) if person else []
    mine = {school.slug for school in schools if school.code in own}
    if len(mine) == 1 and "school" not in request.args:
        form.school.data = next(iter(mine))
    form.offer(schools, mine)
    school = next((row for row in schools if row.slug == form.school.data), None)
    sent = not form.own or any(field.name in request.args for field in form.own)
    if not sent:
        set_residence_choices(form, school)
        return ToolContext(form, school, None, (), answered=False)
    home, choices = read_residence(form, school)
    return ToolContext(form, school, home, choices, answered=not form.errors)
