"""The field for free text, which the guard reads, and the form with the tick for doubtful text."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField, ValidationError

from portal.privacy.pupil_data import has_bsn, is_doubtful
from portal.region import current_region
from portal.text import clean
from portal.web.forms import ChangeForm

_BSN = "Dit lijkt een burgerservicenummer. Haal het weg."
_DOUBT = "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."


class FreeTextField(TextAreaField):
    """A free text of at most `most` characters. With `missing`, the message where it is empty, it is required.

    A burgerservicenummer is refused. A text that is likely to be about a pupil or parent is accepted only with the tick
    of the form.
    """

    def __init__(self, label: str, *, missing: str = "", most: int = 2000, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(label, filters=[lambda text: clean(text or "")], render_kw={"rows": rows}, **kwargs)
        self.missing = missing
        self.most = most
        self.is_doubtful = False

    def pre_validate(self, form: ChangeForm) -> None:
        """Reads the text. Raises ValidationError with an instruction in Dutch."""
        text = self.data or ""
        if self.missing and not text:
            raise ValidationError(self.missing)
        if len(text) > self.most:
            most = f"{self.most:,}".replace(",", ".")
            raise ValidationError(f"De tekst is {len(text) - self.most} tekens te lang. Maximaal {most} tekens.")
        if has_bsn(text):
            raise ValidationError(_BSN)
        is_new = text != self.object_data  # a text that stands there already was looked at
        self.is_doubtful = is_new and is_doubtful(text, current_region().not_names)
        if self.is_doubtful and not form["is_checked"].data:
            raise ValidationError(_DOUBT)


class GuardedForm(ChangeForm):
    """A form with free text, and a tick with which the user accepts a doubtful one."""

    is_checked = BooleanField("Ik heb dit nagekeken: er staat niets in over een leerling of ouder.", name="nagekeken")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuses a burgerservicenummer in a short field."""
        valid = super().validate(extra_validators)
        for field in self:
            is_visible_text = isinstance(field, StringField) and not isinstance(field, HiddenField)
            if is_visible_text and not field.errors and has_bsn(field.data or ""):
                field.errors = [_BSN]
                valid = False
        return bool(valid)

    @property
    def doubtful_field(self) -> Any:
        """The first field with a doubtful text; the tick is shown under it."""
        return next((field for field in self if getattr(field, "is_doubtful", False)), None)
