"""Finds the schools that the words of a file mean."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from portal.directory.schools_and_kernen import SchoolRow
from portal.imports.directory_snapshot import Snapshot
from portal.imports.found_words import Candidate, Found
from portal.search.spellings_and_abbreviations import SPELLINGS, TYPES_OF_SCHOOL
from portal.text import SMALL_WORDS, fold, join_words, without_small_words

SAME = {o: group[0] for group in SPELLINGS for o in group[1:] if " " not in f"{o}{group[0]}"}
SAME |= {"int": "international"}
_GENERIC = TYPES_OF_SCHOOL | frozenset([
    "obs", "rkbs", "cbs", "pcbs", "pcb", "pc", "rk", "ibs", "abbs", "kindcentrum", "openbare",
    "rooms", "katholiek", "katholieke", "protestants", "christelijk", "christelijke", "algemeen",
    "bijzondere", "basisonderwijs", "speciaal", "scholengemeenschap", "kbs", "locatie", "loc",
    "vestiging", "hoofdlocatie", "hoofdvestiging", "nevenvestiging", "hoofdgebouw", "dependance",
    "po", "vo",
])  # fmt: skip
_CODE_WORD = re.compile(r"\b(?:code|brin(?:code|nummer|nr)?)\b[ :.]*", re.IGNORECASE)
_CODE = re.compile(r"\b(\d{2} ?[A-Za-z]{2})[ -]?(\d{2})?\b")
_LOST_ZERO = re.compile(r"\d[A-Z]{2}(?:\d\d)?")
_POSTCODE = re.compile(r"\b([1-9]\d{3}) ?([A-Za-z]{2})\b")
_FORMER = re.compile(r"(?:was|voorheen|vroeger|v/?h|vml|voormalig|nu|ook)\b\.?:? ", re.IGNORECASE)
_EXTRA = re.compile(r"\(([^()]*)\)|\n|,| - | – |\b(?:loc|locatie|vest|vestiging)\b\.?:? ", re.IGNORECASE)
_ALL = re.compile(
    r"alle (?:\d{1,3} )?(?:(?P<of>\w+)se )?(?P<sort>basis|po|vo|middelbare|so|sbo)?[- ]?scholen"
    r"(?:(?: (?:in|van|te))?(?: de)?(?: gemeente)? (?P<place>.+))?", re.IGNORECASE,
)  # fmt: skip
_SORTS = {
    "basis": "po", "basisonderwijs": "po", "basisscholen": "po", "po": "po", "vo": "vo",
    "middelbare": "vo", "so": "so", "sbo": "so",
}  # fmt: skip
_SORT = re.compile(r"\b(?:po|vo|so|sbo|basisonderwijs|basisscholen)\b", re.IGNORECASE)
_BETWEEN_SCHOOLS = (re.compile(r"\n|;|\+"), re.compile(r",|/"), re.compile(r"&| en "))
_LONG_LIST = 5  # parts: those that may be an address too are schools
_MASK, _UNMASK = str.maketrans("/,+&", "\1\2\3\4"), str.maketrans("\1\2\3\4", "/,+&")
_LONGEST_NAME = 100  # letters; a longer text is about several schools
_MOST_SCHOOLS = 60  # in a cell
_EXACT, _PLAIN, _PART = 100, 95, 80  # scores of a name
# Of 100: how far a name is alike that is mistyped, that may be, and that is far behind; and the
# letters of a name in which a mistake leaves no doubt.
_TYPED_WRONG, _RESEMBLES, _FAR_BEHIND, _LONG = 90, 60, 78, 8
_SHARES_A_WORD = 70
_ALSO = "heet ook zo"  # the reason of a candidate


class SchoolWords(NamedTuple):
    """The facts of a row about its school; `near` are the places of the sheet."""

    name: str
    code: str = ""
    place: str = ""
    address: str = ""
    near: tuple[str, ...] = ()
    sector: str = ""  # of the sheet


def find_sector(title: str) -> str:
    """The sector of which a title tells; "" where it tells of none or of several."""
    sorts = {_SORTS[word[0].lower()] for word in _SORT.finditer(title)}
    return sorts.pop() if len(sorts) == 1 else ""


def _whole_keys(name: str) -> set[str]:
    """The name joined, also without the article before it."""
    words = [SAME.get(word, word) for word in fold(name).split()]
    return {"".join(words), "".join(words[words[:1] in (["de"], ["het"]) :])} - {""}


def _all_words(name: str) -> frozenset[str]:
    return frozenset(SAME.get(word, word).removesuffix("e") for word in fold(name).split())


@lru_cache(maxsize=5_000)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name by which people know a school, each in one spelling."""
    words = [SAME.get(word, word) for word in fold(name.replace("&", " en ")).split()]
    large = [word for word in words if word not in _GENERIC]
    return tuple(re.sub(r"(?<=[a-z]{3})(?:school|sch)$", "", word) for word in large)


