"""The facts that follow from the kind of a slot."""

from portal.meetings.kinds import Consent, SlotKind, is_anonymous


def test_a_case_without_consent_is_anonymous() -> None:
    anonymous = {consent for consent in (*Consent, None) if is_anonymous(SlotKind.CASE, consent)}
    assert anonymous == {Consent.NO, Consent.ASKED, None}
    assert not is_anonymous(SlotKind.GENERAL, None)
