"""Do receivers' own libraries believe us, and nobody else: `python -m tests.bench.signatures [--bodies N] [--every N]`.

N bodies (10,000) as the product composes them, with random Korean headlines, passages and names, are signed by the product
and put to the verifiers of `standardwebhooks` and, where it is installed, of `svix`. Each must be believed as it is, and
refused with any single bit of body, id, timestamp or signature changed: one random bit of each for every body, and every
bit of all four for every N-th (100th).

A signature is base64, and the last letter of one of 32 bytes has two bits that mean nothing: a change of these alone is another
spelling of the same signature, and is counted apart (`spelled otherwise`).
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, TypeAlias

from monitor.channels import signing
from monitor.channels.words.compose import compose
from monitor.model.delivery import MessageDraft
from tests.channels.samples import ARTICLE, CONTEXT, HIT, NOW, STORY

Verify: TypeAlias = Callable[[bytes, Mapping[str, str]], object]
SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")
LIBRARIES = ("standardwebhooks", "svix")


@dataclass(slots=True)
class Tally:
    """What a verifier did: bodies believed as they are, changes refused, changes believed, signatures spelled otherwise."""

    bodies: int = 0
    believed: int = 0
    changes: int = 0
    refused: int = 0
    respelled: int = 0

    @property
    def is_right(self) -> bool:
        """Return whether all was believed that is ours, and nothing else."""
        return self.bodies == self.believed and self.changes == self.refused + self.respelled


def verifiers(secret: str) -> dict[str, Verify]:
    """Return the verifiers of the libraries that are installed, for one secret."""
    found: dict[str, Verify] = {}
    for name in LIBRARIES:
        if importlib.util.find_spec(name):
            library: Any = import_module(f"{name}.webhooks")
            found[name] = library.Webhook(secret).verify
    return found


def words(chance: random.Random, most: int) -> str:
    """Return a random text: mostly Hangul, with what else headlines hold."""
    others = " ·…“”\"\\'<>&%{}[]()+-~?!0123456789abcXYZ漢字😀\u200b\n"
    length = chance.randint(1, most)
    return "".join(
        chr(chance.randint(0xAC00, 0xD7A3)) if chance.random() < 0.8 else chance.choice(others) for _ in range(length)
    )


def bodies(count: int, chance: random.Random) -> Iterator[bytes]:
    """Yield bodies of hits with random texts."""
    for seq in range(1, count + 1):
        article = replace(ARTICLE, title=words(chance, 60), authors=(words(chance, 8),))
        hit = replace(HIT, rule_name=words(chance, 12), excerpt=words(chance, 200))
        context = replace(CONTEXT, article=article, hit=hit, story=replace(STORY, title=article.title))
        yield compose(MessageDraft(seq, NOW, (context,)))


def flipped(data: bytes, bit: int) -> bytes:
    """Return the bytes with one bit changed."""
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


def changes(
    body: bytes, headers: Mapping[str, str], chance: random.Random | None
) -> Iterator[tuple[bytes, dict[str, str]]]:
    """Yield the message with one bit changed: every bit, or with `chance` a random one of each part."""
    parts = {"": body, **{name: headers[name].encode() for name in SIGNED}}
    for name, part in parts.items():
        bits = range(len(part) * 8) if chance is None else [chance.randrange(len(part) * 8)]
        for bit in bits:
            changed = flipped(part, bit)
            yield (changed, dict(headers)) if not name else (body, {**headers, name: changed.decode("latin-1")})


def measure(count: int, every: int, seed: int) -> dict[str, Tally]:
    """Put `count` bodies to every verifier; return what each did."""
    chance = random.Random(seed)
    secret = signing.PREFIX + base64.b64encode(chance.randbytes(32)).decode()
    tallies = {name: Tally() for name in verifiers(secret)}
    for number, body in enumerate(bodies(count, chance)):
        identity = f"0193-{chance.getrandbits(64):016x}"
        headers = signing.headers(identity, datetime.now(UTC), body, (secret,))  # noqa: TID251 - libraries read the real clock
        forged = list(changes(body, headers, None if number % every == 0 else chance))
        for name, verify in verifiers(secret).items():
            _count(tallies[name], verify, (body, headers), forged)
    return tallies


def _count(
    tally: Tally, verify: Verify, ours: tuple[bytes, dict[str, str]], forged: list[tuple[bytes, dict[str, str]]]
) -> None:
    tally.bodies += 1
    tally.believed += not refuses(verify, *ours)
    for body, headers in forged:
        tally.changes += 1
        if refuses(verify, body, headers):
            tally.refused += 1
        elif _same_signature(headers["webhook-signature"], ours[1]["webhook-signature"]):
            tally.respelled += 1


def refuses(verify: Verify, body: bytes, headers: Mapping[str, str]) -> bool:
    """Return whether a verifier refuses; the libraries raise more than their own error for headers that are malformed."""
    try:
        verify(body, headers)
    except Exception:  # noqa: BLE001 - any of them is a refusal
        return True
    return False


def _same_signature(one: str, other: str) -> bool:
    """Return whether two headers are different spellings of the same bytes."""
    return one != other and base64.b64decode(one[3:]) == base64.b64decode(other[3:])


def main(arguments: list[str]) -> int:
    """Print what each library did; return 1 where one believed a change, or did not believe us."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=100, help="of so many bodies one is changed in every bit")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    tallies = measure(options.bodies, options.every, options.seed)
    for name in LIBRARIES:
        tally = tallies.get(name)
        print(f"{name}: {tally or 'not installed'}")
    return 0 if all(tally.is_right for tally in tallies.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
