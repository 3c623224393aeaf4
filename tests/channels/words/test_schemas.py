"""Every type of message has a schema of its version, and a sample that it allows."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from monitor.channels.words.edition import read_card
from monitor.channels.words.render import VERSION
from monitor.channels.words.schemas import samples, schema_text, types

SAMPLES = list(samples())


@pytest.mark.parametrize("name", types())
def test_a_schema_is_one_and_names_its_version(name: str) -> None:
    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:monitor:webhook:{name}:{VERSION}"
    assert schema["properties"]["version"]["const"] == VERSION
    assert {"type", "version", "timestamp", "seq", "data"} <= set(schema["required"])


def test_a_type_that_there_is_not() -> None:
    for name in ("../digest", "hit", ""):
        with pytest.raises(KeyError):
            schema_text(name)


@pytest.mark.parametrize(("name", "body"), SAMPLES, ids=[f"{name}-{at}" for at, (name, _) in enumerate(SAMPLES)])
def test_a_sample_is_what_its_schema_allows_and_can_be_shown(name: str, body: bytes) -> None:
    Draft202012Validator(json.loads(schema_text(name))).validate(json.loads(body))
    assert read_card(body, "Asia/Seoul").title


def test_there_are_two_samples_of_each_type_and_headlines_in_them_are_hostile() -> None:
    names = [name for name, _ in SAMPLES]
    assert sorted(names) == sorted(types() * 2)
    titles = [json.loads(body)["data"]["article"]["title"] for name, body in SAMPLES if name == "hit.created"]
    assert all(sign in title for title in titles for sign in '"\\<{')


def test_items_of_a_digest_are_messages_of_their_types() -> None:
    for body in (json.loads(body) for name, body in SAMPLES if name == "digest"):
        assert {item["type"] for item in body["data"]["items"]} == set(types()) - {"digest"}
