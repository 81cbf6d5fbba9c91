"""Finds the regular expressions of the portal in its syntax trees and times them on long texts.

`python -m tests.contracts.regular_expressions` prints one line per expression: its place and the
seconds of CPU that the worst text took, up to 64 kB.
"""

import ast
import importlib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from operator import itemgetter
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]  # the only reader of the syntax
from typing import Any, NamedTuple

from portal.backups.sqlite import SqliteStore
from portal.config import ROOT
from portal.mail.return_paths import ReturnPath
from portal.privacy.traces_in_texts import Name, Traces

LIMIT = 0.1  # seconds of CPU for 64 kB
# Of the shortest length all texts are tried, and in each next one so many: those that would take
# longest there where time grows as it did.
LENGTHS = {1_000: 3, 4_000: 2, 16_000: 2, 64_000: 0}
SURE = 16_000  # the length that shows how the time grows
_USES = re.compile(r"\b(\w+)\.(\w+)")  # a name, and the method of it that is called
MANY = 16  # a repetition of fewer is no loop
FUNCTIONS = {"compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer"}
_CALLS = re.compile(rf"\bre\.(?:{'|'.join(FUNCTIONS)})\(")
MOST = 9  # characters of an expression that are paired


class Expression(NamedTuple):
    """A regular expression, where it stands, and whether it may match anywhere in a text."""

    place: str
    pattern: str | bytes
    flags: int
    searches: bool


def find_expressions() -> Iterator[Expression]:
    """Every call of a function of `re` in the portal. Raises ValueError for a pattern that depends
    on local values, unless LOCAL_VALUES holds them."""
    sources = {path.relative_to(ROOT): path.read_text("utf-8") for path in sorted((ROOT / "portal").rglob("*.py"))}
    used = defaultdict[str, set[str]](set)
    for name, method in {use for source in sources.values() for use in _USES.findall(source)}:
        used[name].add(method)
    for place, source in sources.items():
        if not _CALLS.search(source):
            continue  # reading every tree takes longer than timing every expression
        nodes = list(ast.walk(ast.parse(source)))
        names = {
            id(node.value): node.targets[0].id
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in nodes:
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in FUNCTIONS
            ):
                name, function = names.get(id(node), ""), node.func.attr
                searches = function not in ("compile", "match", "fullmatch") or (
                    function == "compile" and not used[name] <= {"match", "fullmatch", "pattern"}
                )
                yield from _read_call(node, place, searches)


def _read_call(call: ast.Call, place: Path, searches: bool) -> Iterator[Expression]:
    assert isinstance(call.func, ast.Attribute)
    module = importlib.import_module(".".join(place.with_suffix("").parts))
    position = {"compile": 1, "sub": 4, "split": 3}.get(call.func.attr, 2)
    for local_values in LOCAL_VALUES.get(str(place), [{}]):
        names = vars(module) | local_values
        try:
            pattern = _evaluate(call.args[0], names)
        except NameError as error:
            raise ValueError(f"{place}:{call.lineno}: give LOCAL_VALUES ({error})") from error
        flags = next((_evaluate(k.value, names) for k in call.keywords if k.arg == "flags"), 0)
        if len(call.args) > position:
            flags = _evaluate(call.args[position], names)
        yield Expression(f"{place}:{call.lineno}", pattern, int(flags), searches)


_TRACES = Traces([Name("Zoë", "van der Hoek-Él")], ["+31612345678"], ["zoe@cjg.example"])
# Per file the values of the local names that its patterns are made of.
LOCAL_VALUES: dict[str, list[dict[str, Any]]] = {
    "portal/backups/make_and_restore.py": [
        {"store": SqliteStore(Path("kernwijzer.sqlite")), "suffix": re.escape(".sqlite.age")}
    ],
    "portal/database/sqlite.py": [{"column": "checked_on"}],
    "portal/mail/return_paths.py": [{"self": ReturnPath("bounces+@po.example", ("key",))}],
    "portal/guide/glossary.py": [{"either": "CJG-coach|JGZ|CJG"}],
    "portal/privacy/traces_in_texts.py": [{"one": detail.pattern} for detail in _TRACES._details],
    "portal/privacy/pupil_data.py": [
        {"pattern": words.pattern.removeprefix(r"(?<!\w)(?:").removesuffix(r")(?!\w)")}
        for words in vars(importlib.import_module("portal.privacy.pupil_data")).values()
        if isinstance(words, re.Pattern) and words.pattern.startswith(r"(?<!\w)(?:")
    ],
    "portal/readers/duo.py": [
        {"shape": shape} for shape, _ in importlib.import_module("portal.readers.duo")._SHAPES.values()
    ],
}


def _evaluate(node: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "<pattern>", "eval"), names)


