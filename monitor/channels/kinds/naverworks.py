"""NAVER WORKS, messages of a bot (https://developers.worksmobile.com/kr/docs/bot-channel-message-send), as a service account.

`url` is `https://www.worksapis.com/v1.0/bots/<bot>/channels/<channel>/messages`, or `…/users/<user>/messages`. The token comes
for a claim that the account's private key signs (https://developers.worksmobile.com/kr/docs/auth-jwt) and is good for an
hour or a day. Limits: 1,000 characters in each part of a link message, 2,000 in a text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from monitor.channels.chat import Chat, Json, Shown, unpinged
from monitor.channels.jwt import can_sign, private_key, rs256
from monitor.channels.kind import PostRequest, TokenRequest
from monitor.channels.words.card import shortened
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import NEEDS, Complaint, KindSettings, OwnKey, Written, missing
from monitor.model.plan import Channel

TOKEN_URL: Final = "https://auth.worksmobile.com/oauth2/v2.0/token"  # noqa: S105 - where tokens are asked for
LIFE: Final = 1_800  # seconds that a claim is good; an hour at most
LIBRARY: Final = "CFG042"  # docs/configuration.md

_LABEL, _TITLE, _TEXT, _FOOTER, _LINK = 60, 200, 500, 120, 1_000
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PATH: Final = re.compile(r"/v1\.0/bots/[^/]+/(?:channels|users)/[^/]+/messages")
_CALL: Final = re.compile(r"<(?=/?m\b)", re.IGNORECASE)  # <m userId="…"> calls somebody
_NEEDED: Final = (
    ("client_id", "the app's Client ID, of the Developer Console"),
    ("client_secret", "the app's Client Secret"),
    ("service_account", "the app's service account, as in abcd.serviceaccount@example.com"),
    ("private_key", "the service account's private key; `private_key_file` names the file that the console gave"),
)


def write(shown: Shown) -> Json:
    """Return the request body: a text with a button to the article; without one where there is no link that fits."""
    card = shown.card
    lines = (
        f"[{shortened(card.label, _LABEL)}] {shortened(card.title, _TITLE)}",
        card.passage(_TEXT),
        shortened(card.footing(), _FOOTER),
    )
    text = _CALL.sub("\uff1c", unpinged("\n".join(line for line in lines if line)))
    if not card.link or len(card.link) > _LINK:
        return {"content": {"type": "text", "text": text}}
    return {"content": {"type": "link", "contentText": text, "linkText": "기사 보기 / Open", "link": card.link}}


def token(channel: Channel, now: datetime) -> TokenRequest:
    """Return how the account's token is asked for. Raises MessageError where the channel lacks a key."""
    told = {key: channel.option(key) for key, _ in _NEEDED}
    lacking = [key for key, text in told.items() if not text]
    if lacking:
        raise MessageError(f"the channel has no `{lacking[0]}`")
    url = channel.option("token_url") or TOKEN_URL

    def ask() -> PostRequest:
        at = int(now.timestamp())
        claims: dict[str, str | int] = {
            "iss": told["client_id"],
            "sub": told["service_account"],
            "iat": at,
            "exp": at + LIFE,
        }
        form = {
            "grant_type": _GRANT,
            "assertion": rs256(claims, told["private_key"]),
            "client_id": told["client_id"],
            "client_secret": told["client_secret"],
            "scope": "bot",
        }
        headers = {"content-type": "application/x-www-form-urlencoded", "accept-encoding": "identity"}
        return PostRequest(url, urlencode(form).encode("ascii"), headers)

    return TokenRequest(hashlib.sha256("\0".join((url, *told.values())).encode()).hexdigest(), ask)


def word(text: str) -> str:
    """Return an id or a secret as it is. Raises InvalidValueError, which never quotes it."""
    if not re.fullmatch(r"[!-~]+", text):
        raise InvalidValueError(
            "must be one word of ASCII letters, digits and signs, as the Developer Console shows it"
        )
    return text


def token_address(text: str) -> str:
    """Return the address that hands out tokens as it is. Raises InvalidValueError."""
    if not re.fullmatch(r"https?://[!-~]+", text) or not urlsplit(text).hostname:
        raise InvalidValueError("must be an address that begins with https:// or http://")
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain of a channel that cannot log in, or whose address takes no message of a bot."""
    if not written.urls:
        return
    for key, hint in _NEEDED:
        if not written.given(key):
            yield missing(written, key, hint)
    if not all(_PATH.fullmatch(urlsplit(url).path) for url in written.urls):
        shape = "https://www.worksapis.com/v1.0/bots/BOT/channels/CHANNEL/messages, or …/users/USER/messages"
        yield Complaint("url", "this is no address for messages of a bot", shape, NEEDS)
    if not can_sign():
        what = f"the kind {written.kind} needs the package cryptography, which is not installed"
        yield Complaint("kind", what, 'pip install "monitor[naverworks]"', LIBRARY)


SETTINGS: Final = KindSettings(
    keys=(
        OwnKey("client_id", word, longest=200),
        OwnKey("client_secret", word, longest=200, private=True, from_file=True),
        OwnKey("service_account", word, longest=320),
        OwnKey("private_key", private_key, private=True, from_file=True),
        OwnKey("token_url", token_address, longest=2_000),
    ),
    check=check,
    hosts=("worksapis.com",),
    called=("naver-works", "naver_works", "lineworks", "line-works", "works"),
)
KIND = Chat(write, token=token, wait_header="ratelimit-reset", settings=SETTINGS)