def _plain_keys(name: str) -> set[str]:
    """The name joined, with its small words and without them."""
    words = _words(name)
    return {"".join(words), "".join(without_small_words(words))} - {""}


def _loose_keys(name: str) -> set[str]:
    """`_plain_keys` without the word "sint"."""
    return _plain_keys(" ".join(word for word in _words(name) if word != "sint"))


class _School(NamedTuple):
    row: SchoolRow
    names: frozenset[str]  # whole, joined
    plain: frozenset[str]
    loose: frozenset[str]
    words: frozenset[str]
    all_words: frozenset[str]  # also those of its sort
    initials: frozenset[str]
    street: str


class SchoolFinder:
    """Finds schools by code, name, place and address. It remembers every answer."""

    def __init__(self, directory: Snapshot) -> None:
        self._schools = {row.code: _describe(row) for row in directory.schools}
        self._places: dict[str, set[str]] = defaultdict(set)  # codes of the schools there
        for place in directory.places:
            whole = join_words(place.municipality_name)
            for name in map(join_words, (place.name, place.municipality_name, *place.aliases.split("; "))):
                self._places[name] |= {
                    row.code
                    for row in directory.schools
                    if row.municipality == place.municipality
                    if row.place == place.name or name == whole
                }
        self._places.pop("", None)
        names = (n for r in directory.schools for n in (r.name, *r.aliases.split("; ")))
        self._kept = [name for name in names if re.search("[/,+&]", name)]
        self._found: dict[SchoolWords, list[tuple[str, Found]]] = {}
        self._scores: dict[str, dict[str, int]] = {}

    def learn(self, names: Iterable[tuple[str, str]]) -> None:
        """Take the names that a file gives to the school of a code, each where it is one school's only."""
        codes: dict[str, set[str]] = defaultdict(set)
        for name, code in dict.fromkeys(names):
            found = self._find_one(SchoolWords(name, code))
            codes[name].update(found.values or ["?"])
        for name, (code, *others) in codes.items():
            if not others and (school := self._schools.get(code)):
                self._schools[code] = school._replace(
                    names=school.names | _whole_keys(name),
                    plain=school.plain | _plain_keys(name),
                    loose=school.loose | _loose_keys(name),
                )
        self._found.clear()
        self._scores.clear()

    def get(self, code: str) -> SchoolRow | None:
        return self._schools[code].row if code in self._schools else None

    def is_place(self, text: str) -> bool:
        """Whether a text is the name of a place or municipality."""
        return join_words(text) in self._places

    def find(self, words: SchoolWords) -> list[tuple[str, Found]]:
        """Per school that the words name, its own words and its meaning."""
        if words not in self._found:
            self._found[words] = self._find_all(words)
        return self._found[words]

    def _find_all(self, words: SchoolWords) -> list[tuple[str, Found]]:
        every = _ALL.fullmatch(words.name.strip())
        place = every and (every["place"] or _name_place(every["of"]))
        places = (place,) if place else words.near
        if every and (places or every["sort"]):
            sector = _SORTS.get((every["sort"] or "").lower(), words.sector) or None
            there = self._list_in(*places) if places else self._schools.keys()
            codes = (code for code in self._schools if code in there)
            fitting = (c for c in codes if sector in (None, self._schools[c].row.sector))
            return [(words.name, Found(tuple(fitting)))]
        return self._find_parts(words)

    def _find_parts(self, words: SchoolWords) -> list[tuple[str, Found]]:
        """The meaning of a whole name, or of the parts of a list: of lines, of three or more parts
        of which two are schools, or of two where the whole is no school."""
        pairs: list[list[tuple[str, Found]]] = []
        is_short = len(words.name) < _LONGEST_NAME and len(re.findall(r"[,;+\n]", words.name)) < 2
        has_code = words.code or (is_short and len(_find_codes(words.name)) == 1)
        for between in () if has_code else _BETWEEN_SCHOOLS:
            parts = self._split(between, words.name)
            if not 2 <= len(parts) <= _MOST_SCHOOLS:
                continue
            each = [o for part in parts for o in self._find_parts(words._replace(name=part))]
            known = sum(1 for word, found in each if found.values or self._score(word))
            has_address = any(map(self._is_address, parts))
            known = min(known, len(each) - 2) if has_address else known
            is_list = len(each) > 2 and known >= 2 and (not has_address or len(each) >= _LONG_LIST)
            each = _without_others(each)
            is_sure = "\n" in words.name or (not has_address and re.search("[;+]", words.name))
            if is_list or (known == len(each) and "\n" in words.name):
                return each
            pairs += [each] if known == len(each) or (known > 0 and is_sure) else []
        whole = self._find_one(words)
        return pairs[0] if pairs and not whole.values else [(words.name, whole)]

    def _split(self, between: re.Pattern[str], text: str) -> list[str]:
        """The parts of a text; a name with a slash or comma stays whole."""
        for name in self._kept:
            text = text.replace(name, name.translate(_MASK))
        parts = (part.translate(_UNMASK).strip() for part in between.split(text))
        return [part for part in parts if part]

    def _is_address(self, text: str) -> bool:
        return not self._score(text) and (self.is_place(text) or bool(self._list_at(text)))

    def _find_one(self, words: SchoolWords) -> Found:
        text, codes = words.name, _find_codes(words.code)
        if not codes and len(text) < _LONGEST_NAME and (codes := _find_codes(text)):
            text = _CODE.sub("", _CODE_WORD.sub("", text)).strip(" -,:()/") or text
        name, extras = _split_extras(text)
        place, address = words.place, words.address
        more = []
        for extra in extras:
            if self.is_place(extra):
                place = place or extra
            elif self._list_at(extra):
                address = address or extra
            else:
                more.append(extra)
        if more and self._score(name) and any(map(self._score, more)):
            both = self._list_both(name, more)
            return Found(both) if len(both) == 1 else Found()  # several schools
        name = " ".join([name, *more]) if not self._score(name) else name
        scores = self._score(text) or self._score(name)
        if not scores and (found := self._split_place(name)):
            name, place, address = found[0], found[1] or place, found[2] or address
            scores = self._score(name)
        by_code = [code for code in self._schools if code in codes or code[:4] in codes]
        if by_code:
            named = [code for code in by_code if code in scores]
            best = max(scores.values(), default=0)
            others = [code for code, score in scores.items() if score >= _PLAIN and score == best]
            if not named and others:
                return self._ask({**dict.fromkeys(by_code, "heeft deze code"), **dict.fromkeys(others, "heet zo")})
            if len(by_code) == 1 or len(named) == 1:
                return Found(((named or by_code)[0],))
            scores = {code: scores.get(code, _PART) for code in named or by_code}
        elif codes and not scores:
            return Found()
        return self._choose(scores, name, place, address, words.near)

    def _list_both(self, name: str, others: Sequence[str]) -> tuple[str, ...]:
        """The schools that both a name and the name in brackets behind it mean: "PBS (Prinses Beatrix)"."""
        named = [scores for other in others if (scores := self._score(other))]
        return tuple(c for c in self._score(name) if all(c in scores for scores in named))

    def _choose(self, scores: dict[str, int], name: str, place: str, address: str, near: Sequence[str]) -> Found:
        at_address = self._list_at(address) if address else []
        in_place, nearby = self._list_in(place), self._list_in(*near)
        is_known_place = self.is_place(place)
        if not scores and at_address and not fold(name):
            scores = dict.fromkeys(at_address, _PLAIN)
        elif not scores:
            alike = self._resembling(name)
            words = {word for word in _words(name) if len(word) > 3}
            told = [code for code in at_address if words & self._schools[code].words]
            if len(told) == 1:  # a part of the name, at its address
                return Found(tuple(told))
            typed_wrong = [code for code, ratio in alike.items() if ratio >= _TYPED_WRONG]
            second = [*alike.values(), 0, 0][1]
            if len(name) < _LONG or len(typed_wrong) != 1 or second > _FAR_BEHIND:
                return self._ask(
                    {**dict.fromkeys(alike, "lijkt op deze naam"), **dict.fromkeys(at_address, "staat op dit adres")}
                )
            scores = dict.fromkeys(typed_wrong, _PART)
        best = max(scores.values())
        fitting = {
            code: score
            for code, score in scores.items()
            if (not is_known_place or code in in_place) and (not at_address or code in at_address)
        }
        close = {code: score for code, score in fitting.items() if code in nearby}
        if nearby and not is_known_place:
            fitting = close or {c: s for c, s in fitting.items() if s == _EXACT}
        if not fitting:
            elsewhere = {}
            for code in scores:
                school = self._schools[code].row
                where = f"staat in {school.place}, {school.street}" if school.place else "is een kern"
                elsewhere[code] = f"heet zo, maar {where}"
            return self._ask({**elsewhere, **dict.fromkeys(at_address, "staat op dit adres")})
        top = max(fitting.values())
        tops = [code for code, score in fitting.items() if score == top]
        whole = join_words(place)
        tops = [c for c in tops if join_words(self._schools[c].row.place) == whole] or tops
        least = _PLAIN if top == _EXACT else top - 19
        behind = [code for code, score in fitting.items() if code not in tops and score >= least]
        rivals = (
            behind if top < _EXACT else [code for code in behind if _all_words(name) <= self._schools[code].all_words]
        )
        is_confirmed = bool(at_address or close) or is_known_place
        if len(tops) == 1 and (not rivals or is_confirmed) and (top == best or is_confirmed):
            return Found((tops[0],))
        return self._ask(dict.fromkeys(sorted(fitting, key=lambda c: -fitting[c]), _ALSO))

    def _ask(self, reasons: dict[str, str]) -> Found:
        rows = [(self._schools[code].row, why) for code, why in list(reasons.items())[:8]]
        labels = ((r.code, ", ".join(filter(None, (r.title, r.street))), why) for r, why in rows)
        return Found((), tuple(Candidate(*label) for label in labels))

    def _score(self, name: str) -> dict[str, int]:
        """Per school how far the name is its own; none where nothing is alike."""
        if name not in self._scores:
            self._scores[name] = self._score_all(name)
        return self._scores[name]

    def _score_all(self, name: str) -> dict[str, int]:
        whole, plain, words = _whole_keys(name), _plain_keys(name), set(_words(name)) - SMALL_WORDS
        scores: dict[str, int] = {}
        is_name = bool(words) and not self.is_place(name)
        for code, school in self._schools.items():
            if whole & school.names:
                scores[code] = _EXACT
            elif plain & school.plain:
                scores[code] = _PLAIN
            elif is_name and (words <= school.words or whole & school.initials):
                scores[code] = _PART
        if "sint" in words and scores:
            return scores
        loose = _loose_keys(name)
        alike = {code: _PLAIN for code, school in self._schools.items() if loose & school.loose}
        return alike | {c: s for c, s in scores.items() if s > alike.get(c, 0)}

    def _resembling(self, name: str) -> dict[str, float]:
        """The schools with names that resemble it, the most similar (of 100) first."""
        from rapidfuzz import fuzz  # few pages need it

        keys = _plain_keys(name)
        words = {word for word in _words(name) if len(word) > 3 and not self.is_place(word)}
        alike = {
            code: max(
                _SHARES_A_WORD if words & school.words else 0,
                *(fuzz.ratio(a, b) for a in keys for b in school.plain), 0,
            )
            for code, school in self._schools.items()
        }  # fmt: skip
        ranked = sorted(alike, key=lambda code: -alike[code])
        return {code: alike[code] for code in ranked[:4] if alike[code] >= _RESEMBLES}

    def _split_place(self, name: str) -> tuple[str, str, str] | None:
        """A name, and the place or street before or behind it: "De Ark Duindorp"."""
        words = name.split()
        for at in range(1, len(words)):
            first, last = " ".join(words[:at]), " ".join(words[at:])
            for school, where in ((first, last), (last, first)):
                if self.is_place(where) and self._score(school):
                    return school, where, ""
            if self._list_at(last) and (self._score(first) or not _words(first)):
                return first if _words(first) else "", "", last
        return None

    def _list_in(self, *places: str) -> set[str]:
        """The schools in these places or municipalities."""
        return set().union(*(self._places.get(join_words(place), ()) for place in places))

    def _list_at(self, address: str) -> list[str]:
        """The schools at an address: by postcode, else by street."""
        if found := _POSTCODE.search(address):
            postcode = f"{found[1]} {found[2].upper()}"
            if there := [c for c, s in self._schools.items() if s.row.postcode == postcode]:
                return there
        street, number = _street(address), _house_number(address)
        there = [
            code for code, school in self._schools.items() if len(street) >= 5 and school.street.startswith(street)
        ]
        at_number = [c for c in there if _house_number(self._schools[c].row.street) == number]
        return at_number if number and at_number else there