def starts_of_loops(items: Iterable[Any], before: str = "") -> Iterator[str]:
    """For each repetition in a parsed expression a short text that leads a match up to it."""
    for kind, value in items:
        name = str(kind)
        if name in _REPETITIONS:
            _, most, inner = value
            if most >= MANY:
                yield before
                yield before + minimal_match(inner)
            yield from starts_of_loops(inner, before)
        elif name == "SUBPATTERN":
            yield from starts_of_loops(value[-1], before)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from starts_of_loops(branch, before)
        before += minimal_match([(kind, value)])


def minimal_match(items: Iterable[Any]) -> str:
    """A short text that the parsed expression matches, as far as that can be told."""
    text = ""
    for kind, value in items:
        name = str(kind)
        if name == "LITERAL":
            text += chr(value)
        elif name in ("IN", "NOT_LITERAL", "ANY"):
            text += next(iter(_characters([(kind, value)])), "a")
        elif name in _REPETITIONS:
            text += minimal_match(value[2]) * value[0]
        elif name == "SUBPATTERN":
            text += minimal_match(value[-1])
        elif name == "BRANCH":
            text += minimal_match(value[1][0])
    return text


def _characters(items: Iterable[Any]) -> dict[str, None]:
    """The characters that an expression names, in order; one for each class."""
    found: dict[str, None] = {}
    for kind, value in items:
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL"):
            found[chr(value)] = None
        elif name == "RANGE":
            found[chr(value[0])] = None
        elif name == "CATEGORY":
            found[_OF_CATEGORY.get(str(value), "a")] = None
        elif name == "IN":
            found |= _characters(value)
        elif name in _REPETITIONS:
            found |= _characters(value[2])
        elif name == "SUBPATTERN":
            found |= _characters(value[-1])
        elif name == "BRANCH":
            for branch in value[1]:
                found |= _characters(branch)
        elif name in ("ASSERT", "ASSERT_NOT"):
            found |= _characters(value[1])
    return found


_REPETITIONS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_OF_CATEGORY = {
    "CATEGORY_DIGIT": "1", "CATEGORY_NOT_DIGIT": "a", "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "a", "CATEGORY_WORD": "a", "CATEGORY_NOT_WORD": ".",
}  # fmt: skip


def texts(expression: Expression) -> Iterator[Callable[[int], str]]:
    """Functions that make a text of a length which makes a bad expression slow: it leads up to a
    repetition, goes on with a pair of the expression's own characters, and just misses its end."""
    parsed = parser.parse(expression.pattern, expression.flags)
    near_miss = minimal_match(parsed)[:-1]
    # Signs first: letters stand for each other, but a blank or a point is often what repeats.
    named = sorted(_characters(parsed), key=str.isalpha)[:MOST]
    for start in dict.fromkeys(starts_of_loops(parsed)) or [""]:
        for pair in product(named, repeat=2):
            yield partial(_make_text, start, "".join(pair), near_miss)


def _make_text(start: str, pair: str, end: str, length: int) -> str:
    return start + pair * ((length - len(start) - len(end)) // 2) + end


def time_expression(expression: Expression) -> float:
    """The most seconds of CPU that a text took. Only few texts of a short length are tried longer,
    and none any more once one took more than LIMIT, or so little that four times the length stays
    within it even where time grows with the third power."""
    compiled: re.Pattern[Any] = re.compile(expression.pattern, expression.flags)
    is_binary = isinstance(expression.pattern, bytes)
    # `sub` goes on after a match, as every other use of a search at most does.
    match = partial(compiled.sub, b"" if is_binary else "")
    use = match if expression.searches else compiled.fullmatch

    def apply(text: str) -> object:
        return use(text.encode() if is_binary else text)

    tried = [(make, 1.0) for make in texts(expression)]
    worst = 0.0
    for length, number in LENGTHS.items():
        times = [(make, _seconds(apply, make(length)), before) for make, before in tried]
        times.sort(key=lambda one: one[1] ** 2 / (one[2] or 1e-9), reverse=True)
        tried = [(make, seconds) for make, seconds, _ in times[:number]]
        slowest, worst, _ = max(times, key=itemgetter(1), default=(str, 0.0, 0.0))
        if worst > LIMIT:  # again, because another process may have had its turn
            worst = min(worst, _seconds(apply, slowest(length)))
        if worst > LIMIT or (length >= SURE and worst < LIMIT / 4**3):
            break
    return worst


def _seconds(apply: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    apply(text)
    return time.process_time() - begun


def print_times(to: Path) -> None:
    """Write one line per expression, the place of each before it is timed."""
    with to.open("w") as file:
        for expression in dict.fromkeys(find_expressions()):
            print(expression.place, end=" ", file=file, flush=True)
            print(f"{time_expression(expression):.4f}", file=file, flush=True)


if __name__ == "__main__":
    print_times(Path("/dev/stdout"))
