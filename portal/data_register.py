"""The register of data (AVG, art. 30): which data the portal keeps, why and for how long, and the
mark of every column of every table.

Retention jobs take their periods from it; docs/privacy.md and the privacy page are made of it.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from portal.labelled_enum import LabelledEnum

_MONTH = timedelta(days=365) / 12


class Mark(LabelledEnum):
    """The kind of data in a column."""

    NONE = "none", "geen"
    BUSINESS = "business", "zakelijk"
    PERSON = "person", "persoon"  # is about a person, or can name one


class Kept(NamedTuple):
    """A kind of data, with its purpose and retention period. The texts are Dutch."""

    what: str
    purpose: str
    sentence: str  # says until when, with the period as {period}
    period: timedelta = timedelta.max  # max: as long as the sentence says
    module: str = ""  # that keeps it, where a region may switch that off

    @property
    def until(self) -> str:
        """The sentence, with its period in words."""
        return self.sentence.format(period=name_period(self.period))


def name_period(period: timedelta) -> str:
    """A period in Dutch: "24 uur", "30 dagen", "6 maanden"."""
    if period <= timedelta(hours=36):
        return f"{period // timedelta(hours=1)} uur"
    return f"{period.days} dagen" if period.days < 100 else f"{round(period / _MONTH)} maanden"


REGION = Kept(
    "Scholen, organisaties en functies", "Zodat je de goede school of balie vindt.",
    "Ze blijven zolang ze kloppen. Wordt iemand vergeten? Dan verdwijnt die naam ook hier.",
)  # fmt: skip
TECHNIQUE = Kept("Techniek", "Zodat de portal werkt.", "Hierin staat niets over mensen.")
PEOPLE = Kept(
    "Wie waar werkt", "Zodat scholen weten wie ze kunnen bellen.",
    "Naam, werkdagen en plekken staan er zolang je in een kernteam werkt. Wie {period} geen plek "
    "heeft, en geen account, wissen we overal.",
    6 * _MONTH,
)  # fmt: skip
DETAILS = Kept(
    "Nummers en adressen", "Zodat scholen je kunnen bereiken.",
    "Een nummer of adres wissen we {period} nadat het niet meer geldt.", timedelta(days=30),
)  # fmt: skip
NOTICES = Kept(
    "Meldingen", "Zodat een kernteam weet wat er verandert, en wie dat gelezen heeft.",
    "Een melding wissen we {period} nadat die in het archief kwam.", 6 * _MONTH,
)  # fmt: skip
NOTICE_ANSWERS = Kept(
    "Antwoorden in een melding", "Zodat je een melding nog kunt veranderen.",
    "Namen en nummers uit het formulier, en een oudere tekst, wissen we {period} nadat de melding "
    "inging.", timedelta(days=30),
)  # fmt: skip
CHANGES = Kept(
    "Wat er is gewijzigd", "Zodat we kunnen nagaan wie wat deed.",
    "Wie wat wanneer deed, wissen we na {period}.", 24 * _MONTH,
)  # fmt: skip
OLD_VALUES = Kept(
    "Oude waarden van een wijziging", "Zodat een fout terug te draaien is.",
    "Waarom iets veranderde, en de namen, nummers en adressen van daarvoor, wissen we na {period}.",
    timedelta(days=30),
)  # fmt: skip
ACCOUNTS = Kept(
    "Accounts", "Zodat je kunt inloggen.",
    "Een account dat {period} niet is gebruikt, stopt na een waarschuwing.", 12 * _MONTH,
)  # fmt: skip
ENDED_ACCOUNTS = Kept(
    "Accounts die zijn gestopt", "Zodat een account terug kan.",
    "Een account dat stopte, wissen we na {period}. Staat de persoon er nog? Dan tegelijk met die "
    "persoon.", timedelta(days=30),
)  # fmt: skip
VISITS = Kept(
    "Laatste twee bezoeken", "Zodat je ziet wat er sindsdien veranderde.",
    "De dagen wissen we na {period}. Waar je naar keek, bewaren we niet.", 12 * _MONTH,
)  # fmt: skip
SESSIONS = Kept(
    "Waar je bent ingelogd", "Zodat je ingelogd blijft.",
    "Je bent hoogstens {period} achter elkaar ingelogd.", timedelta(hours=12),
)  # fmt: skip
SECOND_FACTORS = Kept(
    "Tweede stap bij het inloggen", "Zodat niemand met alleen jouw mail bij Beheer komt.",
    "Een passkey, app of code op papier blijft tot je die weghaalt of gebruikt. Verandert je rol, "
    "of stopt je account? Dan wissen we die ook.",
)  # fmt: skip
SIGN_IN_LINKS = Kept(
    "Inloglinks", "Zodat je zonder wachtwoord inlogt.", "Een link wissen we na {period}.", timedelta(hours=24)
)
PENDING_FORMS = Kept(
    "Formulieren die op inloggen wachten", "Zodat je niets opnieuw hoeft te typen.",
    "Zo’n formulier wissen we na {period}.", timedelta(hours=24),
)  # fmt: skip
ATTEMPTS = Kept(
    "Tellers van pogingen", "Zodat niemand eindeloos kan proberen.",
    "Een teller weet niet wie je bent. We wissen die na {period}.", timedelta(hours=25),
)  # fmt: skip
DONE_FORMS = Kept(
    "Verwerkte formulieren", "Zodat twee keer drukken één keer telt.",
    "Alleen een controlegetal, {period} lang.", timedelta(hours=24),
)  # fmt: skip
MAIL = Kept(
    "Mail", "Zodat mail aankomt, ook als dat niet meteen lukt.",
    "De tekst wissen we zodra een mail is verstuurd. Aan wie en waarover wissen we na {period}.",
    timedelta(days=30),
)  # fmt: skip
REQUESTS = Kept(
    "Aanvragen", "Zodat een aanvraag antwoord krijgt.",
    "Wie het vroeg en wat er geschreven is, wissen we {period} nadat een aanvraag is afgesloten. "
    "Welke school wanneer wat vroeg, blijft staan om te tellen.", timedelta(days=30),
)  # fmt: skip
UNCONFIRMED = Kept(
    "Aanvragen die niet zijn bevestigd", "Zodat niemand iets aanvraagt namens een ander.",
    "Een aanvraag die je niet bevestigt, wissen we na {period}.", timedelta(days=3),
)  # fmt: skip
SAVED_FORMS = Kept(
    "Aanvragen om later af te maken", "Zodat je later verder kunt.",
    "Een bewaarde aanvraag wissen we na {period}.", timedelta(days=14),
)  # fmt: skip
DRAFTS = Kept(
    "Concepten van verdelingen", "Zodat je later verder kunt.",
    "Een concept wissen we {period} nadat het voor het laatst is bewaard.", timedelta(days=14),
)  # fmt: skip
IMPORTS = Kept(
    "Ingelezen bestanden", "Zodat een lijst met plekken niet overgetypt hoeft.",
    "Een bestand wissen we na {period}.", timedelta(days=14),
)  # fmt: skip
REPORTS = Kept(
    "Wat lezers melden", "Zodat fouten in de gids worden verbeterd.",
    "Een melding dat iets niet klopt, wissen we na {period}.", 12 * _MONTH,
)  # fmt: skip
ROUNDS = Kept(
    "Vragen of je gegevens kloppen", "Zodat we je niet te vaak vragen, en zien hoeveel er klopt.",
    "Wanneer we je mailden of belden, en of je antwoordde, wissen we na {period}.", 24 * _MONTH,
)  # fmt: skip
MEETINGS = Kept(
    "Overleg", "Zodat iedereen weet wanneer het overleg is en wat er op de agenda staat.",
    "Agenda, antwoorden en wie er was, wissen we {period} na de laatste evaluatie. Er staat nooit "
    "een leerling in. Dag, plaats en aantallen blijven staan.",
    6 * _MONTH, "meetings",
)  # fmt: skip
WORDS = Kept(
    "Woorden uit bestanden", "Zodat we niet steeds hetzelfde vragen.",
    "Woorden blijven zolang de afzender bestanden stuurt, en nog {period}. De naam van iemand "
    "wissen we {period} nadat die voor het laatst in een bestand stond, of zodra die persoon weg "
    "is.",
    12 * _MONTH,
)  # fmt: skip
LOGS = Kept(
    "Logboek", "Zodat we fouten en misbruik vinden.",
    "Het logboek bewaren we {period}. Er staan geen namen in.", timedelta(days=90),
)  # fmt: skip
BACKUPS = Kept(
    "Back-ups", "Zodat er niets verloren gaat.",
    "Wat we wissen, staat nog hoogstens {period} in onze back-ups. Zetten we er een terug, dan "
    "wissen we meteen weer wie vergeten is.", timedelta(days=35),
)  # fmt: skip

# In the order of the page.
ALL = (
    PEOPLE, DETAILS, NOTICES, NOTICE_ANSWERS, REQUESTS, UNCONFIRMED, SAVED_FORMS, ACCOUNTS,
    ENDED_ACCOUNTS, VISITS, SESSIONS, SECOND_FACTORS, SIGN_IN_LINKS, PENDING_FORMS, ATTEMPTS,
    DONE_FORMS, MAIL, DRAFTS, IMPORTS, REPORTS, ROUNDS, MEETINGS, WORDS, CHANGES, OLD_VALUES, LOGS,
    BACKUPS, REGION, TECHNIQUE,
)  # fmt: skip


class Columns(NamedTuple):
    """Columns of a table, by their mark, of one kind of data."""

    table: str
    kept: Kept
    none: str = ""  # names, with blanks
    business: str = ""
    person: str = ""


# Columns that say nothing, in whatever table.
BOOKKEEPING = frozenset(["id", "row_version", "checked_on", "checked_by"])
_PERIOD = "valid_from valid_until"
COLUMNS = (
    Columns("municipality", REGION, business="code name slug in_region"),
    Columns("place", REGION, business="name municipality", person="aliases hint"),
    Columns("postcode", REGION, business="pc4 municipality place"),
    Columns("organisation", REGION, business="kind", person="key name sort_key"),
    Columns("sector", REGION, business="key label position"),
    Columns(
        "school", REGION, business="code organisation sector name sort_key duo_name slug street "
        "postcode place phone closed_on", person="aliases website board_website source",
    ),
    Columns(
        "role", REGION, business="key position one_holder shown_first municipalities "
        "unconfirmed_in member is_school_staff service case_by of_kern check_months",
        person="label aliases team call_about why source",
    ),
    Columns("kern", REGION, business="code name sort_key"),
    Columns("kern_membership", REGION, business=f"kern school {_PERIOD}", person="source"),
    Columns("role_in_sector", REGION, business="role sector expected to_confirm"),
    Columns("contact_point", REGION, business="key organisation closed_on",
            person="name aliases hours note source"),
    Columns("responsibility", REGION, business="role municipality sector contact_point rank "
            "also_by_school to_confirm", person="source"),
    Columns("vacancy", REGION, business=f"role school kern known_on {_PERIOD}", person="source"),
    Columns("holiday", REGION, business=f"kind {_PERIOD}", person="name source"),
    Columns("setting", REGION, business="key", person="value"),
    Columns("duo_upload", REGION, business="made_on sector content", person="label"),
    Columns("listed_domain", REGION, business="domain organisation"),
    Columns("subject", REGION, none="position", business="key kind is_offered",
            person="name explanation given_by source"),
    Columns("mailbox", REGION, business="key set_at", person="address set_by"),
    Columns("person", PEOPLE, person="organisation given_name infix family_name sort_key "
            "working_days hours reached_by"),
    Columns("employment", PEOPLE, none="is_pending",
            person=f"person organisation source {_PERIOD}"),
    Columns("assignment", PEOPLE, none="is_pending",
            person=f"person role school kern source {_PERIOD}"),
    Columns("absence", PEOPLE, person=f"person source {_PERIOD}"),
    Columns("substitute", PEOPLE, person="absence assignment person"),
    Columns("contact_detail", DETAILS, none="position visibility", business="contact_point",
            person=f"person kind value label source {_PERIOD}"),
    Columns("search_document", PEOPLE, none="rank", business="kind ref",
            person="sort_key title names context"),
    Columns("notice", NOTICES, none="key", business="kind organisation valid_from valid_until "
            "announced_at withdrawn_at",
            person="title text account author_name reply_to published_at"),
    Columns("notice", NOTICE_ANSWERS, person="draft"),
    Columns("notice_event", NOTICES, business="notice at", person="author_name text"),
    Columns("notice_event", NOTICE_ANSWERS, person="old_text"),
    Columns("notice_school", NOTICES, business="notice school kern"),
    Columns("notice_line", NOTICES, business="notice school kern role", person="before after"),
    Columns("recipient", NOTICES, business="notice",
            person="person email mailed seen_at reminded_at"),
    Columns("recipient_school", NOTICES, business="recipient school kern"),
    Columns("muted_kind", PEOPLE, person="person kind"),
    Columns("change_set", CHANGES, business="kind ref effective_on state", person="author at"),
    Columns("change_set", OLD_VALUES, person="reason"),
    Columns("change", CHANGES, none="undone erased", business="change_set table row school "
            "organisation", person="person"),
    Columns("change", OLD_VALUES, person="before after"),
    Columns("audit_entry", CHANGES, business="action subject subject_id", person="at actor"),
    Columns("merged_account", OLD_VALUES, business="change_set", person="account person"),
    Columns("merged_row", OLD_VALUES, business="change_set table row", person="person removed"),
    Columns("account", ACCOUNTS, none="by_domain", business="organisation",
            person="email name role person active_until created_at moved_to warned_on "
            "factor_due_on"),
    Columns("account", VISITS, person="visited_on visited_before_on"),
    Columns("sign_in_session", SESSIONS, none="token_hash challenge",
            person="account device created_at seen_at proved_at"),
    Columns("second_factor", SECOND_FACTORS, none="data counter",
            person="account kind device created_at"),
    Columns("recovery_code", SECOND_FACTORS, none="code_mac", person="account created_at"),
    Columns("sign_in_request", SIGN_IN_LINKS, none="token_hash code_mac browser_hash attempts open",
            person="email created_at"),
    Columns("pending_form", PENDING_FORMS, none="browser_hash created_at",
            person="account path fields"),
    Columns("set_up_link", TECHNIQUE, none="token_hash created_at used_at"),
    Columns("attempt", ATTEMPTS, none="key at"),
    Columns("done_form", DONE_FORMS, none="form_hash done_at"),
    Columns("outgoing_mail", MAIL, none="message_id to_mailbox not_after state waiting_since "
            "next_attempt_at attempts lease", business="key created_at done_at",
            person="recipient reply_to subject body calendar unsubscribe error"),
    Columns("delivery_fault", MAIL, none="advice hits_all since", person="error"),
    Columns("request", REQUESTS, none="form_hash", business="reference kind subject school level "
            "state planned_on created_at received_at closed_at unread_since",
            person="account owner"),
    Columns("request_details", REQUESTS, business="request",
            person="name email answers recipients"),
    Columns("request_step", REQUESTS, business="request kind taken_at planned_on",
            person="actor text"),
    Columns("planned_session", REQUESTS, business="step begins_at ends_at",
            person="leader invitees place"),
    Columns("follow_link", REQUESTS, none="token_hash", business="request"),
    Columns("saved_form", SAVED_FORMS, none="token_hash saved_at", business="kind",
            person="answers"),
    Columns("division_draft", DRAFTS, business="role valid_from saved_at", person="account cells"),
    Columns("import", IMPORTS, none="coverage state busy_until interpreted_for change_set",
            business="at made_on effective_on roles",
            person="label sender account refusal file tables decisions asked interpretation"),
    Columns("report", REPORTS, none="is_shown", business="contact_point school kern fault topic "
            "state answered_at", person="person detail text account network email at answered_by"),
    Columns("coverage_week", TECHNIQUE, none="week posts filled vacant absent unknown old doubtful "
            "without_number reported"),
    Columns("dismissal", REPORTS, none="digest at", person="account"),
    Columns("remembered_word", WORDS, none="used_on", person="sender key word meaning"),
    Columns("confirmation_round", ROUNDS, none="begins_on"),
    Columns("confirmation", ROUNDS, none="secret", business="round",
            person="person step since asked_on reminded_on"),
    Columns("call", ROUNDS, business="month outcome called_on", person="assignment account"),
    Columns("meeting", MEETINGS, none="sequence", business="school kern series day begins ends "
            "leader schools_only state changed_at cases points present",
            person="place planned_by"),
    Columns("meeting_slot", MEETINGS, none="is_late", business="meeting school kind number minutes "
            "discussion consent is_shared coordinator outcome evaluate_on subject", person="line"),
    Columns("participant", MEETINGS, none="mailed", business="meeting",
            person="person reply was_present"),
    Columns("meeting_feed", MEETINGS, none="token_hash", person="account"),
    Columns("directory_version", TECHNIQUE, none="number"),
    Columns("table_version", TECHNIQUE, none="name number"),
    Columns("database_flag", TECHNIQUE, none="name set_on"),
    Columns("job_run", TECHNIQUE, none="name leased_until last_run_at last_ok_at last_done_at"),
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
