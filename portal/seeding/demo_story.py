"""Applies the events of `demo/story.toml` to the demo's draft: successions, vacancies, absences,
new numbers. Pure: it changes the draft before the demo stores it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """An assignment of a person, by their number in the cast, for a half-open span of dates."""

    person: int
    role: str
    workplace: str  # the code of a school or kern
    valid_from: date
    valid_until: date | None
    checked_on: date


@dataclass
class Draft:
    """The demo before it is stored. People are numbers in the cast; `hire` adds one."""

    day: date
    hire: Callable[[int], int]  # a new colleague of this person
    posts: list[Post]
    # Role, workplace, first day, day on which it was filled, day on which it becomes known.
    vacancies: list[tuple[str, str, date, date | None, date | None]] = field(default_factory=list)
    absences: dict[int, tuple[date, date]] = field(default_factory=dict)
    substitutes: dict[int, int] = field(default_factory=dict)  # absent person: substitute
    new_numbers: dict[int, date] = field(default_factory=dict)

    def at(self, days: int) -> date:
        """The date `days` after the day of seeding."""
        return self.day + timedelta(days=days)

    def rounds(self, role: str) -> list[int]:
        """The holders of a role, in the order in which they were hired."""
        return sorted({post.person for post in self.posts if post.role == role})

    def end(self, person: int, role: str, day: date) -> list[Post]:
        """End the posts of a person in a role on `day`; returns those posts."""
        ended = [p for p in self.posts if (p.person, p.role) == (person, role)]
        self.posts = [replace(p, valid_until=day) if p in ended else p for p in self.posts]
        return ended

    def start(self, like: Sequence[Post], day: date) -> None:
        """Let a new person take over posts like these from `day` on."""
        person = self.hire(like[0].person)
        self.posts += [
            replace(p, person=person, valid_from=day, valid_until=None, checked_on=min(day, self.day)) for p in like
        ]


def tell(draft: Draft, events: Sequence[Event]) -> None:
    """Apply `events` to the draft, in their order."""
    for event in events:
        _KINDS[event["kind"]](draft, event)


def _who(draft: Draft, event: Event, key: str = "who") -> int:
    return draft.rounds(event["role"])[event[key]]


def _succession(draft: Draft, event: Event) -> None:
    day = draft.at(event["day"])
    draft.start(draft.end(_who(draft, event), event["role"], day), day)


def _vacancy(draft: Draft, event: Event) -> None:
    day = draft.at(event["day"])
    filled, known = (draft.at(event[name]) if name in event else None for name in ("filled", "known"))
    ended = draft.end(_who(draft, event), event["role"], day)
    draft.vacancies += [(post.role, post.workplace, day, filled, known) for post in ended]
    if filled:
        draft.start(ended, filled)


def _absence(draft: Draft, event: Event) -> None:
    person = _who(draft, event)
    draft.absences[person] = draft.at(event["day"]), draft.at(event["day"] + event["days"])
    if "substitute" in event:
        draft.substitutes[person] = _who(draft, event, "substitute")


def _number(draft: Draft, event: Event) -> None:
    draft.new_numbers[_who(draft, event)] = draft.at(event["day"])


def _unchecked(draft: Draft, event: Event) -> None:
    person = _who(draft, event)
    draft.posts = [replace(p, checked_on=draft.at(event["day"])) if p.person == person else p for p in draft.posts]


def _three_roles(draft: Draft, event: Event) -> None:
    first, *_ = [p for p in draft.posts if p.workplace == event["school"] and p.role in event["roles"]]
    draft.posts = [p for p in draft.posts if not (p.workplace == event["school"] and p.role in event["roles"])] + [
        replace(first, role=role) for role in event["roles"]
    ]


def _nobody(draft: Draft, event: Event) -> None:
    draft.posts = [p for p in draft.posts if p.workplace != event["school"]]


_KINDS: dict[str, Callable[[Draft, Event], None]] = {
    "succession": _succession,
    "vacancy": _vacancy,
    "absence": _absence,
    "number": _number,
    "unchecked": _unchecked,
    "three roles": _three_roles,
    "nobody": _nobody,
}
