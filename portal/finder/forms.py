"""What the finder asks, and how it says what is wrong."""

from wtforms import SearchField, SelectField
from wtforms.validators import Length, Optional

from portal.contacts.residence_form import ResidenceForm
from portal.web.forms import DayField, QueryForm, chosen, strip_control_chars

MAX_QUERY = 100


class SearchForm(QueryForm):
    """The search box, for today or another day."""

    q = SearchField(
        "Zoek op school, plaats, naam of functie",
        filters=[strip_control_chars],
        validators=[
            Length(
                max=MAX_QUERY,
                message=f"Je zoekvraag is te lang. Gebruik hoogstens {MAX_QUERY} tekens.",
            )
        ],
    )
    dag = DayField("Op welke dag? (optioneel)")


class PupilForm(ResidenceForm):
    """For which pupil and which day somebody asks who answers."""

    dag = DayField("Op welke dag? (optioneel)")


class DayForm(QueryForm):
    """The day that a page is about."""

    dag = DayField("Op welke dag? (optioneel)")


class SchoolsForm(QueryForm):
    """The filter of the list of schools; the choices come from the directory."""

    soort = SelectField("Soort onderwijs", validators=[Optional()], validate_choice=False)
    gemeente = SelectField("Gemeente", validators=[Optional()], validate_choice=False)

    def validate_soort(self, field: SelectField) -> None:
        chosen(field, "Kies een soort onderwijs uit de lijst.")

    def validate_gemeente(self, field: SelectField) -> None:
        chosen(field, "Kies een gemeente uit de lijst.")
