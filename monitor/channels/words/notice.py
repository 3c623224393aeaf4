"""What the operator is told of a source or of the line itself, as the JSON body that tells it. Pure.

Each type has its schema in this folder: `<type>.schema.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from monitor.channels.words.render import VERSION
from monitor.channels.words.visible import visible_line
from monitor.model.health import Bilingual, Notice
from monitor.model.operator import OperatorNotice
from monitor.present.moments import rfc3339

_NAME, _TEXT = 120, 1000  # code points


def render_notice(notice: Notice, seq: int) -> bytes:
    """Return the JSON body (UTF-8, compact) of a notice, the `seq`-th message of its channel.

    Raises ValueError for a naive datetime: a message must not guess a zone.
    """
    alarm = notice.alarm
    source = {"id": visible_line(notice.source_id, _NAME), "name": visible_line(notice.source_name, _NAME)}
    data: dict[str, object] = {
        "source": source if notice.source_id else None,
        "sources": notice.sources,
        "problem": alarm.problem.value,
        "since": rfc3339(alarm.since),
    }
    if not notice.broken:
        data["lasted_seconds"] = max(0, round((notice.at - alarm.since).total_seconds()))
    data |= {"summary": _both(alarm.summary), "action": _both(alarm.action)}
    body = {"type": notice.type, "version": VERSION, "timestamp": rfc3339(notice.at), "seq": seq, "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def render_operator(notice: OperatorNotice, seq: int) -> bytes:
    """Return the JSON body (UTF-8, compact) of an event of the line, the `seq`-th message of its channel.

    Raises ValueError for a naive datetime.
    """
    data: dict[str, object] = {key: _shown(value) for key, value in notice.facts.items()}
    data |= {"summary": _both(notice.summary), "action": _both(notice.action)}
    body = {"type": notice.type, "version": VERSION, "timestamp": rfc3339(notice.at), "seq": seq, "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _shown(value: object) -> object:
    """Return a fact with every text on one line."""
    if isinstance(value, Mapping):
        return {str(key): _shown(inner) for key, inner in value.items()}
    return visible_line(value, _TEXT) if isinstance(value, str) else value


def _both(words: Bilingual) -> dict[str, str]:
    return {"en": visible_line(words.en, _TEXT), "ko": visible_line(words.ko, _TEXT)}
