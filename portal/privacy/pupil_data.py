"""The guard: whether a text is likely to hold data about one pupil or parent (P-04), or holds a
burgerservicenummer, which is never stored, logged or mailed (P-03); and the field and the form that ask for the tick.

A sentence shows signals that it does, and signals that it does not. Each has a weight, fitted on
the texts in `tests/privacy/corpus`; a sentence is doubtful where the sum is above 0. Misses are
possible: the guard warns, and people decide.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from stdnum.nl import bsn
from wtforms import BooleanField, HiddenField, StringField, TextAreaField, ValidationError

from portal.region import current_region
from portal.text import clean
from portal.web.forms import ChangeForm

REMOVED = "[weggehaald]"

# A foreign notation of a Dutch number: +31 or 0031 and nine digits, which pass the check of a bsn once in eleven times.
# Runs of separators are bounded, so that the time is linear in the length of the text.
_ABROAD = re.compile(r"(?:\+|\b00)[ .-]{0,3}31[ .)-]{0,3}(?:\(0\)|0)?(?:[ .-]{0,3}\d){9}(?!\d)")
_PLAIN = re.compile(r"(?<!\d)\d{9}(?!\d)")
# Nine digits with spaces, points or dashes between them, not within a longer row of digits.
_SEPARATED = re.compile(r"(?<!\d)(?<!\d[ .-])\d(?:[ .-]{0,3}\d){8}(?![ .-]?\d)")

# The word before a number decides: it is that of an organisation, or a telephone number of which the zero is missing.
_OTHER = re.compile(
    r"\b(?:kvk|kamer van koophandel|rsin|oin|btw|vestigingsnummer|bel|bellen|tel|telefoon|mobiel"
    r"|mob|gsm|fax|whatsapp|sms)(?:[ -]?(?:nummer|nr))?(?: (?:me|mij|ons|naar|op|via|is|het)){0,2}"
    r"[ .:=-]{0,3}(?:NL)?\d(?:[ .-]{0,3}\d){8}(?![ .-]?\d)",
    re.IGNORECASE,
)
# A spreadsheet drops the zeros in front.
_NAMED = re.compile(
    r"\b(?:b[. ]{0,2}s[. ]{0,2}n|burger ?service|sofi)"
    r"\D{0,25}(\d(?:[ .-]{0,3}\d){6,7})(?![ .-]?\d)",
    re.IGNORECASE,
)


def has_bsn(text: str) -> bool:
    """Whether digits in `text` form a burgerservicenummer (elfproef): nine, or fewer after the word
    "bsn", and not after the word of another number."""
    return any(True for _ in _find(_simplify(text)))


def without_bsn(text: str) -> str:
    """`text` with REMOVED in the place of each burgerservicenummer. A text without one is returned unchanged."""
    plain = _simplify(text)
    for start, end in sorted(_find(plain), reverse=True):
        plain = text = f"{plain[:start]}{REMOVED}{plain[end:]}"
    return text


def _simplify(text: str) -> str:
    """`text` with every kind of digit, space and dash as its ASCII form; positions stay."""
    return "".join(_simplify_character(character) for character in text)


def _simplify_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return {"Zs": " ", "Pd": "-"}.get(category, character)


def _find(text: str) -> Iterator[tuple[int, int]]:
    """The start and the end of each burgerservicenummer."""
    for other in (_ABROAD, _OTHER):
        text = other.sub(lambda match: "x" * len(match[0]), text)
    spans = {match.span() for shape in (_PLAIN, _SEPARATED) for match in shape.finditer(text)}
    spans |= {match.span(1) for match in _NAMED.finditer(text)}
    return (span for span in spans if bsn.is_valid(re.sub(r"\D", "", text[slice(*span)]).zfill(9)))


_CAPITAL = r"[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?"
_INFIX = r"(?:van |de |den |der |el |al )*"
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


_CHILD = _words(
    r"leerlinge?|kind(je)?|kleuter|peuter|zoon(tje)?|dochter(tje)?|jongen|jongetje|meisje|knul"
    r"|broer(tje)?|zus(je)?|pleeg(kind|zoon|dochter)|brugklasser|tweeling|baby|puber|neefje"
    r"|nichtje|scholier|jongeman|tiener|casus"
)
_RELATIVE = _words(
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
    rf"|, net {_YEARS}\b"
)
_YEAR_OF_BIRTH = "(?:20)?(?:0[3-9]|1[0-9]|2[0-4])"
_BIRTH = re.compile(
    r"\bgeb\b|\bgeboren\b|geboortedatum|geb\.dat|\bg\.d\.|\*\s?\d|bouwjaar|'\d\d\b"
    r"|(?<!sinds )(?<!vanaf )(?<!per )\b\d{1,2}(?:[-/. ]\d{1,2}[-/. ]"
    r"| (?:jan|feb|m(?:aa)?rt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\w*\.? )"
    rf"{_YEAR_OF_BIRTH}\b|\b20(?:0[3-9]|1[0-9]|2[0-2])-\d\d-\d\d\b"
)
_GROUP = re.compile(
    r"\b(?:groep|gr\.?|klas|kl\.?):?\s?[1-8]\w?\b|\b[1-6] ?-?(?:havo|vmbo|vwo|mavo|gym|mbo)\w*"
    r"|\b[1-8][a-h]\d?\b|\bbrugklas\b|\b[bhv][1-6][a-z]?\b"
    r"|\bgroep (?:een|twee|drie|vier|vijf|zes|zeven|acht)\b|\bexamenklas|\bkleuterklas"
)
# Illness, violence, care and other facts about a child or family in need.
_CARE = re.compile(
    r"\badhd\b|\badd\b|\bodd\b|autis|\bass\b|asperger|pdd|dysle|dyscal|\btos\b|taalontw|\bptss\b"
    r"|\bfas\b|\bnah\b|syndroom|hechting|leukemie|kanker|mishand|misbru|geslagen|slaat\b|mepp"
    r"|blauwe plek|verwaarlo|uithuis|\bots\b|onder ?toezicht|voogdij|pleeggezin|crisis|detentie"
    r"|zitting|wachtlijst|diagnost|groeidocument|schoolvlucht"
    r"|gevangen|verslaa?f|dronken|drugs|wiet|blow|drinken\b|zelfmoord|suïc|suic|wil dood"
    r"|automutil|snijdt|krast|eetstoorn|anorexia|depress|trauma|loverboy|mutisme|zindelijk|luier"
    r"|epilep|diabet|thuiszitter\b|geschorst|schorsing|spijbel|niet naar school|vechtscheiding"
    r"|gescheiden|scheiding van|\biq\b|\btlv\b|weggelopen|wegloopt|zwanger|medicatie|ritalin"
    r"|psychia|borderline|jeugdreclass|diefstal|gestolen|opgepakt|geweld|agressi|huilt"
    r"|schuldsan|\bpgb\b|verstandelijk|rolstoel|transgender|seksue|dossier|verjaardag|ontheffing"
    r"|geheime adres|ontwikkelingsachterstand|\bmatch\b|bedreig|gepest|blijft zitten"
)
_WORRY = re.compile(
    r"angst|verzuim|ziekmeld|overleden|hoogbegaafd|pest|behandel|politie|\bvt\b|veilig thuis"
    r"|verwijsindex|\bvir\b|gemeld|vt-melding|achterstand|gedrag|boos|slaapt|schuld|diagnose"
    r"|handicap|getest|beschermtafel|\bs?bo\b|thuis\b|ziek\b|ouders|stiefmoeder|jeugdzorg"
    r"|jeugdbesch|asiel|klacht|zorgen\b|situatie"
)
_PRONOUN = _words(r"hij|hem|haar|z'n|d'r|(ze|zij) (is|heeft|heet|zit|komt|wil|woont|kan)")
_STAFF = re.compile(
    r"directeur|begeleid|coach|coördinator|leerplicht|verpleegk|jeugdarts|schoolarts|assistent"
    r"|consulent|collega|training|workshop|thema|verlof|werkdag|bereikbaar|opvolg|contactpersoon"
    r"|vacature|overleg|sessie|bijeenkomst|intervisie|team|aandachtsfunct|\bjuf\b|meester|docent"
    r"|leerkracht|mentor|telefoon|nummer|vervang|waarne|stagiair|wijkagent|adviseur|manager"
    r"|rector|secretar|administr|conciërge|functie|werkt|werken|kantoor|mail|planning|datum"
    r"|medewerk|deskundige|\bpo\b|\bvo\b|invaller|dienst|start bij|begint bij|stopt|pensioen"
    r"|gastles|presentatie|spreker|studiedag|specialist|informatieavond|cursus"
)
_GENERAL = re.compile(
    r"\bkinderen\b|\bleerlingen\b|\bjongeren\b|\bgezinnen\b|\bscholen\b|\bw(?:ij|e) willen\b"
    r"|\bhoe\b|\bwat\b|\bwelke\b|\bwanneer\b|\bals een\b|\bje\b|\bjullie\b|\bleren\b"
    r"|\bonze school\b|\bbeleid\b|\bprotocol\b|\bgroepen\b|\bkleuters\b|\bouders\b(?! van)"
    r"|\been (?:kind|leerling)\b|\bin groep\b"
)
_NAME_OF_RELATIVE = re.compile(
    r"\b(?:leerlinge?|kind(?:je|eren)?|zoon(?:tje)?|dochter(?:tje)?|moeder|vader|ouders?|oma|opa"
    r"|broer(?:tje)?|zus(?:je)?|gezin|familie|fam\.?|jongen|meisje|voogd|brugklasser|tweeling"
    r"|casus|gesprek|oom|tante|pleegouders|pleegmoeder|kleuter|onze|dossiers?|over)"
    r"(?:,? (?:van|genaamd|die|heet|met|over|en|is|onze|uit groep \d,?|onze leerling|de|kinderen"
    rf"|der|den))* ({_CAPITAL})"
)
_RELATIVE_OF_NAME = re.compile(
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
# A name as the first word of a sentence about that person.
_NAME_FIRST = re.compile(
    rf"[\"“'‘(]?({_CAPITAL})(?= (?:is|was|heeft|had|wil|zit|komt|gaat|woont|kan|moet|mag|werd"
    r"|wordt|durft|zegt|vertelde|slaapt|blijft|krijgt|loopt|doet|staat|ligt|huilt|valt|leest"
    r"|spreekt|steelt|gebruikt|verblijft|eet|weigert|zijn|haar|en|uit|van|de|den|der|al|el)\b"
    r"| [A-ZÀ-Þ(]|[,(])"
)
_CAPITALISED = re.compile(rf"\b{_CAPITAL}")
# Dutch words with a capital that are no names of people. The region adds its own.
_NOT_A_NAME = re.compile(
    r"(?:school|straat|weg|laan|plein|gracht|poort|kerk|hof|park|college|lyceum|dag|avond|week"
    r"|gasthuis|hulp|team|singel|kade|[a-z]{3}(?:aan|ar|ool|ïen|eer)se)$"
    r"|^(?:Nederlands?e?|Engels|Arabisch|Pools|Turks|Veilig|Thuis|Centrum|Jeugd|Gezin|Kernwijzer"
    r"|Passend|Onderwijs|Ouders|School|Platform|Gespecialiseerd|Growth|Fixed|Mindset|Teams|Zoom"
    r"|Pasen|Pinksteren|Kerst\w*|Hemelvaart|Wijkagent|Beschermtafel|Verwijsindex|Methodische"
    r"|Aanpak|Meldcode|Raad|Outlook|Signal|Whats[Aa]pp|Vereniging|Stichting|Montessori|Jenaplan"
    r"|Dalton|Gymnasium|Lyceum|Mavo|Havo|Vwo|Wereld)$"
)
# Words that often begin a sentence, so that their capital means nothing.
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

# "bias" counts always; a name with + counts where both signals are present.
WEIGHTS = {
    "bias": -4.5,
    "child": 2.0,
    "relative": 1.0,
    "age": 3.5,
    "birth": 4.5,
    "group": 3.0,
    "care": 3.0,
    "worry": -0.5,
    "several worries": 2.0,
    "pronoun": 2.0,
    "staff": -1.5,
    "several staff": -1.5,
    "general": -0.5,
    "several general": -2.0,
    "name": 1.0,
    "name first": 0.5,
    "initials": 5.0,
    "name of a relative": 2.0,
    "relative of a name": 2.5,
    "name in a group": 0.5,
    "person": 1.5,
    "family": 1.0,
    "person + family": 1.5,
    "person + care": 0.5,
    "person + worry": 1.5,
    "person + pronoun": -0.5,
    "family + pronoun": 1.0,
    "family + age": 2.0,
    "family + care": -2.0,
}
_PAIRS = [tuple(name.split(" + ")) for name in WEIGHTS if "+" in name]


def is_doubtful(text: str, not_names: Collection[str]) -> bool:
    """Whether a sentence of `text`, or two successive sentences, are about one pupil or parent.

    `not_names` are the capitalised words of the region that are no names of people; `*` stands for any letters.
    """
    return any(score(part, not_names) > 0 for part in _parts(text))


def score(sentence: str, not_names: Collection[str]) -> float:
    """The sum of the weights of the signals in a sentence; above 0 the sentence is doubtful."""
    return WEIGHTS["bias"] + sum(WEIGHTS[name] for name in find_signals(sentence, not_names))


def _parts(text: str) -> list[str]:
    sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
    return sentences + [" ".join(pair) for pair in pairwise(sentences)]


def find_signals(sentence: str, not_names: Collection[str]) -> frozenset[str]:
    """The signals in a sentence, by their names in `WEIGHTS`. `not_names`: see `is_doubtful`."""
    signals = {*_word_signals(sentence.lower()), *_name_signals(sentence, not_names)}
    if signals & {"name", "name first", "initials"}:
        signals.add("person")
    if signals & {"child", "relative"}:
        signals.add("family")
    return frozenset(signals | {" + ".join(pair) for pair in _PAIRS if signals.issuperset(pair)})


# In lower case: a search that ignores case takes five times as long.
_WORD_SIGNALS = {
    "child": _CHILD,
    "relative": _RELATIVE,
    "age": _AGE,
    "birth": _BIRTH,
    "group": _GROUP,
    "care": _CARE,
    "worry": _WORRY,
    "pronoun": _PRONOUN,
    "staff": _STAFF,
    "general": _GENERAL,
}
_SEVERAL_SIGNALS = {"several worries": _WORRY, "several staff": _STAFF, "several general": _GENERAL}


def _word_signals(lower: str) -> Iterator[str]:
    yield from (name for name, words in _WORD_SIGNALS.items() if words.search(lower))
    for name, words in _SEVERAL_SIGNALS.items():
        if len(set(words.findall(lower))) > 1:
            yield name


def _name_signals(sentence: str, not_names: Collection[str]) -> Iterator[str]:
    def finds_name(shape: re.Pattern[str]) -> bool:
        return any(_is_name(match[1], not_names) for match in shape.finditer(sentence))

    if _has_name(sentence, not_names):
        yield "name"
    first = _NAME_FIRST.match(sentence)
    if first and _is_name(first[1], not_names):
        yield "name first"
    if _INITIALS.search(sentence):
        yield "initials"
    if finds_name(_NAME_OF_RELATIVE):
        yield "name of a relative"
    if _RELATIVE_OF_NAME.search(sentence):
        yield "relative of a name"
    if finds_name(_NAME_IN_GROUP):
        yield "name in a group"


def _has_name(sentence: str, not_names: Collection[str]) -> bool:
    """Whether a capitalised word within the sentence may be a name; the first word never counts."""
    starts = {0} | {match.end() for match in re.finditer(r"[:]\s+[\"“'‘(]?|^[\"“'‘(]", sentence)}
    return any(
        match.start() not in starts and not _is_not_a_name(match[0], not_names)
        for match in _CAPITALISED.finditer(sentence)
    )


def _is_name(word: str, not_names: Collection[str]) -> bool:
    return not _FIRST_WORD.match(word) and not _is_not_a_name(word, not_names)


def _is_not_a_name(word: str, not_names: Collection[str]) -> bool:
    return bool(_NOT_A_NAME.search(word)) or any(fnmatchcase(word, name) for name in not_names)


# ---- In forms --------------------------------------------------------------------------------------

_BSN = "Dit lijkt een burgerservicenummer. Haal het weg."
_DOUBT = "Haal gegevens van leerlingen en ouders weg, of zet het vinkje onder de tekst."


class FreeTextField(TextAreaField):
    """A free text of at most `most` characters. With `missing`, the message where it is empty, it is required.

    A burgerservicenummer is refused. A text that is likely to be about a pupil or parent is accepted only with the tick
    of the form.
    """

    def __init__(self, label: str, *, missing: str = "", most: int = 2000, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(label, filters=[lambda text: clean(text or "")], render_kw={"rows": rows}, **kwargs)
        self.missing = missing
        self.most = most
        self.is_doubtful = False

    def pre_validate(self, form: ChangeForm) -> None:
        """Reads the text. Raises ValidationError with an instruction in Dutch."""
        text = self.data or ""
        if self.missing and not text:
            raise ValidationError(self.missing)
        if len(text) > self.most:
            most = f"{self.most:,}".replace(",", ".")
            raise ValidationError(f"De tekst is {len(text) - self.most} tekens te lang. Maximaal {most} tekens.")
        if has_bsn(text):
            raise ValidationError(_BSN)
        is_new = text != self.object_data  # a text that stands there already was looked at
        self.is_doubtful = is_new and is_doubtful(text, current_region().not_names)
        if self.is_doubtful and not form["is_checked"].data:
            raise ValidationError(_DOUBT)


class GuardedForm(ChangeForm):
    """A form with free text, and a tick with which the user accepts a doubtful one."""

    is_checked = BooleanField("Ik heb dit nagekeken: er staat niets in over een leerling of ouder.", name="nagekeken")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuses a burgerservicenummer in a short field."""
        valid = super().validate(extra_validators)
        for field in self:
            is_visible_text = isinstance(field, StringField) and not isinstance(field, HiddenField)
            if is_visible_text and not field.errors and has_bsn(field.data or ""):
                field.errors = [_BSN]
                valid = False
        return bool(valid)

    @property
    def doubtful_field(self) -> Any:
        """The first field with a doubtful text; the tick is shown under it."""
        return next((field for field in self if getattr(field, "is_doubtful", False)), None)
