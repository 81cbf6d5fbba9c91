"""The attempts at a question: each one lets go of a little more, and says what."""

from collections.abc import Mapping

import pytest

from portal.search.attempts import Attempt, list_attempts
from portal.search.corrections import BEGINNING, Vocabulary, respell, spell_out
from portal.search.question import Names, parse_question
from portal.search.spellings_and_abbreviations import other_spellings

NAMES = Names({"leerplicht": ["lpa"]}, {"hillegom": "0534", "bennebroek": "0377"})
COUNTS: Mapping[str, int] = dict.fromkeys(
    ["camelot", "jeroen", "vander", "goot", "j", "ml", "king", "bos", "vaart", "willink", "sint",
     "emma", "emmaschool", "mendel", "hillegom", "bennebroek", "noor", "laan", "mailadres"], 1,
) | {"school": 90}  # fmt: skip


PLAIN = ["thuis", "weken", "buiten", "schoolarts"]  # words of roles and pages
ROLES = {"schoolarts": ["arts"], "zitthuis": ["lpa"]}
ROLE_NAMES = {"zit": [("zit", "thuis")]}


def attempts(text: str, names: Names = NAMES) -> list[Attempt]:
    question = parse_question(text, names)
    more = list_attempts(question, names, Vocabulary(COUNTS, PLAIN))
    return [Attempt(question, question.words), *more]


def dropped_before(text: str, words: list[str]) -> tuple[str, ...]:
    """The words that the first attempt with these words drops."""
    return next(attempt.dropped for attempt in attempts(text) if attempt.words == words)


ROLE_WORDS = [
    ("schoolmaatschappelijk", "werker"), ("consulent", "ouders", "en", "school"), ("consulent",),
    ("maatschappelijk", "werk"), ("spijbelen",), ("verpleegkundige",), ("schoolarts",),
    ("directeur",),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("maatsch werk mendel", "maatschappelijk werk mendel"),
        ("mendel schoolmaatsch", "mendel schoolmaatschappelijk werker"),
        ("consul ouders", "consulent ouders en school"),
        ("consulente mendel", "consulent mendel"),
        ("spijbelend", "spijbelen"),
        ("verpleegster", "verpleegkundige"),
        ("dir mendel", "directeur mendel"),
        ("di mendel", "di mendel"),
        ("dirk mendel", "dirk mendel"),
        ("schoolplein", "schoolplein"),
        ("spierpijn", "spierpijn"),
    ],
)
def test_a_role_is_spelled_out_from_its_beginning_or_stem(typed: str, spelled: str) -> None:
    names: dict[str, list[tuple[str, ...]]] = {}
    for name in ROLE_WORDS:
        names.setdefault(name[0][:BEGINNING], []).append(name)
    assert spell_out(typed.split(), typed.split(), names) == spelled.split()
    assert spell_out(typed.split(), [], names) == typed.split()


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("m l king", "ml king"),
        ("mlking", "ml king"),
        ("bosenvaart", "bos vaart"),
        ("vandergoot", "goot"),
        ("jeroenvandergoot", "jeroen goot"),
        ("jgoot", "j goot"),
        ("jvdgoot", "j goot"),
        ("sintemma", "sint emma"),
        ("emma school", "emmaschool"),
        ("camelott", "camelott"),
        ("mendelx", "mendelx"),
        ("mendel", "mendel"),
        ("x" * 100, "x" * 100),
    ],
)
def test_words_are_joined_and_parted_as_the_index_has_them(typed: str, known: str) -> None:
    assert respell(typed.split(), Vocabulary(COUNTS)) == known.split()


def test_a_typing_error_is_a_guess() -> None:
    guess = next(attempt for attempt in attempts("camelott") if attempt.words == ["camelot"])
    assert guess.is_guess
    assert not guess.dropped


@pytest.mark.parametrize(
    ("text", "words", "dropped"),
    [
        ("camelot spoed", ["camelot"], ("spoed",)),
        ("zoiets camelott", ["camelot"], ("zoiets",)),
        ("school noor laan", ["noor", "laan"], ("school",)),
        ("dringend noor laan", ["noor", "laan"], ("dringend",)),
        ("mendelschool", ["mendel"], ("school",)),
    ],
)
def test_words_that_match_nothing_are_dropped_last_and_named(
    text: str, words: list[str], dropped: tuple[str, ...]
) -> None:
    assert dropped_before(text, words) == dropped
    loose = [attempt.is_loose for attempt in attempts(text)]
    assert loose == sorted(loose)


