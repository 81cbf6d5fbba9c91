"""The words of a sender that were explained once: what is kept for the next file, what the finder
learns of it, and how it is forgotten."""

from collections.abc import Mapping
from datetime import datetime

from peewee import fn

from portal import clock
from portal.database import db, fetch_tuples
from portal.database.directory_version import lock_directory
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.models import Role, School
from portal.directory.schools_and_kernen import list_roles
from portal.imports.models import Import, RememberedWord
from portal.imports.read_models import HIDDEN, NEW, QuestionKind
from portal.search.documents import update_documents
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


def list_words() -> list[RememberedWord]:
    """The remembered words, by sender."""
    return list(RememberedWord.select().order_by(RememberedWord.sender, RememberedWord.word))


def forget(number: int, author: int) -> None:
    """Forget a word (id) of a sender, for an account (id); the finder too."""
    with db.atomic():
        lock_directory()
        word = RememberedWord.get_or_none(RememberedWord.id == number)
        if word is None:
            return
        word.delete_instance()
        if word.is_alias and (row := _find_named(word.key, word.meaning)):
            reason = f"“{word.word}” is vergeten"
            change_set = ChangeSet.begin(ChangeSetKind.EDIT, author, reason=reason)
            names = [name for name in row.aliases.split("; ") if fold(name) != fold(word.word)]
            change_set.change(row, aliases="; ".join(names))
            update_documents(change_set.list_rows())


def remember(
    sender: str, decisions: Mapping[str, tuple[str, str]], change_set: ChangeSet | None
) -> None:
    """Keep the decisions (value and word, by key) for the next file of this sender, and let the
    finder learn what it can. Not that somebody is new, because next time they are not, nor which
    hidden rows count."""
    for key, (value, word) in decisions.items():
        if value == NEW or key.startswith(HIDDEN) or len(key) > _LONGEST_KEY:
            continue
        is_alias = change_set is not None and _learn(key, value, word, change_set)
        told = {"word": word, "meaning": value}
        RememberedWord.insert(sender=fold(sender), key=key, is_alias=is_alias, **told).on_conflict(
            conflict_target=[RememberedWord.sender, RememberedWord.key],
            update={**told, "used_on": clock.today()},
        ).execute()


def _learn(key: str, value: str, word: str, change_set: ChangeSet) -> bool:
    """Give a school or role the word of a file as another name; whether that was done. A name of a
    role stays its own, because the next sender may mean that one."""
    row = _find_named(key, value)
    if row is None or len(word) > _LONGEST_ALIAS or ";" in word or "\n" in word:
        return False
    aliases = list(filter(None, row.aliases.split("; ")))
    taken = {} if isinstance(row, School) else list_role_names(list_roles())
    names = [row.name if isinstance(row, School) else row.label, *aliases]
    if join_words(word) in taken or fold(word) in map(fold, names):
        return False
    change_set.change(row, aliases="; ".join([*aliases, word]))
    return True


def _find_named(key: str, value: str) -> School | Role | None:
    """The school or role that a decision names, where it names one."""
    kind = key.partition(":")[0]
    if kind == QuestionKind.SCHOOL:
        return School.get_or_none(School.code == value)
    return Role.get_or_none(Role.key == value) if kind == QuestionKind.ROLE else None
