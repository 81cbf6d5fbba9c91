"""The forms with which a coordinator looks at a file, and applies it."""

from datetime import date
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField, ValidationError

from portal import clock
from portal.seeding.files_against_typed_rows import Proposal
from portal.seeding.schools_from_duo import OTHER, SAME, Found
from portal.web.forms import ChangeForm, DayField, Filled, SentFile, TextField, choice_field


class DuoForm(ChangeForm):
    """A file of DUO and its day."""

    file = SentFile("Bestand van DUO, zoals je het kreeg of opgeslagen uit Excel", name="bestand")
    made_on = DayField("Van welke dag is het?", name="dag", validators=[Filled("Vul de dag van het bestand in.")])

    def validate_made_on(self, field: DayField) -> None:
        """Refuse a day to come."""
        if isinstance(field.data, date) and field.data > clock.today():
            raise ValidationError("Deze dag moet nog komen. Vul de dag in waarop DUO het maakte.")


class ApplyForm(ChangeForm):
    """The answers about the difference between a file and the directory."""

    version = HiddenField(name="versie")
    accepted = choice_field(
        "Wil je hier toch het bestand volgen?", "volg", kind=SelectMultipleField, invalid="Kies uit deze lijst."
    )
    closing = TextField("Hoeveel scholen sluiten er? Typ het aantal.", name="aantal")

    ends_posts = BooleanField("Alle plekken op de scholen die sluiten, stoppen dan ook.", name="stopt")

    @classmethod
    def of(cls, proposal: Proposal) -> "ApplyForm":
        """The form about a proposal, with a question per code that belongs to another school."""
        found = proposal.found
        codes = [reused.code for reused in found.reused] if isinstance(found, Found) else []
        fields: dict[str, Any] = {f"code_{code}": _reused_field(code) for code in codes}
        form: ApplyForm = type("ApplyForm", (cls,), fields)()
        form.proposal = proposal
        form.accepted.choices = {key: f"{text.noun} {text.name}: {text.difference}" for key, text in proposal.conflicts}
        return form

    proposal: Proposal

    def validate_closing(self, field: TextField) -> None:
        """Refuse another number than that of the schools that close."""
        if self.proposal.many_closing and field.data != str(self.proposal.many_closing):
            raise ValidationError("Er sluiten veel scholen. Is het bestand heel? Typ dan hoeveel het er zijn.")

    def validate_ends_posts(self, field: BooleanField) -> None:
        """Refuse to end posts unseen."""
        if self.proposal.ending and not field.data:
            raise ValidationError("Er zijn dan nog plekken. Zet het vinkje als die stoppen.")

    @property
    def codes(self) -> list[Field]:
        """The questions about codes."""
        return [field for name, field in self._fields.items() if name.startswith("code_")]

    @property
    def answers(self) -> set[str]:
        """The keys of what is chosen."""
        return {*(self.accepted.data or []), *(field.data for field in self.codes if field.data)}


def _reused_field(code: str) -> Any:
    return choice_field(
        f"Is {code} nu een andere school?", f"code-{code}", kind=RadioField, default="",
        invalid="Kies uit deze antwoorden.",
        choices={
            "": "Dat weet ik niet: verander niets",
            f"{SAME}{code}": "Nee, dezelfde school met een nieuwe naam en plek: mensen blijven",
            f"{OTHER}{code}": "Ja, een andere school: wie er werkte, stopt vandaag",
        },
    )  # fmt: skip
