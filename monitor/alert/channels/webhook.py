"""The generic webhook: the frozen body as JSON, signed after Standard Webhooks 1.0. Pure."""

from __future__ import annotations

from datetime import datetime

from monitor.alert import answers, signing
from monitor.alert.poster import Answer, Message
from monitor.model.alert import Delivery, Outcome, Verdict
from monitor.model.errors import FetchError
from monitor.model.plan import Channel


def compose(delivery: Delivery, channel: Channel, now: datetime) -> Message:
    """Answer the request of this attempt; `now` is what its signature is dated.

    `monitor-seq` and `monitor-attempt` are outside the signature: the first repeats `seq` of the signed body, the
    second helps whoever reads the receiver's logs. Raises ValueError for a channel without URL, or with a secret that
    cannot sign.
    """
    if not channel.url:
        raise ValueError("the channel has no URL")
    signed = signing.headers(delivery.id, now, delivery.body, channel.secrets)
    own = {
        "content-type": "application/json",
        "accept-encoding": "identity",  # answers are kept as they come, never inflated
        "monitor-seq": str(delivery.seq),
        "monitor-attempt": str(delivery.attempt),
    }
    return Message(channel.url, delivery.body, own | signed)


def judge(answer: Answer, channel: Channel, now: datetime) -> Outcome:
    """Answer what the receiver's answer means; the status alone decides, its words are kept for people."""
    verdict = answers.verdict_of(answer.status)
    said = answers.words(_text(answer), channel)
    wait = None if verdict is Verdict.DELIVERED else answers.retry_after(answer.headers, answer.body, now)
    return Outcome(verdict, answer.status, _detail(answer.status, said), 0.0, wait)


def judge_failure(error: FetchError, channel: Channel) -> Outcome:
    """Answer what a failure below HTTP means: try again, for all of it may heal.

    Even a forbidden address may be a wrong DNS answer, or one that the operator is about to allow; it is refused before
    anything is sent, so asking again probes nobody's network. The error's own text names the URL: only parts are used.
    """
    detail = ": ".join(part for part in (error.reason.value, answers.words(error.detail, channel)) if part)
    return Outcome(Verdict.RETRY, error.status, detail, 0.0, error.retry_after)


def _text(answer: Answer) -> str:
    """Answer the beginning of what the receiver wrote, or "" where it is compressed."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        return ""
    return answer.body[: answers.MAX_ANSWER].decode(errors="replace")


def _detail(status: int, said: str) -> str:
    """Answer the status, what it implies where that surprises, and the receiver's words."""
    note = "redirects are not followed" if 300 <= status < 400 else ""  # noqa: PLR2004 - 3xx
    return ": ".join(part for part in (str(status), note, said) if part)
