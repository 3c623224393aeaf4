"""A hit in bulk as one line of JSON, the object of `hit_object`: put together by hand, for speed. A test holds the two together."""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from monitor.model.bulk import HitRow
from monitor.model.handling import UNHANDLED
from monitor.present.shapes import handling_object

_NOTHING = json.dumps(handling_object(UNHANDLED))
_quoted = encode_basestring  # the one in C, where there is one
_known = lru_cache(1024)(_quoted)
"""For names that stand on line after line."""


def hit_line(row: HitRow) -> str:
    """Return the hit as JSON without a line break."""
    number, made, rule, called, article, url, title, source, name, author, published, seen, sure = row[:13]
    matches, excerpt, story, alerted, channels, reached, handling, feedback = row[13:]
    when = f'"{moment(published)}"' if published else "null"
    confidence = "" if sure is None else f',"confidence":{sure}'
    said = _NOTHING if handling is UNHANDLED else json.dumps(handling_object(handling), ensure_ascii=False)
    return (
        f'{{"id":{number},"created_at":"{moment(made)}","rule":{{"id":{_known(rule)},"name":{_known(called)}}},'
        f'"article":{{"id":{article},"url":{_quoted(url)},"title":{_quoted(title)},'
        f'"source":{_known(source)},"source_name":{_known(name)},"author":{_quoted(author)},'
        f'"published_at":{when},"first_seen_at":"{moment(seen)}"{confidence}}},'
        f'"matches":{matches},"excerpt":{_quoted(excerpt)},"alerted":{_known(alerted)},'
        f'"channels":{channels},"reached":{reached},"story":{{"id":{_quoted(story)}}},"handling":{said},'
        f'"feedback":{_known(feedback) if feedback else "null"}}}'
    )


def moment(stored: str) -> str:
    """Return a stored time as `rfc3339` writes it: to the millisecond, which is cut, not rounded."""
    return f"{stored[:10]}T{stored[11:23]}Z"


def surfaces(row: HitRow) -> str:
    """Return the different words that were found, in their order."""
    found: list[dict[str, Any]] = json.loads(row.matches)
    return " | ".join(dict.fromkeys(str(one["surface"]) for one in found))
