"""News about people and schools, for their rows: who is absent, who answers instead, and what
changes soon."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.contacts import load
from portal.contacts.who_to_call import ContactAnswer
from portal.directory import timeline
from portal.directory.contact_details import Contact
from portal.directory.read_models import PersonRow, Post, SchoolRow
from portal.directory.school_names import count_workplaces
from portal.directory.timeline import TimelineEvent


class PersonNews(NamedTuple):
    """The person to whom a row belongs, and their news."""

    person: PersonRow
    instead: Counter[Contact]  # who answer while they are absent, with the number of schools
    coming: Counter[TimelineEvent]  # the events in the coming weeks, with the number of schools
    schools: int
    said: str  # the number of schools and kernen, in words

    @property
    def caller(self) -> Contact:
        """The contact whose number stands in the row."""
        return next((contact for contact, _ in self.instead.most_common()), self.person.contact)


def list_news(
    people: Iterable[PersonRow],
    posts: Sequence[Post],
    coming: Mapping[str, Sequence[TimelineEvent]],
    on: date,
) -> dict[int, PersonNews]:
    """The news about these people by their id, on the day `on`. `posts` are all that they have
    then; `coming` holds the events of the schools (codes) of these."""
    instead, events = load.stand_ins(posts, on), timeline.by_person(coming)
    schools: dict[int, set[str]] = defaultdict(set)
    for post in posts:
        schools[post.person_id].add(post.school)
    return {
        person.id: PersonNews(
            person,
            instead.get(person.id, Counter()),
            events.get(person.id, Counter()),
            len(schools[person.id]),
            count_workplaces(schools[person.id]),
        )
        for person in people
    }


def first_of_each_role(events: Collection[TimelineEvent]) -> dict[str, TimelineEvent]:
    """The first of these events for each role (label)."""
    return {event.role: event for event in sorted(events, key=lambda event: event.on, reverse=True)}


class KernteamChange(NamedTuple):
    """An event, the schools where it happened, and who answers there now."""

    event: TimelineEvent
    schools: list[SchoolRow]
    answer: ContactAnswer | None  # None: nobody is shown for the role


def list_changes(
    kernteams: Iterable[tuple[SchoolRow, Sequence[ContactAnswer]]],
    events: Mapping[str, Iterable[TimelineEvent]],
) -> list[KernteamChange]:
    """These events of schools (codes) of the kernteams, the last one first."""
    changes: dict[TimelineEvent, KernteamChange] = {}
    for school, team in kernteams:
        answers = {answer.role.label: answer for answer in team}
        for event in events.get(school.code, ()):
            change = KernteamChange(event, [], answers.get(event.role))
            changes.setdefault(event, change).schools.append(school)
    return sorted(changes.values(), key=lambda change: change.event.on, reverse=True)
