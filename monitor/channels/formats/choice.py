"""The formats that a webhook may be asked for, by name, and the keys that belong to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from monitor.channels.formats.alertmanager import alertmanager
from monitor.channels.formats.cloudevents import binary, structured
from monitor.channels.formats.rendered import Format, Rendered, standard
from monitor.model.delivery import Delivery
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import UNFIT, Complaint, OwnKey, Written, missing, one_of
from monitor.model.plan import Channel

_MEDIA_TYPE: Final = re.compile(r"[!#$&^_.+a-z0-9-]+/[!#$&^_.+a-z0-9-]+(?:; ?charset=utf-8)?", re.IGNORECASE)


_HINT: Final = (
    '`card` has the same keys for every message; `if type == "hit.created"` tells types apart; docs/configuration.md'
)


def template(delivery: Delivery, channel: Channel) -> Rendered:
    """Return what the channel's template makes of the message (monitor.channels.formats.template)."""
    from monitor.channels.formats import template as own  # noqa: PLC0415 - Jinja2 takes its time to be imported

    return own.template(delivery, channel)


FORMATS: Final[Mapping[str, Format]] = {
    "standard": standard,
    "cloudevents": structured,
    "cloudevents-binary": binary,
    "alertmanager": alertmanager,
    "template": template,
}


def rendered(delivery: Delivery, channel: Channel) -> Rendered:
    """Return the message in the channel's format; where that fails, the standard body with a note: an alert is worth more than its form."""
    name = channel.option("format") or "standard"
    try:
        return FORMATS[name](delivery, channel)
    except Exception as error:  # noqa: BLE001 - whatever a format trips over, trying again would trip over it as well
        why = str(error) if isinstance(error, MessageError) else type(error).__name__
        return Rendered(delivery.body, note=f"the format {name} failed, sent as standard: {why}")


def media_type(text: str) -> str:
    """Return a media type as it is. Raises InvalidValueError; what is sent is always UTF-8."""
    if not _MEDIA_TYPE.fullmatch(text):
        raise InvalidValueError("must be a media type, as in application/json or text/plain; charset=utf-8")
    return text


KEYS: Final = (
    OwnKey("format", one_of(*FORMATS)),
    OwnKey("template", str, from_file=True),
    OwnKey("content_type", media_type, longest=200),
)


def check_format(written: Written) -> Iterator[Complaint]:
    """Complain of a template that cannot be read, or that fails for a sample of some type of message."""
    chosen, source = "".join(written.given("format")), "".join(written.given("template"))
    content_type = "".join(written.given("content_type"))
    if chosen == "template" and not source:
        yield missing(written, "template", "a Jinja2 template; docs/configuration.md shows one")
    if chosen == "template" and source:
        from monitor.channels.formats import template as own  # noqa: PLC0415 - as above

        for fault in own.faults(source, content_type):
            yield Complaint("template", f"the template cannot be used: {fault}", _HINT, UNFIT)
    elif chosen != "template":
        for key in ("template", "content_type"):
            if written.given(key):
                yield Complaint(key, f"only `format: template` takes `{key}`", "write it, or leave this out", UNFIT)