def _name_place(adjective: str | None) -> str:
    """The place of "Duindorp(se)" and of "Meersteed(se)"."""
    return re.sub(r"([aeou])\1([^\W\d_])$", r"\1\2e", adjective or "")


@lru_cache(maxsize=1_000)  # the schools of a region, kept because each page of an import reads its file anew
def _describe(row: SchoolRow) -> _School:
    names = [row.name, row.duo_name, *filter(None, row.aliases.split("; "))]

    def all_of(keys: Callable[[str], Iterable[str]]) -> frozenset[str]:
        return frozenset(key for name in names for key in keys(name))

    return _School(
        row, all_of(_whole_keys), all_of(_plain_keys), all_of(_loose_keys), all_of(_words),
        all_of(_all_words), all_of(_initial_keys), _street(row.street),
    )  # fmt: skip


def _initial_keys(name: str) -> list[str]:
    large = without_small_words(_words(name))
    return [key for words in (fold(name).split(), large) if len(key := initials(words)) >= 3]


def initials(words: Iterable[str]) -> str:
    """The initials of words: "mlk" of "ml king". Initials that a name holds already stay whole."""
    return "".join(word if len(word) == 2 and word not in SMALL_WORDS else word[:1] for word in words)


def _street(address: str) -> str:
    """A street without its number, with the ends that people shorten in their short form."""
    street = join_words(re.split(r"[\d,]", address, maxsplit=1)[0])
    return re.sub(r"straat$", "str", re.sub(r"laan$", "ln", re.sub(r"plein$", "pln", street)))


def _house_number(address: str) -> str:
    found = re.search(r"\d+", address)
    return found[0] if found else ""


def _without_others(each: list[tuple[str, Found]]) -> list[tuple[str, Found]]:
    """The parts of a list. A part that may be several schools does not mean the school that another
    part names: "Ster, Ster Dorpsstraat"."""
    taken = {code for _, found in each for code in found.values}
    settled = []
    for word, found in each:
        left = tuple(c for c in found.candidates if c.value not in taken)
        is_clear = len(left) == 1 < len(found.candidates) and left[0].reason == _ALSO
        settled.append((word, Found((left[0].value,)) if is_clear else Found(found.values, left)))
    return settled


def _split_extras(text: str) -> tuple[str, list[str]]:
    parts = [part.strip(" .,:") for part in _EXTRA.split(text) if part and part.strip(" .,:")]
    parts = [_FORMER.sub("", part) if at else part for at, part in enumerate(parts)]
    return (parts[0], parts[1:]) if parts else ("", [])


def _find_codes(text: str) -> list[str]:
    found = [(brin.replace(" ", "") + end).upper() for brin, end in _CODE.findall(text)]
    return found or [f"0{code}" for code in _LOST_ZERO.findall(text) if text.strip() == code]
