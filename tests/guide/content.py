"""The content of the guide of Zuid-Kennemerland, and answers of its attendance card."""

from portal.config import SEEDS
from portal.guide.attendance_rules import Advice, Outcome, limits_on
from portal.guide.content import load_content
from portal.guide.tools import ATTENDANCE, ENDPOINTS
from tests.clock import TODAY

CONTENT = load_content(SEEDS / "zuid-kennemerland" / "guide", frozenset(ENDPOINTS))
CARD = CONTENT.tools[ATTENDANCE].texts
LIMITS = limits_on(CARD.thresholds, TODAY)


def advise(outcome: Outcome) -> Advice:
    """The outcome of a rule in the words of the region."""
    advice: Advice = CARD.advise(outcome)
    return advice
