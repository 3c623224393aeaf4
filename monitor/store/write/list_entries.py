"""What a list showed, against what the source has shown before: which entries are new, and which have changed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, select, update

from monitor.model.article import Entry, ListWrite, key_beside
from monitor.model.rhythm import Arrivals
from monitor.store.db.inserts import per_dialect
from monitor.store.tables.rows import (
    arrivals_of,
    arrivals_values,
    entry_values,
    list_mark_of,
    storable,
    url_key,
    urls_of,
    validators_values,
)
from monitor.store.tables.schema import entry, source_state

Learn: TypeAlias = Callable[[Arrivals | None, Sequence[Entry]], Arrivals]

MOST_READINGS = 8
"""How often an entry that changes, or whose list was heard before its page, is read again at most."""

WATCHED = timedelta(days=3)
"""How long after it was first seen a change counts: a flash is rewritten within hours."""

LATER = timedelta(minutes=10)
"""By how much a list has to put an article's time forward, or that of its last change, for that alone to say that it was
rewritten."""

_CLOCKWORK = (
    4  # known entries from which it tells something that more than half of them moved: their times are no one's
)
_FORMS = 12  # of an entry's headline that are remembered: two lists may write it differently, by turns
_COUNT = re.compile(r"[\[(]\s*\d{1,6}\s*[\])]\s*$")  # of comments, behind a headline
_CUT = ("...", "…", "‥")
_KNOWN_PER_QUERY = 500  # SQLite takes 999 variables on old builds (sqlite.org/limits.html)

_SEEN = (
    select(source_state.c.validators, source_state.c.arrivals)
    .where(source_state.c.id == bindparam("id"))
    .with_for_update()
)
_KEEP_VALIDATORS = (
    update(source_state).where(source_state.c.id == bindparam("row_id")).values(validators=bindparam("known"))
)
_KEEP_ARRIVALS = (
    update(source_state).where(source_state.c.id == bindparam("row_id")).values(arrivals=bindparam("learnt"))
)
_ADD_ENTRIES = per_dialect(
    lambda insert: insert(entry).on_conflict_do_nothing(index_elements=["source_id", "key"]).returning(entry.c.id)
)
_CHANGE = update(entry).where(entry.c.id == bindparam("row_id"))


@dataclass(frozen=True, slots=True)
class NewEntries:
    """What becomes of entries that are new: their first state, and whether hits on them are told."""

    state: str
    baseline: bool


def commit_list(
    connection: Connection, listing: ListWrite, now: datetime, learn: Learn | None, treated: NewEntries
) -> int:
    """Do what SourceStore.commit_list says."""
    seen: dict[str, Entry] = {}
    for item in listing.entries:
        seen.setdefault(storable(item.key), item)
    stored = connection.execute(_SEEN, {"id": listing.source_id}).first()
    if stored is not None:
        shown = {"list": _digest(seen)}
        known = {**urls_of(stored.validators), url_key(listing.url): validators_values(listing.validators) | shown}
        connection.execute(_KEEP_VALIDATORS, {"row_id": listing.source_id, "known": known})
        if list_mark_of(stored.validators, listing.url) == shown["list"]:
            return 0  # a page that changed around the same links
    before = _known(connection, listing.source_id, seen)
    fresh = {key: item for key, item in seen.items() if not _is_known(key, item, before)}
    _note_changes(connection, {key: item for key, item in seen.items() if key not in fresh}, before, now)
    if stored is not None and learn is not None:
        learnt = learn(arrivals_of(stored.arrivals), list(fresh.values()))
        connection.execute(_KEEP_ARRIVALS, {"row_id": listing.source_id, "learnt": arrivals_values(learnt)})
    rows = [
        {
            "source_id": listing.source_id,
            "first_seen_at": now,
            "next_attempt_at": now,
            "state": treated.state,
            "baseline": treated.baseline,
            "forms": [_form(item.title)],
            **entry_values(item),
            "key": _own_key(key, item, before),
            "content": storable(item.content) if treated.state == "pending" else "",
        }
        for key, item in reversed(fresh.items())  # a list stands newest first, and the oldest is to be read first
    ]
    if not rows:
        return 0
    # Another process may have seen the same list a moment ago.
    return len(connection.execute(_ADD_ENTRIES[connection.dialect.name], rows).all())


def _digest(seen: Mapping[str, Entry]) -> str:
    """Return a hash of what a list showed, in its order."""
    lines = (f"{key}\t{_form(item.title)}\t{item.published_at}\t{item.modified_at}" for key, item in seen.items())
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _known(connection: Connection, source_id: str, keys: Iterable[str]) -> dict[str, Row[Any]]:
    """Return what the source has shown before under these keys, or under the address that they begin with."""
    wanted = list(dict.fromkeys(part for key in keys for part in (key, key.partition("#")[0])))
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), _KNOWN_PER_QUERY):
        part = wanted[start : start + _KNOWN_PER_QUERY]
        query = select(entry).where(entry.c.source_id == source_id, entry.c.key.in_(part))
        found.update({row.key: row for row in connection.execute(query)})
    return found


def _is_known(key: str, item: Entry, before: Mapping[str, Row[Any]]) -> bool:
    """Return whether the source has shown an item before.

    One that had its address for itself, and now shares it, is known by its own id. Where an address is given to another
    item, with another id and another headline, that one is new.
    """
    plain = before.get(key.partition("#")[0])
    if "#" in key:
        return key in before or (plain is not None and bool(item.item_id) and plain.item_id == storable(item.item_id))
    return plain is not None and not _is_another(item, plain, before)


def _is_another(item: Entry, row: Row[Any], before: Mapping[str, Row[Any]]) -> bool:
    stated = storable(item.item_id)
    if not stated or not row.item_id or stated == row.item_id or _form(item.title) in _forms(row):
        return False
    return _own_key(row.key, item, before) not in before


def _own_key(key: str, item: Entry, before: Mapping[str, Row[Any]]) -> str:
    """Return the key under which a new item is stored: with its id, where another one has its address already."""
    if "#" in key or key not in before:
        return key
    return key_beside(key, item.item_id)


def _note_changes(
    connection: Connection, shown: Mapping[str, Entry], before: Mapping[str, Row[Any]], now: datetime
) -> None:
    """Have entries read again whose headline is another one now, or whose time was put forward."""
    pairs = [(row, item) for key, item in shown.items() if (row := before.get(key)) is not None]
    moved = [row.id for row, item in pairs if _is_later(row, item)]
    clockwork = len(pairs) >= _CLOCKWORK and 2 * len(moved) > len(pairs)
    for row, item in pairs:
        renamed = _is_renamed(row, item)
        if not renamed and (clockwork or row.id not in moved):
            continue
        values: dict[str, Any] = {
            "title": storable(item.title) or row.title,
            "summary": storable(item.summary) or row.summary,
            "published_at": item.published_at or row.published_at,
            "modified_at": item.modified_at or row.modified_at,
            "forms": [*_forms(row), _form(item.title)][-_FORMS:],
        }
        again = row.state in {"done", "ignored"} and row.readings < MOST_READINGS and now - row.first_seen_at <= WATCHED
        if again:
            values |= {
                "state": "pending",
                "content": storable(item.content),
                "readings": row.readings + 1,
                "attempts": 0,
                "next_attempt_at": now,
                "baseline": False,
            }
        connection.execute(_CHANGE.values(**values), {"row_id": row.id})


def _is_later(row: Row[Any], item: Entry) -> bool:
    """Return whether a list puts forward an article's time, or that of its last change; the first one that it states counts
    from when the entry was seen."""
    stated = (item.published_at, row.published_at), (item.modified_at, row.modified_at or row.first_seen_at)
    return any(now and before and now - before >= LATER for now, before in stated)


def _is_renamed(row: Row[Any], item: Entry) -> bool:
    """Return whether a list shows a headline that it has not shown before; one that is cut says nothing new."""
    form = _form(item.title)
    if not form or form in _forms(row):
        return False
    one, other = sorted((item.title.strip(), row.title.strip()), key=len)
    return not (one.endswith(_CUT) and _letters(other).startswith(_letters(one)))


def _forms(row: Row[Any]) -> list[str]:
    """Return the forms in which an entry's headline was shown; an older program has noted the last one alone."""
    return row.forms if isinstance(row.forms, list) and row.forms else [_form(row.title)]


def _form(title: str) -> str:
    """Return a short mark of a headline's letters; "" for none."""
    letters = _letters(title)
    return hashlib.blake2b(letters.encode("utf-8", "replace"), digest_size=6).hexdigest() if letters else ""


def _letters(title: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", _COUNT.sub("", title)).casefold())
