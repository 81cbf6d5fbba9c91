"""Each kind of data that the portal keeps, why, and for how long.

The jobs that clear take their periods from it, as do docs/privacy.md and the privacy page.
"""

from datetime import timedelta
from typing import NamedTuple

_MONTH = timedelta(days=365) / 12


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
EVERY_BACKUP = timedelta(hours=48)  # then the last of each day, as long as BACKUPS

# In the order of the page.
ALL = (
    PEOPLE, DETAILS, NOTICES, NOTICE_ANSWERS, REQUESTS, UNCONFIRMED, SAVED_FORMS, ACCOUNTS,
    ENDED_ACCOUNTS, VISITS, SESSIONS, SECOND_FACTORS, SIGN_IN_LINKS, PENDING_FORMS, ATTEMPTS,
    DONE_FORMS, MAIL, DRAFTS, IMPORTS, REPORTS, ROUNDS, MEETINGS, WORDS, CHANGES, OLD_VALUES, LOGS,
    BACKUPS, REGION, TECHNIQUE,
)  # fmt: skip
