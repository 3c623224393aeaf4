"""What channels.yaml may say of a webhook beside its address, and where its faults are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.load import Loaded
from monitor.model.confidential import hide
from monitor.model.errors import ConfigError
from monitor.model.fingerprint import channel_fingerprint
from monitor.service.configuration import load

SOURCE = 'sources: [{id: a, kind: feed, url: "https://a.example/", every: 5m}]\n'
HOOK = "channels:\n  - id: desk\n    kind: webhook\n    url: https://hooks.example/\n"
TOKEN = {"TOKEN": "canary-77-token"}


def loaded(folder: Path, channel: str) -> Loaded:
    (folder / "channels.yaml").write_text(HOOK + channel, "utf-8")
    (folder / "sources.yaml").write_text(SOURCE, "utf-8")
    return load(folder, TOKEN)


def faults(folder: Path, channel: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, channel)
    shown = [str(problem) for problem in caught.value.problems]
    assert "canary" not in "".join(shown)
    return [line.partition("channels.yaml:")[2] for line in shown]


def test_headers_and_an_hmac(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("canary-88-secret\n", "utf-8")
    text = '    headers: {Authorization: "Bearer ${TOKEN}", X-Team: desk}\n    hmac_secret_file: key\n'
    (channel,) = loaded(tmp_path, text).plan.channels
    assert channel.given("headers") == ("Authorization: Bearer canary-77-token", "X-Team: desk")
    assert channel.option("hmac_secret") == "canary-88-secret"
    assert channel.secrets == ()
    assert "canary" not in repr(channel)
    assert hide("canary-77-token and canary-88-secret") == "[hidden] and [hidden]"


def test_another_token_is_another_plan_and_another_channel(tmp_path: Path) -> None:
    plans = [loaded(tmp_path, f"    headers: {{X-Key: {key}}}\n").plan for key in ("one", "two")]
    assert len({plan.version for plan in plans}) == 2
    assert len({channel_fingerprint(plan.channels[0]) for plan in plans}) == 2


def test_an_empty_value_is_not_set_up_yet(tmp_path: Path) -> None:
    assert loaded(tmp_path, '    headers: {X-Key: ""}\n').plan.channels[0].private == ()


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ("    headers:\n      X-Key: a\n      Host: canary\n", "7:7: the header 'Host' cannot be set"),
        ("    headers:\n      TE: canary\n", "6:7: the header 'TE' cannot be set: it belongs to the connection"),
        (
            "    headers:\n      X-Key: a\n      x-key: canary\n",
            "7:7: the header 'x-key' cannot be set: it is set twice",
        ),
        ('    headers:\n      X-Key: "a\\r\\nb"\n', "6:14: `X-Key` must be visible ASCII"),
        ("    headers:\n      X-Key: 비밀\n", "6:14: `X-Key` must be visible ASCII"),
        ("    headers:\n      X-Key: 1\n", "6:14: `X-Key` must be text"),
        ("    headers:\n      - X-Key\n", "6:7: `headers` must be a mapping of keys"),
        ("    headers: canary\n", "5:14: `headers` must be a mapping of keys"),
        ("    hmac_header: X-Sig\n", "3:11: the kind webhook needs `hmac_secret`"),
        ("    hmac_secret: canary\n", "5:18: `hmac_secret` must have at least 16 characters"),
        (
            "    hmac_secret: canary-canary-canary\n    hmac_encoding: hexa\n",
            "6:20: `hmac_encoding` must be one of: hex",
        ),
        ("    hmac_secret: canary-canary-canary\n    hmac_header: Host\n", "6:18: `hmac_header` the program sets it"),
    ],
)
def test_every_fault_is_told_at_its_place(tmp_path: Path, channel: str, told: str) -> None:
    (line,) = faults(tmp_path, channel)
    assert line[: len(told)] == told


TEMPLATE = "    format: template\n    template: |\n"


def test_a_template_in_the_file_or_in_one_of_its_own(tmp_path: Path) -> None:
    (channel,) = loaded(tmp_path, TEMPLATE + '      {"text": {{ card.title|tojson }}}\n').plan.channels
    assert channel.option("template") == '{"text": {{ card.title|tojson }}}\n'
    (tmp_path / "body.j2").write_text('{"words": {{ card.title|tojson }}}', "utf-8")
    (channel,) = loaded(tmp_path, "    format: template\n    template_file: body.j2\n").plan.channels
    assert channel.option("template") == '{"words": {{ card.title|tojson }}}'
    assert hide("words and card.title|tojson") == "words and card.title|tojson"  # a template is no secret


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (TEMPLATE + "      {\n      {{ tilte }}}\n", "6:15: the template cannot be used: line 2: 'tilte' is undefined"),
        (TEMPLATE + "      {{ range(9) }}\n", "6:15: the template cannot be used: line 1: a call cannot stand"),
        (
            TEMPLATE + '      {"a": "{{ card.title }}"}\n',
            "6:15: the template cannot be used: what comes out is no JSON",
        ),
        ("    format: template\n", "3:11: the kind webhook needs `template`"),
        ("    format: alertmanager\n    template: a\n", "6:15: only `format: template` takes `template`"),
        ("    content_type: text/plain\n", "5:19: only `format: template` takes `content_type`"),
        ("    format: cloudevent\n", "5:13: `format` must be one of: standard, cloudevents"),
        (TEMPLATE + "      a\n    content_type: text\n", "8:19: `content_type` must be a media type"),
        (TEMPLATE + '      a\n    content_type: "a/b\\r\\nx: y"\n', "8:19: `content_type` must be a media type"),
    ],
)
def test_what_is_wrong_with_a_format_is_told_at_its_place(tmp_path: Path, channel: str, told: str) -> None:
    lines = faults(tmp_path, channel)
    assert lines[0][: len(told)] == told


def test_other_kinds_take_none_of_it(tmp_path: Path) -> None:
    text = HOOK.replace("kind: webhook", "kind: slack") + "    headers: {X-Key: a}\n"
    (tmp_path / "channels.yaml").write_text(text, "utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCE, "utf-8")
    with pytest.raises(ConfigError, match="only the kind webhook takes `headers`"):
        load(tmp_path, {})
