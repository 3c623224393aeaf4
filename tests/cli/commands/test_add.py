"""monitor add FILE.opml and monitor sources --format opml, on a real installation."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.cli.conftest import App

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head/><body><outline text="뉴스">
<outline type="rss" text="한빛 $HOME: &quot;속보&quot;" xmlUrl="https://hanbit.example/rss?a=1&amp;b=$2"/>
<outline type="rss" xmlUrl="https://paper.co.kr/feed"/>
<outline type="rss" text="known" xmlUrl="http://127.0.0.1:9/rss/"/>
<outline type="rss" text="odd" xmlUrl="gopher://old.example/"/>
</outline></body></opml>
"""


def test_subscriptions_become_sources_and_come_out_again(app: App, tmp_path: Path) -> None:
    (tmp_path / "My Feeds.opml").write_text(OPML, "utf-8")
    done = app("add", str(tmp_path / "My Feeds.opml"), "--yes")
    assert (done.code, done.err) == (0, "")
    assert "left out: http://127.0.0.1:9/rss/: daily watches it already\n" in done.out
    assert "left out: gopher://old.example/: the address must be a URL" in done.out
    file = app.installation.config / "sources.d" / "my-feeds.yaml"
    assert done.out.splitlines()[-1] == f"{file} written, 2 feeds; then: monitor reload"
    first, second = yaml.safe_load(file.read_text("utf-8"))["sources"]
    assert first == {
        "id": "hanbit",
        "name": '한빛 $$HOME: "속보"',
        "kind": "feed",
        "url": "https://hanbit.example/rss?a=1&b=$$2",
        "unverified_live": True,
        "every": "5m",
    }
    assert (second["id"], second["name"]) == ("paper", "paper")
    assert app("check").code == 0
    out = app("sources", "--format", "opml")
    assert out.code == 0
    assert out.err == "left out: herald: a list is no feed\n"
    assert "https://hanbit.example/rss?a=1&amp;b=$2" in out.out
    (tmp_path / "again.opml").write_text(out.out, "utf-8")
    again = app("add", str(tmp_path / "again.opml"), "--yes")
    assert again.code == 1
    assert again.err.endswith("again.opml: no feed that is not watched already\n")
    assert sorted(path.name for path in file.parent.iterdir()) == ["my-feeds.yaml"]


def test_nothing_is_written_unasked_or_from_what_is_no_opml(app: App, tmp_path: Path) -> None:
    (tmp_path / "f.opml").write_text(OPML, "utf-8")
    assert app("add", str(tmp_path / "f.opml"), stdin="n\n").code == 1
    (tmp_path / "h.opml").write_text("<!DOCTYPE x [<!ENTITY e 'x'>]><opml>&e;</opml>")
    refused = app("add", str(tmp_path / "h.opml"), "--yes")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "document type or entities" in refused.err
    assert app("add", str(tmp_path / "gone.opml")).err.startswith("monitor: No such file or directory")
    assert app("add", str(tmp_path / "f.opml"), "--id", "x").code == 2
    assert app("sources", "--format", "opml", "--all").code == 2
    assert not (app.installation.config / "sources.d").exists()
