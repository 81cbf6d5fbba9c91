"""Forms that are finished later: saved for two weeks, and opened by the link in a mail."""

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from portal import clock
from portal.accounts.models import Account
from portal.database import db
from portal.keys import hash_secret
from portal.mail import outbox
from portal.region import RequestKind
from portal.requests import mails
from portal.requests.kinds import get_kind, list_kinds
from portal.requests.limits import count_attempt
from portal.requests.models import SavedForm
from portal.retention_periods import SAVED_FORMS
from portal.site import Site

KEPT_FOR = SAVED_FORMS.period  # after it was saved last


class Saved(NamedTuple):
    kind: RequestKind
    answers: dict[str, Any]  # per field


def save(
    kind: RequestKind, answers: Mapping[str, Any], token: str, account: Account | None, network: str, site: Site
) -> str:
    """Save a form and mail its link to the address in it; gives the key of the mail. With the
    `token` of a saved form, that one is replaced and its link stays.

    Only the mail holds a new token, so that nobody reads what somebody else fills in later. Raises
    LimitReached for who is not signed in with that address; `network` is where the form came from.
    """
    if find(token) is None:
        token = secrets.token_urlsafe(32)
    now, email = clock.now(), str(answers["email"])
    known = {name: value for name, value in answers.items() if value and name != "csrf_token"}
    values = {"kind": kind.key, "answers": json.dumps(known, default=str, ensure_ascii=False), "saved_at": now}
    with db.atomic():
        if not account or account.address.casefold() != email.casefold():
            count_attempt(email, network)
        is_old = SavedForm.update(values).where(SavedForm.token_hash == hash_secret(token))
        if not is_old.execute():
            SavedForm.create(token_hash=hash_secret(token), **values)
        last = clock.day_of(now + KEPT_FOR) - timedelta(days=1)  # the last whole day
        link = f"{site.base_url}/aanvragen/verder/{token}"
        mail = mails.saved(hash_secret(token), now, email, kind, link, last)
        outbox.enqueue(mail, site.mail_host)
    return mail.key


def find(token: str) -> Saved | None:
    """The form with this token; days are dates again. None where it is too old, or the region has
    no such requests any more."""
    row = SavedForm.get_or_none(
        (SavedForm.token_hash == hash_secret(token))
        & (SavedForm.saved_at > clock.now() - KEPT_FOR)
        & SavedForm.kind.in_([kind.key for kind in list_kinds()])
    )
    if row is None:
        return None
    answers = json.loads(row.answers)
    for name in answers:
        if name.startswith(("first_day", "last_day")):
            answers[name] = date.fromisoformat(answers[name])
    return Saved(get_kind(row.kind), answers)


def delete(token: str) -> None:
    """Delete a form that was sent, with the mails about it."""
    _delete(hash_secret(token), SavedForm.saved_at.is_null(False))


def clear_saved(before: datetime) -> int:
    """Delete the forms that were saved before this moment (aware, UTC); gives their number."""
    is_over = SavedForm.saved_at < before
    with db.atomic():
        # Looked at again by the DELETE, so that one that is saved at this moment stays.
        old = [row.token_hash for row in SavedForm.select().where(is_over)]
        return sum(_delete(token_hash, is_over) for token_hash in old)


def _delete(token_hash: str, condition: Any) -> int:
    deleted = SavedForm.delete().where((SavedForm.token_hash == token_hash) & condition).execute()
    if deleted:
        outbox.clear(mails.saved_key_prefix(token_hash))
    return int(deleted)
