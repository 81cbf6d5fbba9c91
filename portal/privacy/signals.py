"""What in a sentence points at one pupil or parent, and what points away from it.

Each signal has a number of points, fitted on the texts in `tests/privacy/corpus`; whatever adds up
to more than nought is doubtful (P-04). A miss is possible: the guard warns, people decide.
"""

import re
from collections.abc import Callable

_CAPITAL = r"[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?"
_INFIX = r"(?:van |de |den |der |el |al )*"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


_CHILD = _words(
    r"leerlinge?|kind(je)?|kleuter|peuter|zoon(tje)?|dochter(tje)?|jongen|jongetje|meisje|knul"
    r"|broer(tje)?|zus(je)?|pleeg(kind|zoon|dochter)|brugklasser|tweeling|baby|puber|neefje"
    r"|nichtje|scholier|jongeman|tiener|casus"
)
_KIN = _words(
    r"moeder|vader|mama|papa|oma|opa|ouders|stief(vader|moeder)|pleeg(ouders|moeder|vader)|gezin"
    r"|familie|oom|tante|(gezins)?voogd|ex"
)
_YEARS = "(?:[2-9]|1[0-9]|2[0-3])"
_NUMERALS = "(?:vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|(?:der|veer|vijf|zes|zeven)tien)"
_AGE = re.compile(
    rf"\b{_YEARS}[- ]?(?:jarig\w*|jr\b|jaar oud)"
    rf"|\b(?:jongen|meisje|kind|zoon|dochter|leerling|broertje|zusje|jongetje) (?:van )?{_YEARS}\b"
    rf"|\b(?:is|was|van|wordt) {_NUMERALS}\b"
    rf"|(?:^|[,(] ?){_YEARS} ?(?:jr|jaar)?(?=[,)])"
    rf"|\b(?:is|wordt) (?:nu )?{_YEARS}\b(?! (?:uur|deel|pers|leer|scho|maal|keer))"
    rf"|\b{_YEARS} ?(?:jr|jaar)[,.)]|[a-z]{{2,}} \((?:{_YEARS}[;,)]|20[01][0-9]\))"
    rf"|, net {_YEARS}\b",
)
_YEAR_OF_BIRTH = "(?:20)?(?:0[3-9]|1[0-9]|2[0-4])"
_BIRTH = re.compile(
    r"\bgeb\b|\bgeboren\b|geboortedatum|geb\.dat|\bg\.d\.|\*\s?\d|bouwjaar|'\d\d\b"
    r"|(?<!sinds )(?<!vanaf )(?<!per )\b\d{1,2}(?:[-/. ]\d{1,2}[-/. ]"
    r"| (?:jan|feb|m(?:aa)?rt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\w*\.? )"
    rf"{_YEAR_OF_BIRTH}\b|\b20(?:0[3-9]|1[0-9]|2[0-2])-\d\d-\d\d\b",
)
_GROUP = re.compile(
    r"\b(?:groep|gr\.?|klas|kl\.?):?\s?[1-8]\w?\b|\b[1-6] ?-?(?:havo|vmbo|vwo|mavo|gym|mbo)\w*"
    r"|\b[1-8][a-h]\d?\b|\bbrugklas\b|\b[bhv][1-6][a-z]?\b"
    r"|\bgroep (?:een|twee|drie|vier|vijf|zes|zeven|acht)\b|\bexamenklas|\bkleuterklas",
)
# What one hears of a child that is not well, or of a family in need.
_CARE = re.compile(
    r"\badhd\b|\badd\b|\bodd\b|autis|\bass\b|asperger|pdd|dysle|dyscal|\btos\b|taalontw|\bptss\b"
    r"|\bfas\b|\bnah\b|syndroom|hechting|leukemie|kanker|mishand|misbru|geslagen|slaat\b|mepp"
    r"|blauwe plek|verwaarlo|uithuis|\bots\b|onder ?toezicht|voogdij|pleeggezin|crisis|detentie"
    r"|zitting|wachtlijst|diagnost|groeidocument|schoolvlucht"
    r"|gevangen|verslaa?f|dronken|drugs|wiet|blow|drinken\b|zelfmoord|suïc|suic|wil dood"
    r"|automutil|snijdt|krast|eetstoorn|anorexia|depress|trauma|loverboy|mutisme|zindelijk|luier"
    r"|epilep|diabet|thuiszitter\b|geschorst|schorsing|spijbel|niet naar school|vechtscheiding"
    r"|gescheiden|scheiding van|\biq\b|\btlv\b|weggelopen|wegloopt|zwanger|medicatie|ritalin"
    r"|psychia|borderline|kenter|jeugdreclass|diefstal|gestolen|opgepakt|geweld|agressi|huilt"
    r"|schuldsan|\bpgb\b|verstandelijk|rolstoel|transgender|seksue|dossier|verjaardag|ontheffing"
    r"|geheime adres|ontwikkelingsachterstand|\bmatch\b|bedreig|gepest|blijft zitten",
)
_WORRY = re.compile(
    r"angst|verzuim|ziekmeld|overleden|hoogbegaafd|pest|behandel|politie|\bvt\b|veilig thuis"
    r"|verwijsindex|\bvir\b|gemeld|vt-melding|achterstand|gedrag|boos|slaapt|schuld|diagnose"
    r"|handicap|getest|beschermtafel|\bs?bo\b|thuis\b|ziek\b|ouders|stiefmoeder|jeugdzorg"
    r"|jeugdbesch|asiel|klacht|zorgen\b|situatie",
)
_HE = _words(r"hij|hem|haar|z'n|d'r|(ze|zij) (is|heeft|heet|zit|komt|wil|woont|kan)")
_STAFF = re.compile(
    r"directeur|begeleid|coach|coördinator|leerplicht|verpleegk|jeugdarts|schoolarts|assistent"
    r"|consulent|collega|training|workshop|thema|verlof|werkdag|bereikbaar|opvolg|contactpersoon"
    r"|vacature|overleg|sessie|bijeenkomst|intervisie|team|aandachtsfunct|\bjuf\b|meester|docent"
    r"|leerkracht|mentor|telefoon|nummer|vervang|waarne|stagiair|wijkagent|adviseur|manager"
    r"|rector|secretar|administr|conciërge|functie|werkt|werken|kantoor|mail|planning|datum"
    r"|medewerk|deskundige|\bpo\b|\bvo\b|invaller|dienst|start bij|begint bij|stopt|pensioen"
    r"|gastles|presentatie|spreker|studiedag|specialist|informatieavond|cursus",
)
_GENERAL = re.compile(
    r"\bkinderen\b|\bleerlingen\b|\bjongeren\b|\bgezinnen\b|\bscholen\b|\bw(?:ij|e) willen\b"
    r"|\bhoe\b|\bwat\b|\bwelke\b|\bwanneer\b|\bals een\b|\bje\b|\bjullie\b|\bleren\b"
    r"|\bonze school\b|\bbeleid\b|\bprotocol\b|\bgroepen\b|\bkleuters\b|\bouders\b(?! van)"
    r"|\been (?:kind|leerling)\b|\bin groep\b",
)
_KIN_NAME = re.compile(
    r"\b(?:leerlinge?|kind(?:je|eren)?|zoon(?:tje)?|dochter(?:tje)?|moeder|vader|ouders?|oma|opa"
    r"|broer(?:tje)?|zus(?:je)?|gezin|familie|fam\.?|jongen|meisje|voogd|brugklasser|tweeling"
    r"|casus|gesprek|oom|tante|pleegouders|pleegmoeder|kleuter|onze|dossiers?|over)"
    r"(?:,? (?:van|genaamd|die|heet|met|over|en|is|onze|uit groep \d,?|onze leerling|de|kinderen"
    rf"|der|den))* ({_CAPITAL})"
)
_KIN_OF = re.compile(
    rf"{_CAPITAL} (?:zijn |haar |z'n )?(?:moeder|vader|ouders|mama|papa|oma|opa|broer|zus"
    r"|stiefvader|gedrag|thuis)"
    r"|\b(?:moeder|vader|ouders|leerling|casus|jongen|meisje) (?:van )?(?:leerling )?[A-Z]\."
    r"|(?:ouders|moeder|vader|zoon|dochter|broertje|zusje|kinderen|gezin|familie|zoontje"
    rf"|dochtertje|broer|zus) (?:van )?{_INFIX}{_CAPITAL}"
)
_INITIALS = re.compile(
    rf"\b[A-Z]\. ?{_INFIX}[A-Z]\.|\b[A-Z]\. (?:\(|uit|in|zit|is|heeft|wil)"
    r"|\b[A-Z][a-z]+ [A-Z]\.(?=[ ,)(]|$)"
)
_NAME_IN_GROUP = re.compile(
    rf"({_CAPITAL}),? (?:\(|uit |in |zit in |van |- ?)?"
    r"(?:groep|gr\.?|klas|[1-6] ?(?:havo|vmbo|vwo|mavo)|[1-8][a-h]\b|brugklas)"
)
# A sentence that begins with a name and goes on as one about somebody.
_NAME_IN_FRONT = re.compile(
    rf"[\"“'‘(]?({_CAPITAL})(?= (?:is|was|heeft|had|wil|zit|komt|gaat|woont|kan|moet|mag|werd"
    r"|wordt|durft|zegt|vertelde|slaapt|blijft|krijgt|loopt|doet|staat|ligt|huilt|valt|leest"
    r"|spreekt|steelt|gebruikt|verblijft|eet|weigert|zijn|haar|en|uit|van|de|den|der|al|el)\b"
    r"| [A-ZÀ-Þ(]|[,(])"
)
_CAPITALISED = re.compile(rf"\b{_CAPITAL}")
# With a capital, and nobody's name.
_NO_NAME = re.compile(
    r"(?:school|straat|weg|laan|plein|gracht|poort|kerk|hof|park|college|lyceum|dag|avond|week"
    r"|gasthuis|hulp|team|singel|kade|[a-z]{3}(?:aan|ar|ool|ïen|eer)se)$"
    r"|^(?:Haarlem\w*|Zandvoort|Bloemendaal|Heemstede|Hillegom|Velsen|IJmond|\S*Kennemer\S*"
    r"|Hoofddorp|Bennebroek|Schalkwijk|Lisse|Spaarn\w*|Overveen|Aerdenhout|Santpoort|Amsterdam"
    r"|Leiden|Nederlands?e?|Engels|Arabisch|Pools|Turks|Veilig|Thuis|Centrum|Jeugd|Gezin|Altra"
    r"|Leerplein|Routeboek|Kernwijzer|Passend|Onderwijs|Ouders|School|Jozef|Sint|Camelot|Frank"
    r"|Holland|Rijnland|Platform|Gespecialiseerd|Growth|Fixed|Mindset|Teams|Zoom|Pasen"
    r"|Pinksteren|Kerst\w*|Hemelvaart|Wijkagent|Beschermtafel|Verwijsindex|Multisignaal"
    r"|Methodische|Aanpak|Meldcode|Raad|Outlook|Signal|Whats[Aa]pp|Kenter|Parnassia|Vereniging"
    r"|Stichting|Montessori|Jenaplan|Dalton|Gymnasium|Lyceum|Mavo|Havo|Vwo|Wereld)$"
)
_FIRST_WORD = re.compile(
    r"(?:wij|we|ik|jij|je|hij|zij|ze|er|het|de|een|dit|dat|deze|die|hier|daar|wie|wat|waar"
    r"|wanneer|hoe|waarom|welke|onze|ons|mijn|mij|jullie|alle|alles|iedereen|niemand|iemand"
    r"|als|toen|dan|maar|en|of|want|dus|ook|nog|graag|kan|mag|moet|wil|heeft|hebben|is|zijn"
    r"|wordt|gaat|per|vanaf|sinds|tot|met|voor|bij|na|naar|van|op|in|uit|over|om|door|onder"
    r"|tussen|tijdens|wegens|omdat|zonder|volgens|namens|beste|hoi|hallo|dag|geachte|let|zie"
    r"|bel|mail|datum|naam|adres|school|kernteam|ouders|leerling|leerlingen|kind|kinderen"
    r"|moeder|vader|gezin|jongen|meisje|collega|thema|onderwerp|casus|intervisie|groep|klas"
    r"|telefoon|voorstel|nieuw|nieuwe|beide|veel|binnen|komt|helaas|anders|misschien|vraag)$",
    re.I,
)

