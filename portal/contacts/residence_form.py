"""Asks where a pupil lives, and nothing else about a pupil; every page that needs it asks alike."""

from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from portal.contacts import residence
from portal.directory import schools as directory
from portal.directory.read_models import MunicipalityRow, PlaceRow, SchoolRow
from portal.web.forms import QueryForm, chosen, strip_control_chars

MAX_LENGTH = 100
ELSEWHERE = "anders"


class ResidenceForm(QueryForm):
    """Where the pupil lives: a municipality from a list, or any place or postcode."""

    woont = SelectField(
        "Waar woont de leerling?", validators=[Optional()], validate_choice=False, default=""
    )
    plaats = StringField(
        "Andere plaats of postcode (optioneel)",
        filters=[strip_control_chars],
        validators=[
            Length(
                max=MAX_LENGTH,
                message=f"Deze plaats is te lang. Gebruik hoogstens {MAX_LENGTH} tekens.",
            )
        ],
    )

    def validate_woont(self, field: SelectField) -> None:
        chosen(field, "Kies een gemeente uit de lijst.")

    def validate_plaats(self, field: StringField) -> None:
        if self.woont.data == ELSEWHERE and not field.data:
            raise ValidationError("Vul in waar de leerling woont: een plaats of een postcode.")


def set_residence_choices(form: ResidenceForm, school: SchoolRow | None) -> list[MunicipalityRow]:
    """Let one choose from the region, as seen from this school; gives the towns to choose from."""
    own = school.municipality if school else ""
    region = [t for t in directory.list_municipalities(in_region=True) if t.code != own]
    form.woont.choices = [
        ("", school.municipality_name if school else "zoals de school"),
        *((town.slug, town.name) for town in region),
        (ELSEWHERE, "ergens anders"),
    ]
    if school and form.woont.data == school.municipality_slug:
        form.woont.data = ""
    return region


def read_residence(
    form: ResidenceForm, school: SchoolRow | None
) -> tuple[MunicipalityRow | None, tuple[PlaceRow, ...]]:
    """Validates `form` and reads it: the municipality where the pupil lives (None: that of the
    school), or the places between which one must choose. What is wrong stands in its errors."""
    region = set_residence_choices(form, school)
    if not form.validate():
        return None, ()
    named = next((town for town in region if town.slug == form.woont.data), None)
    if named or not form.plaats.data:
        # Whoever chooses a municipality from the list means that one.
        form.plaats.data = ""
        return named, ()
    form.woont.data = ELSEWHERE
    home = residence.find_residence(
        form.plaats.data,
        directory.list_places(),
        directory.list_postcodes(),
        directory.list_municipalities(),
    )
    if home.municipality is None:
        form.plaats.errors = [home.question(form.plaats.data)]
    return home.municipality, home.choices
