"""E-mail, handed in over SMTP (RFC 5321): text and HTML, one thread for each story (RFC 5322), nothing that is fetched from elsewhere.

`url` is the server: `smtps://user:password@host` (port 465) or `smtp://user:password@host` (port 587, STARTTLS). The
Message-ID is the delivery's id, so that a mailbox that was sent a message twice shows it once.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from monitor.channels import responses
from monitor.channels.words.card import Card, shortened
from monitor.channels.words.edition import read_card
from monitor.channels.words.visible import visible_line
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import Complaint, KindSettings, OwnKey, Written, missing
from monitor.model.letter import LEFT_OUT, Letter, MailServer
from monitor.model.page import Response
from monitor.model.plan import Channel

PATIENCE: Final = timedelta(minutes=5)
"""How long a letter waits for recipients whose server puts them off, before the others are sent it without them."""

BUSY_WAIT: Final = 30.0  # seconds, after 421: the server has too much to do
PUT_OFF_WAIT: Final = 120.0  # seconds, after 450 and 451: greylisting, a mailbox in use, a limit on senders

_LABEL, _TITLE, _TEXT, _FOOTER = 60, 200, 3_000, 300
_PLAIN: Final = 68  # characters that stay within a line of 78
_PORTS: Final = {"smtps": 465, "smtp": 587}
_WAITS: Final = {421: BUSY_WAIT, 450: PUT_OFF_WAIT, 451: PUT_OFF_WAIT}
_OF_THE_ACCOUNT: Final = frozenset({530, 534, 535, 538})  # RFC 4954 §6: who may send, not what is sent
_POLICY: Final = SMTP.clone(cte_type="7bit", refold_source="none")
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
)
_SHAPE: Final = (
    "must be smtps://user:password@host, or smtp://user:password@host for STARTTLS, with :port where it is another"
)
_WORD: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_MARKS: Final = "write @ : / ? # % in user and password as %40 %3A %2F %3F %23 %25"


def mail_server(url: str) -> MailServer:
    """Return the server that a URL names. Raises InvalidValueError, which never quotes it."""
    if re.search(r"[\x00-\x20\x7f\\]", url) or not url.isprintable():
        raise InvalidValueError(f"{_SHAPE}, without blanks; {_MARKS}")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        raise InvalidValueError(f"{_SHAPE}; {_MARKS}") from None
    if parts.scheme not in _PORTS or not host or port == 0 or parts.path not in {"", "/"} or parts.fragment:
        raise InvalidValueError(f"{_SHAPE}; {_MARKS}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if re.search(r"[\x00-\x1f\x7f]", user + password):
        raise InvalidValueError("must have a user and a password without control characters")
    at = port or _PORTS[parts.scheme]
    if not asked:
        return MailServer(host, at, "tls" if parts.scheme == "smtps" else "starttls", user, password)
    if parts.scheme != "smtp" or asked != [("tls", "none")]:
        raise InvalidValueError("may end in ?tls=none after smtp://, and in nothing else")
    if user and not _is_here(host):
        raise InvalidValueError("must not name a user with ?tls=none: the password would be told in the clear")
    return MailServer(host, at, "none", user, password)


def _is_here(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def server_address(text: str) -> str:
    """Return the address of a server as it is. Raises InvalidValueError."""
    mail_server(text)
    return text


def mailbox(text: str) -> Address:
    """Return a mailbox, `desk@example.com` or `Desk <desk@example.com>`. Raises InvalidValueError."""
    found = re.fullmatch(r"(?:(?P<name>[^<>]*?)\s*<(?P<named>[^<>]+)>|(?P<bare>[^<>\s]+))", text.strip())
    address = (found["named"] or found["bare"]) if found else ""
    if not found or not _ADDRESS.fullmatch(address) or not text.isprintable():
        raise InvalidValueError("must be a mailbox, desk@example.com or Desk <desk@example.com>")
    return Address((found["name"] or "").strip(' "'), addr_spec=address)


def mailbox_text(text: str) -> str:
    """Return a mailbox as it is written. Raises InvalidValueError."""
    mailbox(text)
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain of a channel that has a server and names nobody to send from or to."""
    if written.urls and not written.given("from"):
        yield missing(written, "from", "the mailbox that it sends from, as the server allows it")
    if written.urls and not written.given("to"):
        yield missing(written, "to", "one mailbox or several")


