"""The forms of a reader who reports, and of somebody who answers; the filter of coverage."""

from collections.abc import Iterable

from wtforms import RadioField, ValidationError

from portal.directory.contact_details import Contact
from portal.directory.places import list_municipality_choices
from portal.directory.schools_and_kernen import list_roles
from portal.phones import grouped
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.quality.coverage import Gap, Post
from portal.quality.models import Report, ReportKind, ReportState
from portal.quality.shown_doubts import DETAILS, get_line
from portal.web.forms import ChangeForm, MailAddressField, QueryForm, choice_field


class ReportForm(GuardedForm):
    """The line of a contact that is wrong. The school is that of the row ("": none)."""

    line = choice_field(
        "Wat klopt er niet?", "wat", "Kies iets uit de lijst.", "Kies wat er niet klopt.", kind=RadioField
    )
    text = FreeTextField(
        "Weet je hoe het wel zit? (optioneel)", name="uitleg", most=200, rows=2,
        description="Bijvoorbeeld het goede nummer. Schrijf niets over leerlingen of ouders.",
    )  # fmt: skip
    email = MailAddressField("Je e-mailadres, als je wilt horen wat eruit komt (optioneel)")

    def offer(self, contact: Contact, school: str, *, has_account: bool) -> None:
        """Offer the lines of a contact, at the school of this name. An account has an address."""
        at = f" bij {school}" if school else ""
        about_person = [
            (ReportKind.GONE, f"{contact.name} werkt niet meer{at or ' hier'}"),
            (ReportKind.OTHER_PERSON, f"Er werkt{at or ' hier'} nu iemand anders"),
        ]
        self.line.choices = [
            *((get_line(one), f"{said.capitalize()} {grouped(one.value)}")
              for kind, said in DETAILS.items() for one in contact.of_kind(kind)),
            *(about_person if contact.person_id else ()),
            (ReportKind.OTHER, "Iets anders"),
        ]  # fmt: skip
        if has_account:
            del self.email

    def offer_only(self, line: str) -> None:
        """Ask only how it is instead: the form knows which line is wrong, and who says so."""
        self.line.choices, self.line.data = [(line, line)], line
        del self.email

    def validate_text(self, field: FreeTextField) -> None:
        """Refuse “something else” without words: nobody could mend it."""
        if self.line.data == ReportKind.OTHER and not field.data:
            raise ValidationError("Schrijf kort wat er niet klopt.")


class AnswerForm(ChangeForm):
    answer = choice_field(
        "Wat is je antwoord?", "antwoord", "Kies een antwoord.", "Kies een antwoord.", kind=RadioField
    )

    def offer(self, report: Report, *, is_mended: bool) -> None:
        """Offer that it is mended only where something was changed since the report."""
        is_vague = report.fault is ReportKind.OTHER
        right = "Er hoeft niets te veranderen" if is_vague else "Het klopt wel"
        mended = [(ReportState.ACCEPTED, "Het is aangepast")] if is_mended else []
        self.answer.choices = [*mended, (ReportState.REFUSED, right)]


class CoverageForm(QueryForm):
    """The filter of these posts."""

    gap = choice_field(
        "Wat ontbreekt?", "wat", "Kies uit de lijst wat er ontbreekt.", choices={"": "alles"} | dict(Gap.choices())
    )
    role = choice_field("Functie", "functie", "Kies een functie uit de lijst.")
    municipality = choice_field("Gemeente", "gemeente", "Kies een gemeente uit de lijst.")
    organisation = choice_field("Organisatie", "organisatie", "Kies een organisatie uit de lijst.")

    def __init__(self, posts: Iterable[Post]) -> None:
        super().__init__()
        names = sorted({post.organisation for post in posts})
        self.role.choices = [("", "alle functies"), *((role.key, role.label) for role in list_roles())]
        self.municipality.choices = list_municipality_choices()
        self.organisation.choices = [("", "alle organisaties"), *((name, name) for name in names)]

    def is_about(self, post: Post) -> bool:
        """Whether a post is of the chosen role, municipality and organisation."""
        return (
            (self.role.data or post.role) == post.role
            and (self.municipality.data or post.municipality) == post.municipality
            and (self.organisation.data or post.organisation) == post.organisation
        )

    def has_gap(self, post: Post) -> bool:
        """Whether a post has the chosen gap, or any at all."""
        return self.gap.data in post.gaps if self.gap.data else bool(post.gaps)
