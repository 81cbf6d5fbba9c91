"""What the finder asks, and how it says what is wrong."""

from wtforms import SearchField, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from portal.web.forms import DayField, QueryForm, printable

MAX_QUERY = 100
ELSEWHERE = "anders"


class SearchForm(QueryForm):
    """The search box, for today or another day."""

    q = SearchField(
        "Zoek op school, plaats, naam of functie",
        filters=[printable],
        validators=[
            Length(
                max=MAX_QUERY,
                message=f"Je zoekvraag is te lang. Gebruik hoogstens {MAX_QUERY} tekens.",
            )
        ],
    )
    dag = DayField("Op welke dag? (optioneel)")


class PupilForm(QueryForm):
    """For which pupil and which day somebody asks who answers; nothing else about the pupil."""

    woont = SelectField(
        "Waar woont de leerling?", validators=[Optional()], validate_choice=False, default=""
    )
    plaats = StringField(
        "Andere plaats of postcode (optioneel)",
        filters=[printable],
        validators=[
            Length(
                max=MAX_QUERY,
                message=f"Deze plaats is te lang. Gebruik hoogstens {MAX_QUERY} tekens.",
            )
        ],
    )
    dag = DayField("Op welke dag? (optioneel)")

    def validate_woont(self, field: SelectField) -> None:
        _chosen(field, "Kies een gemeente uit de lijst.")

    def validate_plaats(self, field: StringField) -> None:
        if self.woont.data == ELSEWHERE and not field.data:
            raise ValidationError("Vul in waar de leerling woont: een plaats of een postcode.")


class DayForm(QueryForm):
    """The day that a page is about."""

    dag = DayField("Op welke dag? (optioneel)")


class SchoolsForm(QueryForm):
    """The filter of the list of schools; the choices come from the directory."""

    soort = SelectField("Soort onderwijs", validators=[Optional()], validate_choice=False)
    gemeente = SelectField("Gemeente", validators=[Optional()], validate_choice=False)

    def validate_soort(self, field: SelectField) -> None:
        _chosen(field, "Kies een soort onderwijs uit de lijst.")

    def validate_gemeente(self, field: SelectField) -> None:
        _chosen(field, "Kies een gemeente uit de lijst.")


def _chosen(field: SelectField, message: str) -> None:
    if (field.data or "") not in [value for value, _ in field.choices]:
        raise ValidationError(message)
