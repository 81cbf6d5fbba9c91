"""The fixed choices of a meeting, its agenda and its answers."""

from portal.labelled_enum import LabelledEnum


class MeetingState(LabelledEnum):
    PLANNED = "planned", "gepland"
    CANCELLED = "cancelled", "afgezegd"
    HELD = "held", "gehouden"


class SlotKind(LabelledEnum):
    CASE = "case", "casus"
    GENERAL = "general", "agendapunt"


class Discussion(LabelledEnum):
    """Whether a case is discussed for the first time (004: "eerste bespreking")."""

    FIRST = "first", "eerste bespreking"
    FOLLOW_UP = "follow_up", "vervolgbespreking"


class Consent(LabelledEnum):
    """Whether the parents agree that a case is discussed. Blank is unknown."""

    YES = "yes", "ja"
    NO = "no", "nee"
    ASKED = "asked", "gevraagd"


class Subject(LabelledEnum):
    """The subjects of a general slot."""

    BASICS = "basics", "basisondersteuning"
    EXPERTISE = "expertise", "expertise delen"
    SCHOOL = "school", "ontwikkeling van de school"
    WAY_OF_WORKING = "way_of_working", "hoe we samenwerken"
    AGREEMENTS = "agreements", "afspraken en planning"
    OTHER = "other", "iets anders"


class Reply(LabelledEnum):
    """The answer to an invitation."""

    COMING = "coming", "ik kom"
    AWAY = "away", "ik kom niet"
    SUBSTITUTE = "substitute", "er komt een vervanger"


class Outcome(LabelledEnum):
    """How a case goes on after a meeting."""

    DONE = "done", "klaar"
    FOLLOW_UP = "follow_up", "vervolg"
    EVALUATION = "evaluation", "evaluatie"


def is_anonymous(kind: SlotKind, consent: Consent | None) -> bool:
    """Whether a slot may be discussed only without data by which a pupil is recognised (004:
    consent decides what participants may bring in)."""
    return kind == SlotKind.CASE and consent != Consent.YES
