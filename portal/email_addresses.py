"""Mail addresses: one rule for settings, forms and the mails that go out."""

from email_validator import validate_email


def normalise(text: str) -> str:
    """`text` as an address that every mail server takes: ASCII, its domain in lower case.

    Raises ValueError where it is not one address, or has a name around it. Whether the mailbox
    exists is not asked.
    """
    address = validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    if not address.isascii():
        raise ValueError(f"{text!r} has a domain that is not ASCII")
    return address