POINTS = {
    "always": -4.5,
    "child": 2.0,
    "kin": 1.0,
    "age": 3.5,
    "birth": 4.5,
    "group": 3.0,
    "care": 3.0,
    "worry": -0.5,
    "more worry": 2.0,
    "he": 2.0,
    "staff": -1.5,
    "more staff": -1.5,
    "in general": -0.5,
    "more in general": -2.0,
    "name": 1.0,
    "name in front": 0.5,
    "initials": 5.0,
    "name of kin": 2.0,
    "kin of a name": 2.5,
    "name in a group": 0.5,
    "somebody": 1.5,
    "of a family": 1.0,
    "somebody + of a family": 1.5,
    "somebody + care": 0.5,
    "somebody + worry": 1.5,
    "somebody + he": -0.5,
    "of a family + he": 1.0,
    "of a family + age": 2.0,
    "of a family + care": -2.0,
}


def signals(sentence: str) -> frozenset[str]:
    """The names of the signals that a sentence gives."""
    lower = sentence.lower()
    found = {name for name, sees in _SIGNALS_OF_WORDS.items() if sees(lower)}
    found |= {name for name, sees in _SIGNALS_OF_NAMES.items() if sees(sentence)}
    if found & {"name", "name in front", "initials"}:
        found.add("somebody")
    if found & {"child", "kin"}:
        found.add("of a family")
    return frozenset(found | {" + ".join(pair) for pair in _PAIRS if set(pair) <= found})


