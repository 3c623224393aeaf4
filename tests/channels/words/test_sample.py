"""What a test sends is a message of its type in every respect, and says of itself that nothing happened."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.channels.formats.choice import FORMATS
from monitor.channels.formats.rendered import read_envelope
from monitor.channels.words.edition import read_card
from monitor.channels.words.sample import OUTSIDE, TEST, sample_body
from monitor.channels.words.schemas import schema_text, types
from monitor.model.delivery import Delivery
from tests.channels.samples import NOW, channel


def said(message_type: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(sample_body(message_type, channel(), NOW))
    return body


@pytest.mark.parametrize("name", types())
def test_a_sample_keeps_to_its_schema_stands_outside_the_line_and_is_marked(name: str) -> None:
    body = said(name)
    Draft202012Validator(json.loads(schema_text(name))).validate(body)
    assert (body["type"], body["seq"], body["data"]["test"]) == (name, OUTSIDE, True)
    assert all(item["data"]["test"] for item in body["data"].get("items", ()))


@pytest.mark.parametrize("name", types())
def test_whoever_reads_a_sample_in_a_chat_or_a_mail_is_told_that_it_is_a_test(name: str) -> None:
    for lang, word in (("ko", "시험"), ("en", "test")):
        card = read_card(sample_body(name, channel(), NOW), "Asia/Seoul", lang)  # type: ignore[arg-type]  # of the table
        assert word in f"{card.label} {card.title} {card.passage(9_999)}"


@pytest.mark.parametrize("form", ["standard", "cloudevents", "alertmanager"])
@pytest.mark.parametrize("name", types())
def test_every_format_carries_it(name: str, form: str) -> None:
    body = sample_body(name, channel(), NOW)
    made = FORMATS[form](Delivery("0193", "desk", OUTSIDE, body, 1, "", NOW), channel())
    assert made.note == ""
    if form != "alertmanager":
        assert read_envelope(made.body).data["test"] is True


@pytest.mark.parametrize(
    ("name", "severity"), [(TEST, "info"), ("hit.created", "info"), ("heartbeat", "info"), ("source.broken", "warning")]
)
def test_a_test_pages_nobody_louder_than_the_message_it_stands_for(name: str, severity: str) -> None:
    message = Delivery("0193", "desk", OUTSIDE, sample_body(name, channel(), NOW), 1, "", NOW)
    (alert,) = json.loads(FORMATS["alertmanager"](message, channel()).body)["alerts"]
    assert alert["labels"]["severity"] == severity


def test_no_type_but_those_that_there_are() -> None:
    with pytest.raises(KeyError):
        sample_body("hit", channel(), NOW)
