"""The school and the residence that a tool is asked for, and the contacts to call there."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import request

from portal import clock
from portal.accounts.access import current_person_id
from portal.contacts import who_to_call
from portal.contacts.residence_form import read_residence, set_residence_choices
from portal.contacts.who_to_call import ContactAnswer
from portal.directory import schools_and_kernen as directory
from portal.directory import who_works_or_is_absent
from portal.directory.models import is_kern
from portal.directory.places import MunicipalityRow, PlaceRow
from portal.directory.schools_and_kernen import SchoolRow
from portal.guide.forms import SchoolForm
from portal.region import current_region


class ToolQuestion(NamedTuple):
    """A question to a tool: its form, and the school and residence that the form names."""

    form: SchoolForm
    school: SchoolRow | None
    residence: MunicipalityRow | None  # None: the municipality of the school
    places: tuple[PlaceRow, ...]  # to choose from, where a place has several
    is_answered: bool  # whether the form is complete and right

    @classmethod
    def empty(cls) -> "ToolQuestion":
        """The question before anything was asked."""
        return cls(SchoolForm(), None, None, (), is_answered=False)

    @property
    def municipality_name(self) -> str:
        if self.residence:
            return self.residence.name
        return self.school.municipality_name if self.school else ""

    def find_contacts(self, calls: Sequence[str]) -> list[ContactAnswer]:
        """The contacts at this school for this residence, for each of the roles or services
        `calls`. The region's fallback role stands in for one that the school does not have."""
        if self.school is None:
            return []
        kernteam = who_to_call.kernteam(self.school, clock.today(), self.residence)
        contacts: dict[str, ContactAnswer] = {}
        for call in calls:
            named = [a for a in kernteam if call in (a.role.key, a.role.service)]
            fallback = [a for a in kernteam if a.role.key == current_region().fallback_role]
            for answer in named or fallback:
                contacts.setdefault(answer.role.key, answer)
        return list(contacts.values())


def read_question(form: SchoolForm) -> ToolQuestion:
    """Read the question that was sent. It is answered once the questions of the tool itself were
    sent along, or where the tool has none."""
    person = current_person_id()
    codes = who_works_or_is_absent.list_schools_of(clock.today(), person) if person else []
    own = [row for row in directory.list_schools_by_code(codes) if not is_kern(row.code)]
    if len(own) == 1 and "school" not in request.args:
        form.school.data = own[0].slug
    form.set_schools(own)
    school = directory.find_school((form.school.data or "")[:6].upper())
    school = school if school and school.slug == form.school.data else None
    sent = not form.tool_fields or any(field.name in request.args for field in form.tool_fields)
    if not sent:
        set_residence_choices(form, school)
        return ToolQuestion(form, school, None, (), is_answered=False)
    residence, places = read_residence(form, school)
    return ToolQuestion(form, school, residence, places, is_answered=not form.errors)
