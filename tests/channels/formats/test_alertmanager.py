"""Alertmanager's webhook, version 4: alerts that fire and resolve, and groups that never hide one another."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from monitor.channels.formats.alertmanager import NEVER, alertmanager, fingerprint
from monitor.model.delivery import Delivery, MessageContext
from monitor.model.errors import MessageError
from monitor.model.health import Notice
from monitor.notify.channels import channel_disabled, channel_enabled
from tests.channels.formats.bodies import BROKEN, EVERYWHERE, NASTY, RECOVERED, SUBJECTS, frozen
from tests.channels.samples import CONTEXT, NOW, channel, delivery

TEXTS = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
MOMENT = {"type": "string", "format": "date-time", "pattern": "Z$"}
# prometheus.io/docs/alerting/latest/configuration/#webhook_config
WEBHOOK = Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "alerts"],
        "properties": {
            "version": {"const": "4"},
            "groupKey": {"type": "string", "minLength": 1},
            "truncatedAlerts": {"type": "integer", "minimum": 0},
            "status": {"enum": ["firing", "resolved"]},
            "receiver": {"type": "string"},
            "groupLabels": TEXTS,
            "commonLabels": TEXTS,
            "commonAnnotations": TEXTS,
            "externalURL": {"type": "string"},
            "alerts": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [
                        "status",
                        "labels",
                        "annotations",
                        "startsAt",
                        "endsAt",
                        "generatorURL",
                        "fingerprint",
                    ],
                    "properties": {
                        "status": {"enum": ["firing", "resolved"]},
                        "labels": {**TEXTS, "required": ["alertname"]},
                        "annotations": TEXTS,
                        "startsAt": MOMENT,
                        "endsAt": MOMENT,
                        "generatorURL": {"type": "string"},
                        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
                    },
                },
            },
        },
    },
    format_checker=FormatChecker(),
)


def sent(message: Delivery) -> dict[str, Any]:
    rendered = alertmanager(message, channel())
    assert rendered == alertmanager(message, channel())
    assert rendered.content_type == "application/json"
    read: dict[str, Any] = json.loads(rendered.body)
    WEBHOOK.validate(read)
    return read


def test_a_hit_fires() -> None:
    body = sent(frozen(CONTEXT))
    (alert,) = body["alerts"]
    assert (body["status"], alert["status"], alert["endsAt"]) == ("firing", "firing", NEVER)
    assert alert["labels"] == {
        "alertname": "HitCreated",
        "severity": "info",
        "rule": "openai",
        "source": "mediapen",
        "article": "9",
    }
    assert alert["annotations"]["summary"] == "오픈AI, 스타게이트에 투자"
    assert (alert["startsAt"], alert["generatorURL"]) == ("2026-11-24T00:29:58.000Z", CONTEXT.article.url)
    assert body["groupLabels"] == {name: text for name, text in alert["labels"].items() if name != "severity"}


@pytest.mark.parametrize("broken", [BROKEN, EVERYWHERE, replace(BROKEN, source_id="b", source_name="")])
def test_a_recovery_resolves_what_broke(broken: Notice) -> None:
    before, after = sent(frozen(broken)), sent(frozen(replace(broken, broken=False, at=RECOVERED.at)))
    (fired,), (resolved,) = before["alerts"], after["alerts"]
    assert (before["status"], after["status"]) == ("firing", "resolved")
    for same in ("labels", "fingerprint", "startsAt"):
        assert fired[same] == resolved[same]
    assert before["groupKey"] == after["groupKey"]
    assert (fired["endsAt"], resolved["endsAt"]) == (NEVER, "2026-11-24T01:30:05.120Z")
    assert fired["labels"]["alertname"] == "SourceBroken"


def test_a_channel_that_is_open_again_resolves_that_it_was_shut() -> None:
    shut = channel_disabled(channel(), NOW, status=410, answer="410: gone", lasted=timedelta(hours=1))
    before = sent(frozen(shut))
    after = sent(frozen(channel_enabled("desk", "webhook", NOW + timedelta(hours=2), waiting=3)))
    (fired,), (resolved,) = before["alerts"], after["alerts"]
    assert (fired["labels"], fired["fingerprint"]) == (resolved["labels"], resolved["fingerprint"])
    assert fired["labels"] == {"alertname": "ChannelDisabled", "severity": "warning", "channel": "desk"}
    assert (before["status"], after["status"], before["groupKey"]) == ("firing", "resolved", after["groupKey"])


def test_a_group_fires_while_one_of_it_does() -> None:
    assert sent(frozen(RECOVERED, CONTEXT))["status"] == "firing"
    assert sent(frozen(RECOVERED, replace(RECOVERED, source_id="b")))["status"] == "resolved"
    body = sent(frozen(CONTEXT, BROKEN))
    assert body["commonLabels"] == {}
    assert body["groupKey"] == '{}/{channel="desk"}:{digest="0193-delivery"}'


def test_what_a_digest_left_out_is_counted() -> None:
    message = json.loads(frozen(CONTEXT, BROKEN).body)
    message["data"]["total"] = 9
    assert sent(delivery(json.dumps(message).encode()))["truncatedAlerts"] == 7


def test_two_articles_are_never_one_group() -> None:
    one, other = sent(frozen(CONTEXT)), sent(frozen(replace(CONTEXT, article_id=10)))
    assert one["groupKey"] != other["groupKey"]
    assert one["alerts"][0]["fingerprint"] != other["alerts"][0]["fingerprint"]


def test_quotation_marks_in_a_name_stay_inside_it() -> None:
    assert '"ai-칩"' in sent(frozen(NASTY))["groupKey"]


def test_a_type_of_a_later_version_is_told_by_its_card() -> None:
    body = {"type": "heartbeat", "version": "1", "timestamp": "2026-11-24T00:00:00.000Z", "seq": 1, "data": {"a": "b"}}
    (alert,) = sent(delivery(json.dumps(body).encode()))["alerts"]
    assert alert["labels"]["alertname"] == "Heartbeat"
    assert alert["annotations"]["description"] == '{"a": "b"}'


@pytest.mark.parametrize(
    ("labels", "digest"),
    [
        ({}, 14695981039346656037),
        ({"name": "garland, briggs", "fear": "love is not enough"}, 5799056148416392346),
    ],
)
def test_the_fingerprint_is_that_of_prometheus(labels: dict[str, str], digest: int) -> None:
    assert int(fingerprint(labels), 16) == digest  # prometheus/common, model/signature_test.go


@given(SUBJECTS)
def test_every_message_becomes_one_alert_for_each_item(items: list[MessageContext | Notice]) -> None:
    apart = [
        replace(item, article_id=number) if isinstance(item, MessageContext) else item
        for number, item in enumerate(items)
    ]
    body = sent(frozen(*apart))
    assert len(body["alerts"]) + body["truncatedAlerts"] == len(items)
    for alert in body["alerts"]:
        assert body["commonLabels"].items() <= alert["labels"].items()
        assert body["commonAnnotations"].items() <= alert["annotations"].items()


@pytest.mark.parametrize("body", [b"", b"{}", b'{"data":{}}', b'{"type":"digest","data":[]}'])
def test_what_is_no_message_is_not_sent(body: bytes) -> None:
    with pytest.raises(MessageError):
        alertmanager(delivery(body), channel())


def test_an_article_that_met_several_rules_is_an_alert_for_each() -> None:
    other = replace(CONTEXT, hit=replace(CONTEXT.hit, rule_id="stargate", rule_name="스타게이트"))
    body = sent(frozen(CONTEXT, other))
    assert [alert["labels"]["rule"] for alert in body["alerts"]] == [CONTEXT.hit.rule_id, "stargate"]
    assert len({alert["fingerprint"] for alert in body["alerts"]}) == 2
