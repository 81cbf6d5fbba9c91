"""What a notice asks of the directory, before and after it is posted."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from portal.directory.assignments import NewPerson

STAYS, VACANT, UNKNOWN, NEW = "blijft", "vacature", "onbekend", "nieuw"


@dataclass(frozen=True)
class Draft:
    """A notice as somebody filled it in. Who takes a post over is the id of a person as text, one
    of the words above, or "" for what holds for all."""

    kind: str
    text: str
    valid_from: date
    valid_until: date | None = None
    person: int | None = None
    organisation: int | None = None  # None with a kind about an organisation: the whole region
    role: int | None = None
    schools: tuple[str, ...] = ()
    successor: str = ""
    posts: dict[int, str] = field(default_factory=dict)  # assignment: who takes it over
    new_person: NewPerson | None = None
    details: dict[int, str] = field(default_factory=dict)  # contact detail: its new value
    more_phone: str = ""

    def on(self, valid_from: date, valid_until: date | None, text: str) -> "Draft":
        """The same on other days and in other words."""
        return replace(self, valid_from=valid_from, valid_until=valid_until, text=text)

    def without(self, choices: Collection[str]) -> "Draft":
        """The same where these do not take over: nobody knows who does."""
        return replace(
            self,
            successor=UNKNOWN if self.successor in choices else self.successor,
            posts={
                post: UNKNOWN if choice in choices else choice
                for post, choice in self.posts.items()
            },
            new_person=None if NEW in choices else self.new_person,
        )

    def to_json(self) -> str:
        """The draft as text."""
        return json.dumps(asdict(self), default=date.isoformat)

    @staticmethod
    def from_json(text: str) -> "Draft":
        """The draft that was written as `text`."""
        fields = json.loads(text)
        fields["valid_from"] = date.fromisoformat(fields["valid_from"])
        if fields["valid_until"]:
            fields["valid_until"] = date.fromisoformat(fields["valid_until"])
        if fields["new_person"]:
            fields["new_person"] = NewPerson(*fields["new_person"])
        fields["schools"] = tuple(fields["schools"])
        for name in ("posts", "details"):
            fields[name] = {int(key): value for key, value in fields[name].items()}
        return Draft(**fields)