SETTINGS: Final = KindSettings(
    called=("mail", "e-mail", "smtp", "smtps"),
    keys=(OwnKey("from", mailbox_text, longest=320), OwnKey("to", mailbox_text, many=True, longest=320)),
    check=check,
    address=server_address,
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mailbox, or several (monitor.channels.kind.ChannelKind)."""

    settings: KindSettings = SETTINGS

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> Letter:
        """Return the letter of this attempt; its content is the same on each. Raises MessageError where settings are missing."""
        try:
            server, sender = mail_server(channel.url), mailbox(channel.option("from"))
            recipients = tuple(mailbox(text) for text in channel.given("to"))
        except InvalidValueError as error:
            raise MessageError(f"the channel's `url`, `from` or `to` {error}") from None
        if not recipients:
            raise MessageError("the channel has no `to`: which mailbox?")
        content = _message(delivery, channel, sender, recipients).as_bytes()
        envelope = tuple(dict.fromkeys(recipient.addr_spec for recipient in recipients))
        waited = now - (delivery.first_attempt_at or now)
        return Letter(server, sender.addr_spec, envelope, content, patient=waited < PATIENCE)

    def judge(self, response: Response, channel: Channel, now: datetime) -> Outcome:
        """Return what the server's reply means (RFC 5321 §4.2.1): 5xx refuses this letter, 4xx asks for another try.

        A server that does not let the account in may do so once that is mended: the letter waits.
        """
        del now
        code = response.status
        said = responses.words(response.body[: responses.MAX_RESPONSE].decode(errors="replace"), channel)
        verdict = Verdict.RETRY
        if 200 <= code < 300:  # noqa: PLR2004 - the classes of RFC 5321 read best as numbers
            verdict = Verdict.DELIVERED
        elif code >= 500 and code not in _OF_THE_ACCOUNT:  # noqa: PLR2004 - as above
            verdict = Verdict.REJECTED
        left_out = responses.words(response.headers.get(LEFT_OUT, ""), channel)
        detail = ": ".join(part for part in (str(code), f"not for {left_out}" if left_out else "", said) if part)
        return Outcome(verdict, code, detail, 0.0, _WAITS.get(code), left_out)


def _message(delivery: Delivery, channel: Channel, sender: Address, recipients: tuple[Address, ...]) -> EmailMessage:
    card = read_card(delivery.body, channel.zone, channel.lang)
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = recipients
    title = visible_line(f"[{shortened(card.label, _LABEL)}] {shortened(card.title, _TITLE)}", _LABEL + _TITLE)
    message.set_raw("Subject", _encoded(title))
    message["Date"] = format_datetime(delivery.created_at)
    message["Message-ID"] = f"<{_word(delivery.id)}@{sender.domain}>"
    if thread := _thread(delivery.body):
        root = f"<{_hash(f'{thread} {channel.id}')}.story@{sender.domain}>"
        message["In-Reply-To"] = root
        message["References"] = root
    message["List-Id"] = f"<{channel.id}.monitor.{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice answers it
    message.set_content(_storable(_plain(card)))
    message.add_alternative(_storable(_marked_up(card)), subtype="html")
    message.set_boundary(f"={_word(delivery.id)}")  # the same on every attempt
    return message


def _encoded(line: str) -> str:
    """Return one visible line as the value of a header (RFC 2047).

    EmailMessage would take what looks like an encoded word for one, and loses blanks where it splits a long text itself.
    """
    if line.isascii() and "=?" not in line and len(line) <= _PLAIN:
        return line
    return Header(line, "utf-8", header_name="Subject").encode()


def _thread(body: bytes) -> str:
    """Return the id of the story that a message is about, "" where it is about none, or about several."""
    data = json.loads(body)["data"]
    items = data.get("items") or [{"data": data}]
    stories = {str((item["data"].get("story") or {}).get("id", "")) for item in items}
    return stories.pop() if len(stories) == 1 else ""


def _passage(card: Card) -> str:
    """Return what it tells, as a list with addresses where it is one: a mail has room for all of it."""
    if not card.lines:
        return card.passage(_TEXT)
    listed = ("\n".join(filter(None, pair)) for pair in zip(card.lines, card.links, strict=True))
    return "\n".join((*listed, *_others(card)))


def _others(card: Card) -> tuple[str, ...]:
    return (card.more.format(card.left),) if card.left else ()


def _listed(card: Card) -> str:
    """Return a list of headlines as HTML, each a link."""
    lines = (_linked(html.escape(line), link) for line, link in zip(card.lines, card.links, strict=True))
    return "".join(f"<li>{line}</li>" for line in (*lines, *map(html.escape, _others(card))))


def _linked(text: str, link: str) -> str:
    """Return the text as a link, or as it is where there is no address of the web."""
    return f'<a href="{html.escape(link)}">{text}</a>' if link.startswith(("http://", "https://")) else text


def _plain(card: Card) -> str:
    lines = (f"[{card.label}] {card.title}", card.link, _passage(card), shortened(card.footing(), _FOOTER))
    return "\n\n".join(line for line in lines if line)


def _marked_up(card: Card) -> str:
    """Return the message as HTML; everything that a stranger wrote is escaped, and nothing is loaded."""
    title = _linked(html.escape(shortened(card.title, _TITLE)), card.link)
    passage = "".join(
        f"<mark>{html.escape(piece)}</mark>" if marked else html.escape(piece) for piece, marked in card.runs(_TEXT)
    )
    footing = html.escape(shortened(card.footing(), _FOOTER))
    parts = (
        f"<p>{html.escape(card.label)}</p>",
        f"<h3>{title}</h3>",
        f"<ul>{_listed(card)}</ul>" if card.lines else f"<p>{passage}</p>" if passage else "",
        f"<p><small>{footing}</small></p>" if footing else "",
    )
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{"".join(parts)}</body></html>'


def _storable(text: str) -> str:
    """Return the text without lone surrogates, which nothing can encode."""
    return text.encode(errors="replace").decode()


def _word(text: str) -> str:
    """Return an id as one word of a header: itself, or a hash of what is none."""
    return text if _WORD.fullmatch(text) else _hash(text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]


KIND = Mail()
