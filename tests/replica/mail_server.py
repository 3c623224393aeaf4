"""A real SMTP server on loopback that can be told to refuse: STARTTLS, TLS, AUTH PLAIN, a reply for each command.

async with MailServerReplica(tls=context) as server:
    server.replies["RCPT b@"] = ["450 4.2.0 later"]
    ...
    assert server.letters[0].recipients == ("a@example.com",)
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Received:
    """A letter that was taken. `user` logged in, "" where nobody did."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    user: str
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """Return the letter as a mail program reads it."""
        read = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read

    def part(self, kind: str) -> str:
        """Return the text of the part of that subtype, plain or html."""
        part = self.message.get_body(preferencelist=(kind,))
        assert part is not None
        return str(part.get_content())


@dataclass
class MailServerReplica:
    """Takes letters. `tls`: STARTTLS is offered, or with `at_once` spoken from the first byte.

    `replies` holds, by how a command begins, what is said to it instead of the usual, each once; the last for ever. The
    command "." is the end of a letter, "GREETING" the beginning; a reply of "" ends the connection, and one of "hang" never comes.
    """

    tls: ssl.SSLContext | None = None
    at_once: bool = False
    users: dict[str, str] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)
    letters: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=self.tls if self.at_once else None, limit=1 << 20
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every conversation."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _Conversation(self, reader, writer).hold()
        writer.transport.abort()
        self._tasks.discard(task)

    def told(self, command: str, usual: str) -> str:
        """Return what is said to a command."""
        self.commands.append(command)
        for beginning, said in self.replies.items():
            if command.upper().startswith(beginning.upper()) and said:
                return said.pop(0) if len(said) > 1 else said[0]
        return usual


class _Conversation:
    def __init__(self, server: MailServerReplica, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.user, self.sender, self.encrypted = "", "", server.at_once
        self.recipients: list[str] = []

    async def hold(self) -> None:
        """Talk until either side has enough."""
        going = await self._say(self.server.told("GREETING", "220 replica ESMTP"))
        while going and (line := await self.reader.readline()):
            going = await self._answer(line.decode().rstrip("\r\n"))

    async def _say(self, reply: str) -> bool:
        if not reply:
            return False
        if reply == "hang":
            await asyncio.sleep(3600)
        self.writer.write(reply.encode() + b"\r\n")
        await self.writer.drain()
        return not reply.startswith("421")

    async def _answer(self, line: str) -> bool:
        verb = line.split(" ", maxsplit=1)[0].upper()
        if verb == "DATA":
            return await self._data(line)
        reply = self.server.told(line.replace("FROM:<", "").replace("TO:<", ""), self._usual(verb, line))
        going = await self._say(reply)
        if verb == "STARTTLS" and reply.startswith("220"):
            assert self.server.tls is not None
            await self.writer.start_tls(self.server.tls)
            self.encrypted = True
        if verb == "RCPT" and reply.startswith("250"):
            self.recipients.append(line.partition("<")[2].partition(">")[0])
        return going and verb != "QUIT"

    def _usual(self, verb: str, line: str) -> str:
        if verb == "EHLO":
            offers = ["STARTTLS"] if self.server.tls and not self.encrypted else []
            offers += ["AUTH PLAIN"] if self.server.users else []
            return "\r\n".join(f"250-{each}" for each in ("replica", *offers)) + "\r\n250 SIZE 10000000"
        if verb == "AUTH":
            _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
            if self.server.users.get(user) != password:
                return "535 5.7.8 wrong"
            self.user = user
        if verb == "MAIL":
            self.sender, self.recipients = line.partition("<")[2].partition(">")[0], []
        usual = {"STARTTLS": "220 go on", "AUTH": "235 welcome", "MAIL": "250 ok", "RCPT": "250 ok", "QUIT": "221 bye"}
        return usual.get(verb, "502 what?")

    async def _data(self, line: str) -> bool:
        reply = self.server.told(line, "354 go on")
        if not await self._say(reply) or not reply.startswith("354"):
            return bool(reply)
        content = (await self.reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
        reply = self.server.told(".", "250 2.0.0 taken")
        if reply.startswith("250"):
            recipients = tuple(self.recipients)
            self.server.letters.append(Received(self.sender, recipients, content, self.user, self.encrypted))
        return await self._say(reply)
