"""CloudEvents 1.0: the attributes, the two ways over HTTP, and what every message becomes."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from monitor.channels.formats.cloudevents import binary, structured
from monitor.model.delivery import Delivery, MessageContext
from monitor.model.errors import MessageError
from monitor.model.health import Notice
from tests.channels.formats.bodies import BROKEN, EVERYWHERE, NASTY, RECOVERED, SUBJECTS, frozen
from tests.channels.samples import CONTEXT, channel, delivery

# cloudevents/formats/cloudevents.json of the specification, v1.0.2, without its descriptions.
TEXT = {"type": "string", "minLength": 1}
CLOUDEVENT = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "id": TEXT,
            "source": {**TEXT, "format": "uri-reference"},
            "specversion": {**TEXT, "const": "1.0"},
            "type": TEXT,
            "datacontenttype": {"type": ["string", "null"], "minLength": 1},
            "dataschema": {"type": ["string", "null"], "format": "uri", "minLength": 1},
            "subject": {"type": ["string", "null"], "minLength": 1},
            "time": {"type": ["string", "null"], "format": "date-time", "minLength": 1},
        },
        "propertyNames": {"pattern": "^[a-z0-9]{1,20}$"},
        "required": ["id", "source", "specversion", "type"],
    },
    format_checker=FormatChecker(),
)


def event(message: Delivery) -> dict[str, Any]:
    rendered = structured(message, channel())
    read: dict[str, Any] = json.loads(rendered.body)
    CLOUDEVENT.validate(read)
    assert rendered.content_type == "application/cloudevents+json"
    assert rendered.headers == {}
    return read


def test_a_hit_in_one_object() -> None:
    assert {name: value for name, value in event(frozen(CONTEXT)).items() if name != "data"} == {
        "specversion": "1.0",
        "id": "0193-delivery",
        "source": "urn:monitor:desk",
        "type": "hit.created",
        "time": "2026-11-24T00:29:58.000Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:monitor:webhook:hit.created:1",
        "subject": "rule/openai/article/9",
        "sequence": "17",
        "sequencetype": "Integer",
    }


def test_the_data_is_that_of_the_standard_body() -> None:
    message = frozen(NASTY)
    data = json.loads(message.body)["data"]
    assert event(message)["data"] == data
    assert json.loads(binary(message, channel()).body) == data


@pytest.mark.parametrize(
    ("items", "subject"),
    [((BROKEN,), "source/herald"), ((RECOVERED,), "source/herald"), ((EVERYWHERE,), None), ((CONTEXT, BROKEN), None)],
)
def test_what_an_event_is_about(items: tuple[MessageContext | Notice, ...], subject: str | None) -> None:
    assert event(frozen(*items)).get("subject") == subject


def test_in_headers_what_is_no_plain_sign_is_percent_encoded() -> None:
    rendered = binary(frozen(NASTY), channel())
    assert rendered.content_type == "application/json"
    assert rendered.headers["ce-subject"] == "rule/ai-%EC%B9%A9/article/9"
    assert rendered.headers["ce-specversion"] == "1.0"
    assert "ce-datacontenttype" not in rendered.headers


@given(SUBJECTS)
def test_both_ways_say_the_same_and_a_retry_says_it_again(items: list[MessageContext | Notice]) -> None:
    message = frozen(*items)
    whole = event(message)
    rendered = binary(message, channel())
    assert rendered == binary(message, channel())
    assert structured(message, channel()) == structured(message, channel())
    for name, value in rendered.headers.items():
        assert re.fullmatch(r"[\x21\x23-\x7e]+", value), name  # no blank, no quotation mark, nothing beyond ASCII
        assert unquote(value) == whole[name.removeprefix("ce-")]
    assert {f"ce-{name}" for name in whole} - {"ce-data", "ce-datacontenttype"} == rendered.headers.keys()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"type":"hit.created"}', b"\xff", b"[" * 100_000])
def test_what_is_no_message_is_not_sent(body: bytes) -> None:
    with pytest.raises(MessageError):
        structured(delivery(body), channel())
    with pytest.raises(MessageError):
        binary(delivery(body), channel())