def _is_name(word: str) -> bool:
    return not _NO_NAME.search(word) and not _FIRST_WORD.match(word)


def _has_name(sentence: str) -> bool:
    starts = {0} | {match.end() for match in re.finditer(r"[:]\s+[\"“'‘(]?|^[\"“'‘(]", sentence)}
    return any(
        match.start() not in starts and not _NO_NAME.search(match[0])
        for match in _CAPITALISED.finditer(sentence)
    )


def _begins_with_name(sentence: str) -> bool:
    match = _NAME_IN_FRONT.match(sentence)
    return bool(match and _is_name(match[1]))


def _twice(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda sentence: len(set(pattern.findall(sentence))) > 1


# Read in lower case: a search that ignores case takes five times as long.
_SIGNALS_OF_WORDS: dict[str, Callable[[str], object]] = {
    "child": _CHILD.search,
    "kin": _KIN.search,
    "age": _AGE.search,
    "birth": _BIRTH.search,
    "group": _GROUP.search,
    "care": _CARE.search,
    "worry": _WORRY.search,
    "more worry": _twice(_WORRY),
    "he": _HE.search,
    "staff": _STAFF.search,
    "more staff": _twice(_STAFF),
    "in general": _GENERAL.search,
    "more in general": _twice(_GENERAL),
}
_SIGNALS_OF_NAMES: dict[str, Callable[[str], object]] = {
    "name": _has_name,
    "name in front": _begins_with_name,
    "initials": _INITIALS.search,
    "name of kin": lambda s: any(_is_name(match[1]) for match in _KIN_NAME.finditer(s)),
    "kin of a name": _KIN_OF.search,
    "name in a group": lambda s: any(_is_name(match[1]) for match in _NAME_IN_GROUP.finditer(s)),
}
_PAIRS = (
    ("somebody", "of a family"),
    ("somebody", "care"),
    ("somebody", "worry"),
    ("somebody", "he"),
    ("of a family", "he"),
    ("of a family", "age"),
    ("of a family", "care"),
)
