"""Whatever Apprise knows (https://github.com/caronc/apprise): plain words to the service of an Apprise URL.

What comes back is whether the service took them: its status and how long it asks to wait are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from monitor.channels import responses
from monitor.channels.chat import unpinged
from monitor.channels.kind import RelayRequest
from monitor.channels.words.card import shortened
from monitor.channels.words.edition import read_card
from monitor.model.delivery import Delivery, Outcome
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import Complaint, KindSettings, Written
from monitor.model.page import Response
from monitor.model.plan import Channel
from monitor.net.apprise_client import has_apprise, is_known

LIBRARY: Final = "CFG042"  # docs/configuration.md
BLIND: Final = "CFG106"

_LABEL, _TITLE, _TEXT, _FOOTER = 60, 180, 1_200, 200
_SHAPE: Final = (
    "must be one Apprise URL, as in pover://user@token: https://github.com/caronc/apprise/wiki has one for each service"
)
_MARKUP: Final = re.compile(r"<(?=[!@#&/a-z])", re.IGNORECASE)


def apprise_url(text: str) -> str:
    """Return an Apprise URL as it is. Raises InvalidValueError, which never quotes it.

    Without the package only its form is looked at.
    """
    if not re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) or re.search(r"[\x00-\x20\x7f]", text):
        raise InvalidValueError(f"{_SHAPE}, without blanks")
    if has_apprise() and not is_known(text):
        raise InvalidValueError(f"{_SHAPE}; Apprise does not know this one, or it is not complete")
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain where Apprise is not installed."""
    if not has_apprise():
        what = f"the kind {written.kind} needs the package apprise, which is not installed"
        yield Complaint("kind", what, 'pip install "monitor[apprise]"', LIBRARY)


def advise(written: Written) -> Iterator[Complaint]:
    """Say what Apprise cannot do."""
    if written.urls:
        what = (
            f"messages of {written.id} go out through Apprise: what the service answers and how long it asks to wait are not known, "
            "one may arrive twice, and `allow_networks`, `proxy` and `ca_file` of `deliver` do not cover it"
        )
        yield Complaint("kind", what, "where there is a kind of its own for the service, take that", BLIND)


SETTINGS: Final = KindSettings(check=check, advise=advise, address=apprise_url, guarded=False)


@dataclass(frozen=True, slots=True)
class AppriseService:
    """A service that Apprise knows (monitor.channels.kind.ChannelKind)."""

    settings: KindSettings = SETTINGS

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> RelayRequest:
        """Return the words of this message. Raises MessageError for a channel without URL and for an unreadable body."""
        del now
        if not channel.url:
            raise MessageError("the channel has no URL")
        card = read_card(delivery.body, channel.zone, channel.lang)
        title = f"[{shortened(card.label, _LABEL)}] {shortened(card.title, _TITLE)}"
        lines = (_inert(card.passage(_TEXT)), _inert(shortened(card.footing(), _FOOTER)), card.link)
        text = "\n".join(line for line in lines if line)
        return RelayRequest(channel.url, _inert(title), text or _inert(title))

    def judge(self, response: Response, channel: Channel, now: datetime) -> Outcome:
        """Return what it means that Apprise came back: the service took it. What it said is not known."""
        return replace(responses.judge(response, channel, now), status=None, detail="taken, as Apprise says")


def _inert(text: str) -> str:
    """Return the text so that no service takes anything in it for a tag or a mention, whatever Apprise makes of it."""
    return _MARKUP.sub("\uff1c", unpinged(text))


KIND = AppriseService()
