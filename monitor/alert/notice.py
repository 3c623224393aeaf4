"""A notice about a source, as the JSON body that tells it: source.broken and source.recovered. Pure.

The bodies are described by source.broken.schema.json and source.recovered.schema.json in this folder.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from monitor.alert.plain import plain
from monitor.model.health import Bilingual, Notice

_NAME, _TEXT = 120, 1000  # code points


def render_notice(notice: Notice, seq: int) -> bytes:
    """Return the JSON body (UTF-8, compact) of a notice, the `seq`-th message of its channel.

    Raises ValueError for a naive datetime: a message must not guess a zone.
    """
    alarm = notice.alarm
    source = {"id": plain(notice.source_id, _NAME), "name": plain(notice.source_name, _NAME)}
    data: dict[str, object] = {
        "source": source if notice.source_id else None,
        "sources": notice.sources,
        "problem": alarm.problem.value,
        "since": _utc(alarm.since),
    }
    if not notice.broken:
        data["lasted_seconds"] = max(0, round((notice.at - alarm.since).total_seconds()))
    data |= {"summary": _both(alarm.summary), "action": _both(alarm.action)}
    body = {"type": notice.type, "timestamp": _utc(notice.at), "seq": seq, "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _both(words: Bilingual) -> dict[str, str]:
    return {"en": plain(words.en, _TEXT), "ko": plain(words.ko, _TEXT)}


def _utc(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC with milliseconds: 2026-11-23T23:59:38.120Z."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place in a message")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
