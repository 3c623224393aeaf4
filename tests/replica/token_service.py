"""A real service on loopback that gives tokens for signed claims and takes messages with them."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.net.raw_server import Caller, RawServer, http, serving

TOKENS = "/oauth2/v2.0/token"


@dataclass
class TokenService:
    """What was asked and taken. `good` are the tokens that are taken; each one given out is added, unless `useless`.

    `answers` are said to those who ask for tokens, in order, before tokens are given again.
    """

    key: RSAPublicKey
    secret: str = "canary-secret"
    life: object = "3600"
    useless: bool = False
    good: set[str] = field(default_factory=set)
    answers: list[bytes] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    messages: list[tuple[str, str, Any]] = field(default_factory=list)
    refused: int = 0
    message_answers: list[bytes] = field(default_factory=list)

    async def talk(self, caller: Caller) -> None:
        """Answer one request."""
        await caller.say(self._token(caller.body) if caller.path == TOKENS else self._message(caller))

    def _token(self, body: bytes) -> bytes:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if self.answers:
            return self.answers.pop(0)
        head, claims, signature = form["assertion"].split(".")
        try:
            self.key.verify(_plain(signature), f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
        except InvalidSignature:
            return http(b'{"error":"invalid_grant"}', "400 Bad Request")
        if form["client_secret"] != self.secret or json.loads(_plain(head))["alg"] != "RS256":
            return http(b'{"error":"invalid_client","client_secret":"%s"}' % self.secret.encode(), "401 Unauthorized")
        self.claims.append(json.loads(_plain(claims)) | {"scope": form["scope"], "grant": form["grant_type"]})
        token = f"kr1.token-{len(self.claims)}=="
        if not self.useless:
            self.good.add(token)
        said = {"access_token": token, "token_type": "Bearer", "expires_in": self.life, "scope": "bot"}
        return http(json.dumps(said).encode(), "200 OK")

    def _message(self, caller: Caller) -> bytes:
        token = next(
            (line[22:] for line in caller.head.split("\r\n") if line.lower().startswith("authorization: bearer ")), ""
        )
        if token not in self.good:
            self.refused += 1
            return http(b'{"code":"UNAUTHORIZED","description":"token %s"}' % token.encode(), "401 Unauthorized")
        if self.message_answers:
            return self.message_answers.pop(0)
        self.messages.append((caller.path, token, json.loads(caller.body)))
        return http(b"", "201 Created")


@asynccontextmanager
async def token_service(key: RSAPublicKey) -> AsyncIterator[tuple[TokenService, RawServer]]:
    """Run one."""
    service = TokenService(key)
    async with serving(service.talk) as server:
        yield service, server


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
