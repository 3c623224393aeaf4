"""CloudEvents 1.0 over HTTP (github.com/cloudevents/spec, v1.0.2): structured in one JSON, or binary in headers. Pure.

`id` is the webhook-id, so the pair of `source` and `id` that receivers tell repeats by is the same at every attempt. `data`
is that of the standard body, `type` its type, `dataschema` the schema of the whole. `sequence` is the seq of the channel
(the extension of that name).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from monitor.channels.formats.rendered import JSON, Envelope, Rendered, encode, read_envelope
from monitor.model.delivery import Delivery
from monitor.model.plan import Channel

STRUCTURED_TYPE: Final = "application/cloudevents+json"
# HTTP binding 1.0.2, section 3.1.3.2: U+0021 to U+007E stand as they are, but for the quotation mark and the percent sign.
_PLAIN: Final = "".join(chr(sign) for sign in range(0x21, 0x7F) if chr(sign) not in '"%')
_LONGEST_SUBJECT: Final = 256


def structured(delivery: Delivery, channel: Channel) -> Rendered:
    """Return the event in one JSON object. Raises MessageError for a body that is none of ours."""
    envelope = read_envelope(delivery.body)
    return Rendered(encode({**_attributes(envelope, delivery, channel), "data": envelope.data}), STRUCTURED_TYPE)


def binary(delivery: Delivery, channel: Channel) -> Rendered:
    """Return the event's data as body, its attributes in headers. Raises MessageError for a body that is none of ours."""
    envelope = read_envelope(delivery.body)
    attributes = _attributes(envelope, delivery, channel)
    content_type = attributes.pop("datacontenttype")
    headers = {f"ce-{name}": quote(text, safe=_PLAIN) for name, text in attributes.items()}
    return Rendered(encode(envelope.data), content_type, headers)


def _attributes(envelope: Envelope, delivery: Delivery, channel: Channel) -> dict[str, str]:
    attributes = {
        "specversion": "1.0",
        "id": delivery.id,
        "source": f"urn:monitor:{quote(channel.id, safe='')}",
        "type": envelope.type,
        "time": envelope.timestamp,
        "datacontenttype": JSON,
        "dataschema": f"urn:monitor:webhook:{envelope.type}:{envelope.version}",
        "subject": _subject(envelope),
        "sequence": str(delivery.seq),
        "sequencetype": "Integer",
    }
    return {name: text for name, text in attributes.items() if text}  # an attribute is there with a value, or not there


def _subject(envelope: Envelope) -> str:
    """Return what the event is about, by ids, the widest first: rule/openai/article/41, source/mediapen."""
    named = (
        ("rule", envelope.text("rule", "id")),
        ("source", envelope.text("source", "id")),
        ("channel", envelope.text("channel", "id")),
        ("article", envelope.text("article", "id")),
    )
    return "/".join(f"{noun}/{name}" for noun, name in named if name)[:_LONGEST_SUBJECT]
