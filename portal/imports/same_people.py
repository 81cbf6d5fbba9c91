"""Joins the people whom the rows of a file name, and finds them in the directory."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from portal.imports.directory_snapshot import Snapshot, overlap
from portal.imports.found_words import Candidate
from portal.imports.people_in_cells import PersonText
from portal.imports.posts_and_questions import (
    NEW,
    SKIP,
    Findings,
    ImportedAbsence,
    ImportedPerson,
    ImportedPost,
    QuestionKind,
    RowKey,
)
from portal.imports.role_and_organisation_finder import OWN_SCHOOL, Words
from portal.text import fold, without_small_words

EVERYWHERE, HERE = "overal", "hier"
_MOST_ALIKE = 100  # people of one name that are compared


@dataclass(eq=False)
class _Known:
    """A person of the file, of all the rows that name them."""

    text: PersonText
    drafts: list["Draft"] = field(default_factory=list)
    emails: dict[str, None] = field(default_factory=dict)
    phones: dict[str, None] = field(default_factory=dict)
    days: str = ""
    hours: str = ""
    organisation: str = ""
    works_with: "_Known | None" = None  # for the organisation of a substitute
    is_made: bool = False
    made: ImportedPerson | None = None  # as they will be stored

    @property
    def initials(self) -> str:
        """Those of the name without its small words."""
        words = fold(self.text.name).split()
        return "".join(word[0] for word in without_small_words(words))

    def add(self, person: PersonText, draft: "Draft | None") -> "_Known":
        """Add what a row tells."""
        self.emails.update(dict.fromkeys(person.emails))
        self.phones.update(dict.fromkeys(person.phones))
        self.days = "".join(sorted({*self.days, *person.days}))
        self.hours = self.hours or person.hours
        is_fuller = len(person.infix.replace(".", "")) > len(self.text.infix.replace(".", ""))
        if is_fuller and fold(person.family) == fold(self.text.family):
            self.text = self.text._replace(infix=person.infix)
        if draft:
            self.drafts.append(draft)
            self.organisation = self.organisation or draft.organisation
        return self


@dataclass(eq=False)
class Draft:
    """A post as a row tells it; without a school only the details of a person."""

    row: RowKey
    school: str  # code
    roles: tuple[str, ...]  # keys; several where the column is about more than one
    heading: str
    person: PersonText
    organisation: str  # as in the file
    valid_from: date | None = None
    valid_until: date | None = None  # exclusive
    then_vacancy: bool = False
    holder: _Known | None = None
    substitute: _Known | None = None


class Joiner:
    """Joins the drafts of a file."""

    def __init__(self, directory: Snapshot, words: Words, findings: Findings) -> None:
        self.directory, self.words, self.findings = directory, words, findings
        self.by_name: dict[str, list[_Known]] = defaultdict(list)
        self.by_word: dict[str, list[_Known]] = defaultdict(list)  # a part of the name
        self.known: list[_Known] = []
        self.count = 0  # of those that are made

    def join(self, drafts: Sequence[Draft]) -> list[ImportedPost]:
        """The posts of the drafts, each person once, in the order of the file."""
        whole = [d for d in drafts if d.person.name and _is_whole(d.person)]
        for draft in sorted(whole, key=lambda draft: "-" not in draft.person.name):
            draft.holder = self._know(draft.person, draft)
        for draft in drafts:
            if draft.person.name and not _is_whole(draft.person):
                draft.holder = self._know_short(draft)
        drafts = [part for draft in drafts for part in self._part_leave(draft)]
        for draft in drafts:
            leave = draft.person.leave
            if leave and leave.substitute and draft.holder:
                draft.substitute = known = self._know(leave.substitute, None)
                known.works_with = known.works_with or draft.holder
        posts: dict[tuple[object, ...], ImportedPost] = {}
        for draft in drafts:
            if draft.school and (draft.holder or draft.person.is_vacancy):
                role = self._role_of(draft)
                person = self._make(draft.holder) if role and draft.holder else None
                if role and (person or not draft.holder):
                    self._put(posts, draft, role, person)
        return self._without_second_holders(list(posts.values()))

    def _part_leave(self, draft: Draft) -> list[Draft]:
        """The draft; of somebody who is on leave at one of their schools only, the post after the
        leave, with the post of the substitute before: an absence is of all their schools."""
        leave, holder = draft.person.leave, draft.holder
        others = holder and any(d.school and not d.person.leave for d in holder.drafts)
        if not leave or not holder or not others:
            return [draft]
        name = holder.text.name
        answer = HERE if leave.is_here else self.findings.ask(
            QuestionKind.CELL, f"verlof van {name}", name,
            f"Is {name} ook op de andere scholen met verlof?", [draft.row],
            [Candidate(EVERYWHERE, "ja", ""), Candidate(HERE, "nee, alleen op deze school", "")],
        )  # fmt: skip
        if answer not in ("", HERE):
            return [draft]
        person = draft.person._replace(leave=None)
        back = replace(draft, person=person, valid_from=leave.valid_until or draft.valid_from)
        if not answer or not leave.valid_until:
            self.findings.leave_out(draft.row, name, "Dit verlof is niet overgenomen.")
            return [back]
        if not leave.substitute:
            return [back]
        before = replace(draft, person=leave.substitute, valid_from=leave.valid_from, valid_until=leave.valid_until)
        before.holder = self._know(leave.substitute, before)
        return [before, back]

    # ---- Who is who --------------------------------------------------------------------------

    def _know(self, person: PersonText, draft: Draft | None) -> _Known:
        for known in self.by_name[_name_key(person.name)]:
            if self._is_same(known, person, draft):
                return known.add(person, draft)
        known = _Known(person).add(person, draft)
        self.known.append(known)
        # "Demir" and "Prins" are "Demir-Prins"
        families = {_name_key(name) for name in (person.family, *person.family.split("-"))}
        for family in families:
            self.by_name[_name_key(f"{person.given} {family}")].append(known)
        for word in families | {fold(person.family), fold(person.given)}:
            self.by_word[word].append(known)
        return known

    def _is_same(self, known: _Known, person: PersonText, draft: Draft | None) -> bool:
        """Whether somebody of this name is the known person: not with another address or
        organisation, nor, without the same number, as staff of another school."""
        shared = known.emails.keys() & set(person.emails) or known.phones.keys() & set(person.phones)
        if shared or not draft or not known.drafts:
            return True
        if known.emails and person.emails:
            return False
        if draft.organisation and known.organisation:
            return fold(draft.organisation) == fold(known.organisation)
        is_staff = draft.roles and draft.roles[0] in self.directory.school_staff
        if not (is_staff and draft.school):
            return True
        schools = {d.school[:4] for d in known.drafts if d.school != draft.school} - {""}
        is_other = bool(known.phones and person.phones)
        if schools <= {draft.school[:4]} and not (schools and is_other):
            return True  # at locations of one institution
        name = person.name
        answer = self.findings.ask(
            QuestionKind.PERSON, f"{name} op twee scholen", name,
            f"Is {name} op alle scholen dezelfde persoon?", [draft.row],
            [Candidate("ja", "ja, dezelfde", ""), Candidate(NEW, "nee, naamgenoten", "")],
        )  # fmt: skip
        return answer != NEW

    def _know_short(self, draft: Draft) -> _Known | None:
        """A person of whom a cell has only initials or one name: somebody else of the file, where only one fits."""
        person = draft.person
        options = [
            known
            for known in self.by_word[_name_key(person.family) or fold(person.given)][:_MOST_ALIKE]
            if not (person.family and person.given) or fold(known.text.given)[:1] == fold(person.given)[:1]
        ]
        if not options and len(person.name) <= 3:  # "EV"
            options = [k for k in self.known if k.initials == fold(person.name)]
        same_role = [k for k in options if any(set(d.roles) & set(draft.roles) for d in k.drafts)]
        options = [k for k in same_role or options if self._is_same(k, person, draft)]
        if len(options) == 1 and (same_role or person.family):
            return options[0].add(person, draft)
        if person.given and person.family and not options:
            return self._know(person, draft)
        answer = self.findings.ask(
            QuestionKind.PERSON, f"{person.name} in het bestand", person.name,
            f"Wie is “{person.name}”?", [draft.row],
            [Candidate(k.text.name, k.text.name, "staat ook in dit bestand") for k in options[:8]],
            lambda value: value in (SKIP, NEW),
        )  # fmt: skip
        for known in options:
            if fold(known.text.name) == fold(answer):
                return known.add(person, draft)
        if answer == NEW and person.given and person.family:
            return self._know(person, draft)
        if answer:
            self.findings.reject(draft.row, f"“{person.name}” is geen hele naam. Zet de achternaam erbij.")
        return None

    def _role_of(self, draft: Draft) -> str:
        """The role of a draft; of a column of several, the one that the person has elsewhere."""
        if len(draft.roles) == 1:
            return draft.roles[0]
        holder = draft.holder
        others = {d.roles[0] for d in holder.drafts if len(d.roles) == 1} if holder else set()
        known = [role for role in draft.roles if role in others]
        if len(known) == 1:
            return known[0]
        name = holder.text.name if holder else "vacature"
        answer = self.findings.ask(
            QuestionKind.ROLE, f"{draft.heading} {name}", name,
            f"Welke functie heeft {name} in de kolom “{draft.heading}”?", [draft.row],
            [Candidate(role, self.words.roles.label(role), "") for role in draft.roles],
        )  # fmt: skip
        if answer == SKIP:
            self.findings.reject(draft.row, f"Je koos om {name} over te slaan.")
        return answer if answer in draft.roles else ""

    # ---- The directory -----------------------------------------------------------------------

    def _make(self, known: _Known) -> ImportedPerson | None:
        """The person as they will be stored; None where a question is open, or was skipped."""
        if not known.is_made:
            known.is_made = True  # two who stand in for each other
            self.count += 1
            person = self._resolve(known)
            known.made = person and person._replace(number=self.count)
        return known.made

    def _resolve(self, known: _Known) -> ImportedPerson | None:
        organisation, new = self._find_organisation(known)
        if organisation is None and not new:
            return None
        text, emails, numbers = known.text, tuple(known.emails), tuple(known.phones)
        person = ImportedPerson(
            None, text.given, text.infix, text.family, organisation, new, numbers, emails, known.days, known.hours
        )
        people = self.directory.people
        similar = people.find_similar(text.name, organisation, numbers, emails)
        certain = [one for one in similar if one.is_certain]
        if len(certain) == 1:
            return person._replace(person=certain[0].person)
        if not similar:
            return person
        names = {row.id: row.name for row in self.directory.organisations}
        works_for = ", ".join([names.get(organisation or 0, new), *emails])
        answer = self.findings.ask(
            QuestionKind.PERSON, " ".join([text.name, str(organisation or new), *sorted(emails)]),
            text.name, f"Is {text.name} ({works_for}) al bekend in de portal?",
            [draft.row for draft in known.drafts],
            [*(Candidate(str(s.person), s.label, s.reason) for s in similar),
             Candidate(NEW, "iemand anders", "wordt toegevoegd")],
            lambda value: value == SKIP or (value.isdecimal() and int(value) in people),
        )  # fmt: skip
        if answer in ("", SKIP):
            return None
        return person if answer == NEW else person._replace(person=int(answer))

    def _find_organisation(self, known: _Known) -> tuple[int | None, str]:
        """The id of the organisation, or the name of a new one; neither where it is asked for."""
        rows = [draft.row for draft in known.drafts]
        usual = self._list_usual(known)
        if word := known.organisation:
            found = self.words.organisations.find(word, usual)
            answer = found.values[0] if found.values else self.findings.ask(
                QuestionKind.ORGANISATION, word, word, f"Welke organisatie is “{word}”?", rows,
                [*found.candidates, Candidate(NEW, f"een nieuwe organisatie: {word}", "")],
                self._is_organisation,
            )  # fmt: skip
            return self._take(answer, known, word)
        if known.works_with and not known.drafts:
            holder = self._make(known.works_with)
            return (holder.organisation, holder.new_organisation) if holder else (None, "")
        roles = list(dict.fromkeys(role for draft in known.drafts for role in draft.roles))
        if not self.directory.school_staff.isdisjoint(roles):
            return self._take(OWN_SCHOOL, known, "")
        if len(usual) == 1 or not roles:
            return usual[0] if usual else None, ""
        role, heading = roles[0], next(draft.heading for draft in known.drafts if draft.roles)
        about = " ".join(["functie", role, *map(str, sorted(usual))])
        where = f" als {known.text.name}" if usual else ""
        sentence = f"Bij welke organisatie werkt een {self.words.roles.label(role)}{where}?"
        every = self.words.organisations.list_partners()
        partners = [one for one in every if not usual or int(one.value) in usual]
        answer = self.findings.ask(
            QuestionKind.ORGANISATION, about, heading, sentence, rows,
            [*partners, Candidate(OWN_SCHOOL, "de school zelf", "")], self._is_organisation,
        )  # fmt: skip
        return self._take(answer, known, "")

    def _is_organisation(self, decision: str) -> bool:
        known = {str(row.id) for row in self.directory.organisations}
        return decision in (SKIP, OWN_SCHOOL) or decision.startswith(NEW) or decision in known

    def _take(self, answer: str, known: _Known, word: str) -> tuple[int | None, str]:
        if answer.startswith(NEW):
            return None, answer.partition(":")[2].strip() or word
        if answer == OWN_SCHOOL:
            schools = {row.school: row.id for row in self.directory.organisations if row.school}
            return next((schools[d.school] for d in known.drafts if d.school in schools), None), ""
        if answer == SKIP:
            for draft in known.drafts:
                self.findings.reject(draft.row, f"Je koos om {known.text.name} over te slaan.")
        return (int(answer), "") if answer.isdecimal() else (None, "")

    def _list_usual(self, known: _Known) -> list[int]:
        """The organisations whose desks answer for the person's roles where their schools lie; only
        the first where it does so for most, and where none does, the one for the role elsewhere."""
        employers, found = self.directory.employers, Counter[int]()
        for draft in known.drafts:
            if not (school := self.words.schools.get(draft.school)):
                continue
            for role in draft.roles:
                here = (employers.get((role, school.municipality, s)) for s in (school.sector, ""))
                found.update([next((id for id in here if id is not None), 0)])
        roles = {role for draft in known.drafts for role in draft.roles}
        elsewhere = {employer for (role, _, _), employer in employers.items() if role in roles}
        del found[0]
        ranked = [id for id, _ in found.most_common()]
        if found and found[ranked[0]] >= 0.7 * found.total():
            return ranked[:1]
        return ranked or (list(elsewhere) if len(elsewhere) == 1 else [])

    # ---- Posts -------------------------------------------------------------------------------

    def _put(
        self, posts: dict[tuple[object, ...], ImportedPost], draft: Draft, role: str, person: ImportedPerson | None
    ) -> None:
        absence = None
        if leave := draft.person.leave:
            stands_in = self._make(draft.substitute) if draft.substitute else None
            absence = ImportedAbsence(leave.valid_from, leave.valid_until, stands_in)
        first = None if draft.holder else draft.valid_from
        key = (draft.school, role, draft.holder, first)
        post = ImportedPost((draft.row,), draft.school, role, person, draft.valid_from, draft.valid_until, absence)
        if earlier := posts.get(key):
            post = post._replace(
                rows=tuple(dict.fromkeys([*earlier.rows, draft.row])),
                valid_from=earlier.valid_from or post.valid_from,
                valid_until=earlier.valid_until or post.valid_until,
                absence=earlier.absence or post.absence,
            )
        posts[key] = post
        if draft.then_vacancy or draft.person.then_vacancy:
            posts[draft.school, role, None, draft.valid_until] = ImportedPost(
                (draft.row,), draft.school, role, None, draft.valid_until
            )

    def _without_second_holders(self, posts: list[ImportedPost]) -> list[ImportedPost]:
        """Refuse a second holder of a role of which a school has one."""
        kept: list[ImportedPost] = []
        first: dict[tuple[str, str], list[ImportedPost]] = defaultdict(list)
        for post in posts:
            others = first[post.school, post.role]
            if post.role in self.directory.one_holder and post.person:
                same_days = (one.person for one in others if overlap(*one.days(date.min), *post.days(date.min)))
                if clash := next(same_days, None):
                    self.findings.reject(
                        post.rows[0],
                        f"Een school heeft één {self.words.roles.label(post.role)}: hier al "
                        f"{clash.given_name} {clash.family_name}.",
                    )
                    continue
                others.append(post)
            kept.append(post)
        return kept


def _is_whole(person: PersonText) -> bool:
    """Whether the given name is more than initials."""
    return bool(person.family and person.given) and "." not in person.given


def _name_key(name: str) -> str:
    """A name joined, without its small words: of "Gerrit Jan v. Dam" and "Gerrit-Jan van Dam"."""
    words = fold(name).split()
    return "".join(without_small_words(words)) or "".join(words)
