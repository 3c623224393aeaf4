"""A sample sent through a channel's own line, and what its receiver's answer means (`monitor test-webhook`).

It goes beside the outbox: no row, no seq, no lease, so that it is answered at once also where messages wait, the channel is
shut or no daemon runs, and a daemon that does run notices nothing of it. Everything after the outbox is the real thing: the
body is composed, signed, put into the channel's format and carried by what carries alerts, with the same guard and deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from monitor.channels.carrier import Carrier
from monitor.channels.sender import ChannelSender
from monitor.channels.words.sample import OUTSIDE, sample_body
from monitor.config.settings import Settings
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.plan import Channel
from monitor.model.records import ChannelRecord, SampleRecord
from monitor.service.clients import apprise_client, mail_client, webhook_client
from monitor.service.receiver_advice import advice
from monitor.store.write.identity import new_uuid

_RETRIED: Final = "not now; an alert would be tried again until it is taken"
_MEANS: Final[Mapping[Verdict, str]] = {
    Verdict.DELIVERED: "taken: alerts reach this channel",
    Verdict.RETRY: _RETRIED,
    Verdict.REJECTED: "refused; an alert would be tried three times and then set aside",
    Verdict.CHANNEL_GONE: "refused for good: an alert that is answered so shuts the channel",
}


async def send_sample(settings: Settings, channel: Channel, message_type: str, now: datetime) -> SampleRecord:
    """Send one sample of that type, once, and return what came of it. Raises KeyError for a type that there is not.

    It ends within the deadline of `deliver`.
    """
    body = sample_body(message_type, channel, now)
    delivery = Delivery(new_uuid(), channel.id, OUTSIDE, body, 1, "", now)
    webhooks, mail, relay = webhook_client(settings), mail_client(settings), apprise_client(settings)
    try:
        sender = ChannelSender(Carrier(webhooks, mail, relay, settings.deliver.timeout))
        outcome = await sender.send(delivery, channel, now)
    finally:
        await webhooks.aclose()
        await mail.aclose()
        await relay.aclose()
    return SampleRecord(
        channel=channel.id,
        kind=channel.kind,
        type=message_type,
        id=delivery.id,
        taken=outcome.verdict is Verdict.DELIVERED,
        status=outcome.status,
        elapsed_ms=round(outcome.elapsed_ms),
        answer=outcome.detail,
        means=_MEANS[outcome.verdict],
        action=action(outcome),
    )


def action(outcome: Outcome) -> str:
    """Return what to do about the outcome of an attempt, "" when nothing is to be done."""
    if outcome.verdict is Verdict.DELIVERED:
        left_out = f"mend these recipients, who were left out: {outcome.left_out}" if outcome.left_out else ""
        note = f"mend it, alerts go out so as well: {outcome.note}" if outcome.note else ""
        return "; ".join(filter(None, (left_out, note)))
    return advice(outcome.status, outcome.detail, by_server=outcome.verdict is Verdict.RETRY)


def line_notes(channel: Channel, fares: ChannelRecord | None, *, known: bool) -> tuple[str, ...]:
    """Return what is to be known of a channel's line beside a sample; `known`: the database could be asked.

    `fares` is what it said, None where it has no such channel.
    """
    if not channel.enabled:
        return ("the channel is switched off: alerts go to it after `enabled: true` and `monitor reload`",)
    if not known:
        return ()
    if fares is None or fares.state == "off":
        return ("the plan in force has no such channel yet: alerts go to it after `monitor reload`",)
    waiting = f"; messages that wait: {fares.waiting}" if fares.waiting else ""
    if fares.state == "shut":
        return (f"the channel is shut ({fares.reason}){waiting}: `monitor channels open {channel.id}` opens it",)
    if fares.state == "failing":
        return (f"its last message was not taken ({fares.reason}){waiting}",)
    return ()
