"""The draft of a notice: the answers of its form, without a database."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from portal.directory.new_people_and_details import NewPerson
from portal.notices.kinds import NoticeKind

# Answers to "who takes this post over", beside the id of a person as text and "" for no answer.
STAYS, VACANT, UNKNOWN, NEW = "blijft", "vacature", "onbekend", "nieuw"


@dataclass(frozen=True)
class Draft:
    """The answers of an author. Dates are Amsterdam dates, `valid_until` is exclusive."""

    kind: NoticeKind
    text: str
    valid_from: date
    valid_until: date | None = None
    person: int | None = None
    # The new one of a person; None for a kind about an organisation: the whole region.
    organisation: int | None = None
    role: int | None = None
    schools: tuple[str, ...] = ()  # codes
    successor: str = ""  # for every post without an answer of its own
    posts: dict[int, str] = field(default_factory=dict)  # assignment: successor
    new_person: NewPerson | None = None
    details: dict[int, str] = field(default_factory=dict)  # contact detail: its new value
    more_phone: str = ""
    more_email: str = ""
    fills: dict[str, str] = field(default_factory=dict)  # of a division, school: who comes beside
    known_on: date | None = None  # of a vacancy: around when it is known who comes
    replaces_later: bool = False  # of a division: what was to change there later is dropped
    announces: int | None = None  # a change set that stands already: only told, for `organisation`

    @property
    def names_new_person(self) -> bool:
        """Whether an answer is a person who was not in the directory yet."""
        return NEW in (self.successor, *self.posts.values())

    def move(self, valid_from: date, valid_until: date | None, text: str) -> "Draft":
        """The same draft on other days and with another text."""
        return replace(self, valid_from=valid_from, valid_until=valid_until, text=text)

    def drop_successors(self, dropped: Collection[str]) -> "Draft":
        """The same draft with an unknown successor wherever a dropped one was chosen."""
        return replace(
            self,
            successor=UNKNOWN if self.successor in dropped else self.successor,
            posts={post: UNKNOWN if successor in dropped else successor for post, successor in self.posts.items()},
            new_person=None if NEW in dropped else self.new_person,
        )
