"""A pager that nobody sells: plain text to a number, with a token in a header. What adding a kind of channel takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.channels import responses
from monitor.channels.kind import PostRequest
from monitor.channels.words.card import shortened
from monitor.channels.words.edition import read_card
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.errors import InvalidValueError
from monitor.model.kind import Complaint, KindSettings, OwnKey, Written, missing
from monitor.model.page import Response
from monitor.model.plan import Channel

LONGEST = 60


def number(text: str) -> str:
    """Return the number of a pager. Raises InvalidValueError."""
    if not re.fullmatch(r"[0-9]{4}", text):
        raise InvalidValueError("must be four digits")
    return text


def token(text: str) -> str:
    """Return the token as it is. Raises InvalidValueError."""
    if not text.startswith("pg-"):
        raise InvalidValueError("must begin with pg-")
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain of a pager without a number."""
    if not written.given("number"):
        yield missing(written, "number", "the four digits on its back")


SETTINGS = KindSettings(
    keys=(OwnKey("number", number), OwnKey("token", token, "ask the desk", confidential=True, from_file=True)),
    check=check,
)


@dataclass(frozen=True, slots=True)
class Pager:
    """A kind of channel (monitor.channels.kind.ChannelKind)."""

    settings: KindSettings = SETTINGS

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> PostRequest:
        """Return the request of this attempt."""
        del now
        card = read_card(delivery.body, channel.zone, channel.lang)
        text = shortened(f"{channel.option('number')}: {card.title}", LONGEST)
        return PostRequest(channel.url, text.encode(), {"x-token": "".join(channel.secrets)})

    def judge(self, response: Response, channel: Channel, now: datetime) -> Outcome:
        """Return what the response means: a pager that is a teapot is gone."""
        outcome = responses.judge(response, channel, now)
        return replace(outcome, verdict=Verdict.CHANNEL_GONE) if response.status == 418 else outcome


KIND = Pager()
