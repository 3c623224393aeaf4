"""Which service an address belongs to, so that a channel of another kind is noticed before its first alert fails. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from monitor.model.kind import FOREIGN, Complaint, Written

_HOSTS: Final = {
    "hooks.slack.com": "slack",
    "discord.com": "discord",
    "discordapp.com": "discord",
    "webhook.office.com": "teams",
    "outlook.office.com": "teams",
    "logic.azure.com": "teams",
    "powerplatform.com": "teams",
    "api.telegram.org": "telegram",
    "chat.googleapis.com": "googlechat",
    "hook.dooray.com": "dooray",
    "wh.jandi.com": "jandi",
    "api.kakaowork.com": "kakaowork",
    "ntfy.sh": "ntfy",
}
"""Hosts that one service alone has, with everything below them."""


def foreign(written: Written) -> Iterator[Complaint]:
    """Complain of an address that belongs to another service than the channel's kind."""
    for url in written.urls:
        host = (urlsplit(url).hostname or "").rstrip(".")
        meant = next((kind for known, kind in _HOSTS.items() if host == known or host.endswith(f".{known}")), "")
        if meant and meant != written.kind:
            what = f"this is an address of {meant}, and {written.id} speaks to it as to {written.kind}"
            yield Complaint("kind", what, f"write `kind: {meant}`, or an address for {written.kind}", FOREIGN)
