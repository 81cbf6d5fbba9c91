"""The forms of the finder; the names of their fields are those in the address."""

from wtforms import HiddenField

from portal.contacts.residence_form import ResidenceForm
from portal.directory.places import list_municipality_choices
from portal.directory.schools_and_kernen import list_sectors
from portal.web.forms import DayField, QueryForm, TextField, choice_field


class DayForm(QueryForm):
    """The day that a page is about."""

    day = DayField("Op welke dag? (optioneel)", name="dag")


class SearchForm(QueryForm):
    """The search box, for today or another day."""

    query = TextField("Zoek op school, plaats, naam, functie of nummer", name="q", noun="Je zoekvraag")
    day = DayField("Op welke dag? (optioneel)", name="dag")


class PupilForm(ResidenceForm, DayForm):
    """The residence of the pupil and the day for the answers of a school page."""


class NameForm(QueryForm):
    """The find box of a long list, on a page for a day."""

    name_or_place = TextField("Naam, straat of plaats", name="naam", noun="Deze naam")
    day = HiddenField(name="dag")


class SchoolsForm(NameForm):
    """The filter of the list of schools."""

    sector = choice_field("Soort onderwijs", "soort", "Kies een soort onderwijs uit de lijst.")
    municipality = choice_field("Gemeente", "gemeente", "Kies een gemeente uit de lijst.")

    def __init__(self) -> None:
        super().__init__()
        self.sector.choices = [("", "alle soorten"), *list_sectors()]
        self.municipality.choices = list_municipality_choices()
