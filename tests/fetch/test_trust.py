"""What a server's validators are worth, against servers that tell the truth, lie, or make noise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.trust import NOISE, RAREST_CHECK, conditions, learned
from monitor.model.page import FIRST_CHECK, Repute, Validators
from monitor.store.tables.rows import validators_of, validators_values

URL = "https://paper.example/list"
DATED = "Tue, 24 Nov 2026 00:00:00 GMT"


@dataclass
class Reader:
    """A poller in front of a server: `serve` answers (304 or not, validators) for a document and the etag asked with.

    Each poll is a process of its own: it knows only what the store gives back.
    """

    serve: Callable[[str, str], tuple[bool, Validators]]
    known: Validators | None = None
    full: int = 0

    def poll(self, document: str) -> bool:
        """Return whether the change to this document was seen, were it one."""
        asking = conditions(self.known)
        not_modified, fresh = self.serve(document, asking.get("if-none-match", ""))
        if not_modified:
            assert asking
            fresh = Validators(fresh.etag, fresh.last_modified)
        self.full += not not_modified
        same = not_modified or (self.known is not None and fresh.body_hash == self.known.body_hash)
        repute = learned(self.known, fresh, asked=bool(asking), same=same)
        body_hash = self.known.body_hash if not_modified and self.known else fresh.body_hash
        kept = json.dumps({URL: validators_values(replace(fresh, body_hash=body_hash, repute=repute))})
        self.known = validators_of(json.loads(kept))[URL]
        return not same


def honest(document: str, asked: str) -> tuple[bool, Validators]:
    return asked == f'"{document}"', Validators(f'"{document}"', "", document)


def frozen(document: str, asked: str) -> tuple[bool, Validators]:
    """Say 304 to every condition."""
    return bool(asked), Validators('"always"', "", document)


def forgetful(document: str, asked: str) -> tuple[bool, Validators]:
    """Say 304 to every condition, and give a right validator only to those who ask without one."""
    return bool(asked), Validators(f'"{document}"', "", document)


class Noisy:
    """Gives every response a validator of its own."""

    def __init__(self) -> None:
        self.count = 0
        self.asked: list[str] = []

    def __call__(self, document: str, asked: str) -> tuple[bool, Validators]:
        self.count += 1
        self.asked.append(asked)
        return False, Validators(f'"{self.count}"', "", document)


def test_the_first_request_has_no_conditions() -> None:
    assert conditions(None) == {}


def test_conditions_are_what_the_server_gave() -> None:
    known = Validators('"1"', DATED, "h")
    assert conditions(known) == {"if-none-match": '"1"', "if-modified-since": DATED}
    assert conditions(Validators(body_hash="h")) == {}


def test_an_honest_server_is_asked_in_full_ever_more_rarely() -> None:
    reader = Reader(honest)
    polls = [reader.poll("a") for _ in range(400)]
    assert polls == [True] + [False] * 399
    assert reader.full < 15
    assert reader.poll("b")
    assert [reader.poll("b") for _ in range(FIRST_CHECK)] == [False] * FIRST_CHECK


def test_a_server_that_never_tells_of_changes_is_found_out() -> None:
    for serve in (frozen, forgetful):
        reader = Reader(serve)
        reader.poll("a")
        seen = [reader.poll("b") for _ in range(FIRST_CHECK + 1)]
        assert seen == [False] * FIRST_CHECK + [True]
        assert all(reader.poll(document) for document in "cdefgh")  # from now on each change is seen at once


def test_a_change_just_before_a_check_is_forgiven_once_to_a_server_that_told_of_one() -> None:
    reader = Reader(honest)
    reader.poll("a")
    assert reader.poll("b")  # told by a conditional request: proof
    for _ in range(FIRST_CHECK):
        assert not reader.poll("b")
    assert reader.poll("c")  # the check falls on a change
    full = reader.full
    assert not reader.poll("c")
    assert reader.full == full  # conditions are sent again, and a 304 came


def test_validators_that_change_without_the_document_are_given_up() -> None:
    server = Noisy()
    reader = Reader(server)
    for _ in range(NOISE + 3):
        reader.poll("a")
    assert [bool(asked) for asked in server.asked] == [False] + [True] * NOISE + [False] * 2
    assert reader.poll("b")


@given(st.lists(st.sampled_from("aaaaaab"), max_size=300))
def test_no_server_hides_a_change_for_longer_than_the_rarest_check(documents: list[str]) -> None:
    for serve in (honest, frozen, forgetful, Noisy()):
        reader = Reader(serve)
        behind = 0
        for document in documents:
            reader.poll(document)
            behind = 0 if reader.known is not None and reader.known.body_hash == document else behind + 1
            assert behind <= RAREST_CHECK


def test_what_is_damaged_in_the_store_is_learned_again() -> None:
    whole = validators_values(Validators('"1"', "", "h", Repute(2, 6, 1, proven=True)))
    assert validators_of({URL: whole})[URL].repute == Repute(2, 6, 1, proven=True)
    damaged = [None, 7, "x", [], {}, {"run": 1}, whole["repute"] | {"run": "many"}, whole["repute"] | {"noise": None}]
    for repute in damaged:
        assert validators_of({URL: whole | {"repute": repute}})[URL] == Validators('"1"', "", "h")
