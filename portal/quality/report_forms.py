"""The forms of a reader who reports, and of somebody who answers."""

from wtforms import RadioField

from portal.directory.contact_details import Contact
from portal.directory.models import DetailKind
from portal.phones import grouped
from portal.privacy.forms import FreeTextField, GuardedForm
from portal.quality.models import ReportKind, ReportState
from portal.quality.reports import get_line
from portal.web.forms import ChangeForm, MailAddressField, choice_field

_DETAILS = {
    DetailKind.PHONE: "Het nummer", DetailKind.EMAIL: "Het e-mailadres",
    DetailKind.WEBSITE: "De website",
}  # fmt: skip


class ReportForm(GuardedForm):
    """The line of a contact that is wrong. The school is that of the row ("": none)."""

    line = choice_field(
        "Wat klopt er niet?", "wat", "Kies iets uit de lijst.", "Kies wat er niet klopt.",
        kind=RadioField,
    )  # fmt: skip
    text = FreeTextField("Weet je hoe het wel zit? (optioneel)", name="uitleg", most=200, rows=2)
    email = MailAddressField("Je e-mailadres, als je wilt horen wat eruit komt (optioneel)")

    def offer(self, contact: Contact, school: str, *, has_account: bool) -> None:
        """Offer the lines of a contact, at the school of this name. An account has an address."""
        at = f" bij {school}" if school else ""
        about_person = [
            (ReportKind.GONE, f"{contact.name} werkt niet meer{at or ' hier'}"),
            (ReportKind.OTHER_PERSON, f"Er werkt{at or ' hier'} nu iemand anders"),
        ]
        self.line.choices = [
            *((get_line(one), f"{said} {grouped(one.value)}")
              for kind, said in _DETAILS.items() for one in contact.of_kind(kind)),
            *(about_person if contact.person_id else ()),
            (ReportKind.OTHER, "Iets anders"),
        ]  # fmt: skip
        if has_account:
            del self.email


class AnswerForm(ChangeForm):
    """The answer to a report."""

    answer = choice_field(
        "Wat is je antwoord?", "antwoord", "Kies een antwoord.", "Kies een antwoord.",
        kind=RadioField,
        choices={
            ReportState.REFUSED: "Het klopt wel", ReportState.ACCEPTED: "Het is aangepast",
        },
    )  # fmt: skip
