"""Clears what was typed about people from notices that are no longer new."""

import json
from datetime import datetime

from portal import clock
from portal.database import db, skip_locked
from portal.notices.models import Notice, NoticeEvent

_TYPED = ("new_person", "details", "more_phone", "more_email")  # of portal.notices.drafts.Draft


def clear_typed(before: datetime) -> int:
    """Clear the names, numbers and addresses in the drafts of notices that were published, and took
    effect, before the aware moment `before`, and the texts that were replaced before it; gives the
    number of both. The ids and days stay: with them a notice is withdrawn, or gets another last
    day."""
    is_old = (Notice.published_at < before) & (Notice.valid_from < clock.day_of(before))
    with db.atomic():
        # Locked, so that one that changes at this moment keeps its new days and text.
        old = list(skip_locked(Notice.select().where(is_old & Notice.draft.contains('"details"'))))
        for notice in old:
            answers = json.loads(notice.draft)
            kept = {name: answers[name] for name in answers if name not in _TYPED}
            Notice.update(draft=json.dumps(kept)).where(Notice.id == notice.id).execute()
        texts = (NoticeEvent.at < before) & NoticeEvent.old_text.is_null(False)
        wiped = NoticeEvent.update(old_text=None).where(texts).execute()
        return len(old) + int(wiped)
