"""A person who is new in the directory."""

from typing import NamedTuple

from portal import phones
from portal.directory.change_sets import ChangeSet
from portal.directory.contact_detail_changes import add_detail
from portal.directory.models import DetailKind, Person
from portal.person_names import full_name


class NewPerson(NamedTuple):
    """A person who is not in the directory yet."""

    given_name: str
    infix: str
    family_name: str
    organisation: int  # id
    phone: str  # normalised by portal.phones; may be empty
    email: str  # may be empty

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.infix, self.family_name)

    @property
    def details(self) -> list[str]:
        """The number and the address, as people write them."""
        return [text for text in (phones.grouped(self.phone), self.email) if text]


def register(change_set: ChangeSet, new: NewPerson) -> Person:
    """Create a person with contact details. Idempotent: a notice that is applied again gives the
    person whom it created before."""
    person: Person = find_registered(change_set) or change_set.add(
        Person, organisation=new.organisation, given_name=new.given_name, infix=new.infix, family_name=new.family_name
    )
    for kind, value in ((DetailKind.PHONE, new.phone), (DetailKind.EMAIL, new.email)):
        if value:
            add_detail(change_set, person, kind, value, None)
    return person


def find_registered(change_set: ChangeSet) -> Person | None:
    """The person whom a change set created."""
    return Person.get_or_none(Person.id.in_(change_set.created(Person)))
