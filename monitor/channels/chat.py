"""What the chat services have in common: a card goes out as JSON, and a response is read for more than its status. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from monitor.channels import responses
from monitor.channels.editing import Editing
from monitor.channels.kind import PostRequest, TokenRequest
from monitor.channels.words.card import Card
from monitor.channels.words.edition import read_card
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.errors import MessageError
from monitor.model.kind import NO_SETTINGS, KindSettings
from monitor.model.page import Response
from monitor.model.plan import Channel
from monitor.net.retry_after import retry_after

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

TOKEN: Final = "token"  # noqa: S105 - the name of the own key that holds one
_NOT_LET_IN: Final = 401
_MENTION: Final = re.compile(r"@(?=\w)")
_MARKDOWN: Final = re.compile(r"([\\`*_~|<>\[\]()#+\-!{}])")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card on its way to one channel, with what a formatter may ask: which message, for whom, which attempt."""

    card: Card
    channel: Channel
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat service as a kind of channel (monitor.channels.kind.EditingKind).

    `write` makes the request body. `address` makes the URL to post to from the channel's own. `waits_within` is
    the key of a JSON body under which `retry_after` may stand, beside its top, and `wait_header` a header that tells it in
    seconds. `token`: how the token of a service is asked for that wants one; one that does not change is the own key `token`.
    `settings` hold keys of its own, where it has some. `editing`: how it edits a message, if it does. `meant` says what the
    JSON of an answer means where that is more than its status.
    """

    write: Callable[[Shown], Json]
    address: Callable[[Channel], str] = lambda channel: channel.url
    headers: Mapping[str, str] | None = None
    waits_within: str = ""
    wait_header: str = ""
    token: Callable[[Channel, datetime], TokenRequest] | None = None
    settings: KindSettings = NO_SETTINGS
    editing: Editing | None = None
    meant: Callable[[Outcome, Mapping[str, Any]], Outcome] = lambda outcome, _: outcome

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> PostRequest:
        """Return the request of this attempt. Raises MessageError for a channel without URL and for an unreadable body."""
        body = self._written(delivery, channel)
        token = self.token(channel, now) if self.token else None
        return PostRequest(self.address(channel), _encoded(body), self._headers(channel), token)

    def edits(self, channel: Channel) -> bool:
        """Return whether messages of the channel can be edited."""
        return self.editing is not None and self.editing.open_to(channel)

    def edit(self, delivery: Delivery, channel: Channel, now: datetime, receipt: str) -> PostRequest:
        """Return the request that puts a body in the place of a message's. Raises MessageError as `compose` does.

        `receipt` is what the answer to the message held.
        """
        body = self._written(delivery, channel)
        if self.editing is None or not isinstance(body, dict):
            raise MessageError("the service edits no messages")
        change = self.editing.change(channel, receipt, body)
        token = self.token(channel, now) if self.token else None
        return PostRequest(change.url, _encoded(change.body), self._headers(channel), token, method=change.method)

    def judge(self, response: Response, channel: Channel, now: datetime) -> Outcome:
        """Return what the service's response means; some say in the body of a 200 that they refused."""
        outcome = responses.judge(response, channel, now, self.waits_within)
        with_token = self.token is not None or channel.option(TOKEN)
        if with_token and response.status == _NOT_LET_IN:  # of the account, which can be mended, not of the message
            outcome = replace(outcome, verdict=Verdict.RETRY)
        if outcome.verdict is Verdict.RETRY and self.wait_header:
            wait = retry_after(response.headers.get(self.wait_header, ""), now, responses.MAX_WAIT)
            outcome = replace(outcome, retry_after=responses.longest(outcome.retry_after, wait))
        said = _object(response.body)
        if outcome.verdict is Verdict.DELIVERED and _refused(said):
            outcome = replace(outcome, verdict=Verdict.REJECTED)
        outcome = self.meant(outcome, said)
        if self.editing is None or outcome.verdict is not Verdict.DELIVERED or not self.edits(channel):
            return outcome
        return replace(outcome, receipt=self.editing.read(said))

    def _written(self, delivery: Delivery, channel: Channel) -> Json:
        if not channel.url:
            raise MessageError("the channel has no URL")
        return self.write(Shown(read_card(delivery.body, channel.zone, channel.lang), channel, delivery))

    def _headers(self, channel: Channel) -> dict[str, str]:
        own = {"content-type": "application/json; charset=utf-8", "accept-encoding": "identity"}
        lasting = channel.option(TOKEN)
        return own | dict(self.headers or {}) | ({"authorization": f"Bearer {lasting}"} if lasting else {})


def unpinged(text: str) -> str:
    """Return the text with each @ that could call somebody made full width: no service takes that for a mention."""
    return _MENTION.sub("\uff20", text)


def markdown(text: str) -> str:
    """Return the text so that Markdown shows it as it stands and nobody is called."""
    return _MARKDOWN.sub(r"\\\1", unpinged(text))


def address(url: str) -> str:
    """Return a link's address without characters that end a link in Markdown or chat markup."""
    return quote(url, safe="!#$&'*+,/:;=?@%-._~")


def marked_up(card: Card, limit: int, escape: Callable[[str], str], strong: tuple[str, str]) -> str:
    """Return the first `limit` characters of the passage, escaped, its marked words between the two `strong` signs."""
    return "".join(
        f"{strong[0]}{escape(piece)}{strong[1]}" if marked else escape(piece) for piece, marked in card.runs(limit)
    )


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _object(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object that a service answered, an empty one where it answered anything else."""
    try:
        said = json.loads(body[: responses.MAX_RESPONSE])
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _refused(said: Mapping[str, Any]) -> bool:
    """Return whether a service that answers 200 says in its JSON that it took nothing."""
    header = said.get("header")
    return False in (said.get("ok"), said.get("success")) or (
        isinstance(header, dict) and header.get("isSuccessful") is False
    )
