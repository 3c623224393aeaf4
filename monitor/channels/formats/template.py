"""A format of the operator's own: a Jinja2 template over the standard body. Pure.

A template sees `id` (the webhook-id), the keys of the standard body (`type`, `version`, `timestamp`, `seq`, `data`), and `card`:
what chat services are shown of any message (`label`, `title`, `link`, `text`, `footing`). One that fails loses nothing: the
standard body goes out in its place, and the record of the attempt says so.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from jinja2 import Template, TemplateError, TemplateSyntaxError

from monitor.channels.formats.bounded import BoundedEnvironment, render
from monitor.channels.formats.rendered import JSON, Rendered
from monitor.channels.words.edition import read_card
from monitor.channels.words.schemas import samples
from monitor.channels.words.visible import visible_line
from monitor.model.delivery import Delivery
from monitor.model.errors import MessageError
from monitor.model.plan import Channel

_TEXT: Final = 3_000  # characters of a passage
_MARKUP: Final = re.compile(r"[/+](?:html|xml)\b")
_AS_JSON: Final = re.compile(r"[/+]json\b")
_WHOLE: Final = 300  # code points of what is said of a failure


def template(delivery: Delivery, channel: Channel) -> Rendered:
    """Return what the channel's template makes of the message; where it fails, the standard body with a note."""
    content_type = channel.option("content_type") or JSON
    try:
        body = _rendered(channel.option("template"), content_type, delivery.body, delivery.id, channel.zone)
    except Exception as error:  # noqa: BLE001 - whatever it is, an alert is worth more than its form
        return Rendered(delivery.body, note=f"the template failed, sent as standard: {_reason(error)}")
    return Rendered(body, content_type)


def faults(source: str, content_type: str, zone: str = "UTC") -> Iterator[str]:
    """Yield what is wrong with a template: that it cannot be read, or the types of message that it cannot render."""
    told: dict[str, dict[str, None]] = {}
    try:
        _compiled(source, bool(_MARKUP.search(content_type)))
    except Exception as error:  # noqa: BLE001 - what a text that is no template may raise
        yield _reason(error)
        return
    for name, body in samples():
        try:
            _rendered(source, content_type or JSON, body, "0193-sample", zone)
        except Exception as error:  # noqa: BLE001 - what a template may raise
            told.setdefault(_reason(error), {})[name] = None
    for reason, names in told.items():
        yield f"{reason} (in a sample of {', '.join(names)})"


def _rendered(source: str, content_type: str, body: bytes, identity: str, zone: str) -> bytes:
    """Raises what the template raises, and MessageError for JSON that is none."""
    message: dict[str, Any] = json.loads(body)
    card = read_card(body, zone)
    shown = {
        "label": card.label,
        "title": card.title,
        "link": card.link,
        "text": card.passage(_TEXT),
        "footing": card.footing(),
    }
    # What an older program froze has no version.
    known = {"version": "", **message, "id": identity, "card": shown}
    made = render(_compiled(source, bool(_MARKUP.search(content_type))), known)
    if _AS_JSON.search(content_type):
        try:
            json.loads(made)
        except ValueError as error:
            raise MessageError(f"what comes out is no JSON ({error}); is a `| tojson` missing?") from None
    return made


@lru_cache(maxsize=32)
def _compiled(source: str, autoescape: bool) -> Template:  # noqa: FBT001 - a part of the key
    return BoundedEnvironment(autoescape=autoescape).from_string(source)


def _reason(error: Exception) -> str:
    """Return what went wrong and in which line of the template, quoting nothing of the message beyond names."""
    known = isinstance(error, TemplateError | MessageError)
    said = str(error.message if isinstance(error, TemplateSyntaxError) else error) if known else type(error).__name__
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    line = error.lineno if isinstance(error, TemplateSyntaxError) else lines[-1] if lines else None
    return visible_line(f"line {line}: {said}" if line else said, _WHOLE)
