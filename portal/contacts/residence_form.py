"""The form fields for a pupil's residence, the only question that the portal asks about a pupil."""

from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from portal.contacts.residence import find_residence
from portal.directory import schools as directory
from portal.directory.read_models import MunicipalityRow, PlaceRow, SchoolRow
from portal.web.forms import OneOf, QueryForm, strip_control_chars

MAX_LENGTH = 100
ELSEWHERE = "anders"


class ResidenceForm(QueryForm):
    """The residence of a pupil: a municipality from a list, or any place or postcode."""

    residence = SelectField(
        "Waar woont de leerling?",
        name="woont",
        validators=[Optional(), OneOf("Kies een gemeente uit de lijst.")],
        validate_choice=False,
        default="",
    )
    place = StringField(
        "Andere plaats of postcode (optioneel)",
        name="plaats",
        filters=[strip_control_chars],
        validators=[
            Length(
                max=MAX_LENGTH,
                message=f"Deze plaats is te lang. Gebruik hoogstens {MAX_LENGTH} tekens.",
            )
        ],
    )

    def validate_place(self, field: StringField) -> None:
        if self.residence.data == ELSEWHERE and not field.data:
            raise ValidationError("Vul in waar de leerling woont: een plaats of een postcode.")


def set_residence_choices(form: ResidenceForm, school: SchoolRow | None) -> list[MunicipalityRow]:
    """Offer the region's municipalities; gives those beside the school's own, which is the
    default."""
    own = school.municipality if school else ""
    others = [row for row in directory.list_municipalities(in_region=True) if row.code != own]
    form.residence.choices = [
        ("", school.municipality_name if school else "zoals de school"),
        *((municipality.slug, municipality.name) for municipality in others),
        (ELSEWHERE, "ergens anders"),
    ]
    if school and form.residence.data == school.municipality_slug:
        form.residence.data = ""
    return others


def read_residence(
    form: ResidenceForm, school: SchoolRow | None
) -> tuple[MunicipalityRow | None, tuple[PlaceRow, ...]]:
    """Validate the form and read the municipality of residence (None: that of the school) and the
    places to choose from. Faults are in the errors of the form."""
    others = set_residence_choices(form, school)
    if not form.validate():
        return None, ()
    selected = next((row for row in others if row.slug == form.residence.data), None)
    if selected or not form.place.data:
        # A municipality from the list overrides a typed place.
        form.place.data = ""
        return selected, ()
    form.residence.data = ELSEWHERE
    residence = find_residence(
        form.place.data,
        directory.list_places(),
        directory.list_postcodes(),
        directory.list_municipalities(),
    )
    if residence.municipality is None:
        form.place.errors = [residence.question(form.place.data)]
    return residence.municipality, residence.choices
