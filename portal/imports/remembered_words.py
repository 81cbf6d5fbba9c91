"""The words of a sender that were explained once: what is kept for the next file, and what the finder learns of it."""

from collections.abc import Mapping
from datetime import datetime

from peewee import fn

from portal import clock
from portal.database import fetch_tuples
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Role, School
from portal.directory.schools_and_kernen import list_roles
from portal.imports.models import Import, RememberedWord
from portal.imports.posts_and_questions import HIDDEN, NEW, QuestionKind
from portal.search.question import list_role_names
from portal.text import fold, join_words

_LONGEST_ALIAS, _LONGEST_KEY = 60, 200  # characters

IS_PERSON = RememberedWord.key.startswith(f"{QuestionKind.PERSON}:")


def clear_words(before: datetime) -> int:
    """Forget the people (in words) who were in no import since before this moment (aware), and all
    words of a sender of whom no import came since; gives their number."""
    day = clock.day_of(before)
    newest = fn.MAX(RememberedWord.used_on)
    silent = RememberedWord.select(RememberedWord.sender).group_by(RememberedWord.sender)
    senders = [sender for (sender,) in fetch_tuples(silent.having(newest < day))]
    is_old = (IS_PERSON & (RememberedWord.used_on < day)) | RememberedWord.sender.in_(senders)
    return int(RememberedWord.delete().where(is_old).execute())


def list_senders() -> list[str]:
    """The senders of files, as they were typed last."""
    rows = fetch_tuples(Import.select(Import.sender).order_by(Import.id))
    words = fetch_tuples(RememberedWord.select(RememberedWord.sender).distinct())
    return sorted({fold(name): name for (name,) in [*words, *rows]}.values(), key=fold)


def find_sender(account: int) -> str:
    """The sender of the last file of an account (id); "" where there is none."""
    last = Import.select().where(Import.account == account).order_by(Import.id.desc()).first()
    return last.sender if last else ""


def remember(sender: str, decisions: Mapping[str, tuple[str, str]], change_set: ChangeSet | None) -> None:
    """Keep the decisions (value and word, by key) for the next file of this sender, and let the finder learn what it
    can. Not that somebody is new, because next time they are not, nor which hidden rows count."""
    for key, (value, word) in decisions.items():
        if value == NEW or key.startswith(HIDDEN) or len(key) > _LONGEST_KEY:
            continue
        if change_set is not None:
            _learn(key, value, word, change_set)
        told = {"word": word, "meaning": value}
        RememberedWord.insert(sender=fold(sender), key=key, **told).on_conflict(
            conflict_target=[RememberedWord.sender, RememberedWord.key], update={**told, "used_on": clock.today()}
        ).execute()


def _learn(key: str, value: str, word: str, change_set: ChangeSet) -> None:
    """Give a school or role the word of a file as another name. A name of a role stays its own,
    because the next sender may mean that one."""
    row = _find_named(key, value)
    if row is None or len(word) > _LONGEST_ALIAS or ";" in word or "\n" in word:
        return
    aliases = list(filter(None, row.aliases.split("; ")))
    taken = {} if isinstance(row, School) else list_role_names(list_roles())
    names = [row.name if isinstance(row, School) else row.label, *aliases]
    if join_words(word) not in taken and fold(word) not in map(fold, names):
        change_set.change(row, aliases="; ".join([*aliases, word]))


def _find_named(key: str, value: str) -> School | Role | None:
    """The school or role that a decision names, where it names one."""
    kind = key.partition(":")[0]
    if kind == QuestionKind.SCHOOL:
        return School.get_or_none(School.code == value)
    return Role.get_or_none(Role.key == value) if kind == QuestionKind.ROLE else None