def test_plain_words_are_dropped_before_those_of_a_name() -> None:
    less = [attempt.words for attempt in attempts("buiten thuis noor laan") if attempt.dropped]
    assert less[0] == ["noor", "laan"]
    assert [a.words for a in attempts("thuis buiten") if a.dropped] == [["buiten"], ["thuis"]]


@pytest.mark.parametrize(
    ("text", "role", "words"),
    [
        ("arts van de school camelot", "arts", ["camelot"]),
        ("camelot arts van school", "arts", ["camelot"]),
        ("zit al weken thuis camelot", "lpa", ["al", "weken", "camelot"]),
        ("leerplichtcamelot", "lpa", ["camelot"]),
    ],
)
def test_a_role_is_found_in_words_that_are_parted_or_joined(text: str, role: str, words: list[str]) -> None:
    names = Names({**NAMES.roles, **ROLES}, NAMES.places, ROLE_NAMES)
    counts = Vocabulary({**COUNTS, "leerplicht": 1, "al": 1}, PLAIN)
    tried = list(list_attempts(parse_question(text, names), names, counts))
    assert (role, words) in [("".join(a.question.roles), a.words) for a in tried if not a.is_guess]


def test_a_corrected_word_adds_no_role() -> None:
    names = Names({**NAMES.roles, "goot": ["x"]}, NAMES.places)
    assert not [a for a in attempts("leerplicht camelot goet", names) if "x" in a.question.roles]
    assert [a for a in attempts("camelot goet", names) if "x" in a.question.roles]


def test_a_type_of_school_is_no_name_beside_a_home() -> None:
    names = Names(NAMES.roles, NAMES.places)
    assert not [a for a in attempts("havo hillegom", names) if a.has_home]
    assert ["hillegom"] in [a.words for a in attempts("havo hillegom", names)]


def test_few_words_are_dropped_before_many() -> None:
    numbers = [len(a.dropped) for a in attempts("noor laan camelot king") if a.dropped]
    assert numbers == sorted(numbers)


def test_a_role_remains_where_nothing_else_is_found() -> None:
    assert attempts("leerplicht xyzzy")[-1] == attempts("leerplicht xyzzy")[-1]._replace(words=[], dropped=("xyzzy",))


def test_a_place_beside_a_school_is_tried_as_the_home_of_the_pupil() -> None:
    homes = [attempt for attempt in attempts("leerplicht willink hillegom") if attempt.has_home]
    assert homes[0].words == ["willink"]
    assert not homes[0].is_loose
    assert homes[0].question.residences == ["0534"]


def test_two_places_are_each_looked_for() -> None:
    places = [attempt.places for attempt in attempts("hillegom bennebroek leerplicht")]
    assert (["hillegom"], ["bennebroek"]) in places


def test_digits_and_initials_alone_are_no_answer() -> None:
    assert not [a for a in attempts("06 84 23") if a.is_loose]
    assert not [a for a in attempts("x j 12") if a.is_loose]


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Sint Bavo", {"st", "bavoschool"}),
        ("Basisschool St. Bavo", {"sint", "bs", "basisonderwijs", "basisscholen", "bavoschool"}),
        ("Koningin Emmaschool", {"kon", "emma", "school"}),
        ("OBS De Globe", {"openbare", "basisschool", "globeschool"}),
        ("Openbare Basisschool Bos en Vaart", {"obs", "bs", "basisonderwijs", "basisscholen", "vaartschool"}),
        ("Mgr Huibers", {"monseigneur", "huibersschool"}),
        ("", set()),
    ],
)
def test_a_school_is_also_found_by_another_spelling(name: str, others: set[str]) -> None:
    assert set(other_spellings(name).split()) == others


@pytest.mark.parametrize(
    "text", ["willink hillegom", "camelot", "jeroen bos", "lpa willink hillegom", "camelt goot", "emma king"]
)
def test_nothing_is_tried_twice(text: str) -> None:
    tried = attempts(text)
    assert [attempt for at, attempt in enumerate(tried) if attempt in tried[:at]] == []
