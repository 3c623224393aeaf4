"""A private address in the files that the network's guard would refuse is a warning; nothing is looked up."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.service.configuration import read
from monitor.service.current_plan import prepare

RULES = "rules:\n  - {id: ai, match: 인공지능, channels: [desk]}\n"


def codes(folder: Path, hook: str, *, feed: str = "https://press.example/rss", allow: str = "[]") -> list[str]:
    files = {
        "monitor.yaml": f"deliver: {{allow_networks: {allow}}}\nfetch: {{allow_networks: {allow}}}\n",
        "sources.yaml": f"sources:\n  - {{id: press, kind: feed, url: '{feed}', every: 5m}}\n",
        "rules.yaml": RULES,
        "channels.yaml": f"channels:\n  - {{id: desk, kind: slack, url: '{hook}'}}\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    found = prepare(read(folder, {}), analyse=False).warnings
    assert not [one for one in found if hook and hook in str(one)]
    return [f"{Path(one.file).stem} {one.code}" for one in found]


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.5",
        "127.0.0.1:9000",
        "192.168.1.1",
        "[::1]:80",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "localhost:8080",
        "169.254.169.254",
        "127.1",
        "2130706433",
        "0x7f000001",
        "hook.localhost",
        "10.0.0.5.",
    ],
)
def test_a_private_address_is_warned_of_in_every_spelling(tmp_path: Path, host: str) -> None:
    assert codes(tmp_path, f"http://{host}/x") == ["channels NET101"]
    assert codes(tmp_path, "", feed=f"http://{host}/x") == ["sources NET101"]


@pytest.mark.parametrize(
    ("host", "allow"),
    [
        ("8.8.8.8", "[]"),
        ("hooks.example", "[]"),
        ("10.example", "[]"),
        ("10.0.0.5", "[10.0.0.0/8]"),
        ("localhost", "[127.0.0.0/8]"),
        ("[::1]", '["::1"]'),
        ("2130706433", "[127.0.0.1]"),
    ],
)
def test_public_and_opened_addresses_and_names_are_not(tmp_path: Path, host: str, allow: str) -> None:
    assert codes(tmp_path, f"http://{host}/x", feed=f"http://{host}/y", allow=allow) == []


@pytest.mark.parametrize(
    "url",
    ["sqlite:///x?y", "sqlite:///file:x", "sqlite:///:memory:", "postgresql://u@[bad", "postgresql://u:p@h:port/x"],
)
def test_a_database_that_run_would_refuse_is_refused_at_its_line(tmp_path: Path, url: str) -> None:
    codes(tmp_path, "")
    (tmp_path / "monitor.yaml").write_text(f"timezone: UTC\ndatabase: '{url}'\n", "utf-8")
    report = read(tmp_path, {})
    (problem,) = report.problems
    assert (problem.line, problem.column, problem.code) == (2, 11, "CFG015")
    assert url not in str(problem)
    assert report.database_problems == (problem,)
    (tmp_path / "monitor.yaml").write_text("timezone: UTC\n", "utf-8")
    (problem,) = read(tmp_path, {"MONITOR_DATABASE_URL": url}).problems
    assert (problem.file, problem.code) == ("MONITOR_DATABASE_URL", "CFG040")


@pytest.mark.parametrize("url", ["sqlite:///x%3fy", "sqlite:////var/lib/x.db", "postgresql://u:p%5B@[::1]:5432/x"])
def test_other_databases_pass(tmp_path: Path, url: str) -> None:
    codes(tmp_path, "")
    (tmp_path / "monitor.yaml").write_text(f"database: '{url}'\n", "utf-8")
    assert read(tmp_path, {}).problems == ()


ADDRESSES = {
    "slack": "https://hooks.slack.com/services/T0/B0/x",
    "discord": "https://discord.com/api/webhooks/1/x",
    "teams": "https://prod-1.westus.logic.azure.com:443/workflows/x",
    "telegram": "https://api.telegram.org/bot1:x/sendMessage",
    "googlechat": "https://chat.googleapis.com/v1/spaces/x/messages",
    "dooray": "https://hook.dooray.com/services/x",
    "jandi": "https://wh.jandi.com/connect-api/webhook/1/x",
    "": "https://notdiscord.com/api",
}


@pytest.mark.parametrize("kind", ["slack", "discord", "webhook", "teams", "ntfy"])
@pytest.mark.parametrize("owner", sorted(ADDRESSES))
def test_the_address_of_another_service_is_warned_of(tmp_path: Path, kind: str, owner: str) -> None:
    codes(tmp_path, "")
    channel = f"channels:\n  - {{id: desk, kind: {kind}, url: '{ADDRESSES[owner]}'}}\n"
    (tmp_path / "channels.yaml").write_text(channel, "utf-8")
    found = [one for one in prepare(read(tmp_path, {}), analyse=False).warnings if one.code == "NET102"]
    assert len(found) == (owner not in {"", kind})
    assert all(owner in one.message and ADDRESSES[owner] not in str(one) for one in found)
