"""The configuration of the demonstration: its outlets, the rules of an invented press desk, and whom they tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from tests.replica.newsroom import Newsroom
from tests.replica.press.outlets import OUTLETS

SHUT: Final = "promo"
"""The channel that its receiver shuts."""
HELD: Final = "managers"
"""The channel whose quiet hours it is when the demonstration begins."""
_LOOPBACK: Final = {"allow_networks": ["127.0.0.0/8"]}
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_ALIASES: Final = {
    "haesol": ["해솔소프트", "해솔 비서"],
    "rivals": ["두물클라우드", "나래시스템", "나래챗", "마루데이터"],
    "deepseek": ["DeepSeek", "딥|시크"],
    "openai": ["OpenAI", "오픈AI", "오픈|에이아이"],
    "stargate": ["Stargate", "스타|게이트"],
}
_RULES: Final[Sequence[dict[str, Any]]] = (
    {
        "id": "crisis",
        "name": "우리 위기",
        "match": "@haesol AND (노출 OR 유출 OR 과징금 OR 소송 OR 사과)",
        "severity": "critical",
        "tags": ["our", "crisis"],
        "channels": ["desk", HELD, SHUT],
        "escalate": {"outlets": [3, 6, 10], "majors": ["neoul", "dawn"]},
    },
    {"id": "our", "name": "우리 회사", "match": "@haesol", "severity": "warning", "tags": ["our"]},
    {"id": "rivals", "name": "경쟁사", "match": "@rivals", "tags": ["rival"]},
    {"id": "deepseek", "name": "딥시크", "match": "@deepseek", "tags": ["ai"]},
    {"id": "openai", "name": "OpenAI", "match": "@openai", "tags": ["ai"]},
    {"id": "stargate", "name": "스타게이트", "match": "@stargate", "tags": ["ai"]},
    {"id": "cloud-security", "name": "클라우드 보안", "match": '"클라우드 보안"', "tags": ["policy"]},
    {"id": "people", "name": "인사·부고", "match": "@haesol AND (인사 OR 부고 OR 모친상 OR 승진)", "tags": ["our"]},
    {"id": "surge", "name": "우리 회사 급증", "count": {"of": "our", "type": "spike"}, "channels": ["desk"]},
)
_ROUTES: Final = (
    {"tags": ["our"], "channels": ["desk", "our-team"]},
    {"tags": ["rival"], "channels": ["desk", SHUT]},
    {"tags": ["ai"], "channels": ["desk", HELD]},
    {"channels": ["desk"]},
)


def write(folder: Path, rooms: Sequence[Newsroom], hooks: str, *, now: datetime, every: str, listen: str) -> None:
    """Write the files into a folder that is there or not; `hooks` is the receiver's address, `every` how often is polled."""
    folder.mkdir(exist_ok=True)
    settings = {
        "fetch": {**_LOOPBACK, "per_host_interval": "20ms"},
        "deliver": _LOOPBACK,
        "web": {"listen": listen},
        "operator_channels": ["desk"],
        "follow_up": ["6h"],
    }
    sources = [
        {
            "id": outlet.id,
            "name": outlet.name,
            "kind": outlet.kind,
            "url": list(room.feeds if outlet.kind == "feed" else room.lists),
            "tier": outlet.tier,
            "every": every,
            **({"site": outlet.site} if outlet.site else {}),
        }
        for outlet, room in zip(OUTLETS, rooms, strict=True)
    ]
    files: dict[str, Any] = {
        "monitor": settings,
        "sources": {"sources": sources},
        "rules": {"aliases": _ALIASES, "rules": list(_RULES)},
        "channels": {"routes": list(_ROUTES), "channels": channels(hooks, now)},
    }
    for name, content in files.items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
        (folder / f"{name}.yaml").write_text(text, "utf-8")


def channels(hooks: str, now: datetime) -> list[dict[str, Any]]:
    """Return the channels; the quiet hours of one of them began two hours before `now`."""
    local = now.astimezone(_SEOUL)
    quiet = {"from": f"{local - timedelta(hours=2):%H:%M}", "to": f"{local + timedelta(hours=1):%H:%M}"}
    return [
        {"id": "desk", "kind": "webhook", "url": f"{hooks}/desk", "secret": "${MONITOR_WEBHOOK_SECRET}"},
        {"id": "our-team", "kind": "slack", "url": f"{hooks}/our-team", "lang": "ko"},
        {"id": HELD, "kind": "mattermost", "url": f"{hooks}/managers", "lang": "ko", "quiet_hours": quiet},
        {"id": SHUT, "kind": "discord", "url": f"{hooks}/promo", "lang": "ko"},
    ]
