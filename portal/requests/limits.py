"""How often mail about a request is sent to an address, or because of a network; how often a request gets a note or a
step; the sentences said above these limits; and how many people a session has."""

from datetime import timedelta

from portal import throttle
from portal.throttle import Limit

PER_ADDRESS = Limit("request address", 5, timedelta(hours=1))
PER_NETWORK = Limit("request network", 30, timedelta(hours=1))
NOTES = Limit("request note", 10, timedelta(hours=1))
LINK_STEPS = Limit("request step by link", 10, timedelta(hours=1))  # of one request

MOST_PEOPLE, MOST_ADDRESSES = 500, 20  # who come to a session, and who are invited by mail

TOO_MANY = "Er kwamen te veel aanvragen. Wacht een uur en probeer opnieuw."
TOO_MANY_NOTES = "Je voegde al veel toe. Wacht een uur en probeer het opnieuw."
TOO_MANY_STEPS = "Er is niets veranderd. Wacht een uur en probeer het opnieuw."


class LimitReached(Exception):
    """The limit of requests, or of notes or steps of a request, is reached for this hour."""


def count_attempt(email: str, network: str) -> None:
    """Count a form of somebody who is not signed in. Raises LimitReached."""
    if not throttle.attempt(PER_ADDRESS, email) or not throttle.attempt(PER_NETWORK, network):
        raise LimitReached
