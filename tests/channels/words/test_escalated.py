"""A story that is told again: why, and which outlets are new, in both languages; the moment of the first alert stays beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.channels.words.edition import read_card
from monitor.channels.words.render import render
from monitor.model.escalation import Escalation, Outlet
from monitor.model.plan import Lang
from tests.channels.samples import CONTEXT, NOW

HERALD, NEWSIS, YONHAP = (Outlet(one, name, NOW) for one, name in (("h", "헤럴드"), ("n", "뉴시스"), ("y", "")))


def told_again(*levels: str, joined: tuple[Outlet, ...] = (), more: int = 0) -> bytes:
    total = len(joined) + more
    escalation = Escalation(levels, NOW, NOW + timedelta(hours=1), 5, 5, joined, total, HERALD)
    return render(replace(CONTEXT, escalation=escalation), 17)


@pytest.mark.parametrize(
    ("lang", "levels", "said"),
    [
        ("ko", ["outlets:5"], "5개 매체 보도"),
        ("ko", ["outlets:5", "outlets:15", "burst"], "15개 매체 보도, 빠르게 확산"),
        ("ko", ["major", "burst"], "빠르게 확산, 주요 매체 보도"),
        ("en", ["outlets:5"], "in 5 outlets"),
        ("en", ["outlets:100", "outlets:15", "major"], "in 100 outlets, in a major outlet"),
        ("en", ["burst"], "spreading fast"),
    ],
)
def test_the_label_says_why(lang: Lang, levels: list[str], said: str) -> None:
    card = read_card(told_again(*levels), "Asia/Seoul", lang)
    assert card.label == f"{CONTEXT.hit.rule_name} · {said}"


@pytest.mark.parametrize(
    ("lang", "joined", "said"),
    [
        ("ko", (NEWSIS, YONHAP), "첫 알림 {}, 지난 알림 뒤 새로 보도: 뉴시스, y"),
        ("ko", (), "첫 알림 {}, 지난 알림 뒤 새로 보도한 매체 없음"),
        ("en", (NEWSIS,), "first told {}; new since the last alert: 뉴시스"),
        ("en", (), "first told {}; no new outlet since the last alert"),
    ],
)
def test_new_outlets_are_those_since_the_last_alert_not_the_first(
    lang: Lang, joined: tuple[Outlet, ...], said: str
) -> None:
    card = read_card(told_again("outlets:15", joined=joined), "UTC", lang)
    assert card.text.startswith(said.format(f"{NOW:%Y-%m-%d %H:%M} UTC") + " ⋯ ")


@pytest.mark.parametrize(("lang", "said"), [("ko", "뉴시스, 외 4곳 ⋯ "), ("en", "뉴시스, 4 more ⋯ ")])
def test_outlets_that_are_not_named_are_counted(lang: Lang, said: str) -> None:
    assert said in read_card(told_again("outlets:15", joined=(NEWSIS,), more=4), "UTC", lang).text


def test_as_many_outlets_are_named_as_a_body_has_room_for() -> None:
    names = tuple(Outlet(f"o{number}", "가" * 120, NOW) for number in range(20))
    card = read_card(told_again("outlets:15", joined=names, more=7), "UTC", "ko")
    assert card.text.count("가" * 120) + int(card.text.partition("외 ")[2].partition("곳")[0]) == 27
