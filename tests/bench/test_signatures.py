"""The measure of signatures, small: what the libraries of receivers believe, and that it can fail."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from monitor.channels import signing
from tests.bench.signatures import Tally, bodies, changes, flipped, measure, refuses, verifiers
from tests.channels.samples import SECRET


def test_what_is_ours_is_believed_and_every_changed_bit_refused() -> None:
    for name, tally in measure(12, 6, 7).items():
        assert tally.is_right, (name, tally)
        assert (tally.bodies, tally.believed) == (12, 12)
        assert tally.refused > 10_000
        assert tally.respelled <= 2 * tally.bodies


def test_a_verifier_that_believes_everything_is_found() -> None:
    assert not Tally(bodies=1, believed=1, changes=9, refused=8).is_right
    assert not Tally(bodies=2, believed=1).is_right


def test_every_bit_of_every_part_is_changed_once() -> None:
    (body,) = bodies(1, random.Random(7))
    headers = signing.headers("0193", datetime.now(UTC), body, (SECRET,))  # noqa: TID251 - the library reads the real clock
    forged = list(changes(body, headers, None))
    assert len(forged) == 8 * (len(body) + sum(len(headers[name]) for name in headers))
    assert len({(one, tuple(sorted(named.items()))) for one, named in forged}) == len(forged)
    assert flipped(b"\x00\x00", 9) == b"\x00\x02"


def test_a_refusal_of_any_kind_is_one() -> None:
    (body,) = bodies(1, random.Random(7))
    headers = signing.headers("0193", datetime.now(UTC), body, (SECRET,))  # noqa: TID251 - the library reads the real clock
    verify = verifiers(SECRET)["standardwebhooks"]
    assert not refuses(verify, body, headers)
    assert refuses(verify, b"\xff" + body, headers)
    assert refuses(verify, body, {**headers, "webhook-timestamp": "soon"})
    assert refuses(verify, body, {})
