"""The register of data (AVG, art. 30): the mark of every column of every table, and the kind of data in it.

docs/privacy.md is made of it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from portal import retention_periods as periods
from portal.labelled_enum import LabelledEnum
from portal.retention_periods import ALL, Kept


class Mark(LabelledEnum):
    """The kind of data in a column."""

    NONE = "none", "geen"
    BUSINESS = "business", "zakelijk"
    PERSON = "person", "persoon"  # is about a person, or can name one


class Columns(NamedTuple):
    """Columns of a table, by their mark, of one kind of data."""

    table: str
    kept: Kept
    none: str = ""  # names, with blanks
    business: str = ""
    person: str = ""


COORDINATORS = "de coördinatoren"
_INSTALLER = "wie de portal installeerde"
_EVERYBODY = "iedereen die de portal mag lezen"
MEMBERS = "mensen in of rond een kernteam"
_ASKERS = "wie iets aanvraagt"
_USERS = "wie inlogt"
# Of each kind with data about people: whose they are, and who sees them.
PEOPLE = {
    periods.PEOPLE: (MEMBERS, _EVERYBODY),
    periods.DETAILS: (MEMBERS, f"{_EVERYBODY}; een mobiel nummer alleen wie het mag zien"),
    periods.NOTICES: (MEMBERS, f"{_EVERYBODY}, en wie er mail over krijgt"),
    periods.REQUESTS: (_ASKERS, f"{COORDINATORS} en de mailbox voor aanvragen"),
    periods.SAVED_FORMS: (_ASKERS, "alleen wie de link heeft"),
    periods.ACCOUNTS: (_USERS, COORDINATORS),
    periods.VISITS: (_USERS, COORDINATORS),
    periods.SESSIONS: (_USERS, f"jijzelf en {COORDINATORS}"),
    periods.SECOND_FACTORS: (f"{COORDINATORS} en de beheerders", "de beheerders"),
    periods.SIGN_IN_LINKS: (_USERS, "niemand"),
    periods.PENDING_FORMS: (_USERS, "alleen wie het invulde"),
    periods.MAIL: ("wie mail krijgt", f"{COORDINATORS}, zonder de tekst"),
    periods.REPORTS: ("wie iets meldt", f"{COORDINATORS} en wie over die organisatie gaat"),
    periods.MEETINGS: (MEMBERS, "wie bij het overleg hoort"),
    periods.REGION: ("wie in een naam, uitleg of bron genoemd is", _EVERYBODY),
    periods.LOGS: (f"{_USERS}, als nummer", _INSTALLER),
    periods.BACKUPS: ("iedereen hierboven", _INSTALLER),
}

# Columns that say nothing, in whatever table.
BOOKKEEPING = frozenset(["id", "row_version", "checked_on", "checked_by"])
_PERIOD = "valid_from valid_until"
COLUMNS = (
    Columns("municipality", periods.REGION, business="code name slug in_region"),
    Columns("place", periods.REGION, business="name municipality", person="aliases hint"),
    Columns("postcode", periods.REGION, business="pc4 municipality place"),
    Columns("organisation", periods.REGION, business="kind", person="key name sort_key"),
    Columns("sector", periods.REGION, business="key label position"),
    Columns(
        "school", periods.REGION, business="code organisation sector name sort_key duo_name slug street "
        "postcode place phone closed_on", person="aliases website board_website source",
    ),
    Columns(
        "role", periods.REGION, business="key position one_holder shown_first municipalities "
        "unconfirmed_in member is_school_staff service case_by of_kern check_months",
        person="label aliases team call_about why source",
    ),
    Columns("kern", periods.REGION, business="code name sort_key"),
    Columns("kern_membership", periods.REGION, business=f"kern school {_PERIOD}", person="source"),
    Columns("role_in_sector", periods.REGION, business="role sector expected to_confirm"),
    Columns("contact_point", periods.REGION, business="key organisation closed_on",
            person="name aliases hours note source"),
    Columns("responsibility", periods.REGION, business="role municipality sector contact_point rank "
            "also_by_school to_confirm", person="source"),
    Columns("vacancy", periods.REGION, business=f"role school kern known_on {_PERIOD}", person="source"),
    Columns("holiday", periods.REGION, business=f"kind {_PERIOD}", person="name source"),
    Columns("setting", periods.REGION, business="key", person="value"),
    Columns("duo_upload", periods.REGION, business="made_on sector content", person="label"),
    Columns("listed_domain", periods.REGION, business="domain organisation"),
    Columns("subject", periods.REGION, none="position", business="key kind is_offered",
            person="name explanation given_by source"),
    Columns("mailbox", periods.REGION, business="key set_at", person="address set_by"),
    Columns("person", periods.PEOPLE, person="organisation given_name infix family_name sort_key "
            "working_days hours reached_by"),
    Columns("employment", periods.PEOPLE, none="is_pending",
            person=f"person organisation source {_PERIOD}"),
    Columns("assignment", periods.PEOPLE, none="is_pending",
            person=f"person role school kern source {_PERIOD}"),
    Columns("absence", periods.PEOPLE, person=f"person source {_PERIOD}"),
    Columns("substitute", periods.PEOPLE, person="absence assignment person"),
    Columns("contact_detail", periods.DETAILS, none="position visibility", business="contact_point",
            person=f"person kind value label source {_PERIOD}"),
    Columns("search_document", periods.PEOPLE, none="rank", business="kind ref",
            person="sort_key title names context"),
    Columns("notice", periods.NOTICES, none="key", business="kind organisation valid_from valid_until "
            "announced_at withdrawn_at",
            person="title text account author_name reply_to published_at"),
    Columns("notice", periods.NOTICE_ANSWERS, person="draft"),
    Columns("notice_event", periods.NOTICES, business="notice at", person="author_name text"),
    Columns("notice_event", periods.NOTICE_ANSWERS, person="old_text"),
    Columns("notice_school", periods.NOTICES, business="notice school kern"),
    Columns("notice_line", periods.NOTICES, business="notice school kern role", person="before after"),
    Columns("recipient", periods.NOTICES, business="notice",
            person="person email mailed seen_at reminded_at"),
    Columns("recipient_school", periods.NOTICES, business="recipient school kern"),
    Columns("muted_kind", periods.PEOPLE, person="person kind"),
    Columns("change_set", periods.CHANGES, business="kind ref effective_on state", person="author at"),
    Columns("change_set", periods.OLD_VALUES, person="reason"),
    Columns("change", periods.CHANGES, none="undone erased", business="change_set table row school "
            "organisation", person="person"),
    Columns("change", periods.OLD_VALUES, person="before after"),
    Columns("audit_entry", periods.CHANGES, business="action subject subject_id", person="at actor"),
    Columns("merged_account", periods.OLD_VALUES, business="change_set", person="account person"),
    Columns("merged_row", periods.OLD_VALUES, business="change_set table row", person="person removed"),
    Columns("account", periods.ACCOUNTS, none="by_domain", business="organisation",
            person="email name role person active_until created_at moved_to warned_on "
            "factor_due_on"),
    Columns("account", periods.VISITS, person="visited_on visited_before_on"),
    Columns("sign_in_session", periods.SESSIONS, none="token_hash challenge",
            person="account device created_at seen_at proved_at"),
    Columns("second_factor", periods.SECOND_FACTORS, none="data counter",
            person="account kind device created_at"),
    Columns("recovery_code", periods.SECOND_FACTORS, none="code_mac", person="account created_at"),
    Columns("sign_in_request", periods.SIGN_IN_LINKS, none="token_hash code_mac browser_hash attempts open",
            person="email created_at"),
    Columns("pending_form", periods.PENDING_FORMS, none="browser_hash created_at",
            person="account path fields"),
    Columns("set_up_link", periods.TECHNIQUE, none="token_hash created_at used_at"),
    Columns("attempt", periods.ATTEMPTS, none="key at"),
    Columns("done_form", periods.DONE_FORMS, none="form_hash done_at"),
    Columns("outgoing_mail", periods.MAIL, none="message_id to_mailbox not_after state waiting_since "
            "next_attempt_at attempts lease", business="key created_at done_at",
            person="recipient reply_to subject body calendar unsubscribe error"),
    Columns("delivery_fault", periods.MAIL, none="advice hits_all since", person="error"),
    Columns("request", periods.REQUESTS, none="form_hash", business="reference kind subject school level "
            "state planned_on created_at received_at closed_at unread_since",
            person="account owner"),
    Columns("request_details", periods.REQUESTS, business="request",
            person="name email answers recipients"),
    Columns("request_step", periods.REQUESTS, business="request kind taken_at planned_on",
            person="actor text"),
    Columns("planned_session", periods.REQUESTS, business="step begins_at ends_at",
            person="leader invitees place"),
    Columns("follow_link", periods.REQUESTS, none="token_hash", business="request"),
    Columns("saved_form", periods.SAVED_FORMS, none="token_hash saved_at", business="kind",
            person="answers"),
    Columns("division_draft", periods.DRAFTS, business="role valid_from saved_at", person="account cells"),
    Columns("import", periods.IMPORTS, none="coverage state busy_until interpreted_for change_set",
            business="at made_on effective_on roles",
            person="label sender account refusal file tables decisions asked interpretation"),
    Columns("report", periods.REPORTS, none="is_shown", business="contact_point school kern fault topic "
            "state answered_at", person="person detail text account network email at answered_by"),
    Columns("coverage_week", periods.TECHNIQUE, none="week posts filled vacant absent unknown old doubtful "
            "without_number reported"),
    Columns("dismissal", periods.REPORTS, none="digest at", person="account"),
    Columns("remembered_word", periods.WORDS, none="used_on", person="sender key word meaning"),
    Columns("confirmation_round", periods.ROUNDS, none="begins_on"),
    Columns("confirmation", periods.ROUNDS, none="secret", business="round",
            person="person step since asked_on reminded_on"),
    Columns("call", periods.ROUNDS, business="month outcome called_on", person="assignment account"),
    Columns("meeting", periods.MEETINGS, none="sequence", business="school kern series day begins ends "
            "leader schools_only state changed_at cases points present",
            person="place planned_by"),
    Columns("meeting_slot", periods.MEETINGS, none="is_late", business="meeting school kind number minutes "
            "discussion consent is_shared coordinator outcome evaluate_on subject", person="line"),
    Columns("participant", periods.MEETINGS, none="mailed", business="meeting",
            person="person reply was_present"),
    Columns("meeting_feed", periods.MEETINGS, none="token_hash", person="account"),
    Columns("directory_version", periods.TECHNIQUE, none="number"),
    Columns("table_version", periods.TECHNIQUE, none="name number"),
    Columns("database_flag", periods.TECHNIQUE, none="name set_on"),
    Columns("job_run", periods.TECHNIQUE, none="name leased_until last_run_at last_ok_at last_done_at"),
)  # fmt: skip


class Column(NamedTuple):
    """A column with its mark and kind of data."""

    table: str
    name: str
    mark: Mark
    kept: Kept


def list_columns(rows: Iterable[Columns] = COLUMNS) -> Iterator[Column]:
    """Every marked column; without those that are BOOKKEEPING."""
    for row in rows:
        for mark in Mark:
            for name in getattr(row, mark).split():
                yield Column(row.table, name, mark, row.kept)


def write_document() -> str:
    """docs/privacy.md: `python -m portal.data_register > docs/privacy.md`."""
    lines = [
        "# Welke gegevens, waarom en hoe lang", "",
        "Gemaakt uit `portal/data_register.py`, met `python -m portal.data_register`. De "
        "privacypagina van de portal komt uit dezelfde tabel.", "",
        "## Hoe lang", "", "| wat | waarom | tot wanneer |", "|---|---|---|",
        *(f"| {kept.what} | {kept.purpose} | {kept.until} |" for kept in ALL), "",
        "## Elke kolom", "",
        "*geen*: zegt niets over een mens; *zakelijk*: over een school, organisatie of bericht; "
        "*persoon*: gaat over een mens, of kan er een noemen. Deze kolommen zijn in elke tabel "
        f"*geen*: {', '.join(f'`{name}`' for name in sorted(BOOKKEEPING))}.", "",
        "| tabel | gegevens | geen | zakelijk | persoon |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for row in sorted(COLUMNS, key=lambda row: row.table):
        cells = (", ".join(getattr(row, mark).split()) for mark in Mark)
        lines.append(f"| `{row.table}` | {row.kept.what} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(write_document(), end="")
