"""The filter of the board, the start of a new notice, and the form that changes a notice.

Fields have English names in the code and Dutch names in the page, in addresses and in kept forms.
"""

from wtforms import HiddenField, SelectField

from portal import clock
from portal.database.validity import last_day
from portal.notices.drafts import Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.notices.notice_forms import DatedForm
from portal.web.forms import QueryForm


class BoardForm(QueryForm):
    """The filter of the board."""

    phase = SelectField("Stand", name="stand", validate_choice=False)
    kind = SelectField("Soort", name="soort", validate_choice=False)
    municipality = SelectField("Gemeente", name="gemeente", validate_choice=False)
    school = SelectField("School", validate_choice=False)
    organisation = SelectField("Organisatie", name="organisatie", validate_choice=False)


class StartForm(QueryForm):
    """The kind and the person of a new notice."""

    kind = SelectField("Wat verandert er?", name="soort", validate_choice=False)
    person = SelectField("Over wie gaat het?", name="persoon", validate_choice=False)


class ChangeNoticeForm(DatedForm):
    """Another period or text for a notice; its first day is fixed once it has begun."""

    version = HiddenField(name="versie")

    def __init__(self, notice: Notice) -> None:
        is_departure = notice.kind is NoticeKind.DEPARTURE
        super().__init__(
            notice.kind,
            day=last_day(notice.valid_from) if is_departure else notice.valid_from,
            last_day=last_day(notice.valid_until) if notice.valid_until else None,
            text=notice.text,
            version=notice.row_version,
        )
        if clock.today() >= notice.valid_from:
            del self.day

    def change(self, draft: Draft) -> Draft:
        """The draft with the answers of this valid form."""
        return draft.move(
            self.valid_from if self.day else draft.valid_from,
            self.valid_until if self.last_day else draft.valid_until,
            self.text.data,
        )
