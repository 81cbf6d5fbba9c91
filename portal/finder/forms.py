"""The forms of the finder; the names of their fields are those in the address."""

from wtforms import SelectField
from wtforms.validators import Optional

from portal.contacts.residence import ResidenceForm
from portal.web.forms import DayField, OneOf, QueryForm, TextField


class DayForm(QueryForm):
    """The day that a page is about."""

    day = DayField("Op welke dag? (optioneel)", name="dag")


class SearchForm(QueryForm):
    """The search box, for today or another day."""

    query = TextField(
        "Zoek op school, plaats, naam, functie of nummer", name="q", noun="Je zoekvraag"
    )
    day = DayField("Op welke dag? (optioneel)", name="dag")


class PupilForm(ResidenceForm, DayForm):
    """The residence of the pupil and the day for the answers of a school page."""


class SchoolsForm(QueryForm):
    """The filter of the list of schools; the view sets the choices."""

    name_or_place = TextField("Naam, straat of plaats", name="naam", noun="Deze naam")

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
