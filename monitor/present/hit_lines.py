"""A hit in bulk as one line of JSON, the object of `hit_object`: put together by hand, for speed. A test holds the two together."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

from monitor.model.bulk import HitRow
from monitor.model.handling import UNHANDLED
from monitor.present.shapes import handling_object

_NOTHING = json.dumps(handling_object(UNHANDLED))
_quoted = encode_basestring  # the one in C, where there is one


def hit_line(row: HitRow) -> str:
    """Return the hit as JSON without a line break."""
    published = f'"{moment(row.published_at)}"' if row.published_at else "null"
    sure = "" if row.confidence is None else f',"confidence":{row.confidence}'
    said = _NOTHING if row.handling is UNHANDLED else json.dumps(handling_object(row.handling), ensure_ascii=False)
    return (
        f'{{"id":{row.id},"created_at":"{moment(row.created_at)}",'
        f'"rule":{{"id":{_quoted(row.rule_id)},"name":{_quoted(row.rule_name)}}},'
        f'"article":{{"id":{row.article_id},"url":{_quoted(row.url)},"title":{_quoted(row.title)},'
        f'"source":{_quoted(row.source)},"source_name":{_quoted(row.source_name)},"author":{_quoted(row.author)},'
        f'"published_at":{published},"first_seen_at":"{moment(row.first_seen_at)}"{sure}}},'
        f'"matches":{row.matches},"excerpt":{_quoted(row.excerpt)},"alerted":{_quoted(row.alerted)},'
        f'"channels":{row.channels},"reached":{row.reached},"story":{{"id":{_quoted(row.story_id)}}},"handling":{said},'
        f'"feedback":{_quoted(row.feedback) if row.feedback else "null"}}}'
    )


def moment(stored: str) -> str:
    """Return a stored time as `rfc3339` writes it: to the millisecond, which is cut, not rounded."""
    return f"{stored[:10]}T{stored[11:23]}Z"


def surfaces(row: HitRow) -> str:
    """Return the different words that were found, in their order."""
    found: list[dict[str, Any]] = json.loads(row.matches)
    return " | ".join(dict.fromkeys(str(one["surface"]) for one in found))
