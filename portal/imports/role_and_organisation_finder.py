"""Finds the roles and organisations that the words of a file mean, beside its schools."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from portal.directory.schools_and_kernen import RoleRow
from portal.imports.directory_snapshot import OrganisationRow, Snapshot
from portal.imports.found_words import Candidate, Found
from portal.imports.school_finder import SAME, SchoolFinder, initials
from portal.search.question import list_role_names
from portal.text import SMALL_WORDS, fold, join_words, split_at_names

# ---- Roles ---------------------------------------------------------------------------------------

# Behind a role: "IB onderbouw", "jeugdverpleegkundige VO".
_LEVELS = frozenset(["onderbouw", "middenbouw", "bovenbouw", "ob", "bb", "po", "vo", "so", "sbo"])
_OF_CARE = re.compile(r"\b(?:jgz|ggd|jeugdgezondheid|jeugdarts|jeugdverpleeg)", re.IGNORECASE)
_DOCTOR = re.compile(r"\bdr[. -]*(?=assist)", re.IGNORECASE)
_NURSE = re.compile("vpk$")
_BETWEEN_ROLES = re.compile(r"/|\n|;|,|&|\+| en | of ")
_OF_A_SITE = re.compile("^(?:locatie|vestigings?|school|adjunct)")  # "locatiedirecteur"
_SHORTEST_BEGINNING = 3  # letters


class RoleFinder:
    """Finds the roles that a word names: "CJG-er", "Leerplichtambt.", "Jeugdarts / vpk"."""

    def __init__(self, roles: Sequence[RoleRow]) -> None:
        self.labels = {role.key: role.label for role in roles}
        self._initials: dict[str, set[str]] = defaultdict(set)
        self._names = list_role_names(roles)
        self._words: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
        for role in roles:
            for name in map(fold, (role.label, *role.aliases.split("; "))):
                if len(short := initials(name.split())) >= 3:  # "BPO"
                    self._initials[short.upper()].add(role.key)
                self._words[name[:_SHORTEST_BEGINNING]].append((role.key, name.split()))
        self._found: dict[str, Found] = {}

    def hear(self, texts: Iterable[str]) -> None:
        """Take "DA" for the assistant of a doctor where one of the texts is about youth care."""
        assistant = self._names.get("doktersassistent")
        if assistant and any(map(_OF_CARE.search, texts)):
            self._names.setdefault("da", assistant)

    def find(self, text: str) -> Found:
        """The roles in the order of the text. More than one where it names several, such as
        "jeugdarts / verpleegkundige"."""
        if text not in self._found:
            self._found[text] = self._find_all(text)
        return self._found[text]

    def _find_all(self, text: str) -> Found:
        keys = self._find_one(text) or tuple(self._initials.get(text.strip(), ()))
        if len(keys) == 1:
            return Found(keys)
        parts = [part for part in _BETWEEN_ROLES.split(text) if part.strip()]
        each = [self._find_one(part) for part in parts]
        if len(parts) > 1 and all(len(one) == 1 for one in each):
            return Found(tuple(dict.fromkeys(one[0] for one in each)))
        return Found((), tuple(Candidate(k, self.labels[k], "heet ook zo") for k in keys))

    def find_within(self, text: str) -> Found:
        """The one role that a title names somewhere in its words."""
        words = fold(text.partition("bron")[0]).split()
        runs = {" ".join(words[at : at + n]) for at in range(len(words)) for n in (1, 2, 3)}
        named = {found.values for run in runs if (found := self.find(run)).values}
        return Found(named.pop()) if len(named) == 1 else Found()

    def label(self, key: str) -> str:
        """The Dutch label of a role."""
        return self.labels[key]

    def _find_one(self, text: str) -> tuple[str, ...]:
        words = fold(_DOCTOR.sub("dokters", re.sub(r"[’'`]", "", text))).split()
        words = words[:-1] if words and re.fullmatch(r"\d", words[-1]) else words
        if not words:
            return ()
        words = [_NURSE.sub("verpleegkundige", re.sub("jvpk$", "jeugdvpk", word)) for word in words]
        ends = ("", "s", "en", "n", "e", "es")
        forms = [[*words[:-1], words[-1].removesuffix(end)] for end in ends]
        if (rest := _OF_A_SITE.sub("", words[0])) != words[0]:
            forms.append([rest, *words[1:]])
        for form in forms:
            if keys := self._names.get("".join(form)):
                return tuple(dict.fromkeys(keys))
        parts = split_at_names(words, self._names)
        named = [set(keys or ()) for _, keys in parts or ()]
        if named and (common := set.intersection(*named)):
            return tuple(key for key in self.labels if key in common)
        if words[1:] and words[-1] in _LEVELS:
            return self._find_one(" ".join(words[:-1]))
        if sum(map(len, words)) < _SHORTEST_BEGINNING:
            return ()
        begun = {
            key
            for key, whole in self._words.get(words[0][:_SHORTEST_BEGINNING], ())
            if len(whole) == len(words) and all(w.startswith(b) for w, b in zip(whole, words, strict=True))
        }
        return tuple(key for key in self.labels if key in begun)


# ---- Organisations -------------------------------------------------------------------------------

OWN_SCHOOL = "school"
_SHORT = SAME | {"swv": "samenwerkingsverband", "gem": "gemeente", "st": "stichting"}
_OWN = frozenset(["school", "deschool", "eigenschool", "schoolzelf", "basisschool"])


class OrganisationFinder:
    """Finds organisations by their names, those of their desks, and abbreviations."""

    def __init__(self, organisations: Sequence[OrganisationRow]) -> None:
        self._rows = {str(row.id): row for row in organisations}
        self._partners = [row for row in organisations if not row.school]

    def find(self, text: str, usual: Collection[int] = ()) -> Found:
        """The organisation (id), or OWN_SCHOOL. `usual` are those that work in the row's role: they
        decide where several have the name."""
        words = {_SHORT.get(word, word) for word in fold(text).split()} - SMALL_WORDS
        joined = join_words(text)
        if joined in _OWN:
            return Found((OWN_SCHOOL,))
        rows = self._rows.values()
        alike = [row for row in rows if joined in map(join_words, (row.name, *row.names))] or [
            row for row in self._partners if words and words <= self._known_words(row)
        ]
        chosen = [row for row in alike if row.id in usual] or alike
        if len(chosen) == 1:
            return Found((str(chosen[0].id),))
        return Found((), tuple(Candidate(str(r.id), r.name, "heet ook zo") for r in chosen))

    def list_partners(self) -> list[Candidate]:
        """Every organisation that is no school, as candidates."""
        return [Candidate(str(row.id), row.name, "") for row in self._partners]

    def _known_words(self, row: OrganisationRow) -> set[str]:
        names = (row.name, *row.names)
        words = {word for name in names for word in fold(name).split()}
        # "NW" of "Noord-West"
        return words | {initials(fold(w).split()) for name in names for w in name.split()}


class Words:
    """The finders of a directory."""

    def __init__(self, directory: Snapshot) -> None:
        self.schools = SchoolFinder(directory)
        self.roles = RoleFinder(directory.roles)
        self.organisations = OrganisationFinder(directory.organisations)
