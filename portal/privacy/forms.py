"""The field for free text, which the guard reads, and the form that asks for a second look."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField, ValidationError

from portal.privacy.bsn import has_bsn
from portal.privacy.guard import is_doubtful
from portal.web.forms import ChangeForm, strip_control_chars

_BSN = "Dit lijkt een burgerservicenummer. Haal het weg."
_DOUBT = "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."


class FreeTextField(TextAreaField):
    """A text in somebody's own words, at most `most` characters; `missing` says what to do where
    it is empty, and without it the text is optional.

    A burgerservicenummer blocks; what looks like data about a pupil asks for the form's tick.
    """

    def __init__(
        self, label: str, *, missing: str = "", most: int = 2000, rows: int = 5, **kwargs: Any
    ) -> None:
        super().__init__(label, filters=[strip_control_chars], render_kw={"rows": rows}, **kwargs)
        self.missing = missing
        self.most = most
        self.is_doubtful = False

    def pre_validate(self, form: ChangeForm) -> None:
        """Reads the text; raises ValidationError with what to do."""
        text = self.data or ""
        if self.missing and not text:
            raise ValidationError(self.missing)
        if len(text) > self.most:
            most = f"{self.most:,}".replace(",", ".")
            raise ValidationError(
                f"De tekst is {len(text) - self.most} tekens te lang. Maximaal {most} tekens."
            )
        if has_bsn(text):
            raise ValidationError(_BSN)
        self.is_doubtful = is_doubtful(text)
        if self.is_doubtful and not form["is_checked"].data:
            raise ValidationError(_DOUBT)


class GuardedForm(ChangeForm):
    """A form with free text."""

    is_checked = BooleanField(
        "Ik heb dit nagekeken: er staat niets in over een leerling of ouder.", name="nagekeken"
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also reads the short fields: a burgerservicenummer fits everywhere."""
        valid = super().validate(extra_validators)
        for field in self:
            short = isinstance(field, StringField) and not isinstance(field, HiddenField)
            if short and not field.errors and has_bsn(field.data or ""):
                field.errors = [_BSN]
                valid = False
        return bool(valid)

    @property
    def doubted(self) -> Any:
        """The first field that the guard doubts; the tick stands under it."""
        return next((field for field in self if getattr(field, "is_doubtful", False)), None)
