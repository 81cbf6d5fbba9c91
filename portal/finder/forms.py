"""The forms of the finder; the names of their fields are those in the address."""

from wtforms import SearchField, SelectField
from wtforms.validators import Length, Optional

from portal.contacts.residence import ResidenceForm
from portal.web.forms import DayField, OneOf, QueryForm, strip_control_chars

MAX_QUERY = 100


class DayForm(QueryForm):
    """The day that a page is about."""

    day = DayField("Op welke dag? (optioneel)", name="dag")


class SearchForm(QueryForm):
    """The search box, for today or another day."""

    query = SearchField(
        "Zoek op school, plaats, naam of functie",
        name="q",
        filters=[strip_control_chars],
        validators=[
            Length(
                max=MAX_QUERY,
                message=f"Je zoekvraag is te lang. Gebruik hoogstens {MAX_QUERY} tekens.",
            )
        ],
    )
    day = DayField("Op welke dag? (optioneel)", name="dag")


class PupilForm(ResidenceForm, DayForm):
    """The residence of the pupil and the day for the answers of a school page."""


class SchoolsForm(QueryForm):
    """The filter of the list of schools; the view sets the choices."""

    sector = SelectField(
        "Soort onderwijs",
        name="soort",
        validators=[Optional(), OneOf("Kies een soort onderwijs uit de lijst.")],
        validate_choice=False,
    )
    municipality = SelectField(
        "Gemeente",
        name="gemeente",
        validators=[Optional(), OneOf("Kies een gemeente uit de lijst.")],
        validate_choice=False,
    )
