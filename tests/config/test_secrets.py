"""A canary from a variable or a file, in every kind of place: it is shown nowhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from monitor.model.confidential import hide
from monitor.model.errors import FetchError, FetchReason, public_url
from monitor.model.plan import Plan
from monitor.service import telemetry
from monitor.service.configuration import read
from monitor.store.tables.plan_summary import summary_of

CANARY = "c4n4ry-0f-th3-m1n3"
FILES = {
    "sources.yaml": "sources:\n  - {id: press, kind: feed, url: 'https://press.example/rss', every: 5m}\n",
    "rules.yaml": "rules:\n  - {id: ai, match: 인공지능, channels: [desk]}\n",
    "channels.yaml": "channels:\n  - {id: desk, kind: webhook, url: ''}\n",
}
PLACES = [
    ("sources.yaml", "sources:\n  - {id: press, kind: feed, url: 'https://press.example/rss?k=${K}', every: 5m}\n"),
    ("sources.yaml", "sources:\n  - {id: press, kind: feed, url: 'https://press.example/${K}/rss', every: 5m}\n"),
    ("sources.yaml", "sources:\n  - {id: press, kind: feed, url: ['https://u:${K}@press.example/rss'], every: 5m}\n"),
    ("sources.yaml", "sources:\n  - {id: press, kind: naver, query: 가, client_id: '${K}', client_secret: x}\n"),
    ("sources.yaml", "sources:\n  - {id: press, kind: naver, query: 가, key: ['a:${K}'], every: 5m}\n"),
    ("sources.yaml", "sources:\n  - {id: press, name: '${K}', kind: feed, url: 'ftp://x/${K}', every: 5m}\n"),
    ("channels.yaml", "channels:\n  - {id: desk, kind: webhook, url: 'https://hooks.example/${K}'}\n"),
    ("channels.yaml", "channels:\n  - {id: desk, kind: webhook, url: '', secret: 'whsec_${K}'}\n"),
    ("channels.yaml", "channels:\n  - {id: desk, kind: webhook, url_file: hook}\n"),
    ("monitor.yaml", "database: 'postgresql://u:${K}@db/x'\n"),
    ("monitor.yaml", "database: 'mysql://u:${K}@db/x'\n"),
    ("monitor.yaml", "fetch: {user_agent: 'x ${K}'}\n"),
    ("monitor.yaml", "web: {password: '${K}', hosts: ['${K}/']}\n"),
    ("sites.yaml", "sites:\n  own: {body: '${K}'}\n"),
]


@pytest.mark.parametrize(("file", "text"), PLACES)
def test_a_canary_is_shown_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str) -> None:
    for name, content in (FILES | {file: text, "hook": f"https://hooks.example/{CANARY}\n"}).items():
        (tmp_path / name).write_text(content, "utf-8")
    report = read(tmp_path, {"K": CANARY})
    assert CANARY not in repr((report.problems, report.loaded.warnings))
    assert hide(f"a {CANARY} b") == "a [hidden] b"
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    telemetry.configure("json")
    telemetry.warn("x", problem=f"at {CANARY}", several=[f"<{CANARY}>"], inside={"a": CANARY})
    telemetry.fail("y", trace=f"Traceback: {CANARY}")
    assert "[hidden]" in log.getvalue()
    assert CANARY not in log.getvalue() + str(FetchError(f"https://x/?q={CANARY}", FetchReason.DNS, CANARY))
    plan: Plan = report.loaded.plan
    assert CANARY not in repr([one["urls"] for one in summary_of(plan)["sources"]])
    assert CANARY not in repr([public_url(url) for source in plan.sources for url in source.urls])


def test_words_figures_and_places_are_no_secrets(tmp_path: Path) -> None:
    files = FILES | {"monitor.yaml": "data_dir: ${DATA}\ntimezone: ${ZONE}\n"}
    for name, content in files.items():
        (tmp_path / name).write_text(content.replace("5m", "${EVERY}").replace("feed", "${KIND:-feed}"), "utf-8")
    read(tmp_path, {"DATA": "/var/lib/monitor", "ZONE": "Asia/Seoul", "EVERY": "adaptive"})
    assert hide("/var/lib/monitor Asia/Seoul adaptive") == "/var/lib/monitor Asia/Seoul adaptive"


def test_a_password_in_the_programs_own_variable_is_a_secret(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    read(tmp_path, {"MONITOR_DATABASE_URL": "postgresql://user:hunter%40two@db/x"})
    assert hide("hunter%40two hunter@two db") == "[hidden] [hidden] db"
