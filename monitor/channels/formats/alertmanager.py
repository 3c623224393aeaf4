"""The webhook of Prometheus's Alertmanager, version 4, for receivers that know that one. Pure.

Every hit is a firing alert of its own and is never resolved: nothing ends it. `source.recovered` resolves the
`source.broken` of the same source and problem: same labels, fingerprint and groupKey. `groupKey` is never that of other
news, so a receiver that folds alerts by it hides none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from monitor.channels.formats.rendered import Envelope, Rendered, encode, read_envelope
from monitor.channels.words.edition import read_card
from monitor.model.delivery import Delivery
from monitor.model.plan import Channel

ENDS: Final = {
    "source.recovered": "source.broken",
    "channel.enabled": "channel.disabled",
    "outbox.drained": "outbox.late",
    "disk.recovered": "disk.low",
}
"""Messages that resolve what another one told."""
NEVER: Final = "0001-01-01T00:00:00Z"  # Go's zero time: Alertmanager writes it where an alert has not ended

_TEXT: Final = 3_000  # characters of a passage
_OFFSET, _PRIME, _MASK = 0xCBF29CE484222325, 0x100000001B3, (1 << 64) - 1  # FNV-1a, 64 bits
_IDS: Final = (
    ("rule", ("rule", "id")),
    ("source", ("source", "id")),
    ("source", ("article", "source")),
    ("article", ("article", "id")),
    ("channel", ("channel", "id")),
    ("folder", ("folder",)),
    ("problem", ("problem",)),
)
_NOTES: Final = (
    ("summary", ("summary", "en")),
    ("summary_ko", ("summary", "ko")),
    ("action", ("action", "en")),
    ("action_ko", ("action", "ko")),
    ("summary", ("article", "title")),
    ("description", ("excerpt",)),
    ("rule_name", ("rule", "name")),
    ("source_name", ("source", "name")),
    ("source_name", ("article", "source_name")),
    ("author", ("article", "author")),
    ("published_at", ("article", "published_at")),
    ("url", ("article", "url")),
)


def alertmanager(delivery: Delivery, channel: Channel) -> Rendered:
    """Return the message as Alertmanager would send it. Raises MessageError for a body that is none of ours."""
    envelope = read_envelope(delivery.body)
    items = envelope.items()
    alerts = [_alert(hit) for item in items for hit in item.hits()]
    if not any(alert["annotations"] for alert in alerts):  # a type of message that this format knows nothing of
        card = read_card(delivery.body, channel.zone, channel.lang)
        alerts = [
            alert | {"annotations": {"summary": card.title, "description": card.passage(_TEXT)}} for alert in alerts
        ]
    labels = _common(alert["labels"] for alert in alerts)
    groups = {name: text for name, text in labels.items() if name != "severity"}
    key = groups if len(alerts) == 1 else {**groups, "digest": delivery.id}
    total = envelope.data.get("total")
    return Rendered(
        encode(
            {
                "version": "4",
                "groupKey": f"{{}}/{{channel={_quoted(channel.id)}}}:{_selector(key)}",
                "truncatedAlerts": max(0, total - len(items)) if isinstance(total, int) else 0,
                "status": "firing" if any(alert["status"] == "firing" for alert in alerts) else "resolved",
                "receiver": channel.id,
                "groupLabels": groups,
                "commonLabels": labels,
                "commonAnnotations": _common(alert["annotations"] for alert in alerts),
                "externalURL": "",
                "alerts": alerts,
            }
        )
    )


def fingerprint(labels: Mapping[str, str]) -> str:
    """Return what Alertmanager calls an alert by: FNV-1a over its labels in order, 16 hexadecimal digits."""
    digest = _OFFSET
    for name in sorted(labels):
        for sign in (*name.encode(), 255, *labels[name].encode(), 255):
            digest = ((digest ^ sign) * _PRIME) & _MASK
    return f"{digest:016x}"


def _alert(item: Envelope) -> dict[str, object]:
    labels, over = _labels(item), item.type in ENDS
    return {
        "status": "resolved" if over else "firing",
        "labels": labels,
        "annotations": _gathered(item, _NOTES),
        "startsAt": item.text("since") or item.timestamp,
        "endsAt": item.timestamp if over else NEVER,
        "generatorURL": item.text("article", "url"),
        "fingerprint": fingerprint(labels),
    }


def _labels(item: Envelope) -> dict[str, str]:
    """Return what an alert is known by: `alertname` is the type of the message, or of the one that it ends: SourceBroken."""
    begun = ENDS.get(item.type, item.type)
    name = "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", begun))
    usual = "info" if begun.startswith(("hit.", "article.", "story.", "count.", "heartbeat")) else "warning"
    severity = usual if begun in ENDS.values() else item.text("severity") or usual  # begin and end have the same labels
    return {"alertname": name, "severity": severity, **_gathered(item, _IDS)}


def _gathered(item: Envelope, paths: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """Return what stands under these paths, by name; of two paths for one name the first that holds something."""
    found: dict[str, str] = {}
    for name, path in paths:
        if (text := item.text(*path)) and name not in found:
            found[name] = text
    return found


def _common(mappings: Iterable[object]) -> dict[str, str]:
    """Return what all of them say alike."""
    first, *others = (mapping for mapping in mappings if isinstance(mapping, dict))
    return {name: text for name, text in first.items() if all(other.get(name) == text for other in others)}


def _selector(labels: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}={_quoted(labels[name])}" for name in sorted(labels)) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
