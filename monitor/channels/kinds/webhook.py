"""The generic webhook: the frozen body, as it stands or in another format, signed after Standard Webhooks 1.0, with headers of the operator's own. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.channels import responses, signing
from monitor.channels.body_hmac import HEADER as HMAC_HEADER
from monitor.channels.body_hmac import KEYS as HMAC_KEYS
from monitor.channels.body_hmac import body_hmac, check_hmac
from monitor.channels.formats.choice import KEYS as FORMAT_KEYS
from monitor.channels.formats.choice import check_format, rendered
from monitor.channels.kind import PostRequest
from monitor.channels.own_headers import KEY as HEADERS
from monitor.channels.own_headers import check_headers, header_value, read_headers
from monitor.model.delivery import Delivery, Outcome
from monitor.model.errors import MessageError
from monitor.model.kind import Complaint, KindSettings, OwnKey, Written
from monitor.model.latency import elapsed
from monitor.model.page import Response
from monitor.model.plan import Channel

_MAKE_KEY: Final = "make one with: echo whsec_$(openssl rand -base64 32)"

UNSIGNED = "CFG101"  # docs/configuration.md


def advise(written: Written) -> Iterator[Complaint]:
    """Complain of messages that nobody can tell from others'."""
    if written.urls and not any(written.given(key) for key in ("secret", "secrets", "hmac_secret")):
        hint = "set `secret`, so that the receiver can tell your messages from others'"
        yield Complaint("", f"messages to {written.id} are not signed", hint, UNSIGNED)


def check(written: Written) -> Iterator[Complaint]:
    """Complain of headers that cannot be set, an HMAC that cannot be made, a template that fails."""
    own = next(iter(written.given("hmac_header")), HMAC_HEADER)
    yield from check_headers(written, own if written.given("hmac_secret") else "")
    yield from check_hmac(written)
    yield from check_format(written)


SETTINGS: Final = KindSettings(
    for_people=False,
    called=("hook", "http", "https", "url", "post"),
    keys=(
        OwnKey("secret", signing.signing_secret, _MAKE_KEY, confidential=True, from_file=True),
        OwnKey("secrets", signing.signing_secret, _MAKE_KEY, many=True, confidential=True),
        OwnKey(HEADERS, header_value, mapping=True, private=True, longest=4_000),
        *HMAC_KEYS,
        *FORMAT_KEYS,
    ),
    check=check,
    exclusive=(("secret", "secrets", "put all into `secrets`; the first one signs"),),
    advise=advise,
)


@dataclass(frozen=True, slots=True)
class SignedWebhook:
    """A receiver of our own bodies (monitor.channels.kind.ChannelKind)."""

    settings: KindSettings = SETTINGS

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> PostRequest:
        """Return the request of this attempt; `now` is what its signature is dated.

        `monitor-…` are outside the signature: `monitor-seq` repeats `seq` of the signed body, the others are of this
        attempt, which the frozen body cannot tell of. Raises MessageError for a channel without URL, or with a secret
        that cannot sign.
        """
        if not channel.url:
            raise MessageError("the channel has no URL")
        made = rendered(delivery, channel)
        signed = signing.headers(delivery.id, now, made.body, channel.secrets)
        own = {
            "accept": "application/json",
            "content-type": made.content_type,
            "accept-encoding": "identity",  # answers are kept as they come, never inflated
            "monitor-seq": str(delivery.seq),
            "monitor-attempt": str(delivery.attempt),
            "monitor-made-to-sent-ms": str(elapsed(delivery.created_at, now) or 0),
        }
        theirs = read_headers(channel.given(HEADERS)) | body_hmac(channel, made.body)
        headers = {**theirs, **made.headers, **own, **signed}
        return PostRequest(channel.url, made.body, headers, note=made.note)

    def judge(self, response: Response, channel: Channel, now: datetime) -> Outcome:
        """Return what the receiver's status means."""
        return responses.judge(response, channel, now)


KIND = SignedWebhook()
