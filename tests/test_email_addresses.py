"""A mail address is what email_validator makes of it."""

from email_validator import validate_email
from hypothesis import given, settings
from hypothesis.strategies import from_regex

from portal.email_addresses import _PLAIN, normalise


@settings(max_examples=20, deadline=None)
@given(from_regex(_PLAIN, fullmatch=True))
def test_a_plain_address_needs_no_validator(address: str) -> None:
    if len(address) <= 64:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
        assert found.ascii_email == normalise(address) == address
