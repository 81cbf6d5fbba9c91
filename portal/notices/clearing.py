"""Clears what was typed about people from notices that are no longer new."""

import json
from datetime import datetime

from portal import clock
from portal.database import db, skip_locked
from portal.mail import outbox
from portal.notices.days_and_phases import Phase, find_phase
from portal.notices.models import Notice, NoticeEvent

_TYPED = ("new_person", "details", "more_phone", "more_email")  # of portal.notices.drafts.Draft


def clear_archived(before: datetime) -> int:
    """Delete the notices that went to the archive before an aware moment, with their mails; gives
    their number. What they changed stays, and so does the trail."""
    day, old = clock.day_of(before), []
    with db.atomic():
        # Locked, so that one that gets another last day at this moment stays.
        for notice in skip_locked(Notice.select().where(Notice.published_at < before)):
            is_withdrawn = notice.withdrawn_at is not None and notice.withdrawn_at < before
            phase = find_phase(notice.kind, notice.valid_from, notice.valid_until, is_withdrawn=is_withdrawn, today=day)
            if phase is Phase.ARCHIVED:
                old.append(notice.id)
                outbox.clear(f"notice:{notice.id}:")
        Notice.delete().where(Notice.id.in_(old)).execute()
    return len(old)


def clear_typed(before: datetime) -> int:
    """Clear the names, numbers and addresses in the drafts of notices that were published, and took effect, before the
    aware moment `before`, and the texts that were replaced before it; gives the number of both. The ids and days stay:
    with them a notice is withdrawn, or gets another last day."""
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
