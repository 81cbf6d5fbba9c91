"""Commands on new people and on contact details, in the change set and transaction of the caller."""

from datetime import date
from typing import NamedTuple

from portal import phones
from portal.directory.change_sets import ChangeSet, RuleViolation
from portal.directory.models import ContactDetail, DetailKind, Person, Visibility
from portal.person_names import full_name


def replace_detail(change_set: ChangeSet, detail: ContactDetail, value: str, on: date) -> None:
    """Replace the value of a contact detail from the day `on`, or that of the one that has followed it by then.

    Raises RuleViolation where it ends on or before that day and none follows.
    """
    while detail.valid_until is not None and detail.valid_until <= on:
        followed = (ContactDetail.person == detail.person_id) & (ContactDetail.valid_from == detail.valid_until)
        same = (ContactDetail.kind == detail.kind) & (ContactDetail.position == detail.position)
        following = ContactDetail.get_or_none(followed & same & (ContactDetail.label == detail.label))
        if following is None:
            raise RuleViolation("Dit nummer of adres vervalt al eerder. Vul het nieuwe in als extra nummer.")
        detail = following
    unchanged = {
        name: detail.__data__[name] for name in ("person", "kind", "label", "visibility", "position", "valid_until")
    }
    change_set.end(detail, on)
    change_set.add(ContactDetail, **unchanged, value=value, valid_from=on)


def add_detail(
    change_set: ChangeSet, person: Person, kind: str, value: str, valid_from: date | None,
    visibility: Visibility = Visibility.OPEN,
) -> None:  # fmt: skip
    """Add a contact detail (a DetailKind) of a person."""
    change_set.add(ContactDetail, person=person, kind=kind, value=value, visibility=visibility, valid_from=valid_from)


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


def add_new_person(change_set: ChangeSet, new: NewPerson) -> Person:
    """Create a person with contact details. Idempotent: a notice that is applied again gives the
    person whom it created before."""
    person: Person = find_added_person(change_set) or change_set.add(
        Person, organisation=new.organisation, given_name=new.given_name, infix=new.infix, family_name=new.family_name
    )
    for kind, value in ((DetailKind.PHONE, new.phone), (DetailKind.EMAIL, new.email)):
        if value:
            add_detail(change_set, person, kind, value, None)
    return person


def find_added_person(change_set: ChangeSet) -> Person | None:
    """The person whom a change set created."""
    return Person.get_or_none(Person.id.in_(change_set.created(Person)))
