"""The forms of an import: the file, its columns, the questions about its words, and the ticks."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple, cast

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField

from portal.directory.schools_and_kernen import label_schools, list_roles, list_workplaces
from portal.imports.columns import PER_ROLE, REPEATED, Column, Field, Sheet
from portal.imports.decisions_and_clearing import EMPTY, GONE
from portal.imports.difference import Difference, Kind
from portal.imports.models import Coverage
from portal.imports.posts_and_questions import HIDDEN, NEW, SKIP, Candidate, HiddenRow, Question, QuestionKind
from portal.imports.reading_now_or_later import Answers, Decision
from portal.privacy.pupil_data import GuardedForm
from portal.search.choices import list_organisations, list_people
from portal.text import clean_line, fold
from portal.typed_days import read_day
from portal.web.forms import ChangeForm, DayField, Filled, SentFile, TextField, choice_field

CHOOSE = "Kies wat er staat in “{}”, of “niet nodig”."
_DAY = "Vul een dag in, zoals 1-8-2026."


class UploadForm(GuardedForm):
    """A new file, and what is to be known about it."""

    file = SentFile("Welk bestand? (.xlsx of .csv, hoogstens 5 MB)", name="bestand")

    sender = TextField(
        "Van wie komt dit bestand?", name="afzender",
        missing="Vul in van wie het bestand komt, bijvoorbeeld de naam van de organisatie.",
        most=60,
    )  # fmt: skip
    made_on = DayField("Van welke dag is het bestand?", name="gemaakt", validators=[Filled(_DAY)])
    effective_on = DayField("Vanaf welke dag gelden de wijzigingen?", name="ingang", validators=[Filled(_DAY)])
    coverage = choice_field(
        "Staat iedereen in het bestand?", "volledig", "Kies een antwoord.",
        kind=RadioField, choices=dict(Coverage.choices()), default=Coverage.PARTLY,
    )  # fmt: skip
    roles = choice_field(
        "Over welke functies gaat het? (optioneel)", "functies", "Kies functies uit de lijst.", kind=SelectMultipleField
    )

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self.roles.choices = [(role.key, role.label) for role in list_roles()]

    def read(self) -> Answers:
        """The answers about the file."""
        return Answers(
            self.file.filename, self.sender.data or "", cast(date, self.made_on.data),
            cast(date, self.effective_on.data), self.roles.data or [], Coverage(self.coverage.data),
        )  # fmt: skip


class ApplyForm(ChangeForm):
    """The ticks of a difference."""

    ticked = SelectMultipleField("Wat neem je over?", name="neem", validate_choice=False)
    all_end = BooleanField("Laat ze allemaal stoppen", name="allemaal")
    typed = TextField("Hoeveel plekken stoppen er dan?", name="aantal", most=10)
    seen = HiddenField(name="gezien")

    def list_ticked(self, found: Iterable[Difference]) -> set[str]:
        """The keys of what was ticked, of these differences."""
        ends = {one.key for one in found if one.kind is Kind.ENDS and not one.conflict}
        return set(self.ticked.data or []) | (ends if self.all_end.data else set())


class Asked(NamedTuple):
    """A question on a page, with what is decided and what was typed."""

    question: Question
    candidates: tuple[Candidate, ...]
    options: Mapping[str, str]  # label → value, to choose something else from
    decided: str
    seen: str = ""  # what was decided when the page was made
    typed: str = ""
    error: str = ""
    other: str = ""  # what somebody else decided meanwhile
    is_given: bool = False  # whether the form holds an answer
    is_open: bool = True  # whether it was not answered before

    @property
    def name(self) -> str:
        return name_field(self.question.key)

    @property
    def is_other(self) -> bool:
        """Whether the answer was typed, or has to be."""
        values = {candidate.value for candidate in self.candidates}
        return bool(self.error or (self.decided and self.decided not in values))


def list_meanings() -> dict[str, str]:
    """The possible answers about a column, in Dutch."""
    people = {f"{Field.PEOPLE} {role.key}": f"mensen: {role.label}" for role in list_roles()}
    return {**dict(Field.choices()), **people}


def list_options() -> dict[QuestionKind, dict[str, str]]:
    """Per kind of question what somebody can choose from, by its label."""
    schools = label_schools(list_workplaces())
    return {
        QuestionKind.SCHOOL: {label: code for code, label in schools.items()},
        QuestionKind.ROLE: {role.label: role.key for role in list_roles()},
        QuestionKind.PERSON: {one.label: str(one.id) for one in list_people()},
        QuestionKind.ORGANISATION: {label: number for number, label in list_organisations()},
    }


def make_labels(options: dict[QuestionKind, dict[str, str]]) -> Callable[[str, str], str]:
    """A function that gives the label of an answer to a question of some kind, or about a column.
    A person and an organisation may have the same number, so that the kind tells them apart."""
    of_kinds: dict[str, dict[str, str]] = {
        kind: {value: label for label, value in of_kind.items()} for kind, of_kind in options.items()
    }
    of_all = {**list_meanings(), SKIP: "overslaan", GONE: "leeg is weg"}

    def label(kind: str, answer: str) -> str:
        known = of_kinds.get(kind, {})
        if answer and known.keys() >= set(several := answer.split()):
            return "; ".join(known[one] for one in several)
        return of_all.get(answer, answer)

    return label


def name_field(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:10]


def ask(question: Question, options: Mapping[QuestionKind, Mapping[str, str]], decided: str = "") -> Asked:
    """A question as the page shows it."""
    more = [Candidate(SKIP, "Overslaan", "deze rijen neem je niet over")]
    values = {candidate.value for candidate in question.candidates}
    if question.kind is QuestionKind.PERSON and NEW not in values:
        more.insert(0, Candidate(NEW, "Iemand nieuws", "staat nog niet in de portal"))
    candidates = (*question.candidates, *(c for c in more if c.value not in values))
    of_kind = options.get(question.kind, {})
    return Asked(question, candidates, of_kind, decided, seen=decided, is_open=not decided)


def read_answer(one: Asked) -> Asked:
    """The question with the answer of the request; one that is wrong says why."""
    answer = request.form.get(f"antwoord-{one.name}")
    typed = clean_line(request.form.get(f"anders-{one.name}", ""))[:200]
    one = one._replace(typed=typed, seen=request.form.get(f"zag-{one.name}", ""), is_given=answer is not None)
    if answer is None or answer in {c.value for c in one.candidates}:
        return one._replace(decided=answer or one.decided)
    if one.question.kind is QuestionKind.DAY:
        try:
            return one._replace(decided=read_day(typed).isoformat())
        except ValueError:
            return one._replace(decided="", error=_DAY)
    values = {fold(label): value for label, value in one.options.items()}
    names = [fold(name) for name in typed.split(";") if fold(name)]
    if names and values.keys() >= set(names):
        return one._replace(decided=" ".join(values[name] for name in names))
    if typed and one.question.kind is QuestionKind.ORGANISATION:
        return one._replace(decided=f"{NEW}:{typed}")
    choose = "Kies bij “{}” iets uit de lijst. Begin te typen, dan zie je de lijst."
    return one._replace(decided="", error=choose.format(one.question.word))


def read_columns(sheets: Collection[Sheet], meanings: Mapping[str, str]) -> tuple[dict[str, Decision], dict[str, str]]:
    """The decisions of the request about the columns, by key; and the errors, by key."""
    decisions, errors = {}, {}
    for sheet in sheets:
        taken: dict[str, Column] = {}
        is_wide = any(column.field == Field.PEOPLE for column in sheet.columns)
        repeated = REPEATED | PER_ROLE if is_wide else REPEATED
        for column in sheet.columns:
            name = name_field(column.key)
            answer = request.form.get(f"kolom-{name}", column.answer)
            empty = GONE if request.form.get(f"leeg-{name}") else ""
            if answer and answer not in {column.answer, *meanings}:
                errors[column.key] = "Kies een antwoord uit de lijst."
            elif not answer:
                errors[column.key] = CHOOSE.format(column.heading)
            elif answer in taken and answer not in repeated:
                errors[column.key] = (
                    f"“{taken[answer].heading}” is ook {meanings.get(answer, answer)}. "
                    "Kies voor een van beide iets anders."
                )
            taken.setdefault(answer, column)
            if answer != column.answer:
                decisions[column.key] = Decision(answer, column.heading)
            decisions[EMPTY + column.key] = Decision(empty, column.heading)
    return decisions, errors


def read_hidden(rows: Iterable[HiddenRow]) -> dict[str, Decision]:
    """The decisions of the request about the hidden rows, by key."""
    ticked = set(request.form.getlist("verborgen"))
    return {HIDDEN + row.name: Decision("ja" if row.name in ticked else "", row.name) for row in rows}
