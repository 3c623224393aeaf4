"""What a channel says of when and how it is told, as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model.errors import ConfigError
from monitor.model.plan import Channel
from monitor.model.policy import Grouping, NotifyPolicy, QuietHours, Throttle
from monitor.service.configuration import load, read
from monitor.service.current_plan import prepare

SOURCES = "sources:\n  - {id: herald, name: 한빛, kind: feed, url: ['https://n.example/f'], every: 5m}\n"
PEOPLE = NotifyPolicy(per="article", storm=20, most=500)


def channel(tmp_path: Path, more: str, kind: str = "slack") -> Channel:
    """Return the channel that is written so."""
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    text = f"channels:\n  - id: team\n    kind: {kind}\n    url: https://hooks.slack.com/x\n{more}"
    (tmp_path / "channels.yaml").write_text(text, "utf-8")
    return load(tmp_path, {}).plan.channels[0]


def refused(tmp_path: Path, more: str) -> list[str]:
    """Return what is wrong with it, with code and line."""
    try:
        channel(tmp_path, more)
        prepare(read(tmp_path, {}), analyse=False)
    except ConfigError as error:
        return [f"{one.code} {one.line} {one.message}" for one in error.problems]
    return []


@pytest.mark.parametrize(
    ("more", "policy"),
    [
        ("", PEOPLE),
        ("    per: hit\n    storm: 0\n", NotifyPolicy(per="hit", storm=0, most=500)),
        ("    repeat: 15m\n", NotifyPolicy(per="article", storm=20, most=500, repeat=900)),
        ("    repeat: 5m\n", NotifyPolicy(per="article", storm=20, most=500, repeat=300)),
        ("    repeat: 4h\n", NotifyPolicy(per="article", storm=20, most=500, repeat=14_400)),
        ("    per: story\n", NotifyPolicy(per="story", storm=20, most=500)),
        (
            "    group: {wait: 30s, interval: 5m, by: rule}\n",
            NotifyPolicy(per="article", group=Grouping(30, 300, "rule"), storm=20, most=500),
        ),
        ("    group: {wait: 30s}\n", NotifyPolicy(per="article", group=Grouping(30, 30), storm=20, most=500)),
        ("    group: {interval: 5m}\n", NotifyPolicy(per="article", group=Grouping(0, 300), storm=20, most=500)),
        (
            '    digest: cron "0 8,17 * * 1-5"\n',
            NotifyPolicy(per="article", digest="0 8,17 * * 1-5", storm=20, most=500),
        ),
        (
            "    throttle: {most: 20, per: 1h}\n",
            NotifyPolicy(per="article", throttle=Throttle(20, 3600), storm=20, most=500),
        ),
        (
            '    quiet_hours: {from: "22:00", to: "07:30", days: [sat, 일], holidays: kr, let_through: critical}\n',
            NotifyPolicy(per="article", quiet=QuietHours(1320, 450, (5, 6), "KR", "critical"), storm=20, most=500),
        ),
        (
            "    quiet_hours: {from: 22:00, to: 7:00}\n",  # YAML 1.1 takes this for a number to the base of 60
            NotifyPolicy(per="article", quiet=QuietHours(1320, 420), storm=20, most=500),
        ),
        (
            "    quiet_hours: {holidays: KR}\n",
            NotifyPolicy(per="article", quiet=QuietHours(holidays="KR"), storm=20, most=500),
        ),
        ("    quiet_hours: {let_through: info}\n", PEOPLE),
    ],
)
def test_what_is_written_is_meant(tmp_path: Path, more: str, policy: NotifyPolicy) -> None:
    assert channel(tmp_path, more).policy == policy


def test_a_webhook_gets_each_hit_at_once_unless_it_says_otherwise(tmp_path: Path) -> None:
    assert channel(tmp_path, "", "webhook").policy == NotifyPolicy()
    assert channel(tmp_path, "    per: article\n", "webhook").policy == NotifyPolicy(per="article")


def test_languages(tmp_path: Path) -> None:
    assert channel(tmp_path, "").lang == "ko"
    assert channel(tmp_path, "    lang: en\n").lang == "en"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("    throttle: {most: 20}\n", "CFG043 5 `throttle` needs both `most` and `per`"),
        ('    quiet_hours: {from: "22:00"}\n', "CFG043 5 `quiet_hours` needs both `from` and `to`"),
        ('    quiet_hours: {from: "22:00", to: "22:00"}\n', "CFG043 5 `quiet_hours` begin when they end"),
        (
            '    digest: cron "0 8 * * *"\n    group: {wait: 30s}\n',
            "CFG043 6 `group` has no part in a channel with a `digest`",
        ),
        ('    quiet_hours: {from: "25:00", to: "07:00"}\n', "CFG015 5 `from` must be a time of day"),
        ("    quiet_hours: {days: [someday]}\n", "CFG015 5 an item of `days` must be mon, tue"),
        ("    quiet_hours: {holidays: ZZ}\n", "NTF002 5 the public holidays of ZZ are not known"),
        ("    quiet_hours: {let_throuh: critical}\n", "CFG010 5 unknown key `let_throuh`"),
        ("    digest: 1h\n", "CFG015 5 `digest` must be a cron expression"),
        ('    digest: cron "0 25 * * *"\n', "NTF001 5 the hour field takes 0 to 23"),
        ('    digest: cron "0 0 30 2 *"\n', "NTF001 5 this date never comes"),
        ("    throttle: {most: 0, per: 1h}\n", "CFG015 5 `most` must be 1 or more; here stands '0'"),
        ("    throttle: {most: 1001, per: 1h}\n", "CFG015 5 `most` must be 1000 or less; here stands '1001'"),
        ('    throttle: {most: "0", per: 1h}\n', "CFG015 5 `most` must be 1 or more"),
        ('    digest: "0 8 * * *"\n', "CFG015 5 `digest` must be a cron expression, as in cron"),
        ("    digest: adaptive\n", "CFG015 5 `digest` must be a cron expression, as in cron"),
        ("    per: week\n", "CFG014 5 `per`"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_line(tmp_path: Path, more: str, said: str) -> None:
    (found,) = refused(tmp_path, more)
    assert found.startswith(said)


def test_a_comma_inside_of_braces_is_explained(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    text = "channels:\n  - {id: team, kind: slack, url: 'https://hooks.slack.com/x', digest: cron \"0 8,17 * * *\"}\n"
    (tmp_path / "channels.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, {})
    assert "a comma inside { } ends a value" in raised.value.problems[0].hint
