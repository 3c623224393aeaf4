"""One attempt at one delivery: compose, carry, judge. Implements monitor.pipeline.ports.Sender."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from time import perf_counter

from monitor.channels import responses
from monitor.channels.carrier import Carrier
from monitor.channels.kind import ChannelKind, EditingKind, PostRequest, Request, TokenRefusal
from monitor.channels.registry import CHANNEL_KINDS
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.errors import FetchError, MessageError
from monitor.model.page import Response
from monitor.model.plan import Channel


class ChannelSender:
    """Sends through whatever kind a channel is of.

    `carrier` has the ways to receivers. `timer` returns seconds from any origin and never runs back.
    """

    def __init__(
        self,
        carrier: Carrier,
        timer: Callable[[], float] = perf_counter,
        kinds: Mapping[str, ChannelKind] = CHANNEL_KINDS,
    ) -> None:
        self._carrier = carrier
        self._kinds = kinds
        self._timer = timer

    async def send(self, delivery: Delivery, channel: Channel, now: datetime) -> Outcome:
        """Make one attempt, dated `now`. Every failure is an Outcome; only cancellation is raised."""
        return await self._timed(channel, now, lambda kind: kind.compose(delivery, channel, now))

    async def edit(self, delivery: Delivery, channel: Channel, now: datetime, receipt: str) -> Outcome:
        """Make one attempt at putting the body of `delivery` in the place of a message that the receiver took.

        `receipt` is what the Outcome of that one held. Every failure is an Outcome; only cancellation is raised.
        """

        def change(kind: ChannelKind) -> Request:
            if not isinstance(kind, EditingKind) or not kind.edits(channel):
                raise MessageError("its messages cannot be edited")
            return kind.edit(delivery, channel, now, receipt)

        return await self._timed(channel, now, change)

    async def _timed(self, channel: Channel, now: datetime, make: Callable[[ChannelKind], Request]) -> Outcome:
        started = self._timer()
        outcome = await self._attempt(channel, now, make)
        return replace(outcome, elapsed_ms=(self._timer() - started) * 1000)

    async def _attempt(self, channel: Channel, now: datetime, make: Callable[[ChannelKind], Request]) -> Outcome:
        """Compose, carry and judge; what a channel's settings forbid is tried again on the usual schedule."""
        try:
            kind = self._kinds[channel.kind]
            request = make(kind)
            try:
                said = await self._carrier.carry(request, now)
            except FetchError as error:
                outcome = responses.judge_failure(error, channel)
            else:
                outcome = _judged(said, kind, channel, now)
            note = request.note if isinstance(request, PostRequest) else ""
            return replace(outcome, detail=f"{outcome.detail}; {note}", note=note) if note else outcome
        except MessageError as error:
            return Outcome(Verdict.RETRY, None, f"not sent: {error}", 0.0)
        except Exception as error:  # noqa: BLE001 - whatever broke, the outbox must hear of it, or the lease hangs
            return Outcome(Verdict.RETRY, None, f"unexpected {type(error).__name__}", 0.0)  # its text may name the URL


def _judged(said: Response | TokenRefusal, kind: ChannelKind, channel: Channel, now: datetime) -> Outcome:
    if isinstance(said, TokenRefusal):
        return responses.judge_token(said.response, channel, now)
    return kind.judge(said, channel, now)
