"""The forms of the division: what is shown, who comes where, and the check before it is posted."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, ValidationError

from portal import clock
from portal.editing.division_drafts import Cells
from portal.editing.division_table_and_candidates import NOBODY, Cell, Division
from portal.notices.choices import Options
from portal.notices.days_and_phases import LONGEST_AHEAD
from portal.notices.drafts import UNKNOWN
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.text import clean_line, fold
from portal.web.forms import ChangeForm, DayField, QueryForm, choice_field

_NOT_LISTED = "Kies iemand uit de lijst."
_MOST_NAMES = 600  # in the list that a browser completes from, some 20 kB


class DivisionChoiceForm(QueryForm):
    """The role, the day, and the whole table or one person. The view sets the choices."""

    role = choice_field("Functie", "functie", "Kies een functie uit de lijst.")
    on = DayField("Vanaf welke dag?", name="dag")
    person = choice_field("Alle scholen of één persoon", "persoon", _NOT_LISTED)

    def validate_on(self, field: DayField) -> None:
        """Today or later; earlier answers stay as they were given. Raises ValidationError."""
        today = clock.today()
        if field.data and not today <= field.data <= today + LONGEST_AHEAD:
            raise ValidationError("Kies vandaag of een dag daarna, hoogstens twee jaar vooruit.")


class CellField(StringField):
    """Somebody who comes at a cell, by name; `data` is the answer of a draft."""

    def __init__(self, division: Division, cell: Cell, **options: Any) -> None:
        label = f"{division.labels[cell.school]}, {cell.present or 'erbij'}"
        super().__init__(label, **options)
        self.division, self.cell = division, cell

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = ""
        self.data = self._find(clean_line(" ".join(valuelist)))

    def _find(self, typed: str) -> str:
        """The answer to the cell that a typed name means, or a part of it from the beginning of a
        word; "" where the cell stays. Raises ValueError with a Dutch message."""
        cell, words = self.cell, fold(typed)
        if not typed or words == fold(cell.present) != "":
            return ""
        people = self.division.people(cell.school)
        names = [(fold(label), answer) for answer, label in (*people, *NOBODY)]
        if not cell.present:  # nobody more
            names = names[: len(people)]
        whole = {answer for name, answer in names if name == words}
        whole |= {answer for answer, label in people if fold(label.partition(" (")[0]) == words}
        found = whole or {answer for name, answer in names if words and f" {words}" in f" {name}"}
        if len(found) > 1:
            labels = [label for answer, label in (*people, *NOBODY) if answer in found]
            raise ValueError(f"Bedoel je {' of '.join(labels[:3])}? Typ er meer van.")
        if not found:
            raise ValueError(_NOT_LISTED)
        (answer,) = found
        return "" if answer == str(cell.person) else answer

    def _value(self) -> str:
        """The name, or else the typed text."""
        typed = clean_line(" ".join(self.raw_data or []))
        return self.division.name(self.cell.school, self.data or "") or typed


class DivisionForm(ChangeForm):
    """The people who come at each of some cells."""

    version = HiddenField(name="versie")  # of the draft; 0 without one
    _unbound_fields: Any  # of WTForms

    def __init__(self, division: Division, cells: Iterable[Cell], **data: Any) -> None:
        self.division, self.cells = division, [cell for cell in cells if cell.is_own]
        fields = {cell.name: CellField(division, cell) for cell in self.cells}
        # WTForms takes fields from a class; those of a cell differ per request.
        self._unbound_fields = [*self._unbound_fields, *fields.items()]
        super().__init__(**data)

    @property
    def lists(self) -> dict[int, Options]:
        """The people who can come at these cells, per list; of a list that is too long to send
        those who are in the table now."""
        lists = {self.division.find_list(cell.school): cell.school for cell in self.cells}
        here = {str(cell.person) for cell in self.cells}
        people = {key: self.division.people(school) for key, school in lists.items()}
        return {
            key: [*(one for one in every if len(every) <= _MOST_NAMES or one[0] in here), *NOBODY]
            for key, every in people.items()
        }

    @property
    def asked(self) -> set[str]:
        """The names of the cells that this form can change."""
        return {cell.name for cell in self.cells}

    @property
    def answers(self) -> Cells:
        """The cells that get somebody else."""
        return {cell.name: self[cell.name].data for cell in self.cells if self[cell.name].data}


class PersonDivisionForm(ChangeForm):
    """The schools where one person works; a tick takes the place of a sole holder."""

    version = HiddenField(name="versie")
    own = HiddenField(name="was")  # the person's posts (names of cells) that the page showed
    schools = choice_field(
        "Waar werkt deze persoon dan?", "scholen", "Kies scholen uit de lijst.", kind=SelectMultipleField
    )

    def __init__(self, division: Division, person: int, saved: Cells, **data: Any) -> None:
        self.person, self.saved = str(person), saved
        cells = [cell for cell in division.cells.values() if cell.is_own]
        held = {cell.name: cell.school for cell in cells if cell.person == person}
        ticked = held.keys() - saved.keys() | {n for n in saved if saved[n] == self.person}
        super().__init__(own=" ".join(held), schools=sorted(ticked), **data)
        self.held = held.keys() & set((self.own.data or "").split())
        self.schools.choices = [
            (cell.name, division.labels[cell.school] + (
                f" (nu {cell.present})" if cell.person not in (0, person) else ""))
            for cell in cells
            if cell.name in held
            or (cell.school not in held.values() and division.fits(cell.name, self.person)
                and (division.role.one_holder or not cell.assignment))
        ]  # fmt: skip

    @property
    def asked(self) -> set[str]:
        """The names of the cells that this form changes."""
        mine = {name for name in self.saved if self.saved[name] == self.person}
        return self.held | mine | set(self.schools.data or ())

    @property
    def answers(self) -> Cells:
        """The cells that the person gets, or leaves to whom the draft says."""
        ticked = set(self.schools.data or ())
        left = {name: self.saved.get(name, UNKNOWN) for name in self.held - ticked}
        return left | dict.fromkeys(ticked - self.held, self.person)


class DivisionCheckForm(GuardedForm):
    """The text of the notices, and what happens to later changes."""

    text = FreeTextField(
        "Wat moeten de kernteams weten? (optioneel)", name="tekst",
        description="Kort, zonder namen van leerlingen of ouders.",
    )  # fmt: skip
    replaces = BooleanField("Laat wat daar later zou veranderen vervallen.", name="later_vervalt")
    seen = HiddenField(name="gezien")
