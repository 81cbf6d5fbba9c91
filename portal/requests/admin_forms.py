"""The coordinator's forms: filters, the catalogue and the mailboxes."""

from collections.abc import Iterable

from wtforms import BooleanField, RadioField

from portal.privacy.forms import FreeTextField, GuardedForm
from portal.region import RequestMailbox
from portal.requests.kinds import SubjectKind
from portal.web.forms import ChangeForm, MailAddressField, QueryForm, TextField, choice_field


class ListForm(QueryForm):
    """The filter of the list of requests. The view sets the choices."""

    CLOSED, ALL = "afgesloten", "alle"  # groups of states; "" is every open one

    state = choice_field("Staat", "staat", "Kies een staat uit de lijst.")
    kind = choice_field("Soort", "soort", "Kies een soort uit de lijst.")
    municipality = choice_field("Gemeente", "gemeente", "Kies een gemeente uit de lijst.")


class YearForm(QueryForm):
    """The school year of the statistics. The view sets the choices."""

    school_year = choice_field("Schooljaar", "schooljaar", "Kies een schooljaar uit de lijst.")


class SubjectForm(GuardedForm):
    """A theme or organisation of the catalogue."""

    kind = choice_field(
        "Wat is het?", "soort", "Kies of het een thema of een organisatie is.", kind=RadioField,
        choices={kind.value: f"Een {kind.label}" for kind in SubjectKind},
    )  # fmt: skip
    name = TextField("Naam", name="naam", missing="Vul een naam in.", most=80, noun="Deze naam")
    explanation = FreeTextField(
        "Uitleg in één zin",
        name="uitleg",
        missing="Leg in één zin uit wat het is.",
        most=200,
        rows=2,
    )
    given_by = TextField("Wie kan dit geven? (optioneel)", name="door")
    is_offered = BooleanField("Scholen kunnen dit nu aanvragen.", name="aangeboden")


class MailboxForm(ChangeForm):
    """The address of each mailbox of a region, by its key."""

    @classmethod
    def of(cls, mailboxes: Iterable[RequestMailbox]) -> "type[MailboxForm]":
        """The form with a field for each of these mailboxes."""
        missing = "Vul je e-mailadres in."
        fields = {row.key: MailAddressField(row.label, missing=missing) for row in mailboxes}
        return type("MailboxForm", (cls,), fields)
