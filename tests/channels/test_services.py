"""An address of another service is noticed; one of nobody in particular is not."""

from __future__ import annotations

import pytest

from monitor.channels.registry import CHANNEL_KINDS
from monitor.model.kind import Written

ADDRESSES = {
    "slack": "https://hooks.slack.com/services/T0/B0/x",
    "discord": "https://discord.com/api/webhooks/1/x",
    "teams": "https://prod-1.westus.logic.azure.com:443/workflows/x",
    "telegram": "https://api.telegram.org/bot1:x/sendMessage",
    "googlechat": "https://chat.googleapis.com/v1/spaces/x/messages",
    "dooray": "https://hook.dooray.com/services/x",
    "jandi": "https://wh.jandi.com/connect-api/webhook/1/x",
}


def warned(kind: str, url: str) -> list[str]:
    advice = CHANNEL_KINDS[kind].settings.advise(Written("desk", kind, (url,)))
    return [one.message for one in advice if one.code == "CFG106"]


@pytest.mark.parametrize("kind", sorted(CHANNEL_KINDS))
@pytest.mark.parametrize("owner", sorted(ADDRESSES))
def test_every_kind_warns_of_the_address_of_every_other_service(kind: str, owner: str) -> None:
    messages = warned(kind, ADDRESSES[owner])
    assert len(messages) == (kind != owner)
    assert all(owner in one and ADDRESSES[owner] not in one for one in messages)


@pytest.mark.parametrize("kind", sorted(CHANNEL_KINDS))
@pytest.mark.parametrize("url", ["https://relay.example/slack", "https://notdiscord.com/api", "http://127.0.0.1:1/x"])
def test_other_addresses_are_nobodys(kind: str, url: str) -> None:
    assert warned(kind, url) == []
