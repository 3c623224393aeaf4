"""A channel of every kind, and what a request of any form tells its receiver."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from monitor.channels.kind import PostRequest, RelayRequest, Request
from monitor.model.plan import Channel

URL: Final = "https://chat.example/hooks/T0-secret"

_CHANNELS: Final[dict[str, Channel]] = {
    "telegram": Channel("desk", "telegram", URL, options=(("to", "-100123"),)),
    "naverworks": Channel(
        "desk",
        "naverworks",
        URL,
        options=(("client_id", "app7"), ("service_account", "x.serviceaccount@desk")),
        private=(("client_secret", "canary-secret"), ("private_key", "asked for when a token is")),
    ),
    "apprise": Channel("desk", "apprise", "json://chat.example/T0-secret"),
    "email": Channel(
        "desk",
        "email",
        "smtps://desk:pa%24%24word@mail.example",
        options=(("from", "편집국 <desk@example.com>"), ("to", "a@example.com"), ("to", "나 <b@example.com>")),
    ),
}


def receiver_of(kind: str) -> Channel:
    """Return a channel of that kind with all that it needs."""
    return _CHANNELS.get(kind) or Channel("desk", kind, URL)


def sent_words(request: Request) -> str:
    """Return all that a request tells, unpacked."""
    if isinstance(request, PostRequest):
        return json.dumps(json.loads(request.body), ensure_ascii=False)
    if isinstance(request, RelayRequest):
        return f"{request.title}\n{request.text}"
    letter = read_letter(request.content)
    return "\n".join((str(letter["Subject"]), part(letter, "plain"), part(letter, "html")))


def read_letter(content: bytes) -> EmailMessage:
    """Return a letter as a mail program reads it."""
    read = message_from_bytes(content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(letter: EmailMessage, kind: str) -> str:
    """Return the text of the part of that subtype, plain or html."""
    found = letter.get_body(preferencelist=(kind,))
    assert found is not None
    return str(found.get_content())
