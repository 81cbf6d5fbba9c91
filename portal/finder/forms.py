"""What the finder asks, and how it says what is wrong."""

from wtforms import SearchField, SelectField, ValidationError
from wtforms.validators import Length, Optional

from portal.web.forms import QueryForm, printable

MAX_QUERY = 100


class SearchForm(QueryForm):
    """The search box."""

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


class SchoolsForm(QueryForm):
    """The filter of the list of schools; the choices come from the directory."""

    soort = SelectField("Soort onderwijs", validators=[Optional()], validate_choice=False)
    gemeente = SelectField("Gemeente", validators=[Optional()], validate_choice=False)

    def validate_soort(self, field: SelectField) -> None:
        _chosen(field, "Kies een soort onderwijs uit de lijst.")

    def validate_gemeente(self, field: SelectField) -> None:
        _chosen(field, "Kies een gemeente uit de lijst.")


def _chosen(field: SelectField, message: str) -> None:
    if field.data not in [value for value, _ in field.choices]:
        raise ValidationError(message)
