"""The generic webhook: the frozen body as JSON, signed after Standard Webhooks 1.0. Pure."""

from __future__ import annotations

from datetime import datetime

from monitor.channels import responses, signing
from monitor.channels.poster import Message
from monitor.model.delivery import Delivery
from monitor.model.errors import MessageError
from monitor.model.plan import Channel


def compose(delivery: Delivery, channel: Channel, now: datetime) -> Message:
    """Return the request of this attempt; `now` is what its signature is dated.

    `monitor-seq` and `monitor-attempt` are outside the signature: the first repeats `seq` of the signed body, the
    second helps whoever reads the receiver's logs. Raises MessageError for a channel without URL, or with a secret that
    cannot sign.
    """
    if not channel.url:
        raise MessageError("the channel has no URL")
    signed = signing.headers(delivery.id, now, delivery.body, channel.secrets)
    own = {
        "content-type": "application/json",
        "accept-encoding": "identity",  # answers are kept as they come, never inflated
        "monitor-seq": str(delivery.seq),
        "monitor-attempt": str(delivery.attempt),
    }
    return Message(channel.url, delivery.body, own | signed)


judge, judge_failure = responses.judge, responses.judge_failure
