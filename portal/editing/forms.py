"""The forms with which a coordinator changes the directory."""

from wtforms.validators import Regexp

from portal.directory.models import SettingKey
from portal.editing.edit_form import EditForm
from portal.web.forms import PhoneField, TextField

_WORKING_DAYS = Regexp(r"([1-9][0-9]?)?$", message="Vul een aantal werkdagen in, zoals 5.")


class SettingsForm(EditForm):
    """The facts that a coordinator types."""

    veilig_thuis = PhoneField(
        "Telefoonnummer van Veilig Thuis (optioneel)", name="nummer",
        description="Dit nummer staat bij “Zorgen over veiligheid” en in de hoofdstukken. "
        "Laat het leeg als je het niet weet.",
    )  # fmt: skip
    answer_days = TextField(
        "Werkdagen tot antwoord op een aanvraag (optioneel)", name="aanvraag",
        validators=[_WORKING_DAYS],
        description="Bijvoorbeeld 5. De aanvrager leest dan: “Je krijgt binnen 5 werkdagen "
        "antwoord.” Leeg: dan beloven we niets.",
    )  # fmt: skip
    accessibility_days = TextField(
        "Werkdagen tot antwoord over toegankelijkheid (optioneel)", name="toegankelijkheid",
        validators=[_WORKING_DAYS],
        description="Staat op de pagina over toegankelijkheid. Leeg: dan beloven we niets.",
    )  # fmt: skip

    @property
    def values(self) -> dict[SettingKey, str]:
        """The settings that were typed."""
        return {
            SettingKey.VEILIG_THUIS: self.veilig_thuis.number,
            SettingKey.ANSWER_DAYS: self.answer_days.data or "",
            SettingKey.ACCESSIBILITY_DAYS: self.accessibility_days.data or "",
        }
